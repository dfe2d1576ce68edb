/* Documents kept as files: where, once, never a bridge's, and a proof from
 * them when the tor that had them has moved on. */
#include "network.h"

#include "relay/history.h"
#include "relay/import.h"
#include "relay/prove.h"
#include "relay/shelf.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/unpack.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

#define HOUR_NAME "2026-05-03T10-00-consensus-ns"
#define HOUR_FILE "consensuses-2026-05/03/2026-05-03-10-00-00-consensus.xz"
#define BRIDGE                                                                 \
    "@purpose bridge\nrouter hiddenbridge 198.51.100.77 9001 0 0\n"            \
    "published 2026-05-03 05:00:00\nreject *:*\nrouter-signature\n"            \
    "-----BEGIN SIGNATURE-----\nBBBB\n-----END SIGNATURE-----\n"

/* A history, the cache it is fed from, and the shelf. */
typedef struct {
    char *root, *cache, *history, *shelf;
} Bench;

static int remove_one(const char *path, const struct stat *about, int type,
                      struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return g_remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *directory, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Copy a document of the network into the cache. */
static void copy(const Bench *bench, const char *from, const char *name,
                 const char *before)
{
    g_autofree char *path = g_build_filename(bench->root, "net", from, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autofree char *whole = g_strconcat(before, text, NULL);
    put(bench->cache, name, whole);
}

static Bench bench_new(void)
{
    Bench bench = {.root = network_new_directory()};
    bench.cache = g_build_filename(bench.root, "cache", NULL);
    bench.history = g_build_filename(bench.root, "history", NULL);
    bench.shelf = g_build_filename(bench.root, "shelf", NULL);
    g_autofree char *net = g_build_filename(bench.root, "net", NULL);
    g_assert_true(directory_ensure(net, NULL) &&
                  directory_ensure(bench.cache, NULL));
    g_autoptr(GPtrArray) paths = network_write(TEST_DIR "/network.txt", net);
    copy(&bench, HOUR_NAME, "cached-consensus", "");
    copy(&bench, "certificates", "cached-certs", "");
    copy(&bench, "open1", "cached-descriptors.new",
         "@downloaded-at 2026-05-03 10:05:00\n@source \"192.0.2.1\"\n");
    put(bench.cache, "cached-descriptors", BRIDGE);
    return bench;
}

static void bench_clear(Bench *bench)
{
    remove_tree(bench->root);
    g_free(bench->root);
    g_free(bench->cache);
    g_free(bench->history);
    g_free(bench->shelf);
}

/* Import; returns how many files were put on the shelf. */
static uint64_t import(const char *history, const char *path, const char *shelf)
{
    const char *const all[] = {path, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import(history, all, network_authorities(), shelf, NULL, NULL,
                 &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary.damaged, ==, 0);
    import_summary_clear(&summary);
    return summary.shelved;
}

static GPtrArray *found; /* of char *: files below a directory */
static size_t found_root;

static int note_file(const char *path, const struct stat *about, int type,
                     struct FTW *walk)
{
    (void)about;
    (void)walk;
    if (type == FTW_F)
        g_ptr_array_add(found, g_strdup(path + found_root + 1));
    return 0;
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *files_below(const char *directory)
{
    found = g_ptr_array_new_with_free_func(g_free);
    found_root = strlen(directory);
    nftw(directory, note_file, 8, FTW_PHYS);
    g_ptr_array_sort(found, compare_texts);
    return found;
}

static void begin(const char *name, gpointer data)
{
    (void)name;
    (void)data;
}

static void take(const void *bytes, size_t length, gpointer data)
{
    g_string_append_len(data, bytes, (gssize)length);
}

static void end(uint64_t packed, gpointer data)
{
    (void)packed;
    (void)data;
}

static GString *unpacked(const char *directory, const char *name)
{
    static const UnpackReader READER = {begin, take, end};
    g_autofree char *path = g_build_filename(directory, name, NULL);
    GString *text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    unpack_file(path, &READER, text, &error);
    g_assert_no_error(error);
    return text;
}

static void test_layout(void)
{
    Bench bench = bench_new();
    g_assert_cmpuint(import(bench.history, bench.cache, bench.shelf), ==, 2);
    g_autoptr(GPtrArray) files = files_below(bench.shelf);
    g_assert_cmpuint(files->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(files, 0), ==, HOUR_FILE);
    const char *descriptors = g_ptr_array_index(files, 1);
    g_assert_true(g_str_has_prefix(descriptors,
                                   "server-descriptors-2026-05/03/"
                                   "2026-05-03-10-00-00-server-descriptors-"));
    g_autofree char *path =
        g_build_filename(bench.cache, "cached-consensus", NULL);
    g_autofree char *hour = NULL;
    g_assert_true(g_file_get_contents(path, &hour, NULL, NULL));
    g_autofree char *wanted =
        g_strconcat("@type network-status-consensus-3 1.0\n", hour, NULL);
    g_autoptr(GString) kept = unpacked(bench.shelf, HOUR_FILE);
    g_assert_cmpstr(kept->str, ==, wanted);
    g_autoptr(GString) named = unpacked(bench.shelf, descriptors);
    g_assert_true(g_str_has_prefix(
        named->str, "@type server-descriptor 1.0\nrouter open1 "));
    g_assert_null(strstr(named->str, "hiddenbridge"));
    g_assert_null(strstr(named->str, "@source"));
    bench_clear(&bench);
}

/* A second import has nothing to add, nor one that reads the shelf itself;
 * the next hour is one more file. */
static void test_once(void)
{
    Bench bench = bench_new();
    g_assert_cmpuint(import(bench.history, bench.cache, bench.shelf), ==, 2);
    g_assert_cmpuint(import(bench.history, bench.cache, bench.shelf), ==, 0);
    g_autofree char *other = g_build_filename(bench.root, "other", NULL);
    import(other, bench.cache, NULL); /* brings the certificates */
    g_autofree char *fresh = g_build_filename(bench.root, "fresh", NULL);
    g_assert_cmpuint(import(fresh, bench.shelf, bench.shelf), ==, 0);
    copy(&bench, "2026-05-03T11-00-consensus-ns", "cached-consensus", "");
    g_assert_cmpuint(import(bench.history, bench.cache, bench.shelf), ==, 1);
    bench_clear(&bench);
}

/* Nothing is kept that is only in quarantine. */
static void test_unverified(void)
{
    Bench bench = bench_new();
    g_autofree char *certificates =
        g_build_filename(bench.cache, "cached-certs", NULL);
    g_unlink(certificates);
    g_assert_cmpuint(import(bench.history, bench.cache, bench.shelf), ==, 0);
    g_autoptr(GPtrArray) files = files_below(bench.shelf);
    g_assert_cmpuint(files->len, ==, 0);
    bench_clear(&bench);
}

/* The tor has fetched the next hour and forgotten this one. */
static void test_prove(void)
{
    Bench bench = bench_new();
    import(bench.history, bench.cache, bench.shelf);
    remove_tree(bench.cache);
    g_autofree char *into = g_build_filename(bench.root, "proof", NULL);
    IpAddress ip;
    Instant when;
    g_assert_true(ip_parse("192.0.2.10", 10, &ip));
    g_assert_true(instant_parse("2026-05-03T10:20", &when));
    ProofSummary summary;
    g_autoptr(GError) error = NULL;
    relay_prove(bench.history, network_authorities(), NULL, &ip, when, 80, into,
                &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpint(summary.lookup->verdict, ==, VERDICT_EXIT);
    g_assert_cmpuint(summary.missing->len, ==, 0);
    proof_summary_clear(&summary);
    g_autofree char *hour =
        g_build_filename(into, "2026-05-03-10-00-00-consensus", NULL);
    g_assert_true(g_file_test(hour, G_FILE_TEST_IS_REGULAR));
    bench_clear(&bench);
}

/* Each file in a stage of its own; the shelf as after one stage. */
static void check_staged(const char *descriptor, const char *hour)
{
    Bench bench = bench_new();
    remove_tree(bench.cache);
    g_assert_true(directory_ensure(bench.cache, NULL));
    copy(&bench, "certificates", "certs", "");
    copy(&bench, "open1", descriptor, "");
    copy(&bench, HOUR_NAME, hour, "");
    g_autofree char *bridge = g_strconcat(
        "@downloaded-at 2026-05-03 10:05:00\n@source \"192.0.2.1\"\n", BRIDGE,
        NULL);
    put(bench.cache, "2026-04-copy", bridge);
    const char *const all[] = {bench.cache, NULL};
    ImportTask task = {.directory = bench.history,
                       .paths = all,
                       .authorities = network_authorities(),
                       .shelf = bench.shelf,
                       .stage_bytes = 1};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import_run(&task, &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary.shelved, ==, 2);
    import_summary_clear(&summary);
    g_autoptr(GPtrArray) files = files_below(bench.shelf);
    g_assert_cmpuint(files->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(files, 0), ==, HOUR_FILE);
    g_autoptr(GString) named =
        unpacked(bench.shelf, g_ptr_array_index(files, 1));
    g_assert_true(g_str_has_prefix(
        named->str, "@type server-descriptor 1.0\nrouter open1 "));
    g_assert_null(strstr(named->str, "hiddenbridge"));
    bench_clear(&bench);
}

static void test_staged(void)
{
    check_staged("2026-05-01-descriptors", "2026-05-02-hour");
    check_staged("2026-05-02-descriptors", "2026-05-01-hour");
}

/* What an import wrote here before it was killed is not doubled. */
static void test_killed(void)
{
    Bench bench = bench_new();
    import(bench.history, bench.cache, bench.shelf);
    g_autoptr(GPtrArray) before = files_below(bench.shelf);
    remove_tree(bench.history);
    import(bench.history, bench.cache, bench.shelf);
    g_autoptr(GPtrArray) after = files_below(bench.shelf);
    g_assert_cmpuint(before->len, ==, after->len);
    for (guint i = 0; i < before->len; i++)
        g_assert_cmpstr(g_ptr_array_index(before, i), ==,
                        g_ptr_array_index(after, i));
    bench_clear(&bench);
}

/* Where nothing can be written the import fails as a whole, and says so. */
static void test_no_room(void)
{
    Bench bench = bench_new();
    put(bench.root, "file", "");
    g_autofree char *shelf = g_build_filename(bench.root, "file", "in", NULL);
    const char *const all[] = {bench.cache, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    g_assert_false(relay_import(bench.history, all, network_authorities(),
                                shelf, NULL, NULL, &summary, &error));
    g_assert_nonnull(error);
    import_summary_clear(&summary);
    g_autofree char *state = g_build_filename(bench.history, "state", NULL);
    g_assert_false(g_file_test(state, G_FILE_TEST_EXISTS));
    bench_clear(&bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shelf/layout", test_layout);
    g_test_add_func("/shelf/once", test_once);
    g_test_add_func("/shelf/unverified", test_unverified);
    g_test_add_func("/shelf/prove", test_prove);
    g_test_add_func("/shelf/staged", test_staged);
    g_test_add_func("/shelf/killed", test_killed);
    g_test_add_func("/shelf/no-room", test_no_room);
    return g_test_run();
}
