#include "cli/demo_border.h"

#include <stdbool.h>
#include <string.h>

/* Behind the field that begins at `at`, with its folded lines. */
static const char *field_end(const char *at)
{
    do {
        const char *line = strchr(at, '\n');
        at = line ? line + 1 : at + strlen(at);
    } while (*at == ' ' || *at == '\t');
    return at;
}

static bool is_forged(const char *field, const char *end)
{
    static const char NAME[] = "authentication-results";
    g_autofree char *low = g_ascii_strdown(field, end - field);
    if (!g_str_has_prefix(low, NAME))
        return false;
    const char *colon = low + strlen(NAME);
    colon += strspn(colon, " \t");
    return *colon == ':' && strstr(colon, DEMO_AUTHSERV_ID);
}

GBytes *demo_border_pass(GBytes *mail)
{
    gsize length;
    const char *data = g_bytes_get_data(mail, &length);
    g_autofree char *text = g_strndup(data, length);
    GString *out = g_string_new(
        "Received: from desk.invalid by " DEMO_AUTHSERV_ID " with ESMTP;\r\n"
        "\tMon, 04 May 2026 09:00:00 +0000\r\n");
    const char *at = text;
    while (*at && *at != '\r' && *at != '\n') {
        const char *end = field_end(at);
        if (!is_forged(at, end))
            g_string_append_len(out, at, end - at);
        at = end;
    }
    g_string_append_len(out, at, (gssize)(length - (gsize)(at - text)));
    return g_string_free_to_bytes(out);
}
