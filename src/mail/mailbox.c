/*
 * mailbox  = [phrase] "<" [route] addr-spec ">" / addr-spec   (RFC 5322 3.4)
 *
 * One scan that keeps three things apart: words, quoted strings, comments.
 * Groups, lists and anything with two addresses are refused: the caller wants
 * the one author or nothing. Tolerated: phrases with dots or 8-bit letters
 * without quotes, a comment as display name ("a@b (Name)"), a missing phrase.
 */
#include "mail/mail.h"

#include <string.h>

#define ADDRESS_MAX 320 /* RFC 5321 section 4.5.3.1: 64 + 1 + 255 */

typedef struct {
    GString *words;   /* outside <>: phrase or bare address */
    GString *comment; /* the last comment */
    GString *angle;   /* inside <> */
    int angles;
    bool has_angle; /* a "<" stands somewhere in the value */
} Scan;

/* A quoted string at `at` (on the quote): its end, or NULL if unclosed.
 * With keep, quotes and escapes are kept (local part of an address). */
static const char *take_quoted(const char *at, bool keep, GString *out)
{
    if (keep)
        g_string_append_c(out, '"');
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1]) {
            if (keep)
                g_string_append_c(out, '\\');
            at++;
        }
        g_string_append_c(out, *at);
    }
    if (keep)
        g_string_append_c(out, '"');
    return *at ? at + 1 : NULL;
}

/* A comment at `at` (on the bracket), nested ones included, or NULL. */
static const char *take_comment(const char *at, GString *out)
{
    int depth = 0;
    g_string_truncate(out, 0);
    for (; *at; at++) {
        if (*at == '(' && depth++ == 0)
            continue;
        if (*at == ')' && --depth == 0)
            return at + 1;
        if (*at == '\\' && at[1])
            at++;
        g_string_append_c(out, *at);
    }
    return NULL;
}

static const char *take_angle(const char *at, Scan *scan)
{
    scan->angles++;
    for (at++; at && *at && *at != '>';) {
        if (*at == '"')
            at = take_quoted(at, true, scan->angle);
        else if (*at == '<')
            return NULL;
        else if (*at == ' ' || *at == '\t')
            at++;
        else
            g_string_append_c(scan->angle, *at++);
    }
    return at && *at == '>' ? at + 1 : NULL;
}

static const char *take_next(const char *at, Scan *scan)
{
    switch (*at) {
    case '"':
        /* Quotes are kept only in a bare address ("a b"@example.org). */
        return take_quoted(at, !scan->has_angle, scan->words);
    case '(':
        return take_comment(at, scan->comment);
    case '<':
        return scan->angles == 0 ? take_angle(at, scan) : NULL;
    case ',':
    case ';':
    case ':':
    case '>':
        return NULL;
    default:
        if (scan->angles > 0 && *at != ' ' && *at != '\t')
            return NULL;
        g_string_append_c(scan->words, *at);
        return at + 1;
    }
}

static bool is_atom_char(char c)
{
    return (unsigned char)c >= 0x80 || g_ascii_isalnum(c) ||
           (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain(const char *domain)
{
    if (*domain == '[')
        return strcspn(domain, "] \t") == strlen(domain) - 1 &&
               domain[strlen(domain) - 1] == ']';
    if (*domain == '.' || *domain == '-' || !*domain)
        return false;
    for (const char *c = domain; *c; c++) {
        if ((unsigned char)*c < 0x80 && !g_ascii_isalnum(*c) && *c != '-' &&
            *c != '.' && *c != '_')
            return false;
        if (*c == '.' && c[1] == '.')
            return false;
    }
    return true;
}

/* Check an addr-spec and lower its domain in place. */
static bool finish_address(char *address)
{
    char *at = strrchr(address, '@');
    if (!at || at == address || strlen(address) > ADDRESS_MAX)
        return false;
    size_t local = (size_t)(at - address);
    if (address[0] == '"') {
        if (local < 3 || address[local - 1] != '"')
            return false;
    } else {
        for (size_t i = 0; i < local; i++)
            if (!is_atom_char(address[i]))
                return false;
    }
    for (char *c = at + 1; *c; c++)
        *c = g_ascii_tolower(*c);
    return is_domain(at + 1);
}

/* "@a,@b:user@example.org" -> "user@example.org" (obs-route). */
static char *without_route(const char *angle)
{
    const char *colon = *angle == '@' ? strchr(angle, ':') : NULL;
    return g_strdup(colon ? colon + 1 : angle);
}

static bool scan_value(const char *value, Scan *scan)
{
    const char *at = value;
    while (at && *at)
        at = take_next(at, scan);
    return at != NULL;
}

bool mail_mailbox(const char *value, char **address, char **display_name)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autoptr(GString) comment = g_string_new(NULL);
    g_autoptr(GString) angle = g_string_new(NULL);
    Scan scan = {.words = words, .comment = comment, .angle = angle};
    *address = NULL;
    if (display_name)
        *display_name = NULL;
    if (!value)
        return false;
    scan.has_angle = strchr(value, '<') != NULL;
    if (!scan_value(value, &scan))
        return false;
    g_strstrip(words->str);
    g_autofree char *found =
        scan.angles ? without_route(angle->str) : g_strdup(words->str);
    if (!finish_address(found))
        return false;
    const char *name =
        scan.angles && *words->str ? words->str : g_strstrip(comment->str);
    if (display_name)
        *display_name = *name ? g_strdup(name) : NULL;
    *address = g_steal_pointer(&found);
    return true;
}
