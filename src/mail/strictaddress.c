/*
 * mailbox = [phrase] "<" dot-atom "@" dot-atom ">" / dot-atom "@" dot-atom
 *
 * A phrase is words and quoted strings; comments may stand anywhere. All else
 * that RFC 5322 allows in an address is refused with a reason.
 */
#include "mail/strictaddress.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool is_atom(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Dot-atom of at least one atom; returns its length, 0 if it is none. */
static size_t dot_atom(const char *at, size_t length, bool is_domain)
{
    size_t i = 0;
    for (; i < length; i++) {
        bool is_dot = at[i] == '.';
        if (is_dot && (i == 0 || i + 1 == length || at[i - 1] == '.'))
            return 0;
        if (!is_dot && !(is_domain ? g_ascii_isalnum(at[i]) || at[i] == '-'
                                   : is_atom(at[i])))
            return 0;
    }
    return i;
}

/* A new addr-spec with lower-case domain, or NULL. */
char *strict_address_new(const char *at, size_t length)
{
    const char *sign = memchr(at, '@', length);
    if (!sign)
        return NULL;
    size_t local = (size_t)(sign - at), domain = length - local - 1;
    if (local > 64 || domain > 255 || !dot_atom(at, local, false) ||
        !dot_atom(sign + 1, domain, true))
        return NULL;
    char *address = g_strndup(at, length);
    for (char *c = address + local + 1; *c; c++)
        *c = g_ascii_tolower(*c);
    return address;
}

/* The end of a quoted string or comment that begins at `at`; NULL if it does
 * not end. Nested comments are not understood. */
const char *strict_skip_enclosed(const char *at)
{
    char close = *at == '"' ? '"' : ')';
    for (at++; *at && *at != close; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (close == ')' && *at == '(')
            return NULL;
    }
    return *at ? at + 1 : NULL;
}

/* One mailbox of a list at *cursor, moved behind it and its comma. NULL with
 * *why set if it is not plainly one. */
char *strict_mailbox_next(const char **cursor, const char **why)
{
    const char *at = *cursor, *angle = NULL, *angle_end = NULL;
    const char *bare = NULL, *bare_end = NULL;
    bool has_phrase = false;
    *why = "address not readable";
    for (; *at && *at != ',';) {
        if (*at == '"' || *at == '(') {
            has_phrase |= *at == '"';
            if (!(at = strict_skip_enclosed(at)))
                return NULL;
        } else if (*at == '<') {
            angle_end = strchr(at, '>');
            if (angle || !angle_end)
                return NULL;
            angle = at + 1;
            at = angle_end + 1;
        } else if (*at == ' ') {
            at++;
        } else if (strchr(":;>\\[]", *at)) {
            *why = "group syntax or special characters in an address";
            return NULL;
        } else {
            const char *word = at;
            while (*at && !strchr(" ,\"(<>:;\\[]", *at))
                at++;
            has_phrase |= bare != NULL || angle != NULL;
            bare = bare ? bare : word;
            bare_end = at;
            if (angle)
                return NULL;
        }
    }
    *cursor = *at == ',' ? at + 1 : at;
    if (!angle && (has_phrase || !bare))
        return NULL;
    if (angle && bare && memchr(bare, '@', (size_t)(bare_end - bare))) {
        *why = "an address as display name";
        return NULL;
    }
    return angle ? strict_address_new(angle, (size_t)(angle_end - angle))
                 : strict_address_new(bare, (size_t)(bare_end - bare));
}
