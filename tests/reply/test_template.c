#include "base/errors.h"
#include "templates_dir.h"

#include <string.h>

#define NOW INT64_C(1777897200) /* 2026-05-04 */

static void write_letter(const TemplatesDir *dir, const char *country,
                         const char *name, const char *language)
{
    g_autofree char *path =
        g_strdup_printf("%s/%s.%s.txt", country, name, language);
    g_autofree char *text =
        templates_dir_letter(country, name, language, "Hello\n");
    templates_dir_write(dir, path, text);
}

/* Language first, then the nearest country. */
static void test_choose(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    write_letter(dir, "DE", "spam", "de");
    write_letter(dir, "EU", "spam", "en");
    write_letter(dir, "XX", "spam", "en");
    write_letter(dir, "XX", "spam", "fr");
    write_letter(dir, "XX", "general", "en");
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_assert_cmpuint(templates_count(templates), ==, 5);
    static const struct {
        const char *chain, *name, *languages[3], *id;
    } CASES[] = {
        {"DE EU XX", "spam", {"de", "en"}, "DE/spam.de"},
        {"DE EU XX", "spam", {"en", "de"}, "EU/spam.en"},
        {"US XX", "spam", {"en"}, "XX/spam.en"},
        {"DE EU XX", "spam", {"fr", "de"}, "XX/spam.fr"},
        {"DE EU XX", "spam", {"pl", "de"}, "DE/spam.de"},
        {"DE EU XX", "general", {"de", "en"}, "XX/general.en"},
        {"DE EU XX", "copyright", {"de", "en"}, NULL},
        {"XX", "spam", {"de"}, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Template *chosen = templates_choose(
            templates, CASES[i].chain, CASES[i].name, CASES[i].languages);
        g_assert_cmpstr(chosen ? template_id(chosen) : NULL, ==, CASES[i].id);
    }
}

static const Template *load_with_header(TemplatesDir *dir, const char *lines,
                                        Templates **templates)
{
    g_autofree char *text = g_strdup_printf(
        "Template: spam\nCountry: XX\nLanguage: en\n%sSubject: x\n\nbody\n",
        lines);
    templates_dir_write(dir, "XX/spam.en.txt", text);
    *templates = templates_dir_load(dir, false);
    return templates_by_id(*templates, "XX/spam.en");
}

static void test_reviewed(void)
{
    static const struct {
        const char *lines;
        bool is_reviewed;
    } CASES[] = {
        {"Version: 1\nReviewed: none yet\n", false},
        {"Version: 1\nReviewed: 2026-05-01 M. Beispiel\n", true},
        {"Version: 1\nReviewed: 2026-05-01\n", true},
        /* in the future, run out, run out after a year by itself */
        {"Version: 1\nReviewed: 2026-06-01 M. Beispiel\n", false},
        {"Version: 1\nReviewed: 2026-05-01 M. B.\nReview-again: 2026-05-03\n",
         false},
        {"Version: 1\nReviewed: 2025-01-01 M. Beispiel\n", false},
        {"Version: 1\nReviewed: 2025-01-01 M. B.\nReview-again: 2027-01-01\n",
         true},
        /* What a person must read no review opens. */
        {"Version: 1\nReviewed: 2026-05-01 M. B.\nAutomatic: never\n", false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(TemplatesDir) dir = templates_dir_new();
        g_autoptr(Templates) templates = NULL;
        const Template *template =
            load_with_header(dir, CASES[i].lines, &templates);
        g_assert_nonnull(template);
        g_assert_cmpint(template_is_reviewed(template, NOW), ==,
                        CASES[i].is_reviewed);
    }
}

/* What is not sound is kept out, and its id is still known to lint. */
static void test_kept_out(void)
{
    static const char *const LINES[] = {
        "Reviewed: none yet\n",
        "Version: one\nReviewed: none yet\n",
        "Version: 1\n",
        "Version: 1\nReviewed: soon\n",
        "Version: 1\nReviewed: none yet\nReview-again: never\n",
        "Version: 1\nReviewed: none yet\nRevew: x\n",
        "Version: 1\nReviewed: none yet\nAutomatic: allowed\n",
        "Version: 1\nReviewed: none yet\nAutomatic:\n",
        "Version: 1\nReviewed: none yet\nCountry: XX\n",
        "Version: 1\nReviewed: none yet\nno colon here\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        g_autoptr(TemplatesDir) dir = templates_dir_new();
        g_autoptr(Templates) templates = NULL;
        g_test_message("%s", LINES[i]);
        g_assert_null(load_with_header(dir, LINES[i], &templates));
        g_assert_cmpuint(templates_ids(templates)->len, ==, 1);
    }
}

static void test_local_replaces(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    templates_dir_write(dir, "XX/spam.en.txt",
                        "Template: spam\nCountry: XX\nLanguage: en\n"
                        "Version: 7\nReviewed: 2026-05-01 Board\n"
                        "Subject: x\n\n{{> program}}\n");
    g_autoptr(Templates) templates = templates_dir_load(dir, true);
    const Template *spam = templates_by_id(templates, "XX/spam.en");
    g_assert_true(template_is_reviewed(spam, NOW));
    g_assert_true(g_str_has_prefix(template_version(spam), "7-"));
    g_assert_false(
        template_is_reviewed(templates_by_id(templates, "XX/general.en"), NOW));
}

/* A changed block changes the version of the letters that use it. */
static void test_version_follows_blocks(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *text =
        templates_dir_letter("XX", "spam", "en", "{{> one}}\n");
    templates_dir_write(dir, "XX/spam.en.txt", text);
    templates_dir_write(dir, "blocks/one.en.txt", "{{> two}}");
    templates_dir_write(dir, "blocks/two.en.txt", "first");
    g_autoptr(Templates) before = templates_dir_load(dir, false);
    templates_dir_write(dir, "blocks/two.en.txt", "second");
    g_autoptr(Templates) after = templates_dir_load(dir, false);
    const char *old = template_version(templates_by_id(before, "XX/spam.en"));
    const char *new = template_version(templates_by_id(after, "XX/spam.en"));
    g_assert_cmpuint(strlen(old), ==, 10);
    g_assert_cmpstr(old, !=, new);
}

static void test_odd_names(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *uk = templates_dir_letter("UK", "spam", "en", "x\n");
    templates_dir_write(dir, "UK/spam.en.txt", uk);
    templates_dir_write(dir, "XX/spam.txt", uk);
    templates_dir_write(dir, "XX/.txt", uk);
    g_autofree char *loud = templates_dir_letter("XX", "spam", "EN", "x\n");
    templates_dir_write(dir, "XX/spam.EN.txt", loud);
    templates_dir_write(dir, "XX/binary.en.txt", "\xff\xfe");
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_assert_cmpuint(templates_count(templates), ==, 0);
    g_assert_cmpuint(templates_ids(templates)->len, ==, 4);
}

static void test_too_long(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *text = g_strnfill(TEMPLATE_BYTES_MAX + 1, 'a');
    templates_dir_write(dir, "XX/spam.en.txt", text);
    g_autoptr(GError) error = NULL;
    g_assert_null(
        templates_load((const char *const[]){dir->path, NULL}, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/template/choose", test_choose);
    g_test_add_func("/reply/template/reviewed", test_reviewed);
    g_test_add_func("/reply/template/kept-out", test_kept_out);
    g_test_add_func("/reply/template/local-replaces", test_local_replaces);
    g_test_add_func("/reply/template/version", test_version_follows_blocks);
    g_test_add_func("/reply/template/odd-names", test_odd_names);
    g_test_add_func("/reply/template/too-long", test_too_long);
    return g_test_run();
}
