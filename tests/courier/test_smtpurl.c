#include "courier/smtpurl.h"

#include <string.h>

static char *print(const SmtpUrl *url)
{
    if (url->path)
        return g_strdup_printf("unix path=%s", url->path);
    return g_strdup_printf("%s host=%s port=%u%s%s",
                           url->is_smtps ? "smtps" : "smtp", url->host,
                           url->port, url->is_address ? " address" : "",
                           url->is_loopback ? " loopback" : "");
}

static void test_table(void)
{
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(TEST_DIR "/smtpurl_cases.txt", &content,
                                      NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    guint run = 0;
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) halves = g_strsplit(lines[i], "==>", 2);
        if (*lines[i] == '#' || g_strv_length(halves) != 2)
            continue;
        g_auto(SmtpUrl) url = {0};
        g_autoptr(GError) error = NULL;
        g_autofree char *got =
            smtp_url_parse(g_strstrip(halves[0]), &url, &error)
                ? print(&url)
                : g_strdup("refused");
        g_test_message("%s", lines[i]);
        g_assert_cmpstr(got, ==, g_strstrip(halves[1]));
        run++;
    }
    g_assert_cmpuint(run, >, 30);
}

/* Any text is an answer or an error, never both, never a crash. */
static void test_any_text(void)
{
    static const char ALPHABET[] = "smtp:/[]@.1a\xff\n ";
    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text =
            g_string_new(g_test_rand_bit() ? "smtp://" : "");
        for (int left = g_test_rand_int_range(0, 12); left > 0; left--)
            g_string_append_c(
                text,
                ALPHABET[g_test_rand_int_range(0, (int)sizeof ALPHABET - 1)]);
        g_auto(SmtpUrl) url = {0};
        g_autoptr(GError) error = NULL;
        bool read = smtp_url_parse(text->str, &url, &error);
        g_assert_true(read == (error == NULL));
        g_assert_true(read == (url.host || url.path));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/smtpurl/table", test_table);
    g_test_add_func("/smtpurl/any-text", test_any_text);
    return g_test_run();
}
