#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/random.h>

/* OpenSSL 3 looks an algorithm up by name each time unless fetched once. */
static const EVP_MD *fetched(const char *name, EVP_MD **slot, gsize *ready)
{
    if (g_once_init_enter(ready)) {
        *slot = EVP_MD_fetch(NULL, name, NULL);
        g_assert(*slot);
        g_once_init_leave(ready, 1);
    }
    return *slot;
}

static const EVP_MD *sha256(void)
{
    static EVP_MD *md;
    static gsize ready;
    return fetched("SHA256", &md, &ready);
}

void digest_sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES])
{
    g_assert(EVP_Digest(data, length, out, NULL, sha256(), NULL) == 1);
}

struct RunningDigest {
    EVP_MD_CTX *context, *copy; /* finishing one ends it */
};

RunningDigest *running_digest_new(void)
{
    RunningDigest *digest = g_new(RunningDigest, 1);
    digest->context = EVP_MD_CTX_new();
    digest->copy = EVP_MD_CTX_new();
    g_assert(digest->context && digest->copy &&
             EVP_DigestInit_ex(digest->context, sha256(), NULL) == 1);
    return digest;
}

void running_digest_free(RunningDigest *digest)
{
    if (!digest)
        return;
    EVP_MD_CTX_free(digest->context);
    EVP_MD_CTX_free(digest->copy);
    g_free(digest);
}

void running_digest_add(RunningDigest *digest, const void *data, size_t length)
{
    g_assert(EVP_DigestUpdate(digest->context, data, length) == 1);
}

void running_digest_get(const RunningDigest *digest, uint8_t out[SHA256_BYTES])
{
    g_assert(EVP_MD_CTX_copy_ex(digest->copy, digest->context) == 1);
    g_assert(EVP_DigestFinal_ex(digest->copy, out, NULL) == 1);
}

void digest_sha1(const void *data, size_t length, uint8_t out[SHA1_BYTES])
{
    static EVP_MD *md;
    static gsize ready;
    const EVP_MD *sha1 = fetched("SHA1", &md, &ready);
    g_assert(EVP_Digest(data, length, out, NULL, sha1, NULL) == 1);
}

void digest_pieces(const DigestPiece *pieces, size_t count,
                   uint8_t out[SHA256_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    g_assert(context && EVP_DigestInit_ex(context, sha256(), NULL) == 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t length = GUINT64_TO_LE((uint64_t)pieces[i].length);
        g_assert(EVP_DigestUpdate(context, &length, sizeof length) == 1);
        g_assert(EVP_DigestUpdate(context, pieces[i].data, pieces[i].length) ==
                 1);
    }
    g_assert(EVP_DigestFinal_ex(context, out, NULL) == 1);
    EVP_MD_CTX_free(context);
}

void digest_hmac(const void *key, size_t key_length, const void *data,
                 size_t length, uint8_t out[SHA256_BYTES])
{
    g_assert(HMAC(sha256(), key, (int)key_length, data, length, out, NULL));
}

bool digest_is_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

void random_fill(void *out, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = getrandom((char *)out + done, length - done, 0);
        g_assert(n > 0);
        done += (size_t)n;
    }
}

char *random_hex_new(size_t length)
{
    uint8_t random[32];
    g_assert(length <= sizeof random);
    random_fill(random, length);
    return hex_new(random, length);
}

char *hex_new(const uint8_t *data, size_t length)
{
    static const char DIGITS[] = "0123456789abcdef";
    char *text = g_malloc(length * 2 + 1);
    for (size_t i = 0; i < length; i++) {
        text[i * 2] = DIGITS[data[i] >> 4];
        text[i * 2 + 1] = DIGITS[data[i] & 15];
    }
    text[length * 2] = 0;
    return text;
}

/* The value of each digit plus one; descriptors' families are full of them. */
static const uint8_t HEX_DIGITS[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
    ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool hex_parse(const char *text, uint8_t *out, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned high = HEX_DIGITS[(uint8_t)text[i * 2]];
        unsigned low = high ? HEX_DIGITS[(uint8_t)text[i * 2 + 1]] : 0;
        if (low == 0)
            return false;
        out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return text[length * 2] == 0;
}

/* The value of each digit plus one, so that zero is none: importing Tor
 * documents spends most of its time here. */
static const uint8_t BASE64_DIGITS[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,
    ['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12,
    ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
    ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
    ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
    ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

bool base64_parse(const char *text, size_t text_length, uint8_t *out,
                  size_t out_length)
{
    while (text_length > 0 && text[text_length - 1] == '=')
        text_length--;
    if (text_length != (out_length * 4 + 2) / 3)
        return false;
    uint32_t bits = 0;
    int held = 0;
    size_t filled = 0;
    for (size_t i = 0; i < text_length; i++) {
        uint8_t digit = BASE64_DIGITS[(uint8_t)text[i]];
        if (digit == 0)
            return false;
        bits = bits << 6 | (digit - 1u);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[filled++] = (uint8_t)(bits >> held);
        }
    }
    return filled == out_length;
}
