/*
 * With DelSp=yes a line that ends in one blank goes on in the next, and the
 * blank goes: a word may so be cut anywhere, an address too ("192.0.2.1 " and
 * "72"). Only such words are joined. A line that ends in two blanks is a line
 * between words, which is left as it is: it is shown with its number. So are
 * quoted lines, whose breaks are somebody else's.
 */
#include "mail/flowed.h"

#include "mail/anchors.h"

#include <string.h>

#define HEADER_MAX 4000

/* "name = value", the value quoted or not, of the parameters of a field. */
static bool has_parameter(const char *folded, const char *name,
                          const char *value)
{
    for (const char *at = folded; (at = strchr(at, ';'));) {
        at += 1 + strspn(at + 1, " \t\r\n");
        if (!g_str_has_prefix(at, name))
            continue;
        const char *next = at + strlen(name);
        next += strspn(next, " \t");
        if (*next != '=')
            continue;
        next += 1 + strspn(next + 1, " \t\"");
        if (g_str_has_prefix(next, value) &&
            !g_ascii_isalnum(next[strlen(value)]))
            return true;
    }
    return false;
}

bool flowed_is_one(const char *content_type)
{
    if (!content_type || strlen(content_type) > HEADER_MAX)
        return false;
    g_autofree char *folded = g_ascii_strdown(content_type, -1);
    return g_str_has_prefix(folded, "text/plain") &&
           has_parameter(folded, "format", "flowed") &&
           has_parameter(folded, "delsp", "yes");
}

/* Is a line end at a place, and how long is it? */
static size_t end_length(const char *at)
{
    if (at[0] == '\r' && at[1] == '\n')
        return 2;
    return at[0] == '\n' ? 1 : 0;
}

/* The length of a blank and the line end behind it that cut a word; 0 if they
 * do not. begin: of the line. */
static size_t cut_length(const char *text, const char *begin, const char *at)
{
    if (*at != ' ' || at == text || *begin == '>' || at == begin ||
        (unsigned char)at[-1] <= ' ')
        return 0;
    size_t end = end_length(at + 1);
    const char *next = at + 1 + end;
    bool goes_on = end > 0 && (unsigned char)*next > ' ' && *next != '>';
    /* "-- " ends the text (RFC 3676 4.3). */
    bool is_mark = at - begin == 2 && memcmp(begin, "--", 2) == 0;
    return goes_on && !is_mark ? 1 + end : 0;
}

GString *flowed_undo(const char *text, GArray *anchors)
{
    GString *out = g_string_new(NULL);
    const char *begin = text;
    for (const char *at = text; *at;) {
        size_t cut = cut_length(text, begin, at);
        if (at == begin || cut > 0)
            anchors_add(anchors, out->len, (size_t)(at + cut - text));
        if (cut > 0) {
            at += cut;
            begin = at;
            continue;
        }
        if (*at == '\n')
            begin = at + 1;
        g_string_append_c(out, *at++);
    }
    return out;
}
