/*
 * Grammar (RFC 5322 section 2.2): name ":" value, continued on lines that
 * begin with a blank; a blank line ends the block. Tolerated, because mail
 * has it: blanks before the colon; lines that are no field (skipped, and
 * said); NUL (dropped); 8-bit values (UTF-8, else windows-1252).
 */
#include "mail/headers.h"

#include "mail/charset.h"
#include "mail/words.h"

#include <string.h>

static void header_free(MailHeader *header)
{
    g_free(header->name);
    g_free(header->value);
    g_free(header);
}

bool header_is_field(const char *at, const char *end)
{
    const char *name = at;
    while (at<end && * at> ' ' && *at < 127 && *at != ':')
        at++;
    if (at == name)
        return false;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at < end && *at == ':';
}

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

static bool is_blank_line(const char *at, const char *end)
{
    return at < end &&
           (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

/* The end of the field that begins at `at`, with its continuation lines. */
static const char *field_end(const char *at, const char *end)
{
    const char *next = line_end(at, end);
    while (next < end && (*next == ' ' || *next == '\t'))
        next = line_end(next, end);
    return next;
}

static bool is_address_field(const char *name)
{
    static const char *const names[] = {
        "from",        "sender",      "reply-to",      "to",
        "cc",          "bcc",         "return-path",   "resent-from",
        "resent-to",   "resent-cc",   "resent-sender", "x-original-from",
        "envelope-to", "delivered-to"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static MailHeader *header_new(const char *raw, const char *at, const char *end)
{
    const char *colon = memchr(at, ':', (size_t)(end - at));
    const char *name_end = colon;
    while (name_end > at && (name_end[-1] == ' ' || name_end[-1] == '\t'))
        name_end--;
    MailHeader *header = g_new0(MailHeader, 1);
    header->name = g_strndup(at, (gsize)(name_end - at));
    header->value = header_decode(colon + 1, (size_t)(end - colon - 1),
                                  is_address_field(header->name));
    header->raw_at = (uint32_t)(at - raw);
    header->raw_length = (uint32_t)(end - at);
    return header;
}

static void note_garbage(HeaderEnd *how, size_t at)
{
    if (!how->has_garbage)
        how->garbage_at = at;
    how->has_garbage = true;
}

GPtrArray *headers_parse(const char *raw, size_t at, size_t end, HeaderEnd *how)
{
    GPtrArray *headers =
        g_ptr_array_new_with_free_func((GDestroyNotify)header_free);
    const char *line = raw + at, *stop = raw + end;
    *how = (HeaderEnd){0};
    while (line < stop && !is_blank_line(line, stop)) {
        if (stop - line > 2 && line[0] == '-' && line[1] == '-' &&
            !header_is_field(line, line_end(line, stop)))
            break;
        const char *next = field_end(line, stop);
        if (!header_is_field(line, next))
            note_garbage(how, (size_t)(line - raw));
        else if (headers->len < MAIL_HEADERS_MAX)
            g_ptr_array_add(headers, header_new(raw, line, next));
        line = next;
    }
    how->is_terminated = line < stop && is_blank_line(line, stop);
    if (how->is_terminated)
        line = line_end(line, stop);
    how->body_at = (size_t)(line - raw);
    return headers;
}

const char *headers_find(const GPtrArray *headers, const char *name)
{
    for (guint i = 0; headers && i < headers->len; i++) {
        const MailHeader *header = headers->pdata[i];
        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

char *header_decode(const char *raw, size_t length, bool is_address)
{
    g_autoptr(GString) flat = g_string_sized_new(length + 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '\t')
            g_string_append_c(flat, ' ');
        else if (c >= ' ' && c != 127)
            g_string_append_c(flat, (char)c);
    }
    g_autofree char *text = charset_new_text(NULL, flat->str, flat->len);
    char *value = words_decode(text, is_address);
    return g_strstrip(value);
}
