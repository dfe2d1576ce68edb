#include "relay/signer.h"

#include "base/digest.h"
#include "base/rsa.h"

#include <string.h>

#define KEY_BITS   1024 /* made in a moment; guards nothing */
#define LINE_CHARS 64

typedef struct {
    char *nickname;
    RsaKey *identity, *signing;
    char *identity_hex, *signing_hex;
    char *certificate;
} Authority;

struct Signer {
    GPtrArray *authorities;
};

static void authority_free(gpointer data)
{
    Authority *authority = data;
    rsa_key_free(authority->identity);
    rsa_key_free(authority->signing);
    g_free(authority->nickname);
    g_free(authority->identity_hex);
    g_free(authority->signing_hex);
    g_free(authority->certificate);
    g_free(authority);
}

static void append_block(GString *text, const char *word, GBytes *bytes)
{
    g_autofree char *base64 =
        g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_string_append_printf(text, "-----BEGIN %s-----\n", word);
    for (const char *at = base64; *at;) {
        size_t length = strnlen(at, LINE_CHARS);
        g_string_append_len(text, at, (gssize)length);
        g_string_append_c(text, '\n');
        at += length;
    }
    g_string_append_printf(text, "-----END %s-----\n", word);
}

static void append_key(GString *text, const char *keyword, const RsaKey *key)
{
    g_autoptr(GBytes) der = rsa_key_der(key);
    g_string_append_printf(text, "%s\n", keyword);
    append_block(text, "RSA PUBLIC KEY", der);
}

static void append_signature(GString *text, const char *word, const RsaKey *key,
                             const uint8_t *digest, size_t length)
{
    g_autoptr(GBytes) signature = rsa_sign(key, digest, length);
    append_block(text, word, signature);
}

static void name_key(const RsaKey *key, uint8_t digest[SHA1_BYTES], char **hex)
{
    g_autoptr(GBytes) der = rsa_key_der(key);
    digest_sha1(g_bytes_get_data(der, NULL), g_bytes_get_size(der), digest);
    g_autofree char *lower = hex_new(digest, SHA1_BYTES);
    *hex = g_ascii_strup(lower, -1);
}

static char *tor_time(Instant instant)
{
    Civil c = civil_from_instant(instant, 0);
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month,
                           c.day, c.hour, c.minute, c.second);
}

static Authority *authority_new(guint number, Instant from, Instant until)
{
    uint8_t digest[SHA1_BYTES], named[SHA1_BYTES];
    g_autofree char *published = tor_time(from);
    g_autofree char *expires = tor_time(until);
    Authority *a = g_new0(Authority, 1);
    a->nickname = g_strdup_printf("authority%u", number);
    a->identity = rsa_key_generate(KEY_BITS);
    a->signing = rsa_key_generate(KEY_BITS);
    name_key(a->signing, named, &a->signing_hex);
    name_key(a->identity, named, &a->identity_hex);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           "dir-key-certificate-version 3\nfingerprint %s\n"
                           "dir-key-published %s\ndir-key-expires %s\n",
                           a->identity_hex, published, expires);
    append_key(text, "dir-identity-key", a->identity);
    append_key(text, "dir-signing-key", a->signing);
    g_string_append(text, "dir-key-crosscert\n");
    append_signature(text, "ID SIGNATURE", a->signing, named, SHA1_BYTES);
    g_string_append(text, "dir-key-certification\n");
    digest_sha1(text->str, text->len, digest);
    append_signature(text, "SIGNATURE", a->identity, digest, SHA1_BYTES);
    a->certificate = g_string_free(g_steal_pointer(&text), FALSE);
    return a;
}

Signer *signer_new(guint authorities, Instant from, Instant until)
{
    Signer *signer = g_new(Signer, 1);
    signer->authorities = g_ptr_array_new_with_free_func(authority_free);
    for (guint i = 0; i < authorities; i++)
        g_ptr_array_add(signer->authorities, authority_new(i + 1, from, until));
    return signer;
}

void signer_free(Signer *signer)
{
    if (!signer)
        return;
    g_ptr_array_unref(signer->authorities);
    g_free(signer);
}

GString *signer_authorities(const Signer *signer)
{
    GString *text = g_string_new("# Directory authorities of a made-up Tor "
                                 "network: NICKNAME FINGERPRINT\n");
    for (guint i = 0; i < signer->authorities->len; i++) {
        const Authority *a = g_ptr_array_index(signer->authorities, i);
        g_string_append_printf(text, "%s %s\n", a->nickname, a->identity_hex);
    }
    return text;
}

GString *signer_certificates(const Signer *signer)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < signer->authorities->len; i++) {
        const Authority *a = g_ptr_array_index(signer->authorities, i);
        g_string_append_printf(text, "@type dir-key-certificate-3 1.0\n%s",
                               a->certificate);
    }
    return text;
}

void signer_sign(const Signer *signer, guint count, GString *text, gsize start)
{
    static const char MICRO[] = "network-status-version 3 microdesc\n";
    bool is_micro = strncmp(text->str + start, MICRO, strlen(MICRO)) == 0;
    uint8_t digest[SHA256_BYTES];
    for (guint i = 0; i < count && i < signer->authorities->len; i++) {
        const Authority *a = g_ptr_array_index(signer->authorities, i);
        g_string_append(text, "directory-signature ");
        /* The first keyword and its blank are signed too, by all. */
        if (i == 0 && is_micro)
            digest_sha256(text->str + start, text->len - start, digest);
        else if (i == 0)
            digest_sha1(text->str + start, text->len - start, digest);
        g_string_append_printf(text, "%s%s %s\n", is_micro ? "sha256 " : "",
                               a->identity_hex, a->signing_hex);
        append_signature(text, "SIGNATURE", a->signing, digest,
                         is_micro ? SHA256_BYTES : SHA1_BYTES);
    }
}

static const Authority *server_at(const Signer *signer, guint server)
{
    g_assert(server < signer->authorities->len);
    return g_ptr_array_index(signer->authorities, server);
}

char *signer_server_line(const Signer *signer, guint server, guint protocol)
{
    const Authority *a = server_at(signer, server);
    return g_strdup_printf("v%u %s %s", protocol, a->nickname, a->identity_hex);
}

void signer_append_key(const Signer *signer, guint server, GString *text)
{
    append_key(text, "dir-signing-key", server_at(signer, server)->identity);
}

void signer_sign_early(const Signer *signer, guint server, GString *text,
                       gsize start)
{
    const Authority *a = server_at(signer, server);
    uint8_t digest[SHA1_BYTES];
    g_string_append_printf(text, "directory-signature %s\n", a->nickname);
    digest_sha1(text->str + start, text->len - start, digest);
    append_signature(text, "SIGNATURE", a->identity, digest, SHA1_BYTES);
}
