#include "mail/mail.h"

#include "base/errors.h"
#include "mail/anchors.h"
#include "mail/body.h"
#include "mail/charset.h"
#include "mail/date.h"
#include "mail/headers.h"
#include "mail/html.h"
#include "mail/mime.h"
#include "mail/parts.h"
#include "mail/prescan.h"
#include "mail/signed.h"

#include <string.h>

static void part_free(MailPart *part)
{
    g_free(part->content_type);
    g_free(part->charset);
    g_free(part->filename);
    g_clear_pointer(&part->headers, g_ptr_array_unref);
    g_free(part->text);
    g_clear_pointer(&part->bytes, g_bytes_unref);
    g_clear_pointer(&part->anchors, g_array_unref);
    g_free(part->boundary);
    g_free(part);
}

void mail_free(Mail *mail)
{
    if (!mail)
        return;
    g_bytes_unref(mail->raw);
    g_clear_pointer(&mail->headers, g_ptr_array_unref);
    g_clear_pointer(&mail->parts, g_ptr_array_unref);
    g_free(mail->subject);
    g_clear_pointer(&mail->flags, g_ptr_array_unref);
    g_clear_pointer(&mail->line_marks, g_array_unref);
    g_free(mail);
}

MailPart *mail_part_add(Mail *mail, int parent, GPtrArray *headers)
{
    MailPart *part = g_new0(MailPart, 1);
    const MailPart *above = parent >= 0 ? mail->parts->pdata[parent] : NULL;
    part->kind = PART_BINARY;
    part->parent = parent;
    part->depth = above ? (uint8_t)(above->depth + 1) : 0;
    part->headers = headers ? headers : g_ptr_array_ref(mail->headers);
    g_ptr_array_add(mail->parts, part);
    return part;
}

MailPart *mail_part_insert(Mail *mail, guint at, int parent)
{
    for (guint i = at; i < mail->parts->len; i++) {
        MailPart *later = mail->parts->pdata[i];
        if (later->parent >= (int)at)
            later->parent++;
    }
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    MailPart *part = mail_part_add(mail, parent, g_steal_pointer(&headers));
    g_ptr_array_steal_index(mail->parts, mail->parts->len - 1);
    g_ptr_array_insert(mail->parts, (int)at, part);
    return part;
}

void mail_add_flag(Mail *mail, const char *words)
{
    for (guint i = 0; i < mail->flags->len; i++)
        if (strcmp(mail->flags->pdata[i], words) == 0)
            return;
    g_ptr_array_add(mail->flags, (char *)words);
}

/* Where the header begins: behind an mbox "From " line and blank lines, which
 * files from archives have. */
static size_t find_start(Mail *mail, const char *raw, size_t length)
{
    size_t at = 0;
    if (length > 5 && memcmp(raw, "From ", 5) == 0) {
        const char *newline = memchr(raw, '\n', length);
        at = newline ? (size_t)(newline + 1 - raw) : length;
        mail_add_flag(mail, MAIL_FLAG_MBOX);
    }
    size_t first = at;
    while (at < length && (raw[at] == '\r' || raw[at] == '\n'))
        at++;
    if (at > first)
        mail_add_flag(mail, MAIL_FLAG_BLANK_LINES);
    return at;
}

/* Does a mail begin here, or bare text (a JSON file, a log)? Names begin with
 * a letter, and "http://..." is no field. */
static bool is_header(const char *at, const char *end)
{
    if (at == end || !g_ascii_isalpha(*at) || !header_is_field(at, end))
        return false;
    const char *colon = memchr(at, ':', (size_t)(end - at));
    return end - colon < 3 || colon[1] != '/' || colon[2] != '/';
}

static HeaderEnd read_headers(Mail *mail, const char *raw, size_t start,
                              size_t length)
{
    HeaderEnd how = {.body_at = start};
    bool has_header = is_header(raw + start, raw + length);
    mail->headers =
        headers_parse(raw, start, has_header ? length : start, &how);
    mail->body_at = (uint32_t)how.body_at;
    if (!has_header)
        mail_add_flag(mail, MAIL_FLAG_NO_HEADER);
    else if (how.has_garbage)
        mail_add_flag(mail, MAIL_FLAG_GARBAGE);
    const char *subject = mail_header(mail, "Subject");
    mail->subject = g_strdup(subject ? subject : "");
    MailDate date = mail_date_parse(mail_header(mail, "Date"));
    mail->date = date.at;
    mail->date_offset_s = date.offset_s;
    mail->date_has_zone = date.has_zone;
    return how;
}

/* A header without a blank line behind it swallows the text: give it back. */
static void rescue_body(Mail *mail, const HeaderEnd *how, size_t length)
{
    MailPart *part = mail->parts->pdata[0];
    if (mail->parts->len > 1 || part->raw_length > 0 || !how->has_garbage)
        return;
    part->raw_at = (uint32_t)how->garbage_at;
    part->raw_length = (uint32_t)(length - how->garbage_at);
}

/* Parts may be put in behind part i while it is read; they are read already
 * and have another kind or content. */
static void read_bodies(Mail *mail, int level, size_t *budget)
{
    for (guint i = 0; i < mail->parts->len; i++) {
        MailPart *part = mail->parts->pdata[i];
        if (part->kind == PART_BINARY && !part->bytes)
            body_read(mail, i, level, budget);
    }
}

static bool parse_into(Mail *mail, int level, size_t *budget, GError **error)
{
    gsize length;
    const char *raw = g_bytes_get_data(mail->raw, &length);
    raw = raw ? raw : "";
    mail->line_marks = line_marks_new(raw, length);
    size_t start = find_start(mail, raw, length);
    if (is_header(raw + start, raw + length) &&
        !prescan_check(raw + start, length - start, error))
        return false;
    HeaderEnd how = read_headers(mail, raw, start, length);
    if (!mime_parse(mail, start, error))
        return false;
    rescue_body(mail, &how, length);
    read_bodies(mail, level, budget);
    return true;
}

Mail *mail_parse_nested(GBytes *raw, int level, size_t *budget, GError **error)
{
    if (g_bytes_get_size(raw) > MAIL_BYTES_MAX) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                    "the mail has more than %d MiB",
                    MAIL_BYTES_MAX / 1024 / 1024);
        return NULL;
    }
    g_autoptr(Mail) mail = g_new0(Mail, 1);
    mail->raw = g_bytes_ref(raw);
    mail->parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    mail->flags = g_ptr_array_new();
    if (!parse_into(mail, level, budget, error))
        return NULL;
    return g_steal_pointer(&mail);
}

Mail *mail_parse(GBytes *raw, GError **error)
{
    size_t budget = MAIL_TEXT_MAX;
    return mail_parse_nested(raw, 0, &budget, error);
}

const char *mail_header(const Mail *mail, const char *name)
{
    return headers_find(mail->headers, name);
}

const char *mail_part_header(const MailPart *part, const char *name)
{
    return headers_find(part->headers, name);
}

void mail_prepare(void)
{
    static bool is_prepared;
    if (is_prepared)
        return;
    is_prepared = true;
    charset_prepare();
    mime_prepare();
    html_prepare();
    signed_prepare();
    static const char sample[] =
        "From: =?iso-8859-2?Q?a=B1?= <a@example.org>\r\n"
        "To: b@example.org\r\nDate: Sat, 02 Nov 2024 20:13:45 +0100\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/html; charset=koi8-r\r\n\r\n"
        "<p>a &auml;\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Subject: a\r\n\r\nb\r\n--b\r\n"
        "Content-Type: text/plain; name*=iso-8859-1''a%E4\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--b--\r\n";
    g_autoptr(GBytes) raw = g_bytes_new_static(sample, sizeof sample - 1);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert(mail && mail->parts->len == 5);
}
