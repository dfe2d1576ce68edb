#include "mail/html.h"

#include "mail/anchors.h"
#include "mail/html_strip.h"

#include "table.h"

static char *show(const char *html)
{
    HtmlText seen;
    html_to_text(html, strlen(html), &seen);
    char *text = g_strndup(seen.text->str, seen.text->len);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    html_text_clear(&seen);
    return text;
}

static void test_table(void)
{
    table_run("html.table", show);
}

/* Each line of text leads back to where it stands in the source. */
static void test_anchors(void)
{
    static const char html[] = "<p>one\n<p>two &amp; <b>three\n<br>four";
    HtmlText seen;
    html_to_text(html, strlen(html), &seen);
    for (const char *const *word =
             (const char *const[]){"one", "two", "four", NULL};
         *word; word++) {
        const char *at = strstr(seen.text->str, *word);
        uint32_t from =
            anchors_find(seen.anchors, (uint32_t)(at - seen.text->str));
        g_assert_cmpuint(from, ==, (guint)(strstr(html, *word) - html));
    }
    html_text_clear(&seen);
}

static void check_stripped(const char *html, const char *word)
{
    HtmlText seen;
    html_to_text(html, strlen(html), &seen);
    g_assert_nonnull(seen.flaw);
    g_assert_nonnull(strstr(seen.text->str, word));
    html_text_clear(&seen);
}

/* Pages that libxml2 must not be shown, or not to the end, keep their text. */
static void test_odd_pages(void)
{
    g_autoptr(GString) page = g_string_new(NULL);
    for (int i = 0; i < 1000; i++)
        g_string_append(page, "<div>");
    g_string_append(page, "192.0.2.1");
    check_stripped(page->str, "192.0.2.1");
    g_string_assign(page, "<a");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(page, " a%d", i);
    g_string_append(page, ">192.0.2.2");
    check_stripped(page->str, "192.0.2.2");
    g_string_assign(page, "<p>");
    while (page->len < 3 * 1024 * 1024)
        g_string_append(page, "text ");
    g_string_append(page, "<p>192.0.2.3");
    check_stripped(page->str, "192.0.2.3");
}

/* Cells of many rows are repeated, but not without end. */
static void test_spans(void)
{
    g_autoptr(GString) page = g_string_new("<table><tr>");
    for (int i = 0; i < 32; i++)
        g_string_append_printf(page, "<td rowspan=200>%0180d</td>", i);
    for (int i = 0; i < 200; i++)
        g_string_append(page, "<tr><td>x");
    HtmlText seen;
    html_to_text(page->str, page->len, &seen);
    g_assert_cmpuint(seen.text->len, >, page->len + 10000);
    g_assert_cmpuint(seen.text->len, <, page->len + 80000);
    html_text_clear(&seen);
}

static void test_tame(void)
{
    static const char quoted[] = "<a style=\"a b c > d\" x='<<'>";
    g_assert_true(html_is_tame(quoted, strlen(quoted)));
    g_assert_true(html_is_tame("<", 1));
    g_assert_true(html_is_tame("<a b=\"", 6));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    html_prepare();
    g_test_add_func("/html/table", test_table);
    g_test_add_func("/html/anchors", test_anchors);
    g_test_add_func("/html/odd-pages", test_odd_pages);
    g_test_add_func("/html/spans", test_spans);
    g_test_add_func("/html/tame", test_tame);
    return g_test_run();
}
