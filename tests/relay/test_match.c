/* Incidents against made-up networks and their members: matches.txt, and
 * scan_matches.txt for what only exit lists say. */
#include "relay/match.h"

#include "member_of.h"
#include "network.h"

#include "relay/import.h"

#include <stdlib.h>
#include <string.h>

/* The network of a file, imported, and its members. */
typedef struct {
    char *directory;
    History *history;
    Members *members;
} Case;

static Case network, scans;

static void case_init(Case *of, const char *file, const char *const *who)
{
    g_autofree char *documents = network_new_directory();
    g_autofree char *path = g_build_filename(TEST_DIR, file, NULL);
    g_autoptr(GPtrArray) paths = network_write(path, documents);
    g_assert_cmpuint(paths->len, >, 0);
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    of->directory = network_new_directory();
    g_assert_true(relay_import(of->directory, all, network_authorities(), NULL,
                               NULL, NULL, &summary, &error));
    import_summary_clear(&summary);
    of->history = history_open(of->directory, &error);
    g_assert_no_error(error);
    of->members = members_of(who);
    network_remove_directory(documents);
}

static void case_clear(Case *of)
{
    members_unref(of->members);
    history_unref(of->history);
    network_remove_directory(of->directory);
    g_free(of->directory);
}

static void reading_free(gpointer data)
{
    Reading *reading = data;
    g_free(reading->why);
    g_free(reading);
}

static GPtrArray *read_readings(const char *text)
{
    GPtrArray *readings = g_ptr_array_new_with_free_func(reading_free);
    g_auto(GStrv) all = g_strsplit(text, ",", -1);
    for (char **one = all; *one && !g_str_equal(*one, "-"); one++) {
        Reading *reading = g_new0(Reading, 1);
        g_assert_true(instant_parse(*one, &reading->from));
        reading->to = reading->from;
        g_ptr_array_add(readings, reading);
    }
    return readings;
}

static Match *match_of(const Case *of, char **asked)
{
    bool alone = asked[0][0] == '~';
    const char *address = asked[0] + alone;
    g_autoptr(GPtrArray) readings = read_readings(asked[1]);
    CitedTime time = {.readings = readings};
    Incident incident = {
        .port = -1,
        .target_port = atoi(asked[2]),
        .protocol = asked[3],
        .role = ROLE_OFFENDER,
        .time = &time,
    };
    g_assert_true(ip_parse(address, strlen(address), &incident.address));
    return match_incident(of->history, alone ? NULL : of->members, &incident);
}

/* of_all: "sure" is told of every line, not only where a relay decides. */
static void check_line(const Case *of, const char *line, bool of_all)
{
    g_auto(GStrv) halves = g_strsplit(line, " ==> ", 2);
    g_auto(GStrv) asked = g_strsplit(halves[0], " ", -1);
    g_autoptr(Match) match = match_of(of, asked);
    g_autofree char *got = g_strdup_printf(
        "%s %s%s", verdict_word(match->verdict),
        match->member ? match->member : "-", match->is_certain ? " sure" : "");
    g_assert_true(match->why && *match->why);
    bool is_doubt = match->verdict == VERDICT_UNDECIDABLE;
    if (is_doubt)
        g_assert_false(match->is_certain);
    bool by_relay = of_all || match->verdict == VERDICT_EXIT ||
                    match->verdict == VERDICT_PORT_CLOSED ||
                    match->verdict == VERDICT_NOT_EXIT;
    if (by_relay ? !g_str_equal(got, halves[1])
                 : !g_str_has_prefix(got, halves[1]))
        g_error("%s\n  got: %s (%s)", line, got, match->why);
}

static void check_table(const Case *of, const char *file, bool of_all)
{
    g_autofree char *path = g_build_filename(TEST_DIR, file, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#')
            check_line(of, *line, of_all);
}

static void test_table(void)
{
    check_table(&network, "matches.txt", false);
}

/* What nobody signed makes nothing sure. */
static void test_scans(void)
{
    check_table(&scans, "scan_matches.txt", true);
}

static void test_words(void)
{
    char *two[] = {"192.0.2.70", "2026-05-03T10:30", "80", NULL};
    g_autoptr(Match) match = match_of(&network, two);
    g_assert_nonnull(strstr(match->why, "alpha and beta"));
    g_assert_cmpuint(match->relays->len, ==, 2);
    char *readings[] = {"192.0.2.10", "2026-05-03T10:30,2026-05-03T09:30", "80",
                        NULL};
    g_autoptr(Match) differ = match_of(&network, readings);
    g_assert_nonnull(strstr(differ->why, "exit of alpha, or undecidable"));
    g_assert_cmpuint(differ->readings->len, ==, 2);
    const ReadingMatch *first = g_ptr_array_index(differ->readings, 0);
    g_assert_cmpstr(first->member, ==, "alpha");
    g_assert_cmpint(first->verdict, ==, VERDICT_EXIT);
    char *other[] = {"192.0.2.60", "2026-05-03T10:30", "6661", NULL};
    g_autoptr(Match) foreign = match_of(&network, other);
    g_assert_nonnull(strstr(foreign->why, "a Tor exit of somebody else"));
}

static void test_without_data(void)
{
    Incident incident = {.port = -1, .target_port = 80};
    g_autoptr(Match) none = match_incident(NULL, network.members, &incident);
    g_assert_cmpint(none->verdict, ==, VERDICT_UNDECIDABLE);
    g_autoptr(Match) no_time =
        match_incident(network.history, network.members, &incident);
    g_assert_cmpstr(no_time->why, ==, "no time is cited");
}

/* Every address the members' relays ever had, once, in order. */
static void test_hints(void)
{
    static const char *const WANTED[] = {"192.0.2.10", "192.0.2.11",
                                         "192.0.2.70", "192.0.2.90",
                                         "2001:db8:1::10"};
    g_autoptr(GArray) hints =
        history_member_addresses(network.history, network.members);
    g_assert_cmpuint(hints->len, ==, G_N_ELEMENTS(WANTED));
    for (guint i = 0; i < hints->len; i++) {
        g_autofree char *text =
            ip_new_text(&g_array_index(hints, IpAddress, i));
        g_assert_cmpstr(text, ==, WANTED[i]);
    }
}

int main(int argc, char **argv)
{
    static const char *const MEMBERS[] = {
        "alpha relay=alpha,two", "beta relay=twin prefix=203.0.113.0/25",
        "gamma relay=gone prefix=192.0.2.40/32", NULL};
    static const char *const SCANNED[] = {"alpha relay=listed,dark,narrow",
                                          NULL};
    g_test_init(&argc, &argv, NULL);
    case_init(&network, "network.txt", MEMBERS);
    case_init(&scans, "scans.txt", SCANNED);
    g_test_add_func("/match/table", test_table);
    g_test_add_func("/match/scans", test_scans);
    g_test_add_func("/match/words", test_words);
    g_test_add_func("/match/without-data", test_without_data);
    g_test_add_func("/match/hints", test_hints);
    int status = g_test_run();
    case_clear(&scans);
    case_clear(&network);
    return status;
}
