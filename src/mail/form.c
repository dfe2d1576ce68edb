/*
 * Complaint forms of web sites mail what the browser sent. Without the type
 * only text without any blank is taken for such, since '+' and '%' mean
 * themselves elsewhere: a URL in prose must stay as it is.
 */
#include "mail/form.h"

#include "mail/anchors.h"
#include "mail/charset.h"

#include <string.h>

#define ESCAPES_ENOUGH 3
#define KEY_BYTES_MAX  100

static bool is_escape(const char *at)
{
    return at[0] == '%' && g_ascii_isxdigit(at[1]) && g_ascii_isxdigit(at[2]);
}

/* The length of "key=" at the beginning of a field; 0 if there is none. */
static size_t key_length(const char *at)
{
    size_t length = 0;
    while (g_ascii_isalnum(at[length]) ||
           (at[length] && strchr("_.-[]%", at[length])))
        length++;
    return at[length] == '=' && length > 0 && length <= KEY_BYTES_MAX
               ? length + 1
               : 0;
}

/* Fields and blank lines, and no blank in a line; *escapes is counted. */
static bool is_fields(const char *text, size_t *escapes)
{
    bool is_begin = true;
    for (const char *at = text; *at; at++) {
        if (is_begin && *at != '\n' && !key_length(at))
            return false;
        if (*at == ' ' || *at == '\t' || (*at & 0x80))
            return false;
        *escapes += is_escape(at);
        is_begin = *at == '&' || *at == '\n';
    }
    return true;
}

bool form_is_one(const char *content_type, const char *text)
{
    size_t escapes = 0;
    if (strcmp(content_type, "application/x-www-form-urlencoded") == 0)
        return key_length(text) > 0;
    return strcmp(content_type, "text/plain") == 0 && key_length(text) > 0 &&
           is_fields(text, &escapes) && escapes >= ESCAPES_ENOUGH;
}

/* One byte or escape; returns what it is long. */
static size_t take(const char *at, GString *out)
{
    if (is_escape(at)) {
        char c = (char)(g_ascii_xdigit_value(at[1]) << 4 |
                        g_ascii_xdigit_value(at[2]));
        if (c != '\r' && c != '\0')
            g_string_append_c(out, c);
        return 3;
    }
    g_string_append_c(out, *at == '+' ? ' ' : *at == '&' ? '\n' : *at);
    return 1;
}

GString *form_decode(const char *text, GArray *anchors)
{
    g_autoptr(GString) bytes = g_string_sized_new(strlen(text));
    g_autoptr(GArray) inner = anchors_new();
    const char *value = text + key_length(text);
    for (const char *at = text; *at;) {
        anchors_add(inner, bytes->len, (size_t)(at - text));
        if (at + 1 == value && *at == '=') {
            g_string_append(bytes, ": ");
            at++;
            continue;
        }
        bool is_end = *at == '&' || *at == '\n';
        at += take(at, bytes);
        if (is_end)
            value = at + key_length(at);
    }
    CharsetText decoded;
    charset_convert(NULL, bytes->str, bytes->len, bytes->len * 3 + 1, &decoded);
    g_autoptr(GArray) chain = anchors_chain(decoded.anchors, inner);
    g_array_append_vals(anchors, chain->data, chain->len);
    GString *out = g_steal_pointer(&decoded.text);
    charset_text_clear(&decoded);
    return out;
}
