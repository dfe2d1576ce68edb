#include "reply/sample.h"

#include "templates_dir.h"

#include <string.h>

static const char BODY[] =
    "{{incident.address}}, by a program.\n\n{{> law}}\n\n"
    "{{#law_hosting}}{{law_hosting}}.{{/law_hosting}}\n";

static Policies *load_policies(void)
{
    g_autoptr(GError) error = NULL;
    Policies *policies =
        policies_load((const char *const[]){POLICY_DIR, NULL}, &error);
    g_assert_no_error(error);
    return policies;
}

/* The letter of a sample as one line. */
static char *letter(const char *language, uint32_t branches,
                    const Policies *policies, Reply **out)
{
    TemplatesDir *dir = templates_dir_new();
    g_autofree char *name = g_strdup_printf("XX/x.%s.txt", language);
    g_autofree char *block_name =
        g_strdup_printf("blocks/law.%s.txt", language);
    g_autofree char *shipped = g_build_filename(TEMPLATE_DIR, block_name, NULL);
    g_autofree char *block = NULL;
    g_assert_true(g_file_get_contents(shipped, &block, NULL, NULL));
    g_autofree char *text = templates_dir_letter("XX", "x", language, BODY);
    templates_dir_write(dir, name, text);
    templates_dir_write(dir, block_name, block);
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autofree char *id = g_strdup_printf("XX/x.%s", language);
    g_autoptr(Sample) sample = sample_new(branches, "copyright/p2p");
    sample->context.policies = policies;
    g_autoptr(GError) error = NULL;
    *out =
        reply_compose(templates_by_id(templates, id), &sample->context, &error);
    g_assert_no_error(error);
    char *line = g_strdelimit(g_strdup((*out)->text), "\n", ' ');
    templates_dir_free(dir);
    return line;
}

/* The law of the member's seat (DE) in the words of the letter's language. */
static void test_languages(void)
{
    static const char *const LANGUAGES[] = {"en", "de", "fr", "nl", "es",
                                            "it", "pl", "cs", "pt", "sv"};
    g_autoptr(Policies) policies = load_policies();
    for (guint i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
        g_autoptr(Reply) reply = NULL;
        g_autofree char *line =
            letter(LANGUAGES[i], SAMPLE_USUAL | SAMPLE_HELD, policies, &reply);
        const LawCandidate *cited = law_cited(reply->laws);
        g_test_message("%s: %s", LANGUAGES[i], line);
        g_assert_cmpstr(cited->id, ==, "DE/ddg-7");
        g_autofree char *words =
            g_strdup_printf("%s (%s).", cited->sentence, cited->citation);
        g_assert_nonnull(strstr(line, words));
        g_assert_nonnull(strstr(line, "DDG"));
        g_assert_nonnull(strstr(line, "2022/2065)."));
    }
}

/* Nobody reads it, no exit, no policies: no statute. */
static void test_without(void)
{
    static const uint32_t BRANCHES[] = {
        SAMPLE_USUAL, (SAMPLE_USUAL & ~SAMPLE_EXIT) | SAMPLE_HELD,
        SAMPLE_USUAL | SAMPLE_HELD};
    g_autoptr(Policies) policies = load_policies();
    for (guint i = 0; i < G_N_ELEMENTS(BRANCHES); i++) {
        g_autoptr(Reply) reply = NULL;
        g_autofree char *line =
            letter("en", BRANCHES[i], i == 2 ? NULL : policies, &reply);
        g_test_message("%s", line);
        g_assert_null(strstr(line, "DDG"));
        g_assert_null(strstr(line, "2022/2065"));
        g_assert_null(law_cited(reply->laws));
        g_assert_cmpuint(reply->laws->len > 0, ==, i != 2);
    }
}

/* A law that would fit, in a letter without a place for it. */
static void test_unsaid(void)
{
    g_autoptr(Policies) policies = load_policies();
    TemplatesDir *dir = templates_dir_new();
    g_autofree char *text = templates_dir_letter(
        "XX", "x", "en", "{{incident.address}}, by a program.\n");
    templates_dir_write(dir, "XX/x.en.txt", text);
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_USUAL | SAMPLE_HELD, "copyright/p2p");
    sample->context.policies = policies;
    g_autoptr(GError) error = NULL;
    g_autoptr(Reply) reply = reply_compose(
        templates_by_id(templates, "XX/x.en"), &sample->context, &error);
    g_assert_no_error(error);
    g_assert_null(law_cited(reply->laws));
    bool is_told = false;
    for (guint i = 0; i < reply->laws->len; i++) {
        const LawCandidate *law = reply->laws->pdata[i];
        is_told |= g_str_equal(law->id, "DE/ddg-7") &&
                   g_str_equal(law->why_not, "the letter has no place for it");
    }
    g_assert_true(is_told);
    templates_dir_free(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/law-words/languages", test_languages);
    g_test_add_func("/law-words/without", test_without);
    g_test_add_func("/law-words/unsaid", test_unsaid);
    return g_test_run();
}
