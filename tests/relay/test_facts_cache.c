/* A tor's cache directory: what is read of it, and that bridges which stand
 * there leave no trace in what is stored. */
#include "network.h"

#include "relay/facts_file.h"
#include "relay/history.h"
#include "relay/import.h"
#include "relay/sources.h"

#include "base/digest.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>

#define LOCALNET "tordata/localnet-tor-0.4.9.11"

static char *documents; /* of the network */

/* Rules of a policy that nothing else in the network has. */
#define BRIDGE                                                                 \
    "router hiddenbridge 198.51.100.77 9001 0 0\nplatform Tor\n"               \
    "published 2026-05-03 05:00:00\naccept *:31337\nreject *:*\n"              \
    "router-signature\n-----BEGIN SIGNATURE-----\nBBBB\n"                      \
    "-----END SIGNATURE-----\n"

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

static char *put(const char *directory, const char *name, const char *text)
{
    char *path = g_build_filename(directory, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static char *document(const char *name)
{
    g_autofree char *path = g_build_filename(documents, name, NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void import_into(const char *into, const char *path,
                        ImportSummary *summary)
{
    const char *const all[] = {path, NULL};
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_import(into, all, network_authorities(), NULL, NULL,
                               NULL, summary, &error));
    g_assert_no_error(error);
}

static void assert_absent(const char *directory, const char *name,
                          const void *needle, size_t length)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    char *content = NULL;
    gsize total;
    g_assert_true(g_file_get_contents(path, &content, &total, NULL));
    g_assert_null(memmem(content, total, needle, length));
    g_free(content);
}

/* No byte of the bridge: neither its policy, its name nor either hash. */
static void assert_no_trace(const char *directory)
{
    static const char *const NAMES[] = {"months/2026-05", "history", "places"};
    static const char END[] = "router-signature\n";
    uint8_t sha1[SHA1_BYTES], sha256[SHA256_BYTES];
    const char *end = strstr(BRIDGE, END) + strlen(END);
    digest_sha1(BRIDGE, (size_t)(end - BRIDGE), sha1);
    digest_sha256(BRIDGE, strlen(BRIDGE), sha256);
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        assert_absent(directory, NAMES[i], sha1, sizeof sha1);
        assert_absent(directory, NAMES[i], sha256, sizeof sha256);
        assert_absent(directory, NAMES[i], "31337", 5);
        assert_absent(directory, NAMES[i], "hiddenbridge", 12);
        assert_absent(directory, NAMES[i], "\xc6\x33\x64\x4d", 4);
    }
}

/* A cache with a relay's descriptor in the journal and a bridge's in name. */
static char *new_cache(const char *name, const char *annotation)
{
    g_autofree char *relay = document("open1");
    g_autofree char *hour = document("2026-05-03T10-00-consensus-ns");
    g_autofree char *certificates = document("certificates");
    g_autofree char *bridge = g_strconcat(annotation, BRIDGE, NULL);
    g_autofree char *cached = g_strconcat("@downloaded-at 2026-05-03 10:05:00\n"
                                          "@source \"192.0.2.1\"\n",
                                          relay, NULL);
    char *directory = network_new_directory();
    g_free(put(directory, "cached-consensus", hour));
    g_free(put(directory, "cached-certs", certificates));
    g_free(put(directory, "cached-descriptors.new", cached));
    g_free(put(directory, name, bridge));
    return directory;
}

static void check_cache(const char *name, const char *annotation)
{
    g_autofree char *cache = new_cache(name, annotation);
    g_autofree char *directory = network_new_directory();
    ImportSummary summary;
    import_into(directory, cache, &summary);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->fresh, ==, 1);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->skipped, ==, 1);
    g_assert_cmpuint(summary.damaged, ==, 0);
    import_summary_clear(&summary);
    assert_no_trace(directory);
    import_into(directory, cache, &summary);
    g_assert_false(summary.published);
    import_summary_clear(&summary);
    assert_no_trace(directory);
    network_remove_directory(cache);
    network_remove_directory(directory);
}

static void test_bridge(void)
{
    check_cache("cached-descriptors", "@purpose bridge\n");
    check_cache("cached-descriptors", "");
    check_cache("cached-descriptors", "@type server-descriptor 1.0\n");
    /* a copy under another name */
    check_cache("copy", "@downloaded-at 2026-05-03 10:05:00\n"
                        "@source \"192.0.2.1\"\n");
    check_cache("copy", "@purpose bridge\n");
}

/* Without any annotation and under a name of no cache it is an archive's,
 * whose consensus may come later: the counterpart of the test above. */
static void test_archive_is_kept(void)
{
    g_autofree char *cache = new_cache("2026-05-03-server-descriptors", "");
    g_autofree char *directory = network_new_directory();
    ImportSummary summary;
    import_into(directory, cache, &summary);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->fresh, ==, 2);
    import_summary_clear(&summary);
    network_remove_directory(cache);
    network_remove_directory(directory);
}

/* What an older version stored goes at the next import: a document that came
 * from an archive is renamed to what a cache's would have been called. */
static void test_state_is_cleaned(void)
{
    g_autoptr(Facts) facts = facts_new();
    uint8_t sha256[SHA256_BYTES] = {7}, digest[SHA1_BYTES] = {8};
    uint32_t number = facts_put_document(facts, DOCUMENT_DESCRIPTOR, 1, sha256,
                                         "cached-descriptors");
    facts_put_descriptor(facts, false, digest, "accept 31337", number);
    facts_settle(facts);
    g_assert_cmpuint(facts->documents->len, ==, 1);
    g_autoptr(GBytes) old = facts_pack(facts);
    g_autoptr(GError) error = NULL;
    g_autoptr(Facts) again = facts_unpack(
        g_bytes_get_data(old, NULL), g_bytes_get_size(old), "part", &error);
    g_assert_no_error(error);
    facts_settle(again);
    g_assert_cmpuint(again->documents->len, ==, 0);
    g_assert_cmpuint(intern_count(again->routers), ==, 0);
    g_assert_cmpuint(intern_count(again->texts), ==, 0);
    g_assert_cmpuint(again->forgotten[DOCUMENT_DESCRIPTOR], ==, 1);
}

/* The same descriptor in a cache and in an archive, which comes first or
 * second: it is no secret, and is kept although nobody names it. */
static void test_cache_and_archive(void)
{
    for (int cache_first = 0; cache_first < 2; cache_first++) {
        g_autoptr(Facts) facts = facts_new();
        g_autoptr(GError) error = NULL;
        Records records = {.facts = facts};
        for (int i = 0; i < 2; i++) {
            records.is_cached = (i == 0) == cache_first;
            g_assert_cmpint(source_descriptor_read(
                                &records, text_of_bytes(BRIDGE, strlen(BRIDGE)),
                                records.is_cached ? "cached-descriptors" : "x",
                                &error),
                            ==, i == 0 ? READ_NEW : READ_KNOWN);
        }
        facts_settle(facts);
        g_assert_cmpuint(facts->documents->len, ==, 1);
        const Document *kept = &g_array_index(facts->documents, Document, 0);
        g_assert_cmpstr(intern_at(facts->texts, kept->name), ==, "x");
    }
}

/* A bridge's descriptor that names an extra-info which waits: which one that is
 * is kept of no cache. */
static void test_bridge_names_extra_info(void)
{
    static const char EXTRA[] =
        "extra-info nick 0000000000000000000000000000000000000000\n"
        "exit-stats-end 2026-05-03 04:00:00 (86400 s)\n"
        "exit-kibibytes-written 80=128\nrouter-signature\n";
    uint8_t digest[SHA1_BYTES], sha256[SHA256_BYTES];
    digest_sha1(EXTRA, strlen(EXTRA), digest);
    g_autofree char *hex = hex_new(digest, sizeof digest);
    g_autofree char *names = g_strdup_printf(
        "published 2026-05-03 05:00:00\nfingerprint "
        "0000000000000000000000000000000000000000\nextra-info-digest %s\n",
        hex);
    g_auto(GStrv) parts =
        g_strsplit(BRIDGE, "published 2026-05-03 05:00:00\n", 2);
    g_autofree char *bridge = g_strconcat(parts[0], names, parts[1], NULL);
    digest_sha256(bridge, strlen(bridge), sha256);
    for (int is_cached = 0; is_cached < 2; is_cached++) {
        g_autofree char *input = network_new_directory();
        g_autofree char *directory = network_new_directory();
        g_free(put(input, "extra", EXTRA));
        g_free(
            put(input, is_cached ? "cached-descriptors" : "archive", bridge));
        ImportSummary summary;
        import_into(directory, input, &summary);
        import_summary_clear(&summary);
        g_autofree char *path = g_build_filename(directory, "traffic", NULL);
        g_autoptr(GBytes) bytes = file_read(path, 1 << 20, NULL);
        gsize length;
        const void *data = g_bytes_get_data(bytes, &length);
        g_assert_cmpint(memmem(data, length, sha256, sizeof sha256) == NULL, ==,
                        is_cached);
        network_remove_directory(input);
        network_remove_directory(directory);
    }
}

/* Without certificates nothing is believed, nor kept of the descriptors. */
static void test_without_certificates(void)
{
    g_autofree char *cache = new_cache("unverified-consensus", "");
    g_autofree char *certificates =
        g_build_filename(cache, "cached-certs", NULL);
    g_unlink(certificates);
    g_autofree char *directory = network_new_directory();
    ImportSummary summary;
    import_into(directory, cache, &summary);
    g_assert_cmpuint(summary.unverified, ==, 1);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->fresh, ==, 0);
    import_summary_clear(&summary);
    network_remove_directory(cache);
    network_remove_directory(directory);
}

/* ---- files of a real tor 0.4.9.11 ---------------------------------------- */

static Authorities *localnet_authorities(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("authorities-XXXXXX", &path, NULL);
    static const char LIST[] =
        "auth1 C55012636279D7AB02E6306FCEDDC05A8A1A7003\n";
    g_assert_true(g_close(fd, NULL) &&
                  g_file_set_contents(path, LIST, -1, NULL));
    g_autoptr(GError) error = NULL;
    Authorities *read = authorities_read(path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return read;
}

static void test_localnet(void)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *cache =
        g_build_filename(shared ? shared : "/nonexistent", LOCALNET, NULL);
    if (!g_file_test(cache, G_FILE_TEST_IS_DIR)) {
        g_test_skip("shared/ is absent");
        return;
    }
    g_autoptr(Authorities) authorities = localnet_authorities();
    g_autofree char *directory = network_new_directory();
    const char *const all[] = {cache, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_import(directory, all, authorities, NULL, NULL, NULL,
                               &summary, &error));
    /* Both flavours verify with the network's own certificate; the three
     * relays' newest descriptors are named, older ones are not kept. */
    g_assert_cmpuint(count_of(&summary, "consensus")->fresh, ==, 2);
    g_assert_cmpuint(count_of(&summary, "certificate")->fresh, ==, 1);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->fresh, ==, 3);
    g_assert_cmpuint(count_of(&summary, "server-descriptor")->skipped, >, 0);
    g_assert_cmpuint(count_of(&summary, "microdescriptor")->fresh, ==, 3);
    g_assert_cmpuint(summary.damaged + summary.unverified, ==, 0);
    import_summary_clear(&summary);
    g_autoptr(History) history = history_open(directory, &error);
    g_assert_no_error(error);
    IpAddress ip;
    Instant when;
    g_assert_true(ip_parse("127.0.0.1", 9, &ip));
    g_assert_true(instant_parse("2026-11-21T20:29:50", &when));
    g_autoptr(Lookup) lookup =
        history_lookup(history, &ip, (Interval){when, when}, 443, NULL);
    g_assert_cmpint(lookup->verdict, ==, VERDICT_EXIT);
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    documents = network_new_directory();
    g_autoptr(GPtrArray) paths =
        network_write(TEST_DIR "/network.txt", documents);
    g_test_add_func("/facts-cache/bridge", test_bridge);
    g_test_add_func("/facts-cache/archive-is-kept", test_archive_is_kept);
    g_test_add_func("/facts-cache/state-is-cleaned", test_state_is_cleaned);
    g_test_add_func("/facts-cache/cache-and-archive", test_cache_and_archive);
    g_test_add_func("/facts-cache/bridge-names-extra-info",
                    test_bridge_names_extra_info);
    g_test_add_func("/facts-cache/without-certificates",
                    test_without_certificates);
    g_test_add_func("/facts-cache/localnet", test_localnet);
    int status = g_test_run();
    network_remove_directory(documents);
    g_free(documents);
    return status;
}
