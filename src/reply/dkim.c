/*
 * Signing a letter of our own making.
 *
 * The input is not hostile: we wrote it, every line ends in CRLF, no line is
 * folded in a strange way. Still nothing here trusts that: a letter that
 * dkim_check() has not passed is not signed, and canonicalization follows the
 * text of RFC 6376 for any bytes.
 *
 *   header:  name in lower case ":" value, unfolded, runs of WSP one blank,
 *            none at the ends (3.4.2)
 *   body:    WSP at line ends off, runs of WSP one blank, empty lines at the
 *            end off, and nothing at all for an empty body (3.4.4)
 *
 * Each signature is made as if it were alone (4.2): what it covers are the
 * letter's fields and itself with an empty b=. Ed25519 signs the SHA-256 of
 * that text (RFC 8463 section 3), RSA the text itself.
 *
 * Our own writer and not libopendkim's: what we need of it is 100 lines, it
 * reads the key anew for each letter, and its development stands still; it
 * verifies ours in the tests.
 */
#include "reply/dkim.h"

#include "base/digest.h"
#include "base/errors.h"
#include "mail/strictheader.h"

#include <string.h>

#define FOLD_COLUMNS 72

/* Section 5.4.1 and what makes programs treat the letter as ours. Each is
 * named once more than it stands in the letter. */
static const char *const SIGNED_FIELDS[] = {
    "From",         "To",
    "Cc",           "Subject",
    "Date",         "Message-ID",
    "In-Reply-To",  "References",
    "Reply-To",     "Auto-Submitted",
    "MIME-Version", "Content-Type",
    "Sender",       "Content-Transfer-Encoding",
    "Resent-From",  "X-Auto-Response-Suppress",
};

bool dkim_selector_is_valid(const char *selector)
{
    size_t length = strlen(selector);
    if (length == 0 || length > DKIM_SELECTOR_MAX ||
        strspn(selector, "abcdefghijklmnopqrstuvwxyz0123456789-.") != length)
        return false;
    g_auto(GStrv) labels = g_strsplit(selector, ".", -1);
    for (guint i = 0; labels[i]; i++) {
        size_t size = strlen(labels[i]);
        if (size == 0 || labels[i][0] == '-' || labels[i][size - 1] == '-')
            return false;
    }
    return true;
}

/* ---- the letter in pieces --------------------------------------------- */

typedef struct {
    const char *at; /* of the name */
    size_t name;    /* bytes of it */
    size_t value;   /* where it begins, behind the colon */
    size_t length;  /* of all of it, with the last CRLF */
} Field;

static Field field_of(const char *at, const char *colon, size_t length)
{
    size_t name = (size_t)(colon - at);
    while (name > 0 && (at[name - 1] == ' ' || at[name - 1] == '\t'))
        name--;
    return (Field){.at = at,
                   .name = name,
                   .value = (size_t)(colon - at) + 1,
                   .length = length};
}

/* Fields, and where the body begins. */
static GArray *split_fields(const char *data, size_t length, size_t *body)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));
    size_t at = 0;
    while (at < length && data[at] != '\r' && data[at] != '\n') {
        size_t end = at;
        do {
            const char *lf = memchr(data + end, '\n', length - end);
            end = lf ? (size_t)(lf - data) + 1 : length;
        } while (end < length && (data[end] == ' ' || data[end] == '\t'));
        const char *colon = memchr(data + at, ':', end - at);
        if (colon) {
            Field field = field_of(data + at, colon, end - at);
            g_array_append_val(fields, field);
        }
        at = end;
    }
    const char *lf = memchr(data + at, '\n', length - at);
    *body = lf ? (size_t)(lf - data) + 1 : length;
    return fields;
}

static bool is_named(const Field *field, const char *name)
{
    return strlen(name) == field->name &&
           g_ascii_strncasecmp(field->at, name, field->name) == 0;
}

static guint count_fields(const GArray *fields, const char *name)
{
    guint count = 0;
    for (guint i = 0; i < fields->len; i++)
        count += is_named(&g_array_index(fields, Field, i), name);
    return count;
}

/* ---- canonical forms -------------------------------------------------- */

/* "Name:  a \r\n b\r\n" -> "name:a b" (without CRLF). */
static void put_relaxed_field(GString *out, const Field *field)
{
    for (size_t i = 0; i < field->name; i++)
        g_string_append_c(out, g_ascii_tolower(field->at[i]));
    g_string_append_c(out, ':');
    bool is_blank = false, has_begun = false;
    for (size_t i = field->value; i < field->length; i++) {
        char c = field->at[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            is_blank = true;
            continue;
        }
        if (is_blank && has_begun)
            g_string_append_c(out, ' ');
        g_string_append_c(out, c);
        is_blank = false;
        has_begun = true;
    }
}

static void put_relaxed_line(GString *out, const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    for (size_t i = 0; i < length; i++) {
        bool is_wsp = line[i] == ' ' || line[i] == '\t';
        if (!is_wsp)
            g_string_append_c(out, line[i]);
        else if (i == 0 || (line[i - 1] != ' ' && line[i - 1] != '\t'))
            g_string_append_c(out, ' ');
    }
}

static GString *relaxed_body_new(const char *data, size_t length)
{
    GString *out = g_string_sized_new(length);
    guint empty = 0; /* lines seen, not yet written */
    for (size_t at = 0; at < length;) {
        const char *lf = memchr(data + at, '\n', length - at);
        size_t end = lf ? (size_t)(lf - data) : length;
        size_t next = lf ? end + 1 : length;
        if (end > at && data[end - 1] == '\r')
            end--;
        g_autoptr(GString) line = g_string_new(NULL);
        put_relaxed_line(line, data + at, end - at);
        if (line->len == 0) {
            empty++;
        } else {
            for (; empty > 0; empty--)
                g_string_append(out, "\r\n");
            g_string_append_len(out, line->str, (gssize)line->len);
            g_string_append(out, "\r\n");
        }
        at = next;
    }
    return out;
}

/* ---- the signature ---------------------------------------------------- */

/* What h= says, in the order in which it is hashed. */
static char *signed_names_new(const GArray *fields)
{
    GString *out = g_string_new(NULL);
    size_t column = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNED_FIELDS); i++) {
        guint times = count_fields(fields, SIGNED_FIELDS[i]) + 1;
        for (guint k = 0; k < times; k++) {
            size_t width = strlen(SIGNED_FIELDS[i]) + 1;
            if (out->len > 0)
                g_string_append_c(out, ':');
            if (column + width > FOLD_COLUMNS) {
                g_string_append(out, "\r\n\t");
                column = 1;
            }
            g_string_append(out, SIGNED_FIELDS[i]);
            column += width;
        }
    }
    return g_string_free(out, FALSE);
}

/* From the bottom up, as 5.4.2 wants it; one too many is the empty string. */
static void put_signed_fields(GString *out, const GArray *fields)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNED_FIELDS); i++)
        for (guint k = fields->len; k > 0; k--) {
            const Field *field = &g_array_index(fields, Field, k - 1);
            if (!is_named(field, SIGNED_FIELDS[i]))
                continue;
            put_relaxed_field(out, field);
            g_string_append(out, "\r\n");
        }
}

static void put_folded(GString *out, const char *text)
{
    for (size_t at = 0, length = strlen(text); at < length;
         at += FOLD_COLUMNS) {
        g_string_append(out, "\r\n\t");
        g_string_append_len(out, text + at,
                            (gssize)MIN(length - at, FOLD_COLUMNS));
    }
}

static char *signature_new(const SigningKey *key, const GString *text)
{
    uint8_t digest[SHA256_BYTES];
    digest_sha256(text->str, text->len, digest);
    g_autoptr(GBytes) raw = signing_key_kind(key) == SIGNING_ED25519
                                ? signing_key_sign(key, digest, sizeof digest)
                                : signing_key_sign(key, text->str, text->len);
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    return g_base64_encode(data, length);
}

static void put_signature(GString *out, const DkimSigner *signer,
                          const GArray *fields, const char *body_hash)
{
    g_autofree char *names = signed_names_new(fields);
    g_autoptr(GString) own = g_string_new(NULL);
    g_string_append_printf(
        own,
        "DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed;\r\n"
        "\td=%s; s=%s;\r\n\th=%s;\r\n\tbh=%s;\r\n\tb=",
        signing_kind_word(signing_key_kind(signer->key)), signer->domain,
        signer->selector, names, body_hash);
    const Field unsigned_own =
        field_of(own->str, strchr(own->str, ':'), own->len);
    g_autoptr(GString) text = g_string_new(NULL);
    put_signed_fields(text, fields);
    put_relaxed_field(text, &unsigned_own);
    g_autofree char *signature = signature_new(signer->key, text);
    put_folded(own, signature);
    g_string_append_len(out, own->str, (gssize)own->len);
    g_string_append(out, "\r\n");
}

GBytes *dkim_sign(GBytes *letter, const DkimSigner *signers, size_t count)
{
    gsize length;
    const char *data = g_bytes_get_data(letter, &length);
    size_t body;
    g_autoptr(GArray) fields = split_fields(data, length, &body);
    g_autoptr(GString) relaxed = relaxed_body_new(data + body, length - body);
    uint8_t digest[SHA256_BYTES];
    digest_sha256(relaxed->str, relaxed->len, digest);
    g_autofree char *body_hash = g_base64_encode(digest, sizeof digest);
    g_autoptr(GString) out = g_string_sized_new(length + 2048);
    for (size_t i = 0; i < count; i++)
        put_signature(out, &signers[i], fields, body_hash);
    g_string_append_len(out, data, (gssize)length);
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

/* ---- when none is made ------------------------------------------------ */

static bool refuse(GError **error, const char *why)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the letter is not signed: %s", why);
    return false;
}

/* A field that a letter of ours has exactly once, or not at all. */
static const char *find_wrong_count(const GArray *fields)
{
    static const char *const ONCE[] = {
        "From",       "To",           "Subject",      "Date",
        "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"};
    static const char *const NEVER[] = {
        "Cc", "Bcc", "Resent-From", "Sender", "Resent-To", "DKIM-Signature"};
    for (size_t i = 0; i < G_N_ELEMENTS(ONCE); i++)
        if (count_fields(fields, ONCE[i]) != 1)
            return ONCE[i];
    for (size_t i = 0; i < G_N_ELEMENTS(NEVER); i++)
        if (count_fields(fields, NEVER[i]) != 0)
            return NEVER[i];
    return NULL;
}

bool dkim_check(GBytes *letter, const char *from_address, const char *to,
                GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(letter, &length);
    if (length > DKIM_LETTER_MAX) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                    "the letter is not signed: it has %zu bytes, %d are "
                    "allowed",
                    length, DKIM_LETTER_MAX);
        return false;
    }
    size_t body;
    g_autoptr(GArray) fields = split_fields(data, length, &body);
    const char *wrong = find_wrong_count(fields);
    if (wrong) {
        g_autofree char *why = g_strdup_printf(
            "%s is missing, or stands there once too often", wrong);
        return refuse(error, why);
    }
    g_autoptr(StrictHeader) header = strict_header_scan(data, length);
    if (!header->from || g_ascii_strcasecmp(header->from, from_address) != 0)
        return refuse(error, "From is not the address of this member");
    if (header->to->len != 1 ||
        g_ascii_strcasecmp(header->to->pdata[0], to) != 0)
        return refuse(error, "To is not the one recipient");
    if (g_strcmp0(header->auto_submitted, "auto-replied") != 0 &&
        g_strcmp0(header->auto_submitted, "auto-generated") != 0)
        return refuse(error, "Auto-Submitted does not say auto-replied");
    if (header->ambiguous->len > 0)
        return refuse(error, header->ambiguous->pdata[0]);
    return true;
}

/* ---- what is published ------------------------------------------------ */

char *dkim_record_new(const SigningKey *key)
{
    g_autoptr(GBytes) public = signing_key_public(key);
    gsize length;
    const void *data = g_bytes_get_data(public, &length);
    g_autofree char *base64 = g_base64_encode(data, length);
    return g_strdup_printf("v=DKIM1; k=%s; p=%s",
                           signing_kind_word(signing_key_kind(key)), base64);
}

char *dkim_zone_line_new(const char *domain, const char *selector,
                         const SigningKey *key)
{
    g_autofree char *record = dkim_record_new(key);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%s._domainkey.%s. IN TXT (", selector, domain);
    for (size_t at = 0, length = strlen(record); at < length; at += 200)
        g_string_append_printf(out, " \"%.200s\"", record + at);
    g_string_append(out, " )");
    return g_string_free(out, FALSE);
}
