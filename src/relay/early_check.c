/*
 * Who signed a document of the early protocols?
 *
 * One server signs, with its identity key, the SHA-1 of everything from the
 * first byte to the end of the line "directory-signature NICKNAME". The key
 * stands in the document and is believed if its hash is pinned for that time
 * (authorities.h). Directories of 2004 do not carry it yet: these are the
 * keys of tor's own list of that year (src/config/dirservers), whose hashes
 * are the pinned ones.
 */
#include "relay/early.h"

#include "relay/certificates.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

#define PEM_LINE 64

static const struct {
    const char *nickname, *key;
} KEYS_2004[] = {
    {"moria1",
     "MIGJAoGBAMHa0ZC/jo2Q2DrwKYF/6ZbmZ27PFYG91u4gUzzmZ/VXLpZ8wNzEV3oW"
     "nt+I61048fBiC1frT1/DZ351n2bLSk9zJbB6jyGZJn0380FPRX3+cXyXS0Gq8Ril"
     "xkhMQf5XuNFUb8UmYPSOH4WErjvYjKvU+gfjbK/82Jo9SuHpYz+BAgMBAAE="},
    {"moria2",
     "MIGJAoGBAOcrht/y5rkaahfX7sMe2qnpqoPibsjTSJaDvsUtaNP/Bq0MgNDGOR48"
     "rtwfqTRff275Edkp/UYw3G3vSgKCJr76/bqOHCmkiZrnPV1zxNfrK18gNw2Cxre0"
     "nTA+fD8JQqpPtb8b0SnG9kwy75eS//sRu7TErie2PzGMxrf9LH0LAgMBAAE="},
    {"tor26", "MIGJAoGBAMQgV2gXLbXgesWgeAsj8P1Uvm/zibrFXqwDq27lLKNgWGYGX2ax3LyT"
              "3nzI1Y5oLs4kPKTsMM5ft9aokwf417lKoCRlZc9ptfRbgxDx90c9GtWVmkrmDvCK"
              "ae59TMoXIiGfZiwWT6KKq5Zm9/Fu2Il3B2vHGkKJYKixmiBJRKp/AgMBAAE="},
};

static bool fail(GError **error, const char *why)
{
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, why);
    return false;
}

/* The line that ends the signed part; what follows goes to rest. */
static bool find_end(Text document, Text *part, Text *nickname, Text *rest)
{
    static const char KEYWORD[] = "\ndirectory-signature";
    const char *at = memmem(document.at, text_length(&document), KEYWORD,
                            sizeof KEYWORD - 1);
    if (!at)
        return false;
    Text line;
    *rest = (Text){at + 1, document.end};
    if (!line_take(rest, &line) || !line_keyword(&line, "directory-signature"))
        return false;
    word_take(&line, nickname);
    *part = (Text){document.at, rest->at};
    return true;
}

/* Go behind the line that says that the key follows. */
static bool find_key(Text *part)
{
    Text line;
    while (line_take(part, &line)) {
        line_keyword(&line, "opt");
        if (line_keyword(&line, "dir-signing-key"))
            return true;
    }
    return false;
}

/* In base64, or NULL. */
static const char *key_of_2004(const Text *nickname)
{
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS_2004); i++)
        if (text_is(nickname, KEYS_2004[i].nickname))
            return KEYS_2004[i].key;
    return NULL;
}

/* The key of the document, or the one that was known without. */
static GBytes *key_of(Text part, const Text *nickname)
{
    if (find_key(&part))
        return pem_take(&part, "RSA PUBLIC KEY");
    const char *known = key_of_2004(nickname);
    if (!known)
        return NULL;
    gsize length;
    guchar *der = g_base64_decode(known, &length);
    return g_bytes_new_take(der, length);
}

char *early_new_key_apart(Text part)
{
    Text document = part, nickname = {0}, rest;
    if (find_key(&document) || !find_end(part, &document, &nickname, &rest))
        return NULL;
    GString *pem = g_string_new("dir-signing-key\n"
                                "-----BEGIN RSA PUBLIC KEY-----\n");
    for (const char *at = key_of_2004(&nickname); at && *at;
         at += strnlen(at, PEM_LINE))
        g_string_append_printf(pem, "%.*s\n", PEM_LINE, at);
    g_string_append(pem, "-----END RSA PUBLIC KEY-----\n");
    return g_string_free(pem, FALSE);
}

static bool is_signed(GBytes *der, GBytes *signature, Text part)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(der, &length);
    g_autoptr(RsaKey) key = rsa_key_parse(bytes, length);
    uint8_t digest[SHA1_BYTES];
    digest_sha1(part.at, text_length(&part), digest);
    return key && rsa_verify(key, g_bytes_get_data(signature, NULL),
                             g_bytes_get_size(signature), digest, SHA1_BYTES);
}

static bool has_cr(const Text *part)
{
    return memmem(part->at, MIN(text_length(part), 256), "\r\n", 2);
}

bool early_check(const Authorities *authorities, guint protocol, Text document,
                 uint32_t published, Text *part, const Authority **server,
                 GError **error)
{
    Text nickname = {0}, rest;
    if (!find_end(document, part, &nickname, &rest))
        return fail(error, "it ends before its signature");
    g_autoptr(GBytes) signature = pem_take(&rest, "SIGNATURE");
    if (!signature)
        return fail(error, "it ends within its signature");
    g_autoptr(GBytes) der = key_of(*part, &nickname);
    if (!der)
        return fail(error, "it does not carry the key that signed it");
    uint8_t identity[SHA1_BYTES];
    digest_sha1(g_bytes_get_data(der, NULL), g_bytes_get_size(der), identity);
    *server =
        authorities_find_early(authorities, protocol, identity, published);
    if (!*server)
        return fail(error, "it is signed by no directory server of that time");
    if (!is_signed(der, signature, *part))
        return fail(error, has_cr(part)
                               ? "its signature does not hold: it was changed "
                                 "or forged (its lines end with CRLF)"
                               : "its signature does not hold: it was changed "
                                 "or forged");
    return true;
}
