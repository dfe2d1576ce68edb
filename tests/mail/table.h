/*
 * table.h - tests as lines "input ==> result" in a file of their own.
 *
 * C escapes (\r \n \t \377) are undone in both halves; "#" begins a comment.
 * Adding a case is adding a line.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Run work on each input of TEST_DIR/name; its result (yours to make, freed
 * here) must equal the right half. */
static inline void table_run(const char *name, char *(*work)(const char *))
{
    g_autofree char *path = g_build_filename(TEST_DIR, name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned cases = 0;
    for (unsigned i = 0; lines[i]; i++) {
        char *arrow = strstr(lines[i], " ==>");
        if (lines[i][0] == '#' || !arrow)
            continue;
        *arrow = '\0';
        g_autofree char *input = g_strcompress(lines[i]);
        g_autofree char *expected =
            g_strcompress(g_strstrip(arrow + strlen(" ==>")));
        g_autofree char *result = work(input);
        if (strcmp(result, expected) != 0) {
            g_autofree char *seen = g_strescape(result, NULL);
            g_test_message("%s:%u: %s ==> %s", name, i + 1, lines[i], seen);
            g_test_fail();
        }
        cases++;
    }
    g_assert_cmpuint(cases, >, 0);
}
