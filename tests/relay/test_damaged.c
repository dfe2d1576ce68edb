/* Files of the history that were damaged while the table at their beginning
 * is whole: each is mapped and followed, whatever numbers stand in it. Answers
 * may be wrong then, but nothing is read outside of them and nothing hangs. */
#include "network.h"

#include "relay/history_figures.h"
#include "relay/history_map.h"
#include "relay/import.h"
#include "relay/match.h"
#include "relay/people.h"

#include <glib/gstdio.h>
#include <string.h>

#define ROUNDS 400 /* of each file; half of them with one wrong number */

static char *directory, *documents;

static void put_network(const char *file)
{
    g_autofree char *path = g_build_filename(TEST_DIR, file, NULL);
    g_autoptr(GPtrArray) paths = network_write(path, documents);
    g_assert_cmpuint(paths->len, >, 0);
}

static bool import_all(GError **error)
{
    const char *const all[] = {documents, NULL};
    ImportSummary summary;
    bool done = relay_import(directory, all, network_authorities(), NULL, NULL,
                             NULL, &summary, error);
    import_summary_clear(&summary);
    return done;
}

/* ---- everything that is asked of a history ------------------------------- */

static void ask_history(const History *history)
{
    static const char *const ADDRESSES[] = {
        "192.0.2.10",     "192.0.2.70",  "203.0.113.5", "192.0.2.12",
        "2001:db8:1::10", "2001:db8::1", "0.0.0.0",     "255.255.255.255"};
    Interval month = {0};
    g_assert_true(instant_parse("2026-05-03T10:30", &month.from));
    month.to = month.from + 30 * INSTANT_DAY_S;
    for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
        IpAddress ip;
        g_assert_true(ip_parse(ADDRESSES[i], strlen(ADDRESSES[i]), &ip));
        Interval moment = {month.from, month.from};
        g_autoptr(Lookup) one = history_lookup(history, &ip, moment, 80, NULL);
        g_autoptr(Lookup) all = history_lookup(history, &ip, month, -1, "tcp");
        g_autoptr(GPtrArray) relays = history_address_relays(history, &ip);
        g_assert_true(one->why && all->why && relays);
    }
    HistoryFigures figures = history_figures(history);
    g_assert_cmpuint(figures.file_bytes, >, 0);
    history_span(history);
}

static void ask_people(const People *people)
{
    Instant when = people_newest(people);
    for (size_t i = 0; i < people_relay_count(people); i++) {
        const Fingerprint *relay = people_relay(people, i);
        Said said;
        Roster roster;
        if (people_contact(people, relay, when, &said))
            g_assert_cmpuint(strlen(said.text), <, 1000000);
        people_family(people, relay, when, &said);
        people_roster(people, relay, when, &roster);
    }
    g_autoptr(Families) families = people_families(people, when);
    g_assert_nonnull(families);
}

/* bytes: of the file that was damaged, at the end of which a sanitizer sees
 * more than behind a mapping. */
static void ask(const char *bytes, gsize length)
{
    g_autoptr(GBytes) held = g_bytes_new(bytes, length);
    g_autoptr(History) alone = history_of_bytes(held, "history", NULL);
    if (alone)
        ask_history(alone);
    g_autoptr(History) history = history_open(directory, NULL);
    g_autoptr(People) people = people_open(directory, NULL);
    if (history)
        ask_history(history);
    if (people)
        ask_people(people);
}

/* ---- damage ----------------------------------------------------------------- */

/* Numbers that lie just inside, just outside and far away. */
static void spoil(GRand *chance, char *bytes, gsize length)
{
    static const uint32_t NUMBERS[] = {
        0, 1, 2, 0x7fffffff, 0x80000000, UINT32_MAX, UINT32_MAX - 1};
    gsize at = (gsize)g_rand_double_range(chance, 0, (double)length / 4) * 4;
    uint32_t number = g_rand_int(chance);
    if (g_rand_boolean(chance))
        number = NUMBERS[g_rand_int_range(chance, 0, G_N_ELEMENTS(NUMBERS))];
    memcpy(bytes + at, &number, sizeof number);
}

static void put_bytes(const char *path, const char *bytes, gsize length)
{
    g_assert_true(g_file_set_contents_full(
        path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void test_file(gconstpointer name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *whole = NULL;
    gsize length;
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    g_assert_true(g_file_get_contents(path, &whole, &length, NULL));
    for (guint round = 0; round < ROUNDS; round++) {
        g_autofree char *bytes = g_memdup2(whole, length);
        /* what stands at the end is less of a table of buckets */
        gsize from = round % 4 < 2 && length > 60000 ? length - 60000 : 0;
        for (guint i = round % 2 ? 1 : 40; i > 0; i--)
            spoil(chance, bytes + from / 4 * 4, length - from / 4 * 4);
        put_bytes(path, bytes, length);
        ask(bytes, length);
    }
    put_bytes(path, whole, length);
}

/* What an import reads of them it compares with their sums first. */
static void test_import(gconstpointer name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *whole = NULL;
    gsize length;
    g_autoptr(GRand) chance = g_rand_new_with_seed(8);
    g_assert_true(g_file_get_contents(path, &whole, &length, NULL));
    for (guint round = 0; round < 20; round++) {
        g_autofree char *bytes = g_memdup2(whole, length);
        g_autoptr(GError) error = NULL;
        spoil(chance, bytes, length);
        put_bytes(path, bytes, length);
        if (!import_all(&error))
            g_assert_nonnull(strstr(error->message, "damaged"));
    }
    put_bytes(path, whole, length);
}

int main(int argc, char **argv)
{
    static const char *const FILES[] = {"history", "people", "months/2026-05"};
    g_test_init(&argc, &argv, NULL);
    directory = network_new_directory();
    documents = network_new_directory();
    put_network("network.txt");
    g_assert_true(import_all(NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *asked = g_strdup_printf("/damaged/%s", FILES[i]);
        g_autofree char *added =
            g_strdup_printf("/damaged/import/%s", FILES[i]);
        g_test_add_data_func(asked, FILES[i], test_file);
        g_test_add_data_func(added, FILES[i], test_import);
    }
    int status = g_test_run();
    network_remove_directory(documents);
    network_remove_directory(directory);
    g_free(documents);
    g_free(directory);
    return status;
}
