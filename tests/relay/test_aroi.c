/* Proofs of a domain, by what is handed in. */
#include "relay/aroi.h"

#include "base/digest.h"

#include <string.h>

#define HEX       "00000000000000000000000000000000000000AB"
#define OTHER     "00000000000000000000000000000000000000CD"
#define ID        "AxaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"
#define ID_NEXT   "AyAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"
#define ID_CASE   "AXaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"
#define V2        " url:https://host.example/x ciissversion:2 email:a[]b.example"
#define V3        " url:host.example ciissversion:3 email:a[]b.example"
#define NO_FETCH  "what the domain says was not handed in"
#define NOT_NAMED "the domain does not name the relay"
#define NO_ID     "the domain does not name the relay's family id"
#define SECRET    "it looks like a secret key: not read, and it must be replaced"

typedef struct {
    const char *contact, *said, *reason; /* reason NULL: verified */
} Case;

static AroiAnswer *ask(const char *contact_text, const char *said,
                       size_t length, bool is_authentic, bool has_id)
{
    g_autoptr(Contact) contact =
        contact_read(contact_text, strlen(contact_text));
    Fingerprint fingerprint;
    FamilyId id;
    g_assert_true(hex_parse(HEX, fingerprint.bytes, sizeof fingerprint.bytes));
    g_assert_true(family_id_parse(ID, strlen(ID), &id));
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof id);
    if (has_id)
        g_array_append_val(ids, id);
    return aroi_check(&(AroiQuestion){.contact = contact,
                                      .fingerprint = &fingerprint,
                                      .family_ids = ids,
                                      .said = said,
                                      .length = length,
                                      .is_authentic = is_authentic});
}

static void run(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *said = cases[i].said;
        g_autoptr(AroiAnswer) answer =
            ask(cases[i].contact, said, said ? strlen(said) : 0, true, true);
        g_test_message("%s | %s", cases[i].contact, said);
        g_assert_true(answer->is_verified == !cases[i].reason);
        if (cases[i].reason)
            g_assert_cmpstr(answer->reason, ==, cases[i].reason);
    }
}

static void test_claims(void)
{
    static const Case CASES[] = {
        {"proof:uri-rsa" V2, HEX, NULL},
        {"a@b.example", HEX, "the contact has no ciissversion"},
        {"proof:uri-rsa url:host.example", HEX,
         "the contact has no ciissversion"},
        {"proof:uri-rsa ciissversion:2", HEX, "the contact has no url"},
        {"proof:uri-rsa url:192.0.2.1 ciissversion:2", HEX,
         "the contact's url has no usable domain"},
        {"url:host.example ciissversion:2", HEX, "the contact has no proof"},
        {"proof:by-pigeon" V2, HEX, "the contact's proof is of no known kind"},
        {"proof:uri-rsa" V3, HEX,
         "an rsa proof counts under CIISS version 2 only"},
        {"proof:dns-rsa" V3, HEX,
         "an rsa proof counts under CIISS version 2 only"},
        {"proof:uri-familyid-ed25519" V2, ID,
         "a family id proof counts under CIISS version 3 only"},
        {"proof:uri-rsa" V2, NULL, NO_FETCH},
        {"proof:uri-rsa" V2, "", NOT_NAMED},
    };
    run(CASES, G_N_ELEMENTS(CASES));
}

static void test_uri_rsa(void)
{
    static const Case CASES[] = {
        {"proof:uri-rsa" V2, "# ours\r\n" OTHER "\r\n" HEX "\r\n", NULL},
        {"proof:uri-rsa" V2, "00000000000000000000000000000000000000ab", NULL},
        {"proof:uri-rsa" V2, "\xef\xbb\xbf" HEX "\n", NULL},
        {"proof:uri-rsa" V2, "  " HEX " # the fast one\n", NULL},
        {"proof:uri-rsa" V2, "#" HEX "\n", NOT_NAMED},
        {"proof:uri-rsa" V2, "<p>" HEX "</p>\n", NOT_NAMED},
        {"proof:uri-rsa" V2, "We run " HEX " here\n", NOT_NAMED},
        {"proof:uri-rsa" V2, HEX "00\n", NOT_NAMED},
        {"proof:uri-rsa" V2, HEX OTHER "\n", NOT_NAMED},
        {"proof:uri-rsa" V2, "$" HEX "\n", NOT_NAMED},
        {"proof:uri-rsa" V2, OTHER "\n", NOT_NAMED},
        {"proof:uri-rsa" V2, HEX ".host.example TXT we-run-this-tor-relay",
         NOT_NAMED},
    };
    run(CASES, G_N_ELEMENTS(CASES));
}

static void test_dns_rsa(void)
{
#define TXT " TXT \"we-run-this-tor-relay\""
    static const Case CASES[] = {
        {"proof:dns-rsa" V2, HEX ".host.example" TXT, NULL},
        {"proof:dns-rsa" V2, HEX ".host.example. 300 IN" TXT " ; ours\n", NULL},
        {"proof:dns-rsa" V2,
         "00000000000000000000000000000000000000ab.HOST.example. in txt "
         "we-run-this-tor-relay",
         NULL},
        {"proof:dns-rsa" V2,
         HEX ".host.example\tIN\tTXT\t\"we-run-\" \"this-tor-relay\"", NULL},
        {"proof:dns-rsa" V2, ";" HEX ".host.example" TXT, NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".other.example" TXT, NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".host.example.evil.example" TXT, NOT_NAMED},
        {"proof:dns-rsa" V2, OTHER ".host.example" TXT, NOT_NAMED},
        {"proof:dns-rsa" V2, HEX TXT, NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".host.example CNAME we-run-this-tor-relay",
         NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".host.example TXT \"we-run-this-tor-relays\"",
         NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".host.example TXT \"we-run-this-tor-relay",
         NOT_NAMED},
        {"proof:dns-rsa" V2, HEX ".host.example TXT", NOT_NAMED},
        {"proof:dns-rsa" V2, HEX "\n", NOT_NAMED},
    };
    run(CASES, G_N_ELEMENTS(CASES));
}

static void test_family_id(void)
{
#define DNS_NAME "we-run-this-tor-ed25519-family-id.host.example"
    static const Case CASES[] = {
        {"proof:uri-familyid-ed25519" V3, ID "\n", NULL},
        {"proof:uri-familyid-ed25519" V3, "# old, new\n" ID_NEXT "\n" ID "\n",
         NULL},
        {"proof:uri-familyid-ed25519" V3, ID_NEXT "\n", NO_ID},
        {"proof:uri-familyid-ed25519" V3, ID_CASE "\n", NO_ID},
        {"proof:uri-familyid-ed25519" V3, ID "=\n", NO_ID},
        {"proof:uri-familyid-ed25519" V3,
         "AxaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaB\n", NO_ID},
        {"proof:uri-familyid-ed25519" V3, HEX "\n", NO_ID},
        {"proof:dns-familyid-ed25519" V3, DNS_NAME ". 300 IN TXT \"" ID "\"",
         NULL},
        {"proof:dns-familyid-ed25519" V3,
         DNS_NAME " TXT " ID_NEXT "\n" DNS_NAME " TXT " ID "\n", NULL},
        {"proof:dns-familyid-ed25519" V3,
         DNS_NAME " TXT \"" ID_NEXT " " ID "\"", NULL},
        {"proof:dns-familyid-ed25519" V3, DNS_NAME " TXT " ID_CASE, NO_ID},
        {"proof:dns-familyid-ed25519" V3, "host.example TXT " ID, NO_ID},
    };
    run(CASES, G_N_ELEMENTS(CASES));
    g_autoptr(AroiAnswer) without =
        ask("proof:uri-familyid-ed25519" V3, ID, strlen(ID), true, false);
    g_assert_cmpstr(without->reason, ==, "the relay has no family id");
}

/* Refused even where it would prove the relay, and never quoted. */
static void test_secrets(void)
{
#define KEY64                                                                  \
    "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2Vj"     \
    "cmV0c2VjcmV0c2VjcmV0cw=="
    static const Case CASES[] = {
        {"proof:uri-familyid-ed25519" V3, ID "\n" KEY64 "\n", SECRET},
        {"proof:uri-familyid-ed25519" V3,
         "== ed25519v1-secret: fmly-id ==\n" ID "\n", SECRET},
        {"proof:uri-rsa" V2, "-----BEGIN RSA PRIVATE KEY-----\n" HEX, SECRET},
    };
    run(CASES, G_N_ELEMENTS(CASES));
    char file[96] = "== ed25519v1-secret: fmly-id ==";
    memset(file + 32, 0xc3, 64);
    g_assert_true(aroi_looks_secret(file, sizeof file));
    g_assert_true(aroi_looks_secret(file + 32, 64));
    g_autoptr(AroiAnswer) answer =
        ask("proof:uri-familyid-ed25519" V3, file, sizeof file, true, true);
    g_assert_false(answer->is_verified);
    g_assert_cmpstr(answer->reason, ==, SECRET);
    g_assert_false(aroi_looks_secret(HEX "\n" ID "\n", strlen(HEX ID) + 2));
    g_assert_false(aroi_looks_secret(ID, strlen(ID)));
}

static void test_not_authentic(void)
{
    g_autoptr(AroiAnswer) uri =
        ask("proof:uri-rsa" V2, HEX, strlen(HEX), false, true);
    g_assert_false(uri->is_verified);
    g_assert_cmpstr(uri->domain, ==, "host.example");
    g_assert_nonnull(strstr(uri->reason, "HTTPS"));
    static const char ZONE[] = HEX ".host.example TXT we-run-this-tor-relay";
    g_autoptr(AroiAnswer) dns =
        ask("proof:dns-rsa" V2, ZONE, strlen(ZONE), false, true);
    g_assert_false(dns->is_verified);
    g_assert_nonnull(strstr(dns->reason, "DNSSEC"));
}

static void test_size(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len + sizeof OTHER <= AROI_BYTES_MAX - sizeof HEX)
        g_string_append(text, OTHER "\n");
    g_string_append(text, HEX "\n");
    g_autoptr(AroiAnswer) fits =
        ask("proof:uri-rsa" V2, text->str, text->len, true, true);
    g_assert_true(fits->is_verified);
    while (text->len <= AROI_BYTES_MAX)
        g_string_append_c(text, '\n');
    g_autoptr(AroiAnswer) longer =
        ask("proof:uri-rsa" V2, text->str, text->len, true, true);
    g_assert_cmpstr(longer->reason, ==,
                    "what the domain says is longer than a megabyte");
}

static void test_hostile(void)
{
    static const char *const PIECES[] = {
        "\"", "\" ", ";", "#", " ", "\n", "a TXT \"", HEX " ", "\r", "\xff"};
    for (guint i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autoptr(GString) text = g_string_new(HEX ".host.example TXT ");
        while (text->len < AROI_BYTES_MAX - 100)
            g_string_append(text, PIECES[i]);
        g_autoptr(AroiAnswer) uri =
            ask("proof:uri-rsa" V2, text->str, text->len, true, true);
        g_assert_false(uri->is_verified);
        g_autoptr(AroiAnswer) dns =
            ask("proof:dns-rsa" V2, text->str, text->len, true, true);
        g_assert_false(dns->is_verified);
    }
}

static void test_places(void)
{
    static const char *const CASES[][2] = {
        {"proof:uri-rsa" V2,
         "https://host.example/.well-known/tor-relay/rsa-fingerprint.txt"},
        {"proof:dns-rsa" V2,
         "00000000000000000000000000000000000000ab.host.example"},
        {"proof:uri-familyid-ed25519" V3,
         "https://host.example/.well-known/tor-relay/ed25519-family-id.txt"},
        {"proof:dns-familyid-ed25519" V3, DNS_NAME},
        {"proof:uri-rsa" V3, NULL},
    };
    Fingerprint fingerprint;
    g_assert_true(hex_parse(HEX, fingerprint.bytes, sizeof fingerprint.bytes));
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Contact) contact =
            contact_read(CASES[i][0], strlen(CASES[i][0]));
        const char *why_not;
        g_autofree char *place =
            aroi_new_place(contact, &fingerprint, &why_not);
        g_assert_cmpstr(place, ==, CASES[i][1]);
        g_assert_true(!place == (why_not != NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/aroi/claims", test_claims);
    g_test_add_func("/aroi/uri-rsa", test_uri_rsa);
    g_test_add_func("/aroi/dns-rsa", test_dns_rsa);
    g_test_add_func("/aroi/family-id", test_family_id);
    g_test_add_func("/aroi/secrets", test_secrets);
    g_test_add_func("/aroi/not-authentic", test_not_authentic);
    g_test_add_func("/aroi/size", test_size);
    g_test_add_func("/aroi/hostile", test_hostile);
    g_test_add_func("/aroi/places", test_places);
    return g_test_run();
}
