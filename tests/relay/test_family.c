/* Families: lines, certificates (good, forged, expired, cut), relations. */
#include "relay/family.h"

#include "base/digest.h"

#include <string.h>

#define HOUR       3600u
#define NOW        (499000 * HOUR)
#define CERT_BYTES 140
#define AT_KEY     7  /* the certified key */
#define AT_ID      44 /* the signing key */
#define AT_SIGNED  76 /* the signature */

static const uint8_t FAMILY_SEED[32] = "a secret family key of the tests",
                     OTHER_SEED[32] = "another secret key of the tests.";
static const uint8_t MASTER[32] = "the master key of a made-up one.";

/* A certificate as tor makes them. */
static void make_certificate(uint8_t out[CERT_BYTES], uint32_t hours)
{
    memset(out, 0, CERT_BYTES);
    out[0] = 1;
    out[1] = 0x0c;
    for (int i = 0; i < 4; i++)
        out[2 + i] = (uint8_t)(hours >> (24 - 8 * i));
    out[6] = 1;
    memcpy(out + AT_KEY, MASTER, 32);
    out[39] = 1;
    out[41] = 32;
    out[42] = 4;
    ed25519_public(FAMILY_SEED, out + AT_ID);
    ed25519_sign(FAMILY_SEED, out, AT_SIGNED, out + AT_SIGNED);
}

static void sign_again(uint8_t certificate[CERT_BYTES])
{
    ed25519_sign(FAMILY_SEED, certificate, AT_SIGNED, certificate + AT_SIGNED);
}

static const char *check(const uint8_t *certificate, size_t length)
{
    FamilyId id;
    return family_certificate_check(certificate, length, MASTER, NOW, &id);
}

static void test_certificate_good(void)
{
    uint8_t certificate[CERT_BYTES], key[32];
    FamilyId id = {0};
    make_certificate(certificate, 499001);
    g_assert_null(
        family_certificate_check(certificate, CERT_BYTES, MASTER, NOW, &id));
    ed25519_public(FAMILY_SEED, key);
    g_assert_cmpmem(id.bytes, 32, key, 32);
}

static void test_certificate_expired(void)
{
    uint8_t certificate[CERT_BYTES];
    make_certificate(certificate, 499000);
    g_assert_cmpstr(check(certificate, CERT_BYTES), ==, "it has expired");
    make_certificate(certificate, 0);
    g_assert_cmpstr(check(certificate, CERT_BYTES), ==, "it has expired");
    make_certificate(certificate, UINT32_MAX); /* no overflow */
    g_assert_null(check(certificate, CERT_BYTES));
}

static void test_certificate_of_another(void)
{
    uint8_t certificate[CERT_BYTES];
    make_certificate(certificate, 499001);
    certificate[AT_KEY] ^= 1;
    sign_again(certificate);
    g_assert_cmpstr(check(certificate, CERT_BYTES), ==,
                    "it certifies another relay");
}

/* Whoever has only the family's public id cannot make one. */
static void test_certificate_forged(void)
{
    uint8_t certificate[CERT_BYTES];
    make_certificate(certificate, 499001);
    ed25519_sign(OTHER_SEED, certificate, AT_SIGNED, certificate + AT_SIGNED);
    g_assert_cmpstr(check(certificate, CERT_BYTES), ==,
                    "its signature does not hold");
    make_certificate(certificate, 499001);
    ed25519_public(OTHER_SEED, certificate + AT_ID);
    g_assert_cmpstr(check(certificate, CERT_BYTES), ==,
                    "its signature does not hold");
}

/* No bit can be changed, nothing cut off, nothing added. */
static void test_certificate_every_bit(void)
{
    uint8_t certificate[CERT_BYTES + 1] = {0};
    make_certificate(certificate, 499001);
    for (guint bit = 0; bit < 8 * CERT_BYTES; bit++) {
        certificate[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_nonnull(check(certificate, CERT_BYTES));
        certificate[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t length = 0; length < CERT_BYTES; length++) {
        g_autofree uint8_t *cut = g_memdup2(certificate, length);
        g_assert_cmpstr(check(cut, length), ==, "it is cut");
    }
    g_assert_cmpstr(check(certificate, CERT_BYTES + 1), ==,
                    "something stands behind its signature");
    g_assert_null(check(certificate, CERT_BYTES));
}

/* With an extension before the signing key: unknown and optional, unknown and
 * needed, a second signing key. */
static void test_certificate_extensions(void)
{
    static const struct {
        uint8_t type, flags;
        const char *flaw;
    } CASES[] = {
        {9, 0, NULL},
        {9, 1, "it needs an extension that is not known"},
        {4, 0, "its signing key is malformed"},
    };
    uint8_t plain[CERT_BYTES];
    make_certificate(plain, 499001);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        uint8_t longer[CERT_BYTES + 36] = {0};
        memcpy(longer, plain, 40);
        longer[39] = 2;
        longer[41] = 32;
        longer[42] = CASES[i].type;
        longer[43] = CASES[i].flags;
        memcpy(longer + 76, plain + 40, 36);
        ed25519_sign(FAMILY_SEED, longer, 112, longer + 112);
        g_assert_cmpstr(check(longer, sizeof longer), ==, CASES[i].flaw);
    }
    plain[39] = 0;
    ed25519_sign(FAMILY_SEED, plain, 40, plain + 40);
    g_assert_cmpstr(check(plain, 104), ==, "it names no signing key");
}

static Text text_of(const char *text)
{
    return text_of_bytes(text, strlen(text));
}

static void test_names(void)
{
    g_autoptr(Family) family = family_new();
    family_read_relays(
        family, text_of("$000000000000000000000000000000000000000b=nick "
                        "$000000000000000000000000000000000000000A~nick "
                        "bare $000000000000000000000000000000000000000a "
                        "$00 $000000000000000000000000000000000000000a-nick "
                        "000000000000000000000000000000000000000c "
                        "$000000000000000000000000000000000000000a=b!d"));
    g_assert_cmpuint(family->relays->len, ==, 2);
    const Fingerprint *first = &g_array_index(family->relays, Fingerprint, 0);
    g_assert_cmpint(first[0].bytes[19], ==, 0x0a);
    g_assert_cmpint(first[1].bytes[19], ==, 0x0b);
    g_assert_cmpuint(family->nicknames, ==, 1);
    g_assert_cmpuint(family->flaws->len, ==, 4);
}

static void test_ids(void)
{
    g_autoptr(Family) family = family_new();
    family_read_ids(
        family, text_of("ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "
                        "other:Example "
                        "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "
                        "ed25519:AAAA "
                        "ed25519:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    g_assert_cmpuint(family->ids->len, ==, 2);
    g_assert_cmpuint(family->flaws->len, ==, 1);
    g_autofree char *text =
        family_id_new_text(&g_array_index(family->ids, FamilyId, 1));
    g_assert_cmpstr(text, ==, "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static Fingerprint relay_of(uint8_t number)
{
    return (Fingerprint){.bytes = {number, number, number, number}};
}

static Family *family_naming(const uint8_t *numbers, guint count)
{
    Family *family = family_new();
    for (guint i = 0; i < count; i++) {
        Fingerprint relay = relay_of(numbers[i]);
        g_array_append_val(family->relays, relay);
    }
    fingerprints_settle(family->relays);
    return family;
}

static void add(Families *families, uint8_t number, Family *family)
{
    Fingerprint relay = relay_of(number);
    families_add(families, &relay, family);
}

static FamilyRelation relation(const Families *families, uint8_t a, uint8_t b)
{
    Fingerprint one = relay_of(a), other = relay_of(b);
    FamilyRelation there = families_relation(families, &one, &other);
    g_assert_cmpint(families_relation(families, &other, &one), ==, there);
    return there;
}

static Family *family_with_id(uint8_t number)
{
    Family *family = family_new();
    FamilyId id = {.bytes = {number}};
    g_array_append_val(family->ids, id);
    return family;
}

/* 1 and 2 name each other; 3 names both and itself, 4 nobody; 5 and 6 share a
 * key, 7 has another. */
static Families *new_example(void)
{
    Families *families = families_new();
    add(families, 1, family_naming((const uint8_t[]){2}, 1));
    add(families, 2, family_naming((const uint8_t[]){1, 9}, 2));
    add(families, 3, family_naming((const uint8_t[]){1, 2, 3}, 3));
    add(families, 4, family_new());
    add(families, 5, family_with_id(1));
    add(families, 6, family_with_id(1));
    add(families, 7, family_with_id(2));
    return families;
}

static void test_relations(void)
{
    g_autoptr(Families) families = new_example();
    g_assert_cmpint(relation(families, 1, 2), ==, RELATION_MUTUAL);
    g_assert_cmpint(relation(families, 1, 3), ==, RELATION_CLAIMED);
    g_assert_cmpint(relation(families, 1, 4), ==, RELATION_NONE);
    g_assert_cmpint(relation(families, 2, 9), ==, RELATION_CLAIMED);
    g_assert_cmpint(relation(families, 3, 3), ==, RELATION_NONE);
    g_assert_cmpint(relation(families, 5, 6), ==, RELATION_KEY);
    g_assert_cmpint(relation(families, 5, 7), ==, RELATION_NONE);
    g_assert_cmpint(relation(families, 8, 9), ==, RELATION_NONE);
}

static void assert_relatives(const Families *families, uint8_t of, guint count,
                             uint8_t first)
{
    Fingerprint relay = relay_of(of), wanted = relay_of(first);
    g_autoptr(GArray) relatives = families_relatives(families, &relay);
    g_assert_cmpuint(relatives->len, ==, count);
    if (count > 0)
        g_assert_cmpmem(&g_array_index(relatives, Fingerprint, 0), 20, &wanted,
                        20);
}

static void test_relatives(void)
{
    g_autoptr(Families) families = new_example();
    assert_relatives(families, 1, 1, 2);
    assert_relatives(families, 3, 0, 0);
    assert_relatives(families, 5, 1, 6);
    assert_relatives(families, 8, 0, 0);
    /* replaced: 6 has left the key */
    add(families, 6, family_new());
    assert_relatives(families, 5, 0, 0);
}

static char *descriptor(const char *middle)
{
    g_autofree char *master = g_base64_encode(MASTER, sizeof MASTER);
    return g_strdup_printf(
        "router made 192.0.2.1 443 0 0\n"
        "opt fingerprint 0000 0000 0000 0000 0000 0000 0000 0000 0000 00AB\n"
        "%smaster-key-ed25519 %.43s\nrouter-signature\n",
        middle, master);
}

static char *pem(const uint8_t certificate[CERT_BYTES])
{
    g_autofree char *base64 = g_base64_encode(certificate, CERT_BYTES);
    return g_strdup_printf("family-cert\n-----BEGIN FAMILY CERT-----\n%s\n"
                           "-----END FAMILY CERT-----\n",
                           base64);
}

static void test_descriptor(void)
{
    uint8_t good[CERT_BYTES], bad[CERT_BYTES];
    make_certificate(good, 499001);
    make_certificate(bad, 498999);
    g_autofree char *one = pem(good), *two = pem(bad);
    g_autofree char *middle =
        g_strconcat("family $00000000000000000000000000000000000000CD\n", two,
                    one, "family bare\n", NULL);
    g_autofree char *text = descriptor(middle);
    g_autoptr(Family) family = family_new();
    Fingerprint fingerprint;
    g_assert_true(
        family_read_descriptor(family, text_of(text), NOW, &fingerprint));
    g_assert_cmpint(fingerprint.bytes[19], ==, 0xab);
    g_assert_cmpuint(family->relays->len, ==, 1);
    g_assert_cmpuint(family->ids->len, ==, 1);
    g_assert_cmpuint(family->flaws->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(family->flaws, 0), ==,
                    "a second family line is not read");
    g_assert_cmpstr(g_ptr_array_index(family->flaws, 1), ==,
                    "a family certificate does not count: it has expired");
}

/* Hostile ones: broken blocks without end, in linear time. */
static void test_descriptor_hostile(void)
{
    g_autoptr(GString) middle = g_string_new(NULL);
    while (middle->len < 2000000)
        g_string_append(middle,
                        "family-cert\n-----BEGIN FAMILY CERT-----\n\nfamily a\n"
                        "family-cert\n");
    g_autofree char *text = descriptor(middle->str);
    g_autoptr(Family) family = family_new();
    Fingerprint fingerprint;
    gint64 start = g_get_monotonic_time();
    g_assert_true(
        family_read_descriptor(family, text_of(text), NOW, &fingerprint));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint(family->ids->len, ==, 0);
    g_assert_cmpuint(family->flaws->len, <=, FAMILY_IDS_MAX);
}

static void test_too_many_relays(void)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < FAMILY_RELAYS_MAX + 5; i++)
        g_string_append_printf(names, "$%040X ", i);
    g_autoptr(Family) family = family_new();
    family_read_relays(family, text_of_bytes(names->str, names->len));
    g_assert_cmpuint(family->relays->len, ==, FAMILY_RELAYS_MAX);
    g_assert_cmpuint(family->flaws->len, ==, 1);
}

/* ---- real ones, of a network of tor 0.4.9.11 -------------------------- */

static char *real_file(const char *name)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *path = g_build_filename(
        shared ? shared : "", "tordata", "localnet-tor-0.4.9.11", name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        g_test_skip("shared/ is absent");
    return text;
}

/* Each router's descriptor of the cache by itself. */
static guint read_real(Families *families, const char *text, uint32_t when)
{
    guint with_id = 0;
    g_auto(GStrv) parts = g_strsplit(text, "\nrouter ", -1);
    for (char **part = parts; *part; part++) {
        Family *family = family_new();
        Fingerprint fingerprint;
        if (!family_read_descriptor(family, text_of(*part), when,
                                    &fingerprint)) {
            family_free(family);
            continue;
        }
        with_id += family->ids->len;
        families_add(families, &fingerprint, family);
    }
    return with_id;
}

static Fingerprint from_hex(const char *hex)
{
    Fingerprint out;
    g_assert_true(hex_parse(hex, out.bytes, sizeof out.bytes));
    return out;
}

static void test_real(void)
{
    g_autofree char *text = real_file("cached-descriptors.new");
    g_autofree char *id = real_file("myfam.public_family_id");
    if (!text || !id)
        return;
    Fingerprint a = from_hex("E39B7F50EC403A8B02A5EFF727A8D633359473BE"),
                b = from_hex("EF32949DF6F2AF33BA0F54BE48BC4C100DBA666E");
    g_autoptr(Families) families = families_new();
    g_assert_cmpuint(read_real(families, text, 1795292800), ==, 4);
    g_assert_cmpint(families_relation(families, &a, &b), ==, RELATION_KEY);
    g_autoptr(Families) later = families_new();
    g_assert_cmpuint(read_real(later, text, 499413u * HOUR), ==, 0);
    g_assert_cmpint(families_relation(later, &a, &b), ==, RELATION_MUTUAL);

    g_autofree char *micro = real_file("cached-microdescs.new");
    g_autoptr(Family) family = family_new();
    const char *line = strstr(micro, "family-ids ");
    g_assert_nonnull(line);
    Text rest = text_of(line), ids;
    g_assert_true(line_take(&rest, &ids));
    family_read_microdescriptor(family, ids);
    g_assert_cmpuint(family->ids->len, ==, 1);
    g_autofree char *got =
        family_id_new_text(&g_array_index(family->ids, FamilyId, 0));
    g_assert_cmpstr(got, ==, g_strstrip(id));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/family/certificate/good", test_certificate_good);
    g_test_add_func("/family/certificate/expired", test_certificate_expired);
    g_test_add_func("/family/certificate/another", test_certificate_of_another);
    g_test_add_func("/family/certificate/forged", test_certificate_forged);
    g_test_add_func("/family/certificate/bits", test_certificate_every_bit);
    g_test_add_func("/family/certificate/extensions",
                    test_certificate_extensions);
    g_test_add_func("/family/names", test_names);
    g_test_add_func("/family/ids", test_ids);
    g_test_add_func("/family/relations", test_relations);
    g_test_add_func("/family/relatives", test_relatives);
    g_test_add_func("/family/descriptor", test_descriptor);
    g_test_add_func("/family/hostile", test_descriptor_hostile);
    g_test_add_func("/family/many", test_too_many_relays);
    g_test_add_func("/family/real", test_real);
    return g_test_run();
}
