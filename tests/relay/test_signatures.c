/* Consensuses and certificates that lie, each in another way. */
#include "relay/signatures.h"
#include "relay/signer.h"
#include "relay/sources.h"
#include "relay/splitter.h"

#include "base/digest.h"
#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

#define SIGNERS 3 /* of the made-up network: two are a majority */

static const char CONSENSUS[] =
    "network-status-version 3\nvote-status consensus\nconsensus-method 33\n"
    "valid-after 2026-05-03 10:00:00\n"
    "r nick AAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAAA "
    "2026-05-03 09:00:00 192.0.2.1 9001 0\ns Exit Running\n"
    "directory-footer\n";

static GString *signed_by(const Signer *signer, guint count, const char *text)
{
    GString *document = g_string_new(text);
    signer_sign(signer, count, document, 0);
    return document;
}

typedef struct {
    ReadResult result;
    guint believed, apart; /* relays' addresses in the facts */
    char *why;
} Outcome;

static void outcome_clear(Outcome *outcome)
{
    g_free(outcome->why);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static guint addresses(Facts *facts)
{
    facts_settle(facts);
    return facts_layer(facts)->runs[FACT_V4]->len;
}

static Outcome read_with(Certificates *certificates, const GString *text)
{
    g_autoptr(Facts) facts = facts_new(), unverified = facts_new();
    g_autoptr(GError) error = NULL;
    Records records = {
        .authorities = network_authorities(),
        .certificates = certificates,
        .facts = facts,
        .unverified = unverified,
    };
    Outcome outcome = {
        .result = source_consensus_read(
            &records, text_of_bytes(text->str, text->len), "test", &error)};
    outcome.why = g_strdup(error ? error->message : "");
    outcome.believed = addresses(facts);
    outcome.apart = addresses(unverified);
    return outcome;
}

static void check(const GString *text, ReadResult wanted, const char *why)
{
    g_auto(Outcome) outcome = read_with(network_certificates(), text);
    g_assert_cmpstr(outcome.why, ==, why);
    g_assert_cmpint(outcome.result, ==, wanted);
    g_assert_cmpuint(outcome.believed, ==, wanted == READ_NEW);
    g_assert_cmpuint(outcome.apart, ==, 0);
}

#define FORGED                                                                 \
    "3 of its signatures do not hold and only 0 do, where 2 are needed: it "   \
    "was changed or forged"

#define RAGGED                                                                 \
    "what follows its signed part is not just whole signatures as the "        \
    "authorities write them: it was cut or changed"

static void test_majority(void)
{
    for (guint count = 0; count <= SIGNERS; count++) {
        g_autoptr(GString) text = signed_by(network_signer(), count, CONSENSUS);
        if (count >= 2)
            check(text, READ_NEW, "");
        else
            check(text, READ_DAMAGED,
                  count == 0 ? "it ends before its signatures"
                             : "it bears signatures of 1 of the 3 authorities "
                               "of that time, where 2 are needed");
    }
}

static void test_changed(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_replace(text, "192.0.2.1 ", "192.0.2.7 ", 1);
    check(text, READ_DAMAGED, FORGED);
}

/* What stands behind the signed bytes is nobody's word, and makes another file
 * of it. */
static void test_appended(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_append(text, "r more BBBBBBBBBBBBBBBBBBBBBBBBBBA "
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAA 2026-05-03 09:00:00 "
                          "198.51.100.1 9001 0\ns Exit Running\n");
    check(text, READ_DAMAGED, RAGGED);
}

/* The same signatures in other words: check.sh of a proof, and openssl, would
 * not find them. */
static void test_spelling(void)
{
    static const char *const CASES[][2] = {
        {"directory-signature ", "directory-signature  "},
        {"directory-signature ", "directory-signature\t"},
        {"\n-----BEGIN SIGNATURE-----\n", " \n-----BEGIN SIGNATURE-----\n"},
        {"\n-----BEGIN SIGNATURE-----\n", "\r\n-----BEGIN SIGNATURE-----\n"},
        {"-----BEGIN SIGNATURE-----\n", "-----BEGIN SIGNATURE-----\n\n"},
        {"-----BEGIN SIGNATURE-----\n", "-----BEGIN SIGNATURE-----\n!\n"},
        {"-----BEGIN SIGNATURE-----\n", "-----BEGIN SIGNATURE-----\r\n"},
        {"-----END SIGNATURE-----\n", "-----END SIGNATURE-----\n\n\r\n"},
        {"-----END SIGNATURE-----\n", "=\n-----END SIGNATURE-----\n"},
        {"-----END SIGNATURE-----\n", "-----END SIGNATURE-----\r\n"}};
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) text =
            signed_by(network_signer(), SIGNERS, CONSENSUS);
        /* the last signature, which is not needed */
        const char *last = g_strrstr(text->str, "directory-signature ");
        g_autoptr(GString) tail = g_string_new(last);
        g_assert_cmpuint(g_string_replace(tail, CASES[i][0], CASES[i][1], 1),
                         ==, 1);
        g_string_truncate(text, (gsize)(last - text->str));
        g_string_append(text, tail->str);
        check(text, READ_DAMAGED, RAGGED);
    }
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_append(text, "\n"); /* copies of real ones have that */
    check(text, READ_NEW, "");
    char *last = g_strrstr(text->str, "directory-signature ");
    for (char *at = last; *at != '\n'; at++)
        *at = g_ascii_tolower(*at);
    check(text, READ_DAMAGED, RAGGED);
}

/* An algorithm of the future does not count, and does no harm. */
static void test_algorithm(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    char *last = g_strrstr(text->str, "directory-signature ");
    gsize at = (gsize)(last - text->str) + strlen("directory-signature ");
    g_string_insert(text, (gssize)at, "sha3-512 ");
    check(text, READ_NEW, "");
    last = strstr(strstr(text->str, "directory-signature ") + 1,
                  "directory-signature ");
    at = (gsize)(last - text->str) + strlen("directory-signature ");
    g_string_insert(text, (gssize)at, "sha3-512 ");
    check(text, READ_DAMAGED,
          "it bears signatures of 1 of the 3 authorities of that time, where "
          "2 are needed");
}

static void test_cut(void)
{
    g_autoptr(GString) whole = signed_by(network_signer(), SIGNERS, CONSENSUS);
    const char *first = strstr(whole->str, "directory-signature");
    const char *last = g_strrstr(whole->str, "directory-signature");
    g_autoptr(GString) before =
        g_string_new_len(whole->str, first - whole->str);
    check(before, READ_DAMAGED, "it ends before its signatures");
    /* the last one is lost, two of three are left */
    g_autoptr(GString) within =
        g_string_new_len(whole->str, last + 60 - whole->str);
    check(within, READ_DAMAGED, RAGGED);
    g_string_truncate(within, (gsize)(last - whole->str));
    check(within, READ_NEW, "");
}

static void test_line_ends(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_replace(text, "\n", "\r\n", 0);
    check(text, READ_DAMAGED, RAGGED " (its lines end with CRLF)");
}

/* After a change of identity an authority signs with both for a while; the
 * certificate of the older need not be known, and it still has one voice. */
static void test_two_identities(void)
{
    g_autoptr(GString) list = signer_authorities(network_signer());
    g_string_replace(list, "authority1", "authority2", 1);
    g_autofree char *path = NULL;
    g_close(g_file_open_tmp("list-XXXXXX", &path, NULL), NULL);
    g_assert_true(g_file_set_contents(path, list->str, -1, NULL));
    g_autoptr(Authorities) authorities = authorities_read(path, NULL);
    g_autoptr(GString) texts = signer_certificates(network_signer());
    const char *second = strstr(texts->str + 1, "dir-key-certificate-version");
    g_autoptr(Certificates) certificates = certificates_new();
    bool is_new;
    for (const char *at = second, *next; at; at = next) {
        next = strstr(at + 1, "dir-key-certificate-version");
        size_t length = next ? (size_t)(next - at) : strlen(at);
        g_assert_true(certificates_add(certificates, authorities,
                                       text_of_bytes(at, length), &is_new,
                                       NULL));
    }
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    Text document = text_of_bytes(text->str, text->len);
    Text part = consensus_signed_part(document);
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(part.at, text_length(&part), sha256);
    SignatureCheck check = consensus_check(authorities, certificates, document,
                                           part, sha256, 1777802400);
    g_assert_cmpuint(check.authorities, ==, 2);
    g_assert_cmpuint(check.named, ==, 2);
    g_assert_cmpuint(check.valid, ==, 2);
    g_assert_cmpint(check.standing, ==, STANDING_VERIFIED);
    g_unlink(path);
}

/* Somebody else's authorities, under their own names and keys. */
static void test_signed_by_others(void)
{
    g_autoptr(Signer) others = signer_new(SIGNERS, 1, INT32_MAX);
    g_autoptr(GString) text = signed_by(others, SIGNERS, CONSENSUS);
    check(text, READ_DAMAGED,
          "it bears signatures of 0 of the 3 authorities of that time, where "
          "2 are needed");
}

/* A certificate with more in the block of its signature, or too long; what
 * stands behind it is not kept. */
static void test_certificate_text(void)
{
    g_autoptr(GString) all = signer_certificates(network_signer());
    const char *start = strstr(all->str, "dir-key-certificate-version");
    const char *end = strstr(start, "@type");
    g_autoptr(GString) good = g_string_new_len(start, end - start);
    g_autoptr(GString) odd = g_string_new(good->str);
    g_string_replace(odd, "-----END SIGNATURE-----",
                     "*\n-----END SIGNATURE-----", 1);
    g_autoptr(GString) tail = g_string_new(good->str);
    g_string_append(tail, "dir-key-expires 2099-01-01 00:00:00\n");
    g_autoptr(GString) big = g_string_new("dir-key-certificate-version 3\n");
    g_autofree char *filling = g_strnfill(20000, 'x');
    g_string_append_printf(big, "x %s\n", filling);
    g_autoptr(Certificates) certificates = certificates_new();
    bool is_new;
    g_assert_false(certificates_add(certificates, network_authorities(),
                                    text_of_bytes(odd->str, odd->len), &is_new,
                                    NULL));
    g_assert_false(certificates_add(certificates, network_authorities(),
                                    text_of_bytes(big->str, big->len), &is_new,
                                    NULL));
    g_assert_true(certificates_add(certificates, network_authorities(),
                                   text_of_bytes(tail->str, tail->len), &is_new,
                                   NULL));
    g_autoptr(GString) kept = certificates_text(certificates);
    g_assert_cmpstr(kept->str, ==, good->str);
}

static void take_refused(const Source *source, Text document, const char *flaw,
                         gpointer data)
{
    g_autoptr(GError) error = NULL;
    bool is_new;
    (void)source;
    g_assert_null(flaw);
    g_assert_false(certificates_add(data, network_authorities(), document,
                                    &is_new, &error));
    g_assert_true(g_str_has_suffix(error->message,
                                   "is no directory authority that we know"));
}

static void test_certificates_of_others(void)
{
    g_autoptr(Signer) others = signer_new(SIGNERS, 1, INT32_MAX);
    g_autoptr(GString) text = signer_certificates(others);
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(Splitter) splitter = splitter_new(take_refused, certificates);
    splitter_feed(splitter, text->str, text->len);
    splitter_finish(splitter);
    g_assert_cmpuint(certificates_count(certificates), ==, 0);
}

/* A certificate of a known identity, with another signing key put into it. */
static void test_certificate_changed(void)
{
    g_autoptr(GString) text = signer_certificates(network_signer());
    const char *start = strchr(text->str, '\n') + 1;
    g_autofree char *one =
        g_strndup(start, (gsize)(strstr(start, "@type") - start));
    g_autoptr(GString) bad = g_string_new(one);
    g_string_replace(bad, "dir-key-expires 2027", "dir-key-expires 2037", 1);
    g_assert_cmpstr(bad->str, !=, one);
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(GError) error = NULL;
    bool is_new;
    g_assert_false(certificates_add(certificates, network_authorities(),
                                    text_of_bytes(bad->str, bad->len), &is_new,
                                    &error));
    g_assert_cmpstr(error->message, ==,
                    "the authority's signature does not hold");
    g_assert_true(certificates_add(certificates, network_authorities(),
                                   text_of_bytes(one, strlen(one)), &is_new,
                                   NULL));
    g_assert_true(is_new);
}

/* Blanks at the ends of the signature's lines are nothing, those of the signed
 * part are something. */
static void test_certificate_padded(void)
{
    g_autoptr(GString) text = signer_certificates(network_signer());
    const char *start = strchr(text->str, '\n') + 1;
    g_autofree char *one =
        g_strndup(start, (gsize)(strstr(start, "@type") - start));
    char *tail = strstr(one, "dir-key-certification\n");
    g_autoptr(GString) padded = g_string_new(tail);
    g_string_replace(padded, "=\n", "=   \n", 0);
    g_string_replace(padded, "SIGNATURE-----\n", "SIGNATURE----- \n", 0);
    *tail = 0;
    g_string_prepend(padded, one);
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(GError) error = NULL;
    bool is_new;
    g_assert_true(certificates_add(certificates, network_authorities(),
                                   text_of_bytes(padded->str, padded->len),
                                   &is_new, &error));
    g_assert_no_error(error);
    g_autoptr(GString) kept = certificates_text(certificates);
    g_assert_null(strstr(kept->str, " \n"));
    g_string_replace(padded, "dir-key-expires ", "dir-key-expires  ", 1);
    g_assert_false(certificates_add(certificates, network_authorities(),
                                    text_of_bytes(padded->str, padded->len),
                                    &is_new, &error));
    g_assert_cmpstr(error->message, ==,
                    "the authority's signature does not hold");
}

/* Names of the right authorities over keys that nobody certified. */
static void test_uncertified(void)
{
    g_autoptr(Certificates) none = certificates_new();
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_auto(Outcome) outcome = read_with(none, text);
    g_assert_cmpint(outcome.result, ==, READ_UNVERIFIED);
    g_assert_cmpuint(outcome.believed, ==, 0);
    g_assert_cmpuint(outcome.apart, ==, 1);
    g_assert_cmpstr(outcome.why, ==,
                    "of its signatures 0 of the 2 needed could be checked: the "
                    "certificates of 3 signing keys are missing");
}

static void test_one_voice_thrice(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), 1, CONSENSUS);
    g_autofree char *again = g_strdup(strstr(text->str, "directory-signature"));
    g_string_append(text, again);
    g_string_append(text, again);
    check(text, READ_DAMAGED,
          "it bears signatures of 1 of the 3 authorities of that time, where "
          "2 are needed");
}

/* The keys were certified for 2026 only. */
static void test_expired(void)
{
    g_autoptr(GString) later = g_string_new(CONSENSUS);
    g_string_replace(later, "valid-after 2026", "valid-after 2027", 1);
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, later->str);
    check(text, READ_DAMAGED, FORGED);
}

/* Signatures of another hour. */
static void test_transplanted(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_replace(text, "10:00:00", "11:00:00", 1);
    check(text, READ_DAMAGED, FORGED);
}

/* The flavours are signed with different hashes; one does not stand for the
 * other. */
static void test_other_hash(void)
{
    g_autoptr(GString) text = signed_by(network_signer(), SIGNERS, CONSENSUS);
    g_string_replace(text, "directory-signature ",
                     "directory-signature sha256 ", 0);
    check(text, READ_DAMAGED, FORGED);
}

static void test_pinned(void)
{
    static const struct {
        const char *when;
        guint count;
    } CASES[] = {{"2007-10-26", 0}, {"2007-10-27", 2}, {"2007-11-15", 3},
                 {"2007-12-15", 4}, {"2008-01-15", 5}, {"2008-02-15", 6},
                 {"2008-05-15", 6}, {"2009-07-13", 6}, {"2010-01-20", 7},
                 {"2010-04-14", 7}, {"2012-06-18", 8}, {"2013-01-12", 9},
                 {"2017-03-22", 8}, {"2020-12-05", 9}, {"2026-06-28", 9}};
    g_autoptr(Authorities) pinned = authorities_new();
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Instant when;
        g_assert_true(instant_parse(CASES[i].when, &when));
        g_assert_cmpuint(authorities_count(pinned, when), ==, CASES[i].count);
        g_assert_cmpuint(authorities_majority(pinned, when), ==,
                         CASES[i].count / 2 + 1);
    }
}

static void check_list(const char *text, const char *wanted)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    g_close(g_file_open_tmp("list-XXXXXX", &path, NULL), NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_autoptr(Authorities) list = authorities_read(path, &error);
    g_autofree char *message =
        wanted ? g_strdup_printf("%s:%s", path, wanted) : NULL;
    g_assert_cmpstr(error ? error->message : NULL, ==, message);
    g_assert_true(!list == !!wanted);
    g_unlink(path);
}

#define SOMEBODY "0123456789ABCDEF0123456789ABCDEF01234567"

static void test_own_list(void)
{
    check_list("# ours\nalpha " SOMEBODY " 2024-06-01 2025-06-01\n", NULL);
    check_list("alpha " SOMEBODY "\r\n\nbeta " SOMEBODY " # old\n", NULL);
    check_list("alpha\n", "1:1: \"alpha\" has no fingerprint behind it");
    check_list("\nalpha 0123\n", "2:7: \"0123\" is no fingerprint (40 hex "
                                 "digits of the v3 identity key)");
    check_list("al-pha " SOMEBODY, "1:1: \"al-pha\" is no nickname (1 to 19 "
                                   "letters and digits)");
    check_list("alpha " SOMEBODY " soon", "1:48: \"soon\" is no date like "
                                          "2024-06-01");
    check_list("# none\n",
               "1:1: it names no authority, so no consensus could ever be "
               "believed; take the setting out to use those of the public Tor "
               "network");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signatures/majority", test_majority);
    g_test_add_func("/signatures/changed", test_changed);
    g_test_add_func("/signatures/appended", test_appended);
    g_test_add_func("/signatures/spelling", test_spelling);
    g_test_add_func("/signatures/algorithm", test_algorithm);
    g_test_add_func("/signatures/cut", test_cut);
    g_test_add_func("/signatures/line-ends", test_line_ends);
    g_test_add_func("/signatures/two-identities", test_two_identities);
    g_test_add_func("/signatures/others", test_signed_by_others);
    g_test_add_func("/signatures/uncertified", test_uncertified);
    g_test_add_func("/signatures/thrice", test_one_voice_thrice);
    g_test_add_func("/signatures/expired", test_expired);
    g_test_add_func("/signatures/transplanted", test_transplanted);
    g_test_add_func("/signatures/other-hash", test_other_hash);
    g_test_add_func("/certificates/others", test_certificates_of_others);
    g_test_add_func("/certificates/text", test_certificate_text);
    g_test_add_func("/certificates/changed", test_certificate_changed);
    g_test_add_func("/certificates/padded", test_certificate_padded);
    g_test_add_func("/authorities/pinned", test_pinned);
    g_test_add_func("/authorities/own-list", test_own_list);
    return g_test_run();
}
