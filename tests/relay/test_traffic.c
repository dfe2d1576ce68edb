/* What relays say of their exit traffic: believed by the chain of digests from
 * a verified consensus only, and never of a bridge. */
#include "network.h"

#include "relay/beside.h"
#include "relay/import.h"
#include "relay/sections.h"
#include "relay/sources.h"

#include "base/digest.h"

#include <glib/gstdio.h>
#include <string.h>

#define FINGERPRINT "0000000000000000000000000000000000000000"
#define EXTRA                                                                  \
    "extra-info nick " FINGERPRINT "\npublished 2026-05-03 09:00:00\n"         \
    "exit-stats-end 2026-05-03 20:00:00 (86400 s)\n"                           \
    "exit-kibibytes-written 22=128,80=4096,443=0,other=12\n"                   \
    "exit-kibibytes-read 22=128\nrouter-signature\n"
#define EXTRA_END "-----BEGIN SIGNATURE-----\nAAAA\n-----END SIGNATURE-----\n"

typedef struct {
    char *input, *directory;
} Desk;

static void desk_init(Desk *desk)
{
    *desk = (Desk){network_new_directory(), network_new_directory()};
}

static void desk_clear(Desk *desk)
{
    g_autofree char *months = g_build_filename(desk->directory, "months", NULL);
    network_remove_directory(months);
    network_remove_directory(desk->input);
    network_remove_directory(desk->directory);
    g_free(desk->input);
    g_free(desk->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static void put(const Desk *desk, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(desk->input, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *descriptor(const char *fingerprint)
{
    uint8_t digest[20];
    digest_sha1(EXTRA, strlen(EXTRA), digest);
    g_autofree char *hex = hex_new(digest, 20);
    return g_strdup_printf("router nick 192.0.2.1 9001 0 0\nplatform Tor\n"
                           "published 2026-05-03 05:00:00\n"
                           "fingerprint %s\nextra-info-digest %s AAAA\n"
                           "accept *:*\nrouter-signature\n" EXTRA_END,
                           fingerprint, hex);
}

static char *consensus(const char *descriptor)
{
    const char *end = strstr(descriptor, "router-signature\n") + 17;
    uint8_t digest[20];
    digest_sha1(descriptor, (size_t)(end - descriptor), digest);
    g_autofree char *base64 = g_base64_encode(digest, 20);
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "network-status-version 3\nvote-status consensus\n"
        "consensus-method 33\nvalid-after 2026-05-03 10:00:00\n"
        "r nick AAAAAAAAAAAAAAAAAAAAAAAAAAA %.27s 2026-05-03 09:00:00 "
        "192.0.2.1 9001 0\ns Exit Running Valid\ndirectory-footer\n",
        base64);
    signer_sign(network_signer(), 3, text, 0);
    return g_string_free(text, FALSE);
}

static void import_all(const Desk *desk)
{
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    put(desk, "certs", certificates->str);
    const char *const paths[] = {desk->input, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_import(desk->directory, paths, network_authorities(),
                               NULL, NULL, NULL, &summary, &error));
    g_assert_no_error(error);
    import_summary_clear(&summary);
    network_remove_directory(desk->input);
    g_assert_cmpint(g_mkdir(desk->input, 0700), ==, 0);
}

/* The relay's own ports at that time, and whether the reason speaks of 22. */
static void check(const Desk *desk, const char *time, const char *ports,
                  bool is_said)
{
    g_autoptr(History) history = history_open(desk->directory, NULL);
    IpAddress ip;
    Interval when;
    g_assert_true(ip_parse("192.0.2.1", 9, &ip));
    g_assert_true(instant_parse(time, &when.from));
    when.to = when.from;
    g_autoptr(Lookup) lookup = history_lookup(history, &ip, when, 22, NULL);
    g_assert_cmpuint(lookup->relays->len, ==, 1);
    const RelaySighting *s = g_ptr_array_index(lookup->relays, 0);
    g_assert_cmpstr(s->own_ports, ==, ports);
    g_assert_cmpint(strstr(lookup->why, "its own statistics of that day show "
                                        "traffic to port 22") != NULL,
                    ==, is_said);
}

static void test_chain(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "consensus", c);
    put(&desk, "descriptor", d);
    import_all(&desk);
    check(&desk, "2026-05-03T10:30", NULL, false);
    /* later, with the descriptor that is known already */
    put(&desk, "descriptor", d);
    put(&desk, "extra", EXTRA EXTRA_END);
    import_all(&desk);
    check(&desk, "2026-05-03T10:30", "22,80,other", true);
    /* possible still, but of another day */
    check(&desk, "2026-05-04T08:00", NULL, false);
    g_assert_cmpuint(beside_figures(desk.directory).traffic_days, ==, 1);
}

/* The extra-info before its descriptor, in archives: it waits. */
static void test_waiting(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "consensus", c);
    put(&desk, "extra", EXTRA EXTRA_END);
    import_all(&desk);
    check(&desk, "2026-05-03T10:30", NULL, false);
    put(&desk, "descriptor", d);
    import_all(&desk);
    check(&desk, "2026-05-03T10:30", "22,80,other", true);
}

/* No link of the chain may be missing or another one. */
static void test_broken_chains(void)
{
    static const struct {
        const char *fingerprint, *extra;
        bool is_named;
    } CASES[] = {
        {FINGERPRINT, EXTRA EXTRA_END, false},
        {"1111111111111111111111111111111111111111", EXTRA EXTRA_END, true},
        {FINGERPRINT,
         "extra-info nick " FINGERPRINT "\nexit-stats-end 2026-05-03 20:00:00 "
         "(86400 s)\nexit-kibibytes-written 22=128\nrouter-signature\n",
         true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *d = descriptor(CASES[i].fingerprint);
        g_autofree char *other = descriptor(FINGERPRINT FINGERPRINT);
        g_autofree char *c = consensus(CASES[i].is_named ? d : other);
        g_auto(Desk) desk;
        desk_init(&desk);
        put(&desk, "consensus", c);
        put(&desk, "descriptor", d);
        put(&desk, "extra", CASES[i].extra);
        import_all(&desk);
        check(&desk, "2026-05-03T10:30", NULL, false);
        g_assert_cmpuint(beside_figures(desk.directory).traffic_days, ==, 0);
    }
}

/* Of a tor's cache nothing is stored that no consensus names. */
static void test_bridge(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *other = descriptor(FINGERPRINT FINGERPRINT);
    g_autofree char *c = consensus(other);
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "cached-consensus", c);
    put(&desk, "cached-descriptors", d);
    put(&desk, "cached-extrainfo.new", EXTRA EXTRA_END);
    import_all(&desk);
    g_autofree char *path = g_build_filename(desk.directory, "traffic", NULL);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* A tor's cache holds them beside its consensus, in the file or its journal. */
static void test_cache(void)
{
    static const char *const NAMES[] = {"cached-extrainfo",
                                        "cached-extrainfo.new"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *d = descriptor(FINGERPRINT);
        g_autofree char *c = consensus(d);
        g_auto(Desk) desk;
        desk_init(&desk);
        put(&desk, "cached-consensus", c);
        put(&desk, "cached-descriptors", d);
        put(&desk, NAMES[i], EXTRA EXTRA_END);
        import_all(&desk);
        check(&desk, "2026-05-03T10:30", "22,80,other", true);
    }
}

/* A file as CollecTor lays it out, annotated. */
static void put_recent(const Desk *desk, const char *folder, const char *name,
                       const char *type, const char *text)
{
    g_autofree char *directory = g_build_filename(
        desk->input, "recent", "relay-descriptors", folder, NULL);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *annotated = g_strdup_printf("@type %s\n%s", type, text);
    g_assert_cmpint(g_mkdir_with_parents(directory, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, annotated, -1, NULL));
}

static void remove_recent(const Desk *desk)
{
    static const char *const FOLDERS[] = {
        "recent/relay-descriptors/consensuses",
        "recent/relay-descriptors/extra-infos",
        "recent/relay-descriptors/server-descriptors",
        "recent/relay-descriptors", "recent"};
    for (size_t i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *path = g_build_filename(desk->input, FOLDERS[i], NULL);
        network_remove_directory(path);
    }
}

static void test_recent(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "certs", certificates->str);
    put_recent(&desk, "consensuses", "2026-05-03-10-00-00-consensus",
               "network-status-consensus-3 1.0", c);
    put_recent(&desk, "extra-infos", "2026-05-03-21-05-00-extra-infos",
               "extra-info 1.0", EXTRA EXTRA_END);
    put_recent(&desk, "server-descriptors",
               "2026-05-03-10-05-00-server-descriptors",
               "server-descriptor 1.0", d);
    const char *const paths[] = {desk.input, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import(desk.directory, paths, network_authorities(), NULL, NULL, NULL,
                 &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(summary.files, ==, 4);
    g_assert_cmpuint(summary.damaged + summary.unverified, ==, 0);
    import_summary_clear(&summary);
    check(&desk, "2026-05-03T10:30", "22,80,other", true);
    remove_recent(&desk);
}

/* In stages of one file each (named as archives are), whichever comes last. */
static void test_stages(void)
{
    static const char *const ORDERS[] = {"cde", "ced", "dec", "ecd", "edc"};
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        g_autofree char *d = descriptor(FINGERPRINT);
        g_autofree char *c = consensus(d);
        g_autoptr(GString) certificates = signer_certificates(network_signer());
        g_auto(Desk) desk;
        desk_init(&desk);
        put(&desk, "certs", certificates->str);
        for (guint k = 0; k < 3; k++) {
            char which = ORDERS[i][k];
            g_autofree char *name = g_strdup_printf("%u.tar", k);
            put(&desk, name,
                which == 'c'   ? c
                : which == 'd' ? d
                               : EXTRA EXTRA_END);
        }
        const char *const paths[] = {desk.input, NULL};
        ImportSummary summary;
        g_autoptr(GError) error = NULL;
        ImportTask task = {.directory = desk.directory,
                           .paths = paths,
                           .authorities = network_authorities(),
                           .stage_bytes = 1};
        relay_import_run(&task, &summary, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(summary.damaged + summary.unverified, ==, 0);
        import_summary_clear(&summary);
        check(&desk, "2026-05-03T10:30", "22,80,other", true);
    }
}

/* ---- files that are not read again -------------------------------------- */

/* Long after these files were written. */
#define LATER INT64_C(4102444800)

/* Import what is there, and leave it; returns how many files were read. */
static uint64_t import_and_note(const Desk *desk, const char *path)
{
    const char *const paths[] = {path, NULL};
    ImportTask task = {.directory = desk->directory,
                       .paths = paths,
                       .authorities = network_authorities(),
                       .now = LATER};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import_run(&task, &summary, &error);
    g_assert_no_error(error);
    uint64_t files = summary.files;
    import_summary_clear(&summary);
    return files;
}

/* The chain comes link by link into a directory that is imported each time. */
static void test_link_by_link(void)
{
    static const char *const ORDERS[] = {"cde", "ced", "dce",
                                         "dec", "ecd", "edc"};
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        g_autoptr(GString) certificates = signer_certificates(network_signer());
        g_auto(Desk) desk;
        desk_init(&desk);
        put(&desk, "certs", certificates->str);
        for (const char *at = ORDERS[i]; *at; at++) {
            char name[] = {*at, 0};
            put(&desk, name, *at == 'c' ? c : *at == 'd' ? d : EXTRA EXTRA_END);
            import_and_note(&desk, desk.input);
        }
        check(&desk, "2026-05-03T10:30", "22,80,other", true);
        g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 0);
    }
}

/* A file of the version before: a row that waits, and nobody named. */
static void put_old_file(const Desk *desk)
{
    struct {
        uint8_t fingerprint[20], digest[20];
        uint32_t from, to, ports, state;
    } row = {.from = 1777752000, .to = 1777838400};
    static const SectionLayout OLD = {
        .magic = "EXDtraf\n",
        .version = 1,
        .count = 2,
        .item_bytes = {sizeof row, 1},
    };
    digest_sha1(EXTRA, strlen(EXTRA), row.digest);
    Section sections[] = {{&row, 1}, {"22,80,other", 12}};
    g_autoptr(GBytes) bytes = sections_pack(&OLD, sections);
    g_autofree char *path = g_build_filename(desk->directory, "traffic", NULL);
    g_assert_true(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                      (gssize)g_bytes_get_size(bytes), NULL));
}

static void test_old_file(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    g_auto(Desk) desk;
    desk_init(&desk);
    put_old_file(&desk);
    put(&desk, "certs", certificates->str);
    put(&desk, "descriptor", d);
    import_and_note(&desk, desk.input);
    put(&desk, "consensus", c);
    import_and_note(&desk, desk.input);
    check(&desk, "2026-05-03T10:30", "22,80,other", true);
}

/* The extra-info comes by another way than the rest. */
static void test_apart(void)
{
    g_autofree char *d = descriptor(FINGERPRINT);
    g_autofree char *c = consensus(d);
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    g_autofree char *apart = network_new_directory();
    g_autofree char *path = g_build_filename(apart, "extra", NULL);
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "certs", certificates->str);
    put(&desk, "consensus", c);
    put(&desk, "descriptor", d);
    g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 3);
    g_assert_true(g_file_set_contents(path, EXTRA EXTRA_END, -1, NULL));
    import_and_note(&desk, apart);
    check(&desk, "2026-05-03T10:30", NULL, false);
    g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 1);
    check(&desk, "2026-05-03T10:30", "22,80,other", true);
    g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 0);
    network_remove_directory(apart);
}

/* One that no descriptor names has those of its days looked through once, and
 * others never. */
static void test_nobody_names_it(void)
{
    static const char OTHER_DAY[] =
        "router nick 192.0.2.1 9001 0 0\nplatform Tor\n"
        "published 2026-05-09 05:00:00\nfingerprint " FINGERPRINT "\n"
        "accept *:*\nrouter-signature\n" EXTRA_END;
    g_autofree char *own = descriptor(FINGERPRINT);
    g_autofree char *other = g_strdup(own);
    memcpy(strstr(other, "extra-info-digest ") + 18, "0000", 4);
    memcpy(strstr(other, "published 2026-05-0") + 19, "4", 1);
    g_auto(Desk) desk;
    desk_init(&desk);
    put(&desk, "other", other);
    put(&desk, "later", OTHER_DAY);
    g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 2);
    put(&desk, "extra", EXTRA EXTRA_END);
    g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 2);
    for (int i = 0; i < 2; i++)
        g_assert_cmpuint(import_and_note(&desk, desk.input), ==, 0);
}

static void test_damaged(void)
{
    static const struct {
        const char *text;
        ReadResult result;
    } CASES[] = {
        {EXTRA, READ_NEW},
        {"extra-info nick " FINGERPRINT "\nrouter-signature\n", READ_SKIPPED},
        {"extra-info nick\nrouter-signature\n", READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\n", READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\nexit-stats-end 2026-05-03\n"
         "router-signature\n",
         READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\nexit-kibibytes-written 99999=1\n"
         "router-signature\n",
         READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\nexit-kibibytes-written 80=\n"
         "router-signature\n",
         READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\nexit-kibibytes-written 80=1;22=1\n"
         "router-signature\n",
         READ_DAMAGED},
        {"extra-info nick " FINGERPRINT "\nexit-kibibytes-written\n"
         "exit-stats-end 2026-05-03 20:00:00 (86400 s)\nrouter-signature\n",
         READ_SKIPPED},
        {"extra-info nick " FINGERPRINT
         "\nexit-stats-end 2026-05-03 20:00:00 (99999999 s)\n"
         "router-signature\n",
         READ_DAMAGED},
    };
    g_autoptr(Traffic) traffic = traffic_load("/nonexistent", NULL);
    Records records = {.traffic = traffic};
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_cmpint(source_extrainfo_read(
                            &records,
                            text_of_bytes(CASES[i].text, strlen(CASES[i].text)),
                            "test", NULL),
                        ==, CASES[i].result);
}

static void test_ports(void)
{
    g_assert_true(traffic_has_port("22,80,other", 80));
    g_assert_true(traffic_has_port("22", 22));
    g_assert_false(traffic_has_port("220,8080", 22));
    g_assert_false(traffic_has_port("other", 0));
    g_assert_false(traffic_has_port("", 22));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/traffic/chain", test_chain);
    g_test_add_func("/traffic/waiting", test_waiting);
    g_test_add_func("/traffic/broken-chains", test_broken_chains);
    g_test_add_func("/traffic/bridge", test_bridge);
    g_test_add_func("/traffic/cache", test_cache);
    g_test_add_func("/traffic/recent", test_recent);
    g_test_add_func("/traffic/stages", test_stages);
    g_test_add_func("/traffic/link-by-link", test_link_by_link);
    g_test_add_func("/traffic/old-file", test_old_file);
    g_test_add_func("/traffic/apart", test_apart);
    g_test_add_func("/traffic/nobody-names-it", test_nobody_names_it);
    g_test_add_func("/traffic/damaged", test_damaged);
    g_test_add_func("/traffic/ports", test_ports);
    return g_test_run();
}
