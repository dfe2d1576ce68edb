#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2000

static LogLevel threshold = LOG_LEVEL_INFO;

void log_set_level(LogLevel level)
{
    threshold = level;
}

/* Controls, and what changes the direction or place of what follows. */
static bool is_treacherous(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c;
}

char *foreign_text(const char *text, size_t max_bytes)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *shown = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        if (shown->len >= max_bytes) {
            g_string_append(shown, "…");
            break;
        }
        gunichar c = g_utf8_get_char(at);
        if (c == '\n' || c == '\r' || c == '\t')
            g_string_append_c(shown, ' ');
        else if (is_treacherous(c))
            g_string_append_printf(shown, "\\u{%x}", c);
        else
            g_string_append_unichar(shown, c);
    }
    return g_string_free(shown, FALSE);
}

void log_line(LogLevel level, const char *id, const char *format, ...)
{
    static const int PRIORITY[] = {3, 4, 6, 7};
    if (level > threshold)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = foreign_text(message, LINE_MAX_BYTES);
    g_autofree char *line =
        g_getenv("JOURNAL_STREAM")
            ? g_strdup_printf("<%d>%s: %s\n", PRIORITY[level], id ? id : "-",
                              safe)
            : g_strdup_printf("exitdesk[%d]: %s: %s\n", (int)getpid(),
                              id ? id : "-", safe);
    /* One write, so that lines of several processes do not mix. */
    if (write(STDERR_FILENO, line, strlen(line)) < 0)
        return;
}
