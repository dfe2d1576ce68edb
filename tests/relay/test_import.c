/* Importing: order and number of runs do not matter, damage is named, and a
 * damaged history is refused or answers without a crash. */
#include "network.h"

#include "relay/history_figures.h"
#include "relay/import.h"
#include "relay/month_map.h"
#include "relay/months.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static char *documents;
static GPtrArray *paths;

static void import_paths(const char *into, const char *const *all,
                         ImportSummary *summary)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_import(into, all, network_authorities(), NULL, NULL,
                               NULL, summary, &error));
    g_assert_no_error(error);
}

/* With the certificates, which are the last of the paths. */
static void import_one(const char *into, const char *path)
{
    const char *const one[] = {path, g_ptr_array_index(paths, paths->len - 1),
                               NULL};
    ImportSummary summary;
    import_paths(into, one, &summary);
    import_summary_clear(&summary);
}

static GBytes *content(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    GBytes *bytes = file_read(path, 1 << 26, &error);
    g_assert_no_error(error);
    return bytes;
}

static void assert_same_file(const char *a, const char *b, const char *name)
{
    g_autoptr(GBytes) left = content(a, name);
    g_autoptr(GBytes) right = content(b, name);
    g_assert_true(g_bytes_equal(left, right));
}

/* What is published, and every part of the state. */
static void assert_same(const char *a, const char *b)
{
    static const char *const NAMES[] = {"history", "people"};
    g_autoptr(GArray) left = months_list(a, NULL);
    g_autoptr(GArray) right = months_list(b, NULL);
    g_assert_cmpuint(left->len, >, 0);
    g_assert_cmpmem(left->data, left->len * sizeof(uint32_t), right->data,
                    right->len * sizeof(uint32_t));
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        assert_same_file(a, b, NAMES[i]);
    for (guint i = 0; i < left->len; i++) {
        g_autofree char *name =
            month_new_name(g_array_index(left, uint32_t, i));
        g_autofree char *path = g_build_filename("months", name, NULL);
        assert_same_file(a, b, path);
    }
}

/* All in one run against one by one, in any order, some of them twice. */
static void test_order(void)
{
    g_autofree char *whole = network_new_directory();
    import_one(whole, documents);
    for (guint round = 0; round < 4; round++) {
        g_autofree char *piecewise = network_new_directory();
        g_autofree guint *order = g_new(guint, paths->len);
        for (guint i = 0; i < paths->len; i++)
            order[i] = i;
        g_autoptr(GRand) chance = g_rand_new_with_seed(round);
        for (guint i = paths->len - 1; i > 0; i--) {
            guint other = (guint)g_rand_int_range(chance, 0, (gint32)i + 1);
            guint kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        for (guint i = 0; i < paths->len; i++)
            import_one(piecewise, g_ptr_array_index(paths, order[i]));
        import_one(piecewise, g_ptr_array_index(paths, order[0]));
        assert_same(whole, piecewise);
        network_remove_directory(piecewise);
    }
    network_remove_directory(whole);
}

/* All files of the network in one, in two runs of one process each. */
static void test_one_run_in_odd_order(void)
{
    g_autofree char *whole = network_new_directory();
    g_autofree char *backwards = network_new_directory();
    import_one(whole, documents);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (guint i = paths->len; i > 0; i--)
        g_ptr_array_add(all, g_ptr_array_index(paths, i - 1));
    g_ptr_array_add(all, NULL);
    ImportSummary summary;
    import_paths(backwards, (const char *const *)all->pdata, &summary);
    g_assert_cmpuint(summary.files, ==, paths->len);
    import_summary_clear(&summary);
    assert_same(whole, backwards);
    network_remove_directory(whole);
    network_remove_directory(backwards);
}

/* Without certificates nothing is believed; when they have come, the same
 * files make the same history as if they had been there at first. */
static void test_late_certificates(void)
{
    g_autofree char *whole = network_new_directory();
    g_autofree char *late = network_new_directory();
    import_one(whole, documents);
    ImportSummary summary;
    const char *certificates = g_ptr_array_index(paths, paths->len - 1);
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    for (guint i = 0; i + 1 < paths->len; i++)
        g_ptr_array_add(others, g_ptr_array_index(paths, i));
    g_ptr_array_add(others, NULL);
    import_paths(late, (const char *const *)others->pdata, &summary);
    g_assert_cmpuint(summary.unverified, ==, 7);
    import_summary_clear(&summary);
    g_autoptr(History) history = history_open(late, NULL);
    HistoryFigures figures = history_figures(history);
    g_assert_cmpuint(figures.hours, ==, 0);
    g_assert_cmpuint(figures.ipv4_intervals, ==, 0);
    g_assert_cmpuint(figures.quarantined_hours, >, 0);
    import_one(late, certificates);
    import_one(late, documents);
    assert_same(whole, late);
    g_autoptr(History) after = history_open(late, NULL);
    g_assert_cmpuint(history_figures(after).quarantined_hours, ==, 0);
    network_remove_directory(whole);
    network_remove_directory(late);
}

static const ImportCount *count_of(const ImportSummary *summary,
                                   const char *word)
{
    for (guint i = 0; i < summary->counts->len; i++) {
        const ImportCount *c = &g_array_index(summary->counts, ImportCount, i);
        if (g_str_equal(c->word, word))
            return c;
    }
    g_error("no count of %s", word);
}

static void test_again(void)
{
    g_autofree char *directory = network_new_directory();
    const char *const all[] = {documents, NULL};
    ImportSummary first, second;
    import_paths(directory, all, &first);
    g_assert_true(first.published);
    g_assert_cmpuint(count_of(&first, "consensus")->fresh, ==, 7);
    g_assert_cmpuint(count_of(&first, "exit-list")->fresh, ==, 2);
    g_assert_cmpuint(count_of(&first, "server-descriptor")->fresh, ==, 5);
    g_assert_cmpuint(count_of(&first, "microdescriptor")->fresh, ==, 1);
    import_paths(directory, all, &second);
    g_assert_false(second.published);
    g_assert_cmpuint(count_of(&second, "consensus")->known, ==, 7);
    g_assert_cmpuint(count_of(&second, "consensus")->fresh, ==, 0);
    import_summary_clear(&first);
    import_summary_clear(&second);
    for (guint i = 0; i < paths->len; i++) { /* each the first of its month */
        const char *const one[] = {g_ptr_array_index(paths, i), NULL};
        import_paths(directory, one, &second);
        for (guint k = 0; k < second.counts->len; k++) {
            const ImportCount *c =
                &g_array_index(second.counts, ImportCount, k);
            g_assert_cmpuint(c->fresh, ==, 0);
            g_assert_cmpuint(c->known + c->skipped, >, 0);
        }
        import_summary_clear(&second);
    }
    network_remove_directory(directory);
}

/* A crash after the state was written and before the history was. */
static void test_history_behind_state(void)
{
    g_autofree char *directory = network_new_directory();
    g_autofree char *whole = network_new_directory();
    import_one(directory, g_ptr_array_index(paths, 6));
    g_autoptr(GBytes) old = content(directory, "history");
    import_one(directory, documents);
    import_one(whole, documents);
    g_autofree char *path = g_build_filename(directory, "history", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(file_replace(path, g_bytes_get_data(old, NULL),
                               g_bytes_get_size(old), 0644, &error));
    import_one(directory, g_ptr_array_index(paths, 0)); /* known already */
    assert_same(directory, whole);

    g_autofree char *part =
        g_build_filename(directory, "months", "2026-05", NULL);
    g_unlink(part);
    const char *const one[] = {documents, NULL};
    ImportSummary summary;
    g_assert_false(relay_import(directory, one, network_authorities(), NULL,
                                NULL, NULL, &summary, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    import_summary_clear(&summary);
    network_remove_directory(directory);
    network_remove_directory(whole);
}

static void test_lock(void)
{
    g_autofree char *directory = network_new_directory();
    g_autofree char *path = g_build_filename(directory, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_false(relay_import(directory, all, network_authorities(), NULL,
                                NULL, NULL, &summary, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    import_summary_clear(&summary);
    close(fd);
    network_remove_directory(directory);
}

/* Ask a good deal of a history that may be damaged. */
static void ask_around(const History *history)
{
    static const char *const ASKED[] = {
        "192.0.2.10",  "192.0.2.70",     "203.0.113.5",    "203.0.113.7",
        "192.0.2.200", "2001:db8:1::10", "2001:db8:1::77", "255.255.255.255"};
    for (size_t i = 0; i < G_N_ELEMENTS(ASKED); i++) {
        IpAddress ip;
        Instant t;
        g_assert_true(ip_parse(ASKED[i], strlen(ASKED[i]), &ip));
        g_assert_true(instant_parse("2026-05-03T10:45", &t));
        for (int hours = 0; hours < 12; hours += 3) {
            Interval when = {t, t + hours * INSTANT_HOUR_S};
            g_autoptr(Lookup) lookup =
                history_lookup(history, &ip, when, 80, NULL);
            g_assert_nonnull(lookup->why);
        }
        g_autoptr(GPtrArray) relays = history_address_relays(history, &ip);
        g_assert_nonnull(relays);
    }
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(Members) members = members_new(g_steal_pointer(&none), NULL);
    g_autoptr(GArray) hints = history_member_addresses(history, members);
    g_assert_cmpuint(hints->len, ==, 0);
}

/* Opened, it must not crash; verified, it must be refused. */
static void try_damaged(const char *directory, GBytes *bytes)
{
    g_autofree char *path = g_build_filename(directory, "history", NULL);
    g_assert_true(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                      (gssize)g_bytes_get_size(bytes), NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(History) history = history_open(directory, &error);
    if (!history) {
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
        return;
    }
    ask_around(history);
    g_assert_false(history_verify(history, &error));
}

static void test_truncated(void)
{
    g_autofree char *good = network_new_directory();
    g_autofree char *bad = network_new_directory();
    import_one(good, documents);
    g_autoptr(GBytes) whole = content(good, "history");
    for (size_t end = 0; end < g_bytes_get_size(whole); end += 1024) {
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(whole, 0, end);
        try_damaged(bad, cut);
    }
    network_remove_directory(good);
    network_remove_directory(bad);
}

static void test_garbled(void)
{
    g_autofree char *good = network_new_directory();
    g_autofree char *bad = network_new_directory();
    import_one(good, documents);
    g_autoptr(GBytes) whole = content(good, "history");
    size_t length;
    const uint8_t *data = g_bytes_get_data(whole, &length);
    g_autoptr(GRand) chance = g_rand_new_with_seed(4);
    for (guint round = 0; round < 150; round++) {
        g_autofree uint8_t *copy = g_memdup2(data, length);
        for (guint i = 0; i < 1 + round; i++) {
            gint32 at = g_rand_int_range(chance, 0, (gint32)length);
            /* the /16 table is most of so small a history: hit the rest */
            if (i % 2)
                at = (gint32)length - 1 - at % 4096;
            copy[at] ^= (uint8_t)g_rand_int_range(chance, 1, 256);
        }
        g_autoptr(GBytes) garbled = g_bytes_new(copy, length);
        try_damaged(bad, garbled);
    }
    network_remove_directory(good);
    network_remove_directory(bad);
}

static void test_damaged_state(void)
{
    g_autofree char *directory = network_new_directory();
    import_one(directory, documents);
    g_autoptr(GBytes) bytes = content(directory, "months/2026-05");
    g_autofree uint8_t *copy =
        g_memdup2(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    copy[g_bytes_get_size(bytes) - 100] ^= 1;
    g_autofree char *path =
        g_build_filename(directory, "months", "2026-05", NULL);
    g_assert_true(g_file_set_contents(path, (char *)copy,
                                      (gssize)g_bytes_get_size(bytes), NULL));
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_false(relay_import(directory, all, network_authorities(), NULL,
                                NULL, NULL, &summary, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    import_summary_clear(&summary);
    network_remove_directory(directory);
}

/* One damaged document among good ones: named, left out, the rest stays. */
static void test_damaged_document(void)
{
    g_autofree char *input = network_new_directory();
    g_autofree char *directory = network_new_directory();
    g_autofree char *hour = NULL;
    gsize length;
    const char *whole_path = g_ptr_array_index(paths, 6);
    g_assert_nonnull(strstr(whole_path, "10-00-consensus-ns"));
    g_assert_true(g_file_get_contents(whole_path, &hour, &length, NULL));
    g_autofree char *cut = g_build_filename(input, "cut", NULL);
    g_autofree char *odd = g_build_filename(input, "odd", NULL);
    g_autofree char *empty = g_build_filename(input, "empty", NULL);
    length =
        (gsize)(g_strrstr_len(hour, (gssize)(length / 3), "\n") + 1 - hour);
    g_assert_true(g_file_set_contents(cut, hour, (gssize)length, NULL));
    g_assert_true(g_file_set_contents(odd, "{\"version\": 8}\n", -1, NULL));
    g_assert_true(g_file_set_contents(empty, "", 0, NULL));
    const char *const all[] = {input, g_ptr_array_index(paths, 7),
                               g_ptr_array_index(paths, paths->len - 1), NULL};
    ImportSummary summary;
    import_paths(directory, all, &summary);
    g_assert_cmpuint(summary.damaged, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(summary.complaints, 0), ==,
                    "cut, consensus: it ends before its signatures");
    g_assert_cmpuint(count_of(&summary, "consensus")->fresh, ==, 1);
    g_assert_cmpuint(count_of(&summary, "unknown")->skipped, ==, 1);
    import_summary_clear(&summary);
    network_remove_directory(input);
    network_remove_directory(directory);
}

static void test_missing_path(void)
{
    g_autofree char *directory = network_new_directory();
    const char *const all[] = {"/nonexistent/consensus", NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_false(relay_import(directory, all, network_authorities(), NULL,
                                NULL, NULL, &summary, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    import_summary_clear(&summary);
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    documents = network_new_directory();
    paths = network_write(TEST_DIR "/network.txt", documents);
    g_test_add_func("/import/late-certificates", test_late_certificates);
    g_test_add_func("/import/order", test_order);
    g_test_add_func("/import/odd-order", test_one_run_in_odd_order);
    g_test_add_func("/import/again", test_again);
    g_test_add_func("/import/history-behind-state", test_history_behind_state);
    g_test_add_func("/import/lock", test_lock);
    g_test_add_func("/import/truncated", test_truncated);
    g_test_add_func("/import/garbled", test_garbled);
    g_test_add_func("/import/damaged-state", test_damaged_state);
    g_test_add_func("/import/damaged-document", test_damaged_document);
    g_test_add_func("/import/missing-path", test_missing_path);
    int status = g_test_run();
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    g_free(documents);
    return status;
}
