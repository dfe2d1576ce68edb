#include "reply/refill.h"

#include <glib.h>
#include <string.h>

static void test_cases(void)
{
    g_autofree char *file = NULL;
    g_assert(
        g_file_get_contents(TEST_DIR "/refill_cases.txt", &file, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    guint checked = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) parts = g_strsplit(*line, " ==> ", 2);
        g_autofree char *input = g_strcompress(parts[0]);
        g_autofree char *expected = g_strcompress(parts[1]);
        g_autofree char *got = refill_new(input);
        g_assert_cmpstr(got, ==, expected);
        checked++;
    }
    g_assert_cmpuint(checked, ==, 11);
}

/* Columns are characters, not bytes. */
static void test_columns(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 60; i++)
        g_string_append(text, "äöü ");
    g_autofree char *filled = refill_new(text->str);
    g_auto(GStrv) lines = g_strsplit(filled, "\n", -1);
    g_assert_cmpint(g_utf8_strlen(lines[0], -1), ==, 71);
    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, REFILL_COLUMNS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/refill/cases", test_cases);
    g_test_add_func("/reply/refill/columns", test_columns);
    return g_test_run();
}
