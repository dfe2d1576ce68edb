/* The lookup against a made-up network: lookups.txt, a case a line. */
#include "network.h"

#include "relay/coverage.h"
#include "relay/history_figures.h"
#include "relay/import.h"

#include "base/errors.h"
#include "base/files.h"

#include <stdlib.h>
#include <string.h>

static char *directory, *documents;
static GPtrArray *paths;
static History *history;

static void import_all(const char *into)
{
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_true(relay_import(into, all, network_authorities(), NULL, NULL,
                               NULL, &summary, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(summary.damaged, ==, 0);
    import_summary_clear(&summary);
}

/* "A" or "A..B"; a minute given without seconds is its first second. */
static Interval read_interval(const char *text)
{
    g_auto(GStrv) ends = g_strsplit(text, "..", 2);
    Interval interval;
    g_assert_true(instant_parse(ends[0], &interval.from));
    interval.to = interval.from;
    if (ends[1])
        g_assert_true(instant_parse(ends[1], &interval.to));
    return interval;
}

static void expect(const char *line, const char *what, const char *wanted,
                   const char *got)
{
    if (wanted && !g_str_equal(wanted, "-") && !g_str_equal(wanted, got))
        g_error("%s\n  %s is %s", line, what, got);
}

/* Of several relays: the surest, and "-" for differing policies. */
static void check_lookup(const char *line, const Lookup *lookup, char **wanted)
{
    Certainty best = CERTAINTY_CONCEIVABLE;
    const char *policy = "none";
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        best = MIN(best, s->certainty);
        policy = policy_answer_word(s->policy);
    }
    g_autofree char *count = g_strdup_printf("%u", lookup->relays->len);
    expect(line, "verdict", wanted[0], verdict_word(lookup->verdict));
    g_assert_true(*lookup->why);
    if (!wanted[1])
        return;
    expect(line, "certainty", wanted[1], certainty_word(best));
    if (!wanted[2])
        return;
    expect(line, "policy", wanted[2], policy);
    expect(line, "count of relays", wanted[3], count);
}

static void check_line(const char *line)
{
    g_auto(GStrv) halves = g_strsplit(line, " ==> ", 2);
    g_auto(GStrv) asked = g_strsplit(halves[0], " ", -1);
    g_auto(GStrv) wanted = g_strsplit(halves[1], " ", -1);
    IpAddress ip;
    g_assert_true(ip_parse(asked[0], strlen(asked[0]), &ip));
    bool no_port = !asked[2] || g_str_equal(asked[2], "-");
    g_autoptr(Lookup) lookup = history_lookup(
        history, &ip, read_interval(asked[1]), no_port ? -1 : atoi(asked[2]),
        asked[2] ? asked[3] : NULL);
    check_lookup(line, lookup, wanted);
}

static void test_table(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/lookups.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        check_line(*line);
        count++;
    }
    g_assert_cmpuint(count, >, 70);
}

static Lookup *ask(const char *address, const char *time, int port)
{
    IpAddress ip;
    g_assert_true(ip_parse(address, strlen(address), &ip));
    return history_lookup(history, &ip, read_interval(time), port, NULL);
}

static bool has_document(const Lookup *lookup, const char *type,
                         const char *name)
{
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        if (g_str_equal(d->type, type) && g_str_equal(d->name, name)) {
            g_assert_cmpuint(strlen(d->sha256), ==, 64);
            return true;
        }
    }
    return false;
}

static void test_proof(void)
{
    g_autoptr(Lookup) exit = ask("192.0.2.10", "2026-05-03T10:30", 80);
    g_assert_true(
        has_document(exit, "consensus", "2026-05-03T10-00-consensus-ns"));
    g_assert_true(has_document(exit, "server-descriptor", "open1"));
    const RelaySighting *s = g_ptr_array_index(exit->relays, 0);
    g_assert_cmpstr(s->nickname, ==, "alpha");
    g_assert_cmpstr(s->policy_text, ==, "accept *:80-443");
    g_assert_true(s->has_exit_flag && !s->is_bad_exit && !s->by_exit_list);
    /* 10, 11, 12, 15 are one run: no two of them over 3 hours apart */
    g_autofree char *to = instant_new_text(s->listed.to);
    g_assert_cmpstr(to, ==, "2026-05-03T15:00:00Z");

    g_autoptr(Lookup) scan = ask("203.0.113.5", "2026-05-03T10:45", 80);
    g_assert_true(has_document(scan, "exit-list", "2026-05-03T11-02-00-list"));
    s = g_ptr_array_index(scan->relays, 0);
    g_assert_true(s->by_exit_list);
    g_autofree char *scanned = instant_new_text(s->scanned);
    g_assert_cmpstr(scanned, ==, "2026-05-03T10:40:00Z");

    g_autoptr(Lookup) bad = ask("192.0.2.10", "2026-05-03T20:10", 80);
    s = g_ptr_array_index(bad->relays, 0);
    g_assert_true(s->is_bad_exit);

    g_autoptr(Lookup) near = ask("192.0.2.12", "2026-05-03T10:30", 80);
    g_assert_cmpint(near->verdict, ==, VERDICT_NEIGHBOUR);
    g_autofree char *neighbour = ip_new_text(&near->neighbour);
    g_assert_cmpstr(neighbour, ==, "192.0.2.10");
}

static void test_words(void)
{
    g_autoptr(Lookup) gap = ask("198.51.100.77", "2026-05-03T13:30", 80);
    g_assert_cmpstr(gap->why, ==,
                    "no consensus stored for 2026-05-03 13:00 UTC, so nothing "
                    "can be said about 198.51.100.77 at 13:30. Stored: "
                    "2026-05-03 10:00 .. 2026-05-03 20:00");
    g_autoptr(Lookup) none =
        history_lookup(history, &(IpAddress){0},
                       (Interval){INSTANT_NONE, INSTANT_NONE}, -1, NULL);
    g_assert_cmpint(none->verdict, ==, VERDICT_UNDECIDABLE);
    /* one answer for a stretch speaks of all of it */
    g_autoptr(Lookup) stretch =
        ask("192.0.2.10", "2026-05-03T10:10..2026-05-03T11:50", 80);
    g_assert_true(g_str_has_prefix(
        stretch->why, "192.0.2.10 was a Tor exit from 2026-05-03 10:10 to "
                      "2026-05-03 11:50 UTC and its policy allowed port 80"));
    /* of microdescriptors and summaries only most addresses are known */
    g_autoptr(Lookup) summary = ask("192.0.2.20", "2026-05-03T10:30", 22);
    g_assert_nonnull(strstr(summary->why,
                            "at 2026-05-03 10:30 UTC and its policy as summed "
                            "up allowed port 22"));
    g_autoptr(Lookup) pieces =
        ask("192.0.2.90", "2026-05-03T10:00..2026-05-03T13:30", 80);
    g_assert_nonnull(strstr(pieces->why,
                            "at 2026-05-03 10:00 UTC exit, from 2026-05-03 "
                            "13:00 undecidable"));
}

static void test_stale(void)
{
    g_autofree char *path = g_build_filename(directory, "history", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = file_read(path, 1 << 20, &error);
    g_assert_false(history_is_stale(history));
    g_assert_true(history_verify(history, &error));
    g_assert_true(file_replace(path, g_bytes_get_data(bytes, NULL),
                               g_bytes_get_size(bytes), 0644, &error));
    g_assert_true(history_is_stale(history));
    /* the mapped one is still there */
    check_line("192.0.2.10 2026-05-03T10:30 80 ==> exit certain accepted 1");
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(history_open("/nonexistent/directory", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* The network has consensuses of six hours of 2026-05-03, the first at 10:00,
 * and exit lists of that day and of 2026-05-05 09:02. */
static void test_coverage(void)
{
    g_autoptr(GArray) months = history_coverage(history);
    g_assert_cmpuint(months->len, ==, 1);
    const MonthCoverage *may = &g_array_index(months, MonthCoverage, 0);
    g_assert_cmpint(may->year, ==, 2026);
    g_assert_cmpint(may->month, ==, 5);
    g_assert_cmpuint(may->known, ==, 6);
    g_assert_cmpuint(may->quarantined, ==, 0);
    g_assert_cmpuint(may->lists, ==, 2);
    g_assert_cmpuint(may->hours, ==, 48); /* 03 10:00 to 05 09:02 */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    directory = network_new_directory();
    documents = network_new_directory();
    paths = network_write(TEST_DIR "/network.txt", documents);
    import_all(directory);
    g_autoptr(GError) error = NULL;
    history = history_open(directory, &error);
    g_assert_no_error(error);
    g_test_add_func("/history/table", test_table);
    g_test_add_func("/history/proof", test_proof);
    g_test_add_func("/history/coverage", test_coverage);
    g_test_add_func("/history/words", test_words);
    g_test_add_func("/history/stale", test_stale);
    g_test_add_func("/history/missing", test_missing);
    int status = g_test_run();
    history_unref(history);
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    network_remove_directory(directory);
    g_free(documents);
    g_free(directory);
    return status;
}
