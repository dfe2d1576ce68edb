#include "reply/languages.h"
#include "templates_dir.h"

#include <string.h>

static void test_count_and_missing(void)
{
    static const char *const LETTERS[][3] = {
        {"one", "en", "{{> step}} Two words. {{! none of these }}\n"},
        {"two", "en", "{{incident.address}} three more words\n"},
        {"one", "fr", "{{> step}} deux\n"},
    };
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    for (guint i = 0; i < G_N_ELEMENTS(LETTERS); i++) {
        g_autofree char *text = templates_dir_letter(
            "XX", LETTERS[i][0], LETTERS[i][1], LETTERS[i][2]);
        g_autofree char *name =
            g_strdup_printf("XX/%s.%s.txt", LETTERS[i][0], LETTERS[i][1]);
        templates_dir_write(dir, name, text);
    }
    templates_dir_write(dir, "blocks/step.a.en.txt", "four {{x}} words");
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autoptr(GPtrArray) languages = templates_languages(templates);
    g_assert_cmpuint(languages->len, ==, 2);
    const TemplateLanguage *english = languages->pdata[0];
    g_assert_cmpstr(english->language, ==, "en");
    g_assert_cmpuint(english->letters, ==, 2);
    g_assert_cmpuint(english->blocks, ==, 1);
    g_assert_cmpuint(english->words, ==, 2 + 3 + 2);
    g_assert_cmpuint(english->missing, ==, 0);
    const TemplateLanguage *french = languages->pdata[1];
    g_assert_cmpstr(french->language, ==, "fr");
    g_assert_cmpuint(french->words, ==, 1);
    g_assert_cmpuint(french->missing, ==, 2);
    g_autoptr(GPtrArray) missing = templates_missing(templates, "fr");
    g_assert_cmpuint(missing->len, ==, 2);
    g_assert_cmpstr(missing->pdata[0], ==, "XX/two");
    g_assert_cmpstr(missing->pdata[1], ==, "blocks/step.a");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/languages/count", test_count_and_missing);
    return g_test_run();
}
