#include "cli/table.h"

#include <string.h>

static const char *const HEADINGS[] = {"name", ">count", "what", NULL};

static void test_columns(void)
{
    g_autoptr(Table) table = table_new(HEADINGS);
    TABLE_ADD(table, "a", "1", "plain");
    TABLE_ADD(table, "Grüße", "200", NULL);
    TABLE_ADD(table, "日本", "3", "wide counts twice");
    TABLE_ADD(table, "e\xcc\x81", "4", "an accent of its own has no width");
    g_autofree char *text = table_new_text(table, 0);
    g_assert_cmpstr(
        text, ==,
        "name   count  what\n"
        "a          1  plain\n"
        "Grüße    200  -\n"
        "日本       3  wide counts twice\n"
        "e\xcc\x81          4  an accent of its own has no width\n");
    g_assert_cmpuint(table_count(table), ==, 4);
}

static void test_cut(void)
{
    g_autoptr(Table) table = table_new(HEADINGS);
    TABLE_ADD(table, "a", "1", "a sentence that is too long for this");
    TABLE_ADD(table, "b", "1", "日本語の文章はここで切られます");
    g_autofree char *text = table_new_text(table, 30);
    g_assert_cmpstr(text, ==,
                    "name  count  what\n"
                    "a         1  a sentence that …\n"
                    "b         1  日本語の文章はこ…\n");
}

/* No stranger's text moves the cursor or forges a line. */
static void test_hostile(void)
{
    g_autoptr(Table) table = table_new(HEADINGS);
    g_autofree char *endless = g_strnfill(100000, 'a');
    TABLE_ADD(table, "\x1b[2J", "x\ny", endless);
    g_autofree char *text = table_new_text(table, 0);
    g_assert_null(strchr(text, 0x1b));
    g_assert_cmpuint(strlen(text), <, 1000);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/columns", test_columns);
    g_test_add_func("/table/cut", test_cut);
    g_test_add_func("/table/hostile", test_hostile);
    return g_test_run();
}
