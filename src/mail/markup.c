#include "mail/markup.h"

#include <glib.h>
#include <string.h>

/* The tags of which mails in HTML have at least one. */
static const char *const TAGS[] = {
    "html", "head",   "body",  "div",   "p",          "br",     "table",
    "tr",   "td",     "span",  "font",  "a",          "b",      "i",
    "u",    "pre",    "ul",    "ol",    "li",         "h1",     "h2",
    "h3",   "h4",     "style", "meta",  "hr",         "img",    "tt",
    "code", "strong", "em",    "title", "blockquote", "center", "!doctype",
};

#define TAG_BYTES_MAX 10 /* the longest of TAGS */

/* The name of a tag that begins at `at` ("<td ", "</p>", "<br/>")? */
static bool is_tag(const char *at)
{
    at += at[1] == '/' ? 2 : 1;
    size_t length = 0;
    while (length <= TAG_BYTES_MAX && !strchr(" \t\r\n/>", at[length]))
        length++;
    if (length == 0 || length > TAG_BYTES_MAX || !at[length])
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(TAGS); i++)
        if (strlen(TAGS[i]) == length &&
            g_ascii_strncasecmp(at, TAGS[i], length) == 0)
            return true;
    return false;
}

bool markup_has_tag(const char *text)
{
    for (const char *at = text; (at = strchr(at, '<')); at++)
        if (is_tag(at))
            return true;
    return false;
}

/* A single tag may be quoted in prose; a text that begins with one and closes
 * one is HTML. */
bool markup_begins(const char *text)
{
    text += strspn(text, " \t\n");
    if (g_ascii_strncasecmp(text, "<!doctype html", 14) == 0 ||
        g_ascii_strncasecmp(text, "<html", 5) == 0)
        return true;
    if (*text != '<' || !is_tag(text))
        return false;
    for (const char *at = text; (at = strstr(at, "</")); at++)
        if (is_tag(at))
            return true;
    return false;
}
