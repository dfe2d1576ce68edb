/*
 * Is another member named in a mail's bytes?
 *
 * The desk does not parse MIME (reader/), so the bytes are only unwrapped line
 * by line, wherever they look encoded: quoted-printable, lines of base64,
 * encoded words of headers. What comes out twice or wrongly can at most hide
 * the mail. Zero bytes are left out, so that UTF-16 can be read, too.
 */
#include "intake/apart.h"

#include <string.h>

#define BASE64_LINE_MIN 20 /* shorter ones are words */

static void put_bytes(GString *out, const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (data[i])
            g_string_append_c(out, data[i]);
}

static void put_base64(GString *out, const GString *encoded)
{
    if (encoded->len == 0)
        return;
    gsize length;
    g_autofree guchar *data = g_base64_decode(encoded->str, &length);
    g_string_append_c(out, '\n');
    put_bytes(out, (const char *)data, length);
    g_string_append_c(out, '\n');
}

static bool is_base64_sign(char c)
{
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=';
}

static bool is_base64_line(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_base64_sign(line[i]))
            return false;
    return length > 0;
}

/* Lines of base64 behind each other; the last may be short. */
static void put_base64_lines(GString *out, const char *text)
{
    g_autoptr(GString) block = g_string_new(NULL);
    for (const char *at = text; *at;) {
        size_t whole = strcspn(at, "\n");
        size_t length = whole > 0 && at[whole - 1] == '\r' ? whole - 1 : whole;
        bool is_line = is_base64_line(at, length) &&
                       (block->len > 0 || length >= BASE64_LINE_MIN);
        if (is_line)
            g_string_append_len(block, at, (gssize)length);
        if (!is_line || !at[whole]) {
            put_base64(out, block);
            g_string_truncate(block, 0);
        }
        at += whole + (at[whole] == '\n');
    }
    put_base64(out, block);
}

/* The byte that "=C3" stands for; -1 if it stands for itself. */
static int escaped_byte(const char *text, size_t left)
{
    if (left < 3 || !g_ascii_isxdigit(text[1]) || !g_ascii_isxdigit(text[2]))
        return -1;
    return g_ascii_xdigit_value(text[1]) << 4 | g_ascii_xdigit_value(text[2]);
}

/* How long "=" and a line's end are; 0: it is none. */
static size_t soft_end(const char *text, size_t left)
{
    if (left >= 2 && text[1] == '\n')
        return 2;
    return left >= 3 && text[1] == '\r' && text[2] == '\n' ? 3 : 0;
}

/* is_word: of a header, where "_" is a blank. */
static void put_quoted_printable(GString *out, const char *text, size_t length,
                                 bool is_word)
{
    for (size_t i = 0; i < length;) {
        bool is_mark = text[i] == '=';
        size_t end = is_mark ? soft_end(text + i, length - i) : 0;
        int byte = is_mark ? escaped_byte(text + i, length - i) : -1;
        if (byte > 0)
            g_string_append_c(out, (char)byte);
        else if (end == 0 && byte < 0)
            g_string_append_c(out, is_word && text[i] == '_' ? ' ' : text[i]);
        i += end > 0 ? end : byte >= 0 ? 3 : 1;
    }
}

/* "=?utf-8?B?...?=", one behind the other (RFC 2047). */
static void put_encoded_words(GString *out, const char *text)
{
    for (const char *at = strchr(text, '='); at; at = strchr(at, '=')) {
        if (at[1] != '?') {
            at++;
            continue;
        }
        const char *kind = strchr(at + 2, '?');
        const char *words = kind && kind[1] ? kind + 3 : NULL;
        at += 2;
        if (!words || kind[2] != '?')
            continue;
        size_t length = strcspn(words, "?\r\n");
        if (g_ascii_tolower(kind[1]) == 'q') {
            put_quoted_printable(out, words, length, true);
        } else if (g_ascii_tolower(kind[1]) == 'b') {
            g_autofree char *encoded = g_strndup(words, length);
            gsize bytes;
            g_autofree guchar *data = g_base64_decode(encoded, &bytes);
            put_bytes(out, (const char *)data, bytes);
        }
        at = words + length;
    }
    g_string_append_c(out, '\n');
}

bool apart_mail_names_another(const Apart *apart, const char *member,
                              GBytes *raw)
{
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    g_autoptr(GString) plain = g_string_sized_new(length + 1);
    put_bytes(plain, data, length);
    g_autoptr(GString) decoded = g_string_sized_new(2 * length + 1);
    put_quoted_printable(decoded, plain->str, plain->len, false);
    g_string_append_c(decoded, '\n');
    put_base64_lines(decoded, plain->str);
    put_encoded_words(decoded, plain->str);
    return apart_names_another(apart, member, plain->str) ||
           apart_names_another(apart, member, decoded->str);
}
