/*
 * table.h - tests in the domain's own notation: lines "input ==> result" in a
 * file; '#' begins a comment line. To add a case, add a line.
 */
#pragma once

#include <glib.h>

/* Run answer on the input of each line and compare; answer gives a new string.
 * Fails with file, line, expected and got. */
static inline void table_run(const char *name, char *(*answer)(const char *))
{
    g_autofree char *path = g_build_filename(TEST_DIR, name, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint cases = 0;
    for (guint i = 0; lines[i]; i++) {
        char *arrow = strstr(lines[i], " ==> ");
        if (lines[i][0] == '#' || !lines[i][0])
            continue;
        g_assert_nonnull(arrow);
        *arrow = 0;
        g_autofree char *input = g_strcompress(lines[i]);
        g_autofree char *got = answer(input);
        if (strcmp(got, arrow + 5) != 0) {
            g_printerr("%s:%u: %s\n  expected %s\n  got      %s\n", name, i + 1,
                       lines[i], arrow + 5, got);
            g_test_fail();
        }
        cases++;
    }
    g_assert_cmpuint(cases, >, 0);
}
