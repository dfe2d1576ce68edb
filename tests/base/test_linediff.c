#include "base/linediff.h"

#include <string.h>

static char *shown(const char *before, const char *after, guint *count)
{
    g_autoptr(GPtrArray) lines = linediff_new(before, after);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const DiffLine *line = lines->pdata[i];
        g_string_append_printf(out, "%c%s|", line->mark, line->line);
    }
    *count = linediff_count(lines);
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    static const struct {
        const char *before, *after, *lines;
        guint count;
    } CASES[] = {
        {"", "", "", 0},
        {"a\nb\n", "a\nb\n", " a| b|", 0},
        {"a\nb", "a\nb\n", " a| b|", 0}, /* a last line end is none more */
        {"", "a\n", "+a|", 1},
        {"a\n", "", "-a|", 1},
        {"a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c|", 1},
        {"a\nb\nc\n", "a\nx\ny\nc\n", " a|-b|+x|+y| c|", 2},
        {"a\nb\nc\nd\n", "b\nc\ne\nd\n", "-a| b| c|+e| d|", 2},
        {"a\na\na\n", "a\na\n", " a| a|-a|", 1},
        {"a\n\nb\n", "b\n\na\n", "-a|-| b|+|+a|", 4},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        guint count;
        g_autofree char *lines = shown(CASES[i].before, CASES[i].after, &count);
        g_assert_cmpstr(lines, ==, CASES[i].lines);
        g_assert_cmpuint(count, ==, CASES[i].count);
    }
}

/* Whatever it says, both texts can be read from it again. */
static void test_both_are_in_it(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (guint run = 0; run < 500; run++) {
        g_autoptr(GString) before = g_string_new(NULL);
        g_autoptr(GString) after = g_string_new(NULL);
        for (int n = g_rand_int_range(rand, 0, 12); n > 0; n--)
            g_string_append_printf(before, "%d\n",
                                   g_rand_int_range(rand, 0, 4));
        for (int n = g_rand_int_range(rand, 0, 12); n > 0; n--)
            g_string_append_printf(after, "%d\n", g_rand_int_range(rand, 0, 4));
        g_autoptr(GPtrArray) lines = linediff_new(before->str, after->str);
        g_autoptr(GString) old = g_string_new(NULL);
        g_autoptr(GString) new = g_string_new(NULL);
        for (guint i = 0; i < lines->len; i++) {
            const DiffLine *line = lines->pdata[i];
            if (line->mark != '+')
                g_string_append_printf(old, "%s\n", line->line);
            if (line->mark != '-')
                g_string_append_printf(new, "%s\n", line->line);
        }
        g_assert_cmpstr(old->str, ==, before->str);
        g_assert_cmpstr(new->str, ==, after->str);
    }
}

/* A long text costs no table. */
static void test_long(void)
{
    g_autoptr(GString) before = g_string_new(NULL);
    g_autoptr(GString) after = g_string_new(NULL);
    for (guint i = 0; i < 100000; i++) {
        g_string_append_printf(before, "%u\n", i);
        g_string_append_printf(after, "x%u\n", i);
    }
    g_autoptr(GPtrArray) lines = linediff_new(before->str, after->str);
    g_assert_cmpuint(lines->len, ==, 200000);
    g_assert_cmpuint(linediff_count(lines), ==, 100000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/linediff/table", test_table);
    g_test_add_func("/linediff/both-are-in-it", test_both_are_in_it);
    g_test_add_func("/linediff/long", test_long);
    return g_test_run();
}
