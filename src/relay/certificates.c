#include "relay/certificates.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <stdarg.h>

#define PEM_BYTES_MAX  8192
#define FILE_BYTES_MAX (64u << 20)
/* Of one identity, of which there were 200 in twenty years; so whoever has the
 * key of one authority cannot leave the others without room. */
#define CERTIFICATES_MAX 1000
#define TEXT_BYTES_MAX   16384 /* the longest has 2,500 */

struct Certificates {
    GPtrArray *list; /* of Certificate, by identity, published, signing */
};

static void certificate_free(gpointer data)
{
    Certificate *certificate = data;
    rsa_key_free(certificate->key);
    g_free(certificate->text);
    g_free(certificate);
}

Certificates *certificates_new(void)
{
    Certificates *certificates = g_new(Certificates, 1);
    certificates->list = g_ptr_array_new_with_free_func(certificate_free);
    return certificates;
}

void certificates_free(Certificates *certificates)
{
    if (!certificates)
        return;
    g_ptr_array_unref(certificates->list);
    g_free(certificates);
}

guint certificates_count(const Certificates *certificates)
{
    return certificates->list->len;
}

bool certificate_is_in_force(const Certificate *certificate, uint32_t when)
{
    return certificate->published <= when && when <= certificate->expires;
}

const Certificate *certificates_find(const Certificates *certificates,
                                     const uint8_t identity[AUTHORITY_BYTES],
                                     const uint8_t signing[AUTHORITY_BYTES],
                                     uint32_t when)
{
    const Certificate *other = NULL;
    for (guint i = 0; i < certificates->list->len; i++) {
        const Certificate *c = g_ptr_array_index(certificates->list, i);
        if (memcmp(c->identity, identity, AUTHORITY_BYTES) != 0 ||
            memcmp(c->signing, signing, AUTHORITY_BYTES) != 0)
            continue;
        if (certificate_is_in_force(c, when))
            return c;
        other = c;
    }
    return other;
}

GString *certificates_text(const Certificates *certificates)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < certificates->list->len; i++) {
        const Certificate *c = g_ptr_array_index(certificates->list, i);
        g_string_append(text, c->text);
    }
    return text;
}

/* Only what every decoder takes, so that others find the same. */
static bool is_base64(const Text *line)
{
    const char *at = line->at;
    while (at < line->end && (g_ascii_isalnum(*at) || *at == '+' || *at == '/'))
        at++;
    while (at < line->end && *at == '=')
        at++;
    return at == line->end && text_length(line) > 0;
}

static GBytes *decode(const GString *base64)
{
    const char *padding = strchr(base64->str, '=');
    if (base64->len == 0 || base64->len % 4 || (padding && strlen(padding) > 2))
        return NULL;
    gsize length;
    guchar *bytes = g_base64_decode(base64->str, &length);
    return g_bytes_new_take(bytes, length);
}

GBytes *pem_take(Text *text, const char *word)
{
    g_autofree char *begin = g_strdup_printf("-----BEGIN %s-----", word);
    g_autofree char *end = g_strdup_printf("-----END %s-----", word);
    Text rest = *text, line;
    if (!line_take(&rest, &line) || !text_is(&line, begin))
        return NULL;
    g_autoptr(GString) base64 = g_string_new(NULL);
    while (line_take(&rest, &line) && base64->len < PEM_BYTES_MAX) {
        if (text_is(&line, end)) {
            *text = rest;
            return decode(base64);
        }
        if (!is_base64(&line) || strchr(base64->str, '='))
            return NULL;
        g_string_append_len(base64, line.at, (gssize)text_length(&line));
    }
    return NULL;
}

/* ---- one certificate --------------------------------------------------- */

typedef struct {
    uint8_t stated[AUTHORITY_BYTES]; /* the fingerprint line */
    bool has_fingerprint;
    uint32_t published, expires;
    GBytes *identity, *signing; /* PKCS #1 DER */
    GBytes *crosscert, *certification;
    const char *signed_end; /* behind "dir-key-certification\n" */
    const char *end;        /* behind the signature */
} Reading;

static void reading_clear(Reading *r)
{
    g_clear_pointer(&r->identity, g_bytes_unref);
    g_clear_pointer(&r->signing, g_bytes_unref);
    g_clear_pointer(&r->crosscert, g_bytes_unref);
    g_clear_pointer(&r->certification, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static bool read_fingerprint(Reading *r, const Text *line)
{
    g_autofree char *hex = g_strndup(line->at, text_length(line));
    r->has_fingerprint = hex_parse(hex, r->stated, AUTHORITY_BYTES);
    return r->has_fingerprint;
}

static bool take_block(GBytes **slot, Text *rest, const char *word)
{
    g_clear_pointer(slot, g_bytes_unref);
    *slot = pem_take(rest, word);
    return *slot != NULL;
}

/* Read the line's keyword; blocks are taken off the rest. */
static bool read_line(Reading *r, Text line, Text *rest)
{
    if (line_keyword(&line, "fingerprint"))
        return read_fingerprint(r, &line);
    if (line_keyword(&line, "dir-key-published"))
        return time_take(&line, &r->published);
    if (line_keyword(&line, "dir-key-expires"))
        return time_take(&line, &r->expires);
    if (line_keyword(&line, "dir-identity-key"))
        return take_block(&r->identity, rest, "RSA PUBLIC KEY");
    if (line_keyword(&line, "dir-signing-key"))
        return take_block(&r->signing, rest, "RSA PUBLIC KEY");
    if (line_keyword(&line, "dir-key-crosscert"))
        return take_block(&r->crosscert, rest, "ID SIGNATURE") ||
               take_block(&r->crosscert, rest, "SIGNATURE");
    if (!line_keyword(&line, "dir-key-certification"))
        return true;
    r->signed_end = rest->at;
    bool is_whole = take_block(&r->certification, rest, "SIGNATURE");
    r->end = rest->at;
    return is_whole;
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, why);
    return false;
}

static bool read_all(Reading *r, Text document, GError **error)
{
    Text rest = document, line;
    for (guint number = 1; !r->certification && line_take(&rest, &line);
         number++)
        if (!read_line(r, line, &rest))
            return fail(error,
                        "the line \"%.*s\" or what follows it is "
                        "malformed",
                        (int)MIN(text_length(&line), 40), line.at);
    if (r->has_fingerprint && r->published && r->expires && r->identity &&
        r->signing && r->certification)
        return true;
    return fail(error, "it is not complete");
}

static void hash_of(GBytes *der, uint8_t out[SHA1_BYTES])
{
    digest_sha1(g_bytes_get_data(der, NULL), g_bytes_get_size(der), out);
}

static RsaKey *key_of(GBytes *der)
{
    return rsa_key_parse(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
}

static bool is_signed(const RsaKey *key, GBytes *signature,
                      const uint8_t digest[SHA1_BYTES])
{
    return rsa_verify(key, g_bytes_get_data(signature, NULL),
                      g_bytes_get_size(signature), digest, SHA1_BYTES);
}

/* Do the signatures hold, and is the identity one we know? */
static bool check(const Reading *r, Text document,
                  const Authorities *authorities, Certificate *out,
                  GError **error)
{
    uint8_t digest[SHA1_BYTES];
    g_autoptr(RsaKey) identity = key_of(r->identity);
    hash_of(r->identity, out->identity);
    hash_of(r->signing, out->signing);
    out->key = key_of(r->signing);
    if (!identity || !out->key)
        return fail(error, "a key is no RSA key of %d to %d bits", RSA_BITS_MIN,
                    RSA_BITS_MAX);
    if (memcmp(r->stated, out->identity, AUTHORITY_BYTES) != 0)
        return fail(error, "its fingerprint is not that of its identity key");
    if (!authorities_find(authorities, out->identity, INSTANT_NONE)) {
        g_autofree char *hex = hex_new(out->identity, AUTHORITY_BYTES);
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                    "%s is no directory authority that we know", hex);
        return false;
    }
    digest_sha1(document.at, (size_t)(r->signed_end - document.at), digest);
    if (!is_signed(identity, r->certification, digest))
        return fail(error, "the authority's signature does not hold");
    if (r->crosscert && !is_signed(out->key, r->crosscert, out->identity))
        return fail(error, "the signing key's signature does not hold");
    return true;
}

static int compare(const Certificate *a, const Certificate *b)
{
    int order = memcmp(a->identity, b->identity, AUTHORITY_BYTES);
    if (order == 0 && a->published != b->published)
        order = a->published < b->published ? -1 : 1;
    return order ? order : memcmp(a->signing, b->signing, AUTHORITY_BYTES);
}

static guint count_of(const Certificates *certificates,
                      const uint8_t identity[AUTHORITY_BYTES])
{
    guint count = 0;
    for (guint i = 0; i < certificates->list->len; i++) {
        const Certificate *c = g_ptr_array_index(certificates->list, i);
        count += memcmp(c->identity, identity, AUTHORITY_BYTES) == 0;
    }
    return count;
}

/* Put it in its place; false if it is there already. */
static bool insert(Certificates *certificates, Certificate *fresh)
{
    GPtrArray *list = certificates->list;
    guint at = list->len;
    int order = -1;
    while (at > 0 &&
           (order = compare(g_ptr_array_index(list, at - 1), fresh)) > 0)
        at--;
    if (at > 0 && order == 0)
        return false;
    g_ptr_array_insert(list, (int)at, fresh);
    return true;
}

/* The document, with no blanks at the ends of the lines of its signature.
 * Faravahar's of 2012 has some: its operator took it from a terminal, and tor
 * does not mind. They are not signed. */
static GString *new_tidy(Text document)
{
    static const char KEYWORD[] = "\ndir-key-certification\n";
    const char *at = memmem(document.at, text_length(&document), KEYWORD,
                            sizeof KEYWORD - 1);
    const char *end = at ? at + sizeof KEYWORD - 1 : document.end;
    GString *tidy = g_string_new_len(document.at, (gssize)(end - document.at));
    Text rest = {end, document.end}, line;
    while (line_take(&rest, &line)) {
        while (line.end > line.at && line.end[-1] == ' ')
            line.end--;
        g_string_append_len(tidy, line.at, (gssize)text_length(&line));
        g_string_append_c(tidy, '\n');
    }
    return tidy;
}

bool certificates_add(Certificates *certificates,
                      const Authorities *authorities, Text document,
                      bool *is_new, GError **error)
{
    g_auto(Reading) r = {0};
    if (text_length(&document) > TEXT_BYTES_MAX)
        return fail(error, "it is longer than any that there was");
    g_autoptr(GString) tidy = new_tidy(document);
    document = text_of_bytes(tidy->str, tidy->len);
    Certificate *fresh = g_new0(Certificate, 1);
    if (!read_all(&r, document, error) ||
        !check(&r, document, authorities, fresh, error)) {
        certificate_free(fresh);
        return false;
    }
    fresh->published = r.published;
    fresh->expires = r.expires;
    /* What is not signed ends with the signature's block. */
    g_autofree char *text =
        g_strndup(document.at, (size_t)(r.end - document.at));
    fresh->text = g_strconcat(g_strchomp(text), "\n", NULL);
    *is_new = count_of(certificates, fresh->identity) < CERTIFICATES_MAX &&
              insert(certificates, fresh);
    if (!*is_new)
        certificate_free(fresh);
    return true;
}

/* The text up to the next certificate's first line. */
static Text take_one(Text *rest)
{
    static const char NEXT[] = "\ndir-key-certificate-version ";
    const char *next =
        memmem(rest->at, text_length(rest), NEXT, sizeof NEXT - 1);
    Text one = {rest->at, next ? next + 1 : rest->end};
    rest->at = one.end;
    return one;
}

Certificates *certificates_load(const char *directory,
                                const Authorities *authorities,
                                CertificateRefused refused, gpointer data,
                                GError **error)
{
    g_autofree char *path =
        g_build_filename(directory, CERTIFICATES_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    Certificates *certificates = certificates_new();
    gsize length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : "";
    for (Text rest = text_of_bytes(text, length); text_length(&rest) > 0;) {
        g_autoptr(GError) why = NULL;
        bool is_new;
        if (!certificates_add(certificates, authorities, take_one(&rest),
                              &is_new, &why))
            refused(CERTIFICATES_NAME, why->message, data);
    }
    return certificates;
}
