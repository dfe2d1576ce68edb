#include "mail/html_strip.h"

#include "mail/anchors.h"

#include <string.h>

#define ATTRIBUTES_MAX 100

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* One attribute at `at`; returns its end. */
static const char *skip_attribute(const char *at, const char *end)
{
    while (at < end && !is_space(*at) && *at != '=' && *at != '>')
        at++;
    const char *equals = at;
    while (equals < end && is_space(*equals))
        equals++;
    if (equals == end || *equals != '=')
        return at;
    at = equals + 1;
    while (at < end && is_space(*at))
        at++;
    if (at < end && (*at == '"' || *at == '\'')) {
        const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
        return close ? close + 1 : end;
    }
    while (at < end && !is_space(*at) && *at != '>')
        at++;
    return at;
}

bool html_is_tame(const char *html, size_t length)
{
    const char *at = html, *end = html + length;
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        if (++at == end || !g_ascii_isalpha(*at))
            continue;
        unsigned attributes = 0;
        while (at < end && *at != '>') {
            while (at < end && is_space(*at))
                at++;
            if (at < end && *at != '>')
                at = skip_attribute(at, end);
            if (++attributes > ATTRIBUTES_MAX)
                return false;
        }
    }
    return true;
}

static bool is_declaration(const char *at, const char *end)
{
    return end - at > 2 && at[1] == '!' && at[2] != '-' &&
           !(end - at > 9 && g_ascii_strncasecmp(at + 2, "doctype", 7) == 0);
}

char *html_without_declarations(const char *html, size_t length)
{
    char *copy = g_memdup2(html, length);
    char *at = copy, *end = copy + length;
    while (at && (at = memchr(at, '<', (size_t)(end - at)))) {
        if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
            at = memmem(at + 4, (size_t)(end - at - 4), "-->", 3);
        } else if (is_declaration(at, end)) {
            char *close = memchr(at, '>', (size_t)(end - at));
            memset(at, ' ', (size_t)((close ? close + 1 : end) - at));
        } else {
            at++;
        }
    }
    return copy;
}

void html_strip(const char *html, size_t at, size_t length, HtmlText *out)
{
    bool in_tag = false;
    for (; at < length; at++) {
        if (html[at] == '<' && at + 1 < length &&
            (g_ascii_isalpha(html[at + 1]) || strchr("/!?", html[at + 1]))) {
            in_tag = true;
        } else if (html[at] == '>' && in_tag) {
            in_tag = false;
            g_string_append_c(out->text, ' ');
        } else if (!in_tag) {
            if (out->text->len == 0 ||
                out->text->str[out->text->len - 1] == '\n')
                anchors_add(out->anchors, out->text->len, at);
            g_string_append_c(out->text, html[at]);
        }
    }
}
