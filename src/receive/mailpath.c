#include "receive/mailpath.h"

#include <string.h>

/* Where the path ends: the index of its '>', or length if there is none.
 * Inside quotes blanks and <> are plain characters, and a backslash makes
 * one of the next. */
static size_t find_end(const char *text, size_t length)
{
    bool quoted = false, escaped = false;
    for (size_t i = 1; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == 0x7f)
            return length;
        if (escaped)
            escaped = false;
        else if (quoted && c == '\\')
            escaped = true;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '>')
            return i;
        else if (!quoted && (c == ' ' || c == '<'))
            return length;
    }
    return length;
}

/* RFC 5321 F.2: a source route "@a,@b:" is read and ignored. */
static const char *skip_route(const char *from, const char *end)
{
    if (from == end || *from != '@')
        return from;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    return colon ? colon + 1 : from;
}

static bool is_ascii(const char *from, const char *end)
{
    for (; from < end; from++)
        if ((unsigned char)*from > 0x7f)
            return false;
    return true;
}

MailPathKind mailpath_read(const char *text, size_t length, char **address,
                           size_t *used)
{
    if (length == 0 || text[0] != '<')
        return MAILPATH_BAD;
    size_t end = find_end(text, length);
    if (end == length || end > MAILPATH_MAX)
        return MAILPATH_BAD;
    const char *from = skip_route(text + 1, text + end);
    bool ascii = is_ascii(from, text + end);
    if (!ascii && !g_utf8_validate_len(from, (gsize)(text + end - from), NULL))
        return MAILPATH_NOT_UTF8;
    *address = g_strndup(from, (gsize)(text + end - from));
    *used = end + 1;
    return ascii ? MAILPATH_OK : MAILPATH_NOT_ASCII;
}
