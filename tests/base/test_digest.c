#include "base/digest.h"

#include <string.h>

static char *sha256_hex(const char *text, size_t length)
{
    uint8_t hash[SHA256_BYTES];
    digest_sha256(text, length, hash);
    return hex_new(hash, sizeof hash);
}

/* FIPS 180-4 examples (NIST CSRC), and a million times "a". */
static void test_sha(void)
{
    g_autofree char *empty = sha256_hex("", 0);
    g_assert_cmpstr(empty, ==,
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
                    "7852b855");
    g_autofree char *abc = sha256_hex("abc", 3);
    g_assert_cmpstr(abc, ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
                    "f20015ad");
    g_autofree char *million = g_malloc(1000000);
    memset(million, 'a', 1000000);
    g_autofree char *hash = sha256_hex(million, 1000000);
    g_assert_cmpstr(hash, ==,
                    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39cc"
                    "c7112cd0");
    uint8_t sha1[SHA1_BYTES];
    digest_sha1("abc", 3, sha1);
    g_autofree char *hex = hex_new(sha1, sizeof sha1);
    g_assert_cmpstr(hex, ==, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

/* RFC 4231, test cases 1, 2 and 6 (a key longer than a block). */
static void test_hmac(void)
{
    static const struct {
        const char *key;
        size_t key_length;
        const char *data, *hex;
    } CASES[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
         "\x0b\x0b\x0b\x0b",
         20, "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {NULL, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    char long_key[131];
    memset(long_key, 0xaa, sizeof long_key);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        uint8_t out[SHA256_BYTES];
        digest_hmac(CASES[i].key ? CASES[i].key : long_key, CASES[i].key_length,
                    CASES[i].data, strlen(CASES[i].data), out);
        g_autofree char *hex = hex_new(out, sizeof out);
        g_assert_cmpstr(hex, ==, CASES[i].hex);
    }
}

/* Two ways to cut one text are two inputs. */
static void test_pieces(void)
{
    const DigestPiece one[] = {{"ab", 2}, {"c", 1}};
    const DigestPiece other[] = {{"a", 1}, {"bc", 2}};
    const DigestPiece third[] = {{"ab", 2}, {"c", 1}, {"", 0}};
    uint8_t a[SHA256_BYTES], b[SHA256_BYTES], c[SHA256_BYTES], d[SHA256_BYTES];
    digest_pieces(one, 2, a);
    digest_pieces(other, 2, b);
    digest_pieces(third, 3, c);
    g_assert_false(digest_is_equal(a, b, sizeof a));
    g_assert_false(digest_is_equal(a, c, sizeof a));
    digest_sha256("\2\0\0\0\0\0\0\0ab\1\0\0\0\0\0\0\0c", 19, d);
    g_assert_true(digest_is_equal(a, d, sizeof a));
}

static void test_hex(void)
{
    uint8_t bytes[3] = {0};
    g_assert_true(hex_parse("00aBff", bytes, 3));
    g_autofree char *hex = hex_new(bytes, 3);
    g_assert_cmpstr(hex, ==, "00abff");
    g_assert_false(hex_parse("00abf", bytes, 3));
    g_assert_false(hex_parse("00abff0", bytes, 3));
    g_assert_false(hex_parse("00abfg", bytes, 3));
    g_assert_false(hex_parse("", bytes, 3));
    g_assert_true(hex_parse("", bytes, 0));
}

/* RFC 4648 section 10; padding may be left out, blanks may not be in. */
static void test_base64(void)
{
    static const struct {
        const char *text, *means;
    } CASES[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zg", "f"},
        {"Zm8=", "fo"},
        {"Zm8", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        uint8_t out[8] = {0};
        size_t length = strlen(CASES[i].means);
        g_assert_true(
            base64_parse(CASES[i].text, strlen(CASES[i].text), out, length));
        g_assert_cmpmem(out, length, CASES[i].means, length);
        g_assert_false(base64_parse(CASES[i].text, strlen(CASES[i].text), out,
                                    length + 1));
    }
    uint8_t out[8];
    g_assert_false(base64_parse("Zm 9v", 5, out, 3));
    g_assert_false(base64_parse("Zm9-", 4, out, 3));
    g_assert_false(base64_parse("Zm=v", 4, out, 3));
}

static void test_random(void)
{
    uint8_t a[32] = {0}, b[32] = {0}, zero[32] = {0};
    random_fill(a, sizeof a);
    random_fill(b, sizeof b);
    g_assert_false(digest_is_equal(a, b, sizeof a));
    g_assert_false(digest_is_equal(a, zero, sizeof a));
}

/* As if hashed by itself, wherever the pieces end. */
static void test_running(void)
{
    static const char TEXT[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t part = 0; part < sizeof TEXT; part++) {
        uint8_t wanted[2][SHA256_BYTES], got[2][SHA256_BYTES];
        g_autoptr(RunningDigest) digest = running_digest_new();
        digest_sha256(TEXT, part, wanted[0]);
        digest_sha256(TEXT, sizeof TEXT - 1, wanted[1]);
        running_digest_add(digest, TEXT, part);
        running_digest_get(digest, got[0]);
        running_digest_add(digest, TEXT + part, sizeof TEXT - 1 - part);
        running_digest_get(digest, got[1]);
        g_assert_cmpmem(got, sizeof got, wanted, sizeof wanted);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/digest/running", test_running);
    g_test_add_func("/digest/sha", test_sha);
    g_test_add_func("/digest/hmac", test_hmac);
    g_test_add_func("/digest/pieces", test_pieces);
    g_test_add_func("/digest/hex", test_hex);
    g_test_add_func("/digest/base64", test_base64);
    g_test_add_func("/digest/random", test_random);
    return g_test_run();
}
