/*
 * What a part claims to be and what it is differ often enough: logs and
 * complaints come as application/octet-stream, reports as application/json,
 * HTML as text/plain, and "text" that is a picture. So: a type or a file name
 * makes a part a candidate for text, its bytes confirm it.
 *
 * Encoded messages are parsed (nested.c), as text if that is not possible;
 * signatures (signed.c) and archives (archive.c) are opened, and spreadsheets
 * (spreadsheet.c), PDFs (pdf.c) and letters (letter.c) become text.
 */
#include "mail/body.h"

#include "mail/anchors.h"
#include "mail/archive.h"
#include "mail/charset.h"
#include "mail/clearsigned.h"
#include "mail/flowed.h"
#include "mail/form.h"
#include "mail/html.h"
#include "mail/letter.h"
#include "mail/markup.h"
#include "mail/nested.h"
#include "mail/parts.h"
#include "mail/pdf.h"
#include "mail/signed.h"
#include "mail/spreadsheet.h"
#include "mail/transfer.h"

#include <string.h>

#define SNIFF_BYTES 4096

typedef enum { CLAIM_TEXT, CLAIM_HTML, CLAIM_PERHAPS, CLAIM_BINARY } Claim;

static bool has_suffix(const char *name, const char *const *suffixes)
{
    const char *dot = name ? strrchr(name, '.') : NULL;
    for (; dot && *suffixes; suffixes++)
        if (g_ascii_strcasecmp(dot + 1, *suffixes) == 0)
            return true;
    return false;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static Claim claim_of(const MailPart *part)
{
    static const char *const text_types[] = {
        "application/json",
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/csv",
        "application/x-csv",
        "application/x-log",
        "application/pgp",
        "application/x-ndjson",
        "application/jsonl",
        "application/sql",
        "application/x-www-form-urlencoded",
        NULL};
    static const char *const never[] = {"application/pgp-signature",
                                        "application/pgp-encrypted",
                                        "application/pkcs7-signature",
                                        "application/x-pkcs7-signature",
                                        "application/pkcs7-mime",
                                        "application/x-pkcs7-mime",
                                        "application/pgp-keys",
                                        "multipart/encrypted",
                                        NULL};
    static const char *const text_names[] = {
        "txt",  "log", "csv", "tsv", "json", "xml", "eml",
        "yaml", "yml", "md",  "out", "text", NULL};
    static const char *const html_names[] = {"html", "htm", "xhtml", NULL};
    const char *type = part->content_type;
    if (is_one_of(type, never))
        return CLAIM_BINARY;
    if (strcmp(type, "text/html") == 0 ||
        strcmp(type, "application/xhtml+xml") == 0)
        return CLAIM_HTML;
    if (g_str_has_prefix(type, "text/"))
        return CLAIM_TEXT;
    if (g_str_has_prefix(type, "message/") ||
        g_str_has_prefix(type, "multipart/") || is_one_of(type, text_types) ||
        g_str_has_suffix(type, "+json") || g_str_has_suffix(type, "+xml"))
        return CLAIM_PERHAPS;
    if (has_suffix(part->filename, html_names))
        return CLAIM_HTML;
    bool is_vague =
        strcmp(type, "application/octet-stream") == 0 || !strchr(type, '/');
    return is_vague || has_suffix(part->filename, text_names) ? CLAIM_PERHAPS
                                                              : CLAIM_BINARY;
}

/* Text has no control characters but a few, and UTF-16 says so in front. */
static bool looks_like_text(const uint8_t *bytes, size_t length)
{
    if (length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) ||
                        (bytes[0] == 0xFE && bytes[1] == 0xFF)))
        return true;
    size_t looked = MIN(length, SNIFF_BYTES), odd = 0, high = 0;
    for (size_t i = 0; i < looked; i++) {
        uint8_t c = bytes[i];
        odd += (c < ' ' && !(c >= '\t' && c <= '\r') && c != 0x1B) || c == 127;
        high += c >= 0x80;
    }
    if (odd * 50 > looked)
        return false;
    return high * 3 <= looked ||
           g_utf8_validate_len((const char *)bytes, looked, NULL) || odd == 0;
}

/* UTF-16 without a mark is full of NULs and text all the same. */
static bool claims_utf16(const MailPart *part)
{
    return part->charset && (g_str_has_prefix(part->charset, "utf-16") ||
                             g_str_has_prefix(part->charset, "utf16") ||
                             g_str_has_prefix(part->charset, "ucs-2"));
}

/* The charset that an HTML page states itself; NULL if none. */
static char *sniff_html_charset(const uint8_t *bytes, size_t length)
{
    g_autofree char *head = g_strndup((const char *)bytes, MIN(length, 1024));
    const char *at = strcasestr(head, "charset=");
    if (!at)
        return NULL;
    at += strlen("charset=");
    at += strspn(at, "\"' ");
    return g_strndup(at, strcspn(at, "\"' />;"));
}

static void take_html(MailPart *part, CharsetText *text)
{
    HtmlText seen;
    html_to_text(text->text->str, text->text->len, &seen);
    part->kind = PART_HTML;
    GArray *anchors = anchors_chain(seen.anchors, part->anchors);
    g_array_unref(part->anchors);
    part->anchors = anchors;
    part->text = g_string_free(g_steal_pointer(&seen.text), false);
    if (!part->flaw)
        part->flaw = seen.flaw;
    html_text_clear(&seen);
}

static void take_text(MailPart *part, Claim claim, const Decoded *decoded,
                      size_t *budget)
{
    CharsetText text;
    g_autofree char *stated = NULL;
    const char *charset = part->charset;
    const char *bytes = (const char *)decoded->bytes->data;
    if (!charset && claim == CLAIM_HTML)
        charset = stated =
            sniff_html_charset(decoded->bytes->data, decoded->bytes->len);
    charset_convert(charset, bytes, decoded->bytes->len, *budget, &text);
    *budget -= text.text->len;
    /* the flaw nearest to the raw bytes matters most */
    part->flaw = decoded->flaw ? decoded->flaw : text.flaw;
    part->anchors = anchors_chain(text.anchors, decoded->anchors);
    const char *words = text.text->str;
    if (claim == CLAIM_HTML ? markup_has_tag(words) : markup_begins(words)) {
        take_html(part, &text);
    } else {
        part->kind = PART_TEXT;
        part->text = g_string_free(g_steal_pointer(&text.text), false);
    }
    charset_text_clear(&text);
}

/* Put a text made of the part's in its place. */
static void replace_text(MailPart *part, GString *text, const GArray *anchors)
{
    GArray *chain = anchors_chain(anchors, part->anchors);
    g_array_unref(part->anchors);
    part->anchors = chain;
    g_free(part->text);
    part->text = g_string_free(text, false);
}

/* What lines, PGP or a web form put around and into the words goes. */
static void undo_wrapping(Mail *mail, MailPart *part)
{
    if (part->kind == PART_TEXT &&
        flowed_is_one(mail_part_header(part, "Content-Type"))) {
        g_autoptr(GArray) anchors = anchors_new();
        replace_text(part, flowed_undo(part->text, anchors), anchors);
    }
    if (clearsigned_is_one(part->text)) {
        g_autoptr(GArray) anchors = anchors_new();
        replace_text(part, clearsigned_undo(part->text, anchors), anchors);
        mail_add_flag(mail, MAIL_FLAG_NOT_CHECKED);
    }
    if (form_is_one(part->content_type, part->text)) {
        g_autoptr(GArray) anchors = anchors_new();
        replace_text(part, form_decode(part->text, anchors), anchors);
    }
}

static void note_odd(Mail *mail, const MailPart *part)
{
    const char *type = part->content_type;
    if (strcmp(type, "multipart/encrypted") == 0 ||
        strcmp(type, "application/pgp-encrypted") == 0)
        mail_add_flag(mail, MAIL_FLAG_ENCRYPTED);
    if (part->flaw && strcmp(part->flaw, MAIL_FLAG_TEXT_LIMIT) == 0)
        mail_add_flag(mail, part->flaw);
}

static void take_content(Mail *mail, MailPart *part, const Decoded *decoded,
                         size_t *budget)
{
    Claim claim = claim_of(part);
    GByteArray *bytes = decoded->bytes;
    if (claim != CLAIM_BINARY &&
        (claims_utf16(part) || looks_like_text(bytes->data, bytes->len))) {
        take_text(part, claim, decoded, budget);
        undo_wrapping(mail, part);
        return;
    }
    bool is_misnamed = claim == CLAIM_TEXT || claim == CLAIM_HTML;
    if (!part->flaw)
        part->flaw = is_misnamed ? "called text but is not" : decoded->flaw;
    part->bytes = g_bytes_new(bytes->data, bytes->len);
}

void body_take(Mail *mail, guint index, const Decoded *decoded, int level,
               size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    if (level < NESTED_LEVELS_MAX && nested_is_message(part, decoded) &&
        nested_read(mail, index, decoded, level, budget))
        return;
    if (level < NESTED_LEVELS_MAX && signed_is_one(part) &&
        signed_read(mail, index, decoded, level, budget))
        return;
    if (level < NESTED_LEVELS_MAX && spreadsheet_is_one(decoded) &&
        spreadsheet_read(mail, index, decoded, budget))
        return;
    if (level < NESTED_LEVELS_MAX && letter_is_one(decoded) &&
        letter_read(mail, index, decoded, budget))
        return;
    if (level < NESTED_LEVELS_MAX && pdf_is_one(decoded) &&
        pdf_take(mail, index, decoded, budget))
        return;
    /* Documents are archives, too: they come first. */
    if (level < ARCHIVE_LEVELS_MAX && archive_is_one(part, decoded) &&
        archive_read(mail, index, decoded, budget))
        return;
    take_content(mail, part, decoded, budget);
}

void body_read(Mail *mail, guint index, int level, size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    const uint8_t *raw = g_bytes_get_data(mail->raw, NULL);
    Decoded decoded;
    Transfer transfer =
        transfer_of(mail_part_header(part, "Content-Transfer-Encoding"));
    if (g_str_has_prefix(part->content_type, "multipart/"))
        transfer = TRANSFER_IDENTITY;
    transfer_decode(transfer, raw, part->raw_at, part->raw_length, &decoded);
    body_take(mail, index, &decoded, level, budget);
    note_odd(mail, part);
    decoded_clear(&decoded);
}
