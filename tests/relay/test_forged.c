/* Documents that are forged, cut, re-signed, mangled, rolled back or against
 * each other, each imported as a file: nothing of them may be believed. */
#include "network.h"

#include "relay/beside.h"
#include "relay/history_figures.h"
#include "relay/import.h"
#include "relay/people.h"

#include "base/digest.h"

#include <glib/gstdio.h>
#include <string.h>

#define SIGNERS 3
#define RELAY   "192.0.2.1"

/* ---- documents --------------------------------------------------------- */

static const char DESCRIPTOR[] =
    "router nick 192.0.2.1 9001 0 0\nplatform Tor\n"
    "published 2026-05-03 05:00:00\naccept *:80\nreject *:*\n"
    "router-signature\n-----BEGIN SIGNATURE-----\nAAAA\n"
    "-----END SIGNATURE-----\n";
static const char MICRO[] = "onion-key\nntor-onion-key AAAA\np accept 80\n";

static char *digest_new(const char *text, bool is_micro)
{
    uint8_t digest[32];
    const char *end = strstr(text, "router-signature\n");
    size_t length = end ? (size_t)(end - text) + 17 : strlen(text);
    if (is_micro)
        digest_sha256(text, length, digest);
    else
        digest_sha1(text, length, digest);
    char *base64 = g_base64_encode(digest, is_micro ? 32 : 20);
    base64[strcspn(base64, "=")] = 0;
    return base64;
}

/* A consensus of that hour that lists one relay at the address. */
static GString *consensus(const Signer *by, guint count, const char *time,
                          const char *ip, bool is_micro)
{
    g_autofree char *digest =
        digest_new(is_micro ? MICRO : DESCRIPTOR, is_micro);
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "network-status-version 3%s\nvote-status consensus\n"
        "consensus-method 33\nvalid-after %s\nknown-flags Exit Running\n"
        "r nick AAAAAAAAAAAAAAAAAAAAAAAAAAA%s%s 2026-05-03 09:00:00 %s 9001 "
        "0\ns Exit Running Valid\n%s%s%sdirectory-footer\n",
        is_micro ? " microdesc" : "", time, is_micro ? "" : " ",
        is_micro ? "" : digest, ip, is_micro ? "m " : "p accept 80",
        is_micro ? digest : "", "\n");
    signer_sign(by, count, text, 0);
    return text;
}

#define HOUR "2026-05-03 10:00:00"

/* ---- imports ------------------------------------------------------------ */

typedef struct {
    char *input, *directory;
    guint files;
} Desk;

static void put_file(Desk *desk, const char *name, const char *text,
                     size_t length)
{
    g_autofree char *numbered = g_strdup_printf("%02u-%s", desk->files++, name);
    g_autofree char *path = g_build_filename(desk->input, numbered, NULL);
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
}

static void desk_init(Desk *desk)
{
    *desk = (Desk){network_new_directory(), network_new_directory(), 0};
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    put_file(desk, "certs", certificates->str, certificates->len);
}

static void desk_clear(Desk *desk)
{
    g_autofree char *months = g_build_filename(desk->directory, "months", NULL);
    g_autofree char *apart =
        g_build_filename(desk->directory, "unverified", "months", NULL);
    network_remove_directory(desk->input);
    network_remove_directory(apart);
    network_remove_directory(months);
    network_remove_directory(desk->directory);
    g_free(desk->input);
    g_free(desk->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

/* Import what lies there and take it away. */
static uint64_t import_all(Desk *desk)
{
    const char *const paths[] = {desk->input, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    g_assert_true(relay_import(desk->directory, paths, network_authorities(),
                               NULL, NULL, NULL, &summary, &error));
    g_assert_no_error(error);
    uint64_t fresh = 0;
    for (guint i = 0; i < summary.counts->len; i++) {
        const ImportCount *c = &g_array_index(summary.counts, ImportCount, i);
        if (!g_str_equal(c->word, "certificate"))
            fresh += c->fresh;
    }
    import_summary_clear(&summary);
    network_remove_directory(desk->input);
    g_assert_cmpint(g_mkdir(desk->input, 0700), ==, 0);
    return fresh;
}

static char *ask(const Desk *desk, const char *address, const char *time)
{
    g_autoptr(History) history = history_open(desk->directory, NULL);
    if (!history)
        return g_strdup("no history");
    IpAddress ip;
    Interval when;
    g_assert_true(ip_parse(address, strlen(address), &ip));
    g_assert_true(instant_parse(time, &when.from));
    when.to = when.from;
    g_autoptr(Lookup) lookup = history_lookup(history, &ip, when, 80, NULL);
    return g_strdup_printf("%s: %s", verdict_word(lookup->verdict),
                           lookup->why);
}

static void check(const Desk *desk, const char *address, const char *time,
                  const char *wanted)
{
    g_autofree char *answer = ask(desk, address, time);
    if (!g_str_has_prefix(answer, wanted))
        g_error("%s %s: %s, not %s", address, time, answer, wanted);
}

/* ---- each document in each way ------------------------------------------ */

typedef void (*Mangle)(GString *text);

static void with_cr(GString *text)
{
    g_string_replace(text, "\n", "\r\n", 0);
}

static void with_cr_once(GString *text)
{
    g_string_replace(text, "\n", "\r\n", 1);
}

static void without_end(GString *text)
{
    g_string_truncate(text, text->len / 8);
}

static void other_address(GString *text)
{
    g_string_replace(text, RELAY, "192.0.2.7", 0);
}

static void other_policy(GString *text)
{
    g_string_replace(text, "accept", "reject", 0);
}

static void one_byte(GString *text)
{
    text->str[text->len / 8] ^= 1; /* what is signed comes first */
}

static void huge(GString *text)
{
    g_autofree char *line = g_strnfill(1 << 20, 'x');
    for (guint i = 0; i < 66; i++)
        g_string_append_printf(text, "%s\n", line);
}

static const struct {
    const char *word;
    Mangle mangle;
} WAYS[] = {{"crlf", with_cr},        {"one-crlf", with_cr_once},
            {"cut", without_end},     {"address", other_address},
            {"policy", other_policy}, {"bit", one_byte}};

/* A consensus that was changed is refused, and so nothing is known of its
 * hour. */
static void test_consensuses(void)
{
    for (guint micro = 0; micro < 2; micro++)
        for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
            g_auto(Desk) desk;
            desk_init(&desk);
            g_autoptr(GString) text =
                consensus(network_signer(), SIGNERS, HOUR, RELAY, micro);
            g_autofree char *before = g_strdup(text->str);
            WAYS[i].mangle(text);
            if (g_str_equal(before, text->str))
                continue; /* a microdesc consensus has no policy */
            put_file(&desk, WAYS[i].word, text->str, text->len);
            g_assert_cmpuint(import_all(&desk), ==, 0);
            g_autofree char *answer = ask(&desk, RELAY, "2026-05-03T10:30");
            g_assert_cmpstr(answer, ==, "no history");
        }
}

/* Whoever signs it: others, too few, one of them often. */
static void test_signers(void)
{
    g_autoptr(Signer) others = signer_new(SIGNERS, 1, INT32_MAX);
    const struct {
        const Signer *by;
        guint count, copies;
    } CASES[] = {{others, SIGNERS, 1},
                 {network_signer(), 1, 1},
                 {network_signer(), 0, 1},
                 {network_signer(), 1, 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        g_autoptr(GString) text =
            consensus(CASES[i].by, CASES[i].count, HOUR, RELAY, false);
        const char *first = strstr(text->str, "directory-signature");
        g_autofree char *again = g_strdup(first ? first : "");
        for (guint k = 1; k < CASES[i].copies; k++)
            g_string_append(text, again);
        put_file(&desk, "consensus", text->str, text->len);
        g_assert_cmpuint(import_all(&desk), ==, 0);
    }
}

/* tor on Windows writes its cached-certs with CRLF, but not consensuses. */
static void test_certificates_of_windows(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    g_string_replace(certificates, "\n", "\r\n", 0);
    put_file(&desk, "certs", certificates->str, certificates->len);
    g_autoptr(GString) text =
        consensus(network_signer(), SIGNERS, HOUR, RELAY, false);
    put_file(&desk, "consensus", text->str, text->len);
    g_assert_cmpuint(import_all(&desk), ==, 1);
}

/* A descriptor is read by whoever has one, but only its digest joins it: a
 * changed one gives the relay no policy; only what CRLF did is undone. */
static void test_descriptors(void)
{
    for (guint micro = 0; micro < 2; micro++)
        for (size_t i = 0; i <= G_N_ELEMENTS(WAYS); i++) {
            bool is_whole = i == G_N_ELEMENTS(WAYS);
            g_auto(Desk) desk;
            desk_init(&desk);
            g_autoptr(GString) hour =
                consensus(network_signer(), SIGNERS, HOUR, RELAY, micro);
            /* without its own summary only the descriptor has a policy */
            put_file(&desk, "consensus", hour->str, hour->len);
            g_autoptr(GString) text = g_string_new(micro ? MICRO : DESCRIPTOR);
            if (!is_whole)
                WAYS[i].mangle(text);
            bool is_same = g_str_equal(text->str, micro ? MICRO : DESCRIPTOR);
            put_file(&desk, "descriptor", text->str, text->len);
            import_all(&desk);
            g_autoptr(History) history = history_open(desk.directory, NULL);
            IpAddress ip;
            Interval when;
            g_assert_true(ip_parse(RELAY, strlen(RELAY), &ip));
            g_assert_true(instant_parse("2026-05-03T10:30", &when.from));
            when.to = when.from;
            g_autoptr(Lookup) lookup =
                history_lookup(history, &ip, when, 80, NULL);
            g_assert_cmpuint(lookup->relays->len, ==, 1);
            const RelaySighting *s = g_ptr_array_index(lookup->relays, 0);
            bool has_policy = micro ? s->policy == POLICY_PROBABLY_ACCEPTED
                                    : s->policy == POLICY_ACCEPTED;
            g_assert_cmpint(has_policy, ==,
                            is_same || WAYS[i].mangle == with_cr ||
                                WAYS[i].mangle == with_cr_once);
        }
}

/* What stands behind the signed part, or within the signature, is nobody's
 * word: it may be of whoever passed the descriptor on. */
static void test_tails(void)
{
    static const char WORDS[] = "contact thief@example.org\nfamily $"
                                "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n";
    static const char *const BEFORE[] = {"-----BEGIN", "AAAA"};
    for (size_t i = 0; i < G_N_ELEMENTS(BEFORE); i++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        g_autoptr(GString) hour =
            consensus(network_signer(), SIGNERS, HOUR, RELAY, false);
        put_file(&desk, "consensus", hour->str, hour->len);
        g_autoptr(GString) text = g_string_new(DESCRIPTOR);
        const char *at = strstr(text->str, BEFORE[i]);
        g_string_insert(text, at - text->str, WORDS);
        put_file(&desk, "descriptor", text->str, text->len);
        import_all(&desk);
        g_autoptr(People) people = people_open(desk.directory, NULL);
        Fingerprint relay = {{0}};
        Said said;
        Instant when;
        g_assert_true(instant_parse("2026-05-03T10:30", &when));
        g_assert_true(people_contact(people, &relay, when, &said));
        g_assert_cmpstr(said.text, ==, "");
        g_assert_true(people_family(people, &relay, when, &said));
        g_assert_cmpstr(said.text, ==, "");
        check(&desk, RELAY, "2026-05-03T10:30", "exit");
    }
}

/* Certificates that do not hold leave the consensus in quarantine. */
static void test_certificates(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        g_auto(Desk)
            desk = {network_new_directory(), network_new_directory(), 0};
        g_autoptr(GString) text = signer_certificates(network_signer());
        g_autofree char *before = g_strdup(text->str);
        if (WAYS[i].mangle == without_end) /* each one loses its end */
            g_string_replace(text, "-----END SIGNATURE-----\n", "", 0);
        else if (WAYS[i].mangle == one_byte)
            g_string_replace(text, "dir-key-expires 2", "dir-key-expires 3", 0);
        else
            WAYS[i].mangle(text);
        if (g_str_equal(before, text->str) ||
            WAYS[i].mangle == with_cr || /* undone */
            WAYS[i].mangle == with_cr_once)
            continue; /* the annotation's line end is nothing */
        put_file(&desk, "certs", text->str, text->len);
        g_autoptr(GString) hour =
            consensus(network_signer(), SIGNERS, HOUR, RELAY, false);
        put_file(&desk, "consensus", hour->str, hour->len);
        g_assert_cmpuint(import_all(&desk), ==, 0);
        g_autofree char *answer = ask(&desk, RELAY, "2026-05-03T10:30");
        g_assert_false(g_str_has_prefix(answer, "exit"));
    }
}

/* 66 MB of anything. */
static void test_huge(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    g_autoptr(GString) text =
        consensus(network_signer(), SIGNERS, HOUR, RELAY, false);
    const char *footer = strstr(text->str, "directory-footer");
    g_string_truncate(text, (gsize)(footer - text->str));
    huge(text);
    signer_sign(network_signer(), SIGNERS, text, 0);
    put_file(&desk, "consensus", text->str, text->len);
    g_assert_cmpuint(import_all(&desk), ==, 0);
}

/* ---- rolled back, and against each other -------------------------------- */

static void put_hour(Desk *desk, const char *time, const char *ip, guint count)
{
    g_autoptr(GString) text =
        consensus(network_signer(), count, time, ip, false);
    put_file(desk, "cached-consensus", text->str, text->len);
}

static Instant newest(const Desk *desk)
{
    g_autoptr(History) history = history_open(desk->directory, NULL);
    return history_span(history).to;
}

/* An old genuine consensus offered as the newest is an old one. */
static void test_rolled_back(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    put_hour(&desk, "2026-05-03 12:00:00", RELAY, SIGNERS);
    g_assert_cmpuint(import_all(&desk), ==, 1);
    Instant before = newest(&desk);
    put_hour(&desk, "2026-05-02 12:00:00", "198.51.100.7", SIGNERS);
    g_assert_cmpuint(import_all(&desk), ==, 1);
    g_assert_cmpint(newest(&desk), ==, before);
    check(&desk, "198.51.100.7", "2026-05-03T12:30", "not-listed");
    check(&desk, RELAY, "2026-05-03T12:30", "exit");
    /* alone it makes nothing look fresh either */
    g_auto(Desk) only;
    desk_init(&only);
    put_hour(&only, "2026-05-02 12:00:00", RELAY, SIGNERS);
    import_all(&only);
    g_assert_cmpint(newest(&only), ==, before - INSTANT_DAY_S);
}

/* Two networks for one hour, both signed: neither, in either order, and a
 * third changes nothing. Copies with fewer signatures are the same one. */
static void test_contradiction(void)
{
    static const char *const ORDERS[][4] = {
        {"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"},
        {"192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.1"}};
    char *answers[2][5];
    for (guint o = 0; o < 2; o++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        put_hour(&desk, "2026-05-03 09:00:00", RELAY, SIGNERS);
        put_hour(&desk, "2026-05-03 11:00:00", RELAY, SIGNERS);
        import_all(&desk);
        check(&desk, RELAY, "2026-05-03T09:30", "exit");
        put_hour(&desk, HOUR, ORDERS[o][0], SIGNERS);
        import_all(&desk);
        put_hour(&desk, HOUR, ORDERS[o][0], 2);
        import_all(&desk);
        check(&desk, ORDERS[o][0], "2026-05-03T10:30", "exit");
        g_assert_cmpuint(beside_figures(desk.directory).contradictions, ==, 0);
        for (guint i = 1; i < 4; i++) {
            put_hour(&desk, HOUR, ORDERS[o][i], SIGNERS);
            g_assert_cmpuint(import_all(&desk), ==, 0);
            check(&desk, RELAY, "2026-05-03T10:30",
                  "undecidable: consensuses that contradict each other were "
                  "signed for 2026-05-03 10:00 UTC");
        }
        g_assert_cmpuint(beside_figures(desk.directory).contradictions, ==, 1);
        check(&desk, RELAY, "2026-05-03T09:30", "exit");
        answers[o][0] = ask(&desk, RELAY, "2026-05-03T11:30");
        answers[o][1] = ask(&desk, "192.0.2.2", "2026-05-03T11:30");
        answers[o][2] = ask(&desk, "192.0.2.3", "2026-05-03T11:30");
        answers[o][3] = ask(&desk, "192.0.2.2", "2026-05-03T09:30");
        answers[o][4] = ask(&desk, "192.0.2.2", "2026-05-03T10:59");
    }
    for (guint i = 0; i < 5; i++) {
        g_assert_cmpstr(answers[0][i], ==, answers[1][i]);
        g_free(answers[0][i]);
        g_free(answers[1][i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forged/consensuses", test_consensuses);
    g_test_add_func("/forged/windows", test_certificates_of_windows);
    g_test_add_func("/forged/signers", test_signers);
    g_test_add_func("/forged/descriptors", test_descriptors);
    g_test_add_func("/forged/tails", test_tails);
    g_test_add_func("/forged/certificates", test_certificates);
    g_test_add_func("/forged/huge", test_huge);
    g_test_add_func("/forged/rolled-back", test_rolled_back);
    g_test_add_func("/forged/contradiction", test_contradiction);
    return g_test_run();
}
