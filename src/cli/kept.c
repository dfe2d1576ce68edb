#include "cli/kept.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Behind the closing quote of the string that begins at the quote. */
static const char *string_end(const char *quote)
{
    const char *at = quote + 1;
    while (*at && *at != '"')
        at += *at == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

static const char *behind_name(const char *at, const char *key, const char *end)
{
    g_autofree char *name = g_strdup_printf("\"%s\":", key);
    const char *found = strstr(at, name);
    return found && (!end || found < end) ? found + strlen(name) : NULL;
}

char *kept_value(const char **at, const char *key, const char *end)
{
    const char *from = behind_name(*at, key, end);
    if (!from)
        return NULL;
    *at = from;
    if (*from != '"')
        return g_strdup("");
    *at = string_end(from);
    g_autoptr(GString) value = g_string_new(NULL);
    for (from++; from + 1 < *at; from++) {
        bool is_escaped = *from == '\\' && from + 2 < *at;
        from += is_escaped;
        g_string_append_c(value, is_escaped && *from == 'n' ? ' ' : *from);
    }
    return g_strdup(value->str);
}

const char *kept_list(const char *at, const char *key, const char **end)
{
    const char *list = behind_name(at, key, NULL);
    int depth = 0;
    if (!list || *list != '[')
        return NULL;
    for (const char *here = list; *here;) {
        if (*here == '"') {
            here = string_end(here);
            continue;
        }
        depth += (*here == '[') - (*here == ']');
        here++;
        if (depth > 0)
            continue;
        *end = here;
        return list;
    }
    return NULL;
}
