#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What strangers send ==> what may be shown. */
static void test_foreign_text(void)
{
    static const struct {
        const char *text;
        size_t max;
        const char *shown;
    } CASES[] = {
        {"plain", 100, "plain"},
        {"Grüße 日本", 100, "Grüße 日本"},
        {"two\nlines\r\tand", 100, "two lines  and"},
        {"\x1b[2J\x07", 100, "\\u{1b}[2J\\u{7}"},
        {"a\xe2\x80\xae"
         "b",
         100, "a\\u{202e}b"}, /* turns direction */
        {"a\xe2\x80\x8b"
         "b",
         100, "a\\u{200b}b"}, /* zero width */
        {"a\xef\xbb\xbf"
         "b",
         100, "a\\u{feff}b"},
        {"\xc2\x9b"
         "31m",
         100, "\\u{9b}31m"}, /* C1 control */
        {"bad\xff\xfe", 100, "bad\xef\xbf\xbd\xef\xbf\xbd"},
        {"abcdef", 3, "abc…"},
        {"ää", 3, "ää"}, /* never half a character */
        {"", 10, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *shown = foreign_text(CASES[i].text, CASES[i].max);
        g_assert_cmpstr(shown, ==, CASES[i].shown);
    }
}

/* What one log call writes to standard error. */
static char *captured(LogLevel level, const char *id, const char *text)
{
    int pipes[2], saved = dup(STDERR_FILENO);
    g_assert_cmpint(pipe(pipes), ==, 0);
    g_assert_cmpint(dup2(pipes[1], STDERR_FILENO), >=, 0);
    log_line(level, id, "status=%s", text);
    g_assert_cmpint(dup2(saved, STDERR_FILENO), >=, 0);
    close(pipes[1]);
    close(saved);
    char buffer[8192];
    ssize_t length = read(pipes[0], buffer, sizeof buffer - 1);
    close(pipes[0]);
    g_assert_cmpint(length, >=, 0);
    return g_strndup(buffer, (gsize)length);
}

static void test_lines(void)
{
    g_unsetenv("JOURNAL_STREAM");
    g_autofree char *plain = captured(LOG_LEVEL_INFO, "4XK21BQZ", "sent");
    g_assert_true(g_str_has_suffix(plain, "]: 4XK21BQZ: status=sent\n"));
    g_autofree char *forged =
        captured(LOG_LEVEL_INFO, NULL, "x\n4XK21BQZ: status=sent");
    g_assert_true(
        g_str_has_suffix(forged, "]: -: status=x 4XK21BQZ: status=sent\n"));
    g_assert_cmpint(strchr(forged, '\n')[1], ==, 0); /* one line */
    g_autofree char *debug = captured(LOG_LEVEL_DEBUG, NULL, "x");
    g_assert_cmpstr(debug, ==, "");
    g_autofree char *endless_text = g_strnfill(5000, 'a');
    g_autofree char *cut = captured(LOG_LEVEL_ERROR, NULL, endless_text);
    g_assert_cmpuint(strlen(cut), <, 2100);
    g_assert_true(g_setenv("JOURNAL_STREAM", "8:1", TRUE));
    g_autofree char *journal = captured(LOG_LEVEL_WARNING, "A", "x");
    g_assert_cmpstr(journal, ==, "<4>A: status=x\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/foreign-text", test_foreign_text);
    g_test_add_func("/log/lines", test_lines);
    return g_test_run();
}
