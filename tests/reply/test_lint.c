#include "reply/reply.h"
#include "templates_dir.h"

#include <string.h>

#define NOW INT64_C(1777897200) /* 2026-05-04 */

static char *findings_text(const GPtrArray *findings)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const TemplateFinding *finding = findings->pdata[i];
        g_autofree char *name = g_path_get_basename(finding->file);
        g_string_append_printf(
            text, "%s:%d:%d: %s: %s\n", name, finding->line, finding->column,
            finding->is_error ? "error" : "warning", finding->message);
    }
    return g_string_free(text, FALSE);
}

/* The law that comes with the program; kept to the end. */
static const Laws *shipped_laws(void)
{
    static Laws *laws;
    if (laws)
        return laws;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    laws = laws_load((const char *const[]){POLICY_DIR, NULL}, errors);
    g_assert_cmpuint(errors->len, ==, 0);
    return laws;
}

static char *lint(Templates *templates, const char *id)
{
    templates_know_law(templates, shipped_laws());
    g_autoptr(GPtrArray) findings =
        template_lint(templates, id, reply_words(), LINT_ALL_BRANCHES, NOW);
    return findings_text(findings);
}

/* What is shipped has nothing to find. */
static void test_shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Templates) templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    const GPtrArray *ids = templates_ids(templates);
    g_assert_cmpuint(ids->len, >=, 14);
    for (guint i = 0; i < ids->len; i += LETTERS_STEP) {
        g_autofree char *text = lint(templates, ids->pdata[i]);
        g_assert_cmpstr(text, ==, "");
        g_assert_cmpstr(
            template_reviewed(templates_by_id(templates, ids->pdata[i])), ==,
            "none yet");
    }
}

/* Bodies with one thing wrong each, after a sound beginning in line 8. */
static const struct {
    const char *body, *expected;
} FINDINGS[] = {
    {"{{incident.address}}, a program wrote this.\n", ""},
    {"{{incident.address}} {{member.nmae}} program\n",
     "x.en.txt:8:22: error: no such word: {{member.nmae}}; did you mean "
     "{{member.name}}?\n"},
    {"{{incident.address}} program {{complaint.subject}}\n",
     "x.en.txt:8:30: error: no such word: {{complaint.subject}}; of the "
     "complaint itself only {{complaint.reference}} and "
     "{{incident.address}} can stand in a letter\n"},
    {"{{incident.address}} program\n{{#claim.exit-then}}x"
     "{{/claim.exit-then}}\n",
     "x.en.txt:9:1: error: claim \"exit-then\" has no else-branch "
     "{{^claim.exit-then}}: say what the letter says when it does not "
     "hold\n"},
    {"{{incident.address}} program {{time.utc}}\n",
     "x.en.txt:8:30: error: {{time.utc}} can be without a value; put the "
     "sentence into {{#time.utc}}...{{/time.utc}}\n"},
    {"{{incident.address}} program {{#time.utc}}{{time.utc}}"
     "{{/time.utc}}\n",
     ""},
    {"{{incident.address}} program {{#claim.no-logs}}{{statement.no-logs}}"
     "{{/claim.no-logs}}{{^claim.no-logs}}.{{/claim.no-logs}}\n",
     ""},
    {"{{incident.address}} program {{> steps}}\n",
     "x.en.txt:8:30: error: there is no block blocks/steps.en.txt; did "
     "you mean step?\n"},
    {"{{incident.address}} program {{> broken}}\n",
     "broken.en.txt:1:1: error: the section \"x\" is not closed\n"},
    {"{{incident.address}} program, § 8 TMG.\n",
     "x.en.txt:8:36: error: cites \"TMG\": not to be cited since "
     "2024-05-14; now DDG\n"},
    {"{{incident.address}} program, ATMG and TMGx.\n", ""},
    {"{{incident.address}} program TTDSG\n",
     "x.en.txt:8:30: error: cites \"TTDSG\": not to be cited since "
     "2024-05-14; now TDDDG (a new name for it)\n"},
    {"{{incident.address}} program Art. 12 of 2000/31/EC\n",
     "x.en.txt:8:41: error: cites \"2000/31/EC\": not to be "
     "cited since 2024-02-17; now Articles 4 to 8 of Regulation (EU) 2022/2065 "
     "(of "
     "the directive only Articles 12 to 15 are gone)\n"},
    {"{{incident.address}} program of 5,000 volunteers\n",
     "x.en.txt:8:33: warning: the number \"5,000\" is typed in and will "
     "age\n"},
    {"{{incident.address}} program 42 https://example.org/2026/1234\n", ""},
    {"{{incident.address}} program 17 U.S.C. § 512(a), Regulation (EU) "
     "2022/2065\n",
     ""},
    {"Dear all of you,\n\n{{incident.address}} program\n", ""},
    {"One.\n\nTwo.\n\nThree {{incident.address}} program\n",
     "x.en.txt:8:1: error: the first two lines do not name "
     "{{incident.address}} in every branch\n"},
    {"{{#time.utc}}{{incident.address}}{{/time.utc}} program\n",
     "x.en.txt:8:1: error: the first two lines do not name "
     "{{incident.address}} in every branch\n"},
    {"{{incident.address}}, written by us.\n",
     "x.en.txt:8:1: error: nowhere says that a program wrote it; "
     "{{> program}} does\n"},
    {"{{member.name}} answers a question; a program wrote this.\n", ""},
    {"One.\n\nTwo.\n\nThree {{member.name}} program\n",
     "x.en.txt:8:1: error: the first two lines do not name {{member.name}} "
     "in every branch\n"},
    {"{{incident.address}} program {{claim.exit-then}}\n",
     "x.en.txt:8:30: error: {{claim.exit-then}} is no text; put the sentence "
     "into {{#claim.exit-then}}...{{/claim.exit-then}}\n"},
    {"{{incident.address}} program {{#stated.no-logs}}{{stated.no-logs}}"
     "{{/stated.no-logs}}\n",
     "x.en.txt:8:49: error: {{stated.no-logs}} says what only "
     "{{#claim.no-logs}} lets a letter say; put the sentence into that "
     "section\n"},
    {"{{incident.address}} program {{^claim.spoof-likely}}"
     "{{incident.protocol}}{{/claim.spoof-likely}}\n",
     "x.en.txt:8:53: error: {{incident.protocol}} says what only "
     "{{#claim.spoof-likely}} lets a letter say; put the sentence into that "
     "section\n"},
    {"{{incident.address}} program {{#claim.reduced-policy}}{{relay.ports}}"
     "{{/claim.reduced-policy}}{{^claim.reduced-policy}}.{{/"
     "claim.reduced-policy}}\n",
     ""},
    {"{{incident.address}} was a Tor\nexit, says a program\n",
     "x.en.txt:8:1: error: says \"was a tor exit\" where {{#claim.exit-then}} "
     "does not hold\n"},
    {"{{incident.address}} {{#claim.exit-then}}was a Tor exit"
     "{{/claim.exit-then}}{{^claim.exit-then}}was one{{/claim.exit-then}}, "
     "says a program\n",
     ""},
    /* The words come through a block, and only where the claim fails. */
    {"{{incident.address}} program {{#claim.no-logs}}.{{/claim.no-logs}}"
     "{{^claim.no-logs}}{{> logs}}{{/claim.no-logs}}\n",
     "x.en.txt:8:1: error: says \"keep no record\" where {{#claim.no-logs}} "
     "does not hold\n"},
    {"{{incident.address}} {{#time.utc}}a program\n",
     "x.en.txt:8:22: error: the section \"time.utc\" is not closed\n"},
};

static void test_findings(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(FINDINGS); i++) {
        g_autoptr(TemplatesDir) dir = templates_dir_new();
        g_autofree char *text =
            templates_dir_letter("XX", "x", "en", FINDINGS[i].body);
        templates_dir_write(dir, "XX/x.en.txt", text);
        templates_dir_write(dir, "blocks/step.en.txt", "step");
        templates_dir_write(dir, "blocks/logs.en.txt", "We keep no  record");
        templates_dir_write(dir, "blocks/broken.en.txt", "{{#x}}");
        g_autoptr(Templates) templates = templates_dir_load(dir, false);
        g_autofree char *got = lint(templates, "XX/x.en");
        g_assert_cmpstr(got, ==, FINDINGS[i].expected);
    }
}

/* 21 words and the address; 119 are added before or behind the mark. */
static void test_length(void)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (int i = 0; i < 119; i++)
        g_string_append(words, "word ");
    g_autofree char *within = g_strdup_printf(
        "{{incident.address}}\nprogram\n\n{{! more }}\n%s\n", words->str);
    g_autofree char *over = g_strdup_printf(
        "{{incident.address}}\nprogram\n\n%s\n{{! more }}\nx\n", words->str);
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *one = templates_dir_letter("XX", "one", "en", within);
    g_autofree char *two = templates_dir_letter("XX", "two", "en", over);
    templates_dir_write(dir, "XX/one.en.txt", one);
    templates_dir_write(dir, "XX/two.en.txt", two);
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autofree char *first = lint(templates, "XX/one.en");
    g_assert_cmpstr(first, ==, "");
    g_autofree char *second = lint(templates, "XX/two.en");
    g_assert_cmpstr(second, ==,
                    "two.en.txt:8:1: warning: up to 121 words before "
                    "{{! more }}, 120 are enough\n");
}

static void test_headers(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    templates_dir_write(dir, "UK/x.en.txt",
                        "Template: y\nCountry: UK\nLanguage: de\nVersion: 1\n"
                        "Reveiwed: none yet\nSubject: {{case.di}}\n\n"
                        "{{incident.address}} program\n");
    templates_dir_write(dir, "XX/z.en.txt",
                        "Template: z\nCountry: XX\nLanguage: en\nVersion: 1\n"
                        "Reviewed: 2025-01-01 M. Beispiel\nSubject: z\n\n"
                        "{{incident.address}} program\n");
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autofree char *got = lint(templates, "UK/x.en");
    g_assert_cmpstr(
        got, ==,
        "x.en.txt:1:1: error: the directory \"UK\" is no ISO 3166-1 code, nor "
        "EU or XX; use GB\n"
        "x.en.txt:1:1: error: Template says \"y\", but the file's name says "
        "\"x\"\n"
        "x.en.txt:1:1: error: the line \"Reviewed: none yet\" is missing\n"
        "x.en.txt:3:1: error: Language says \"de\", but the file's name says "
        "\"en\"\n"
        "x.en.txt:5:1: error: unknown header line \"Reveiwed\"; did you mean "
        "Reviewed?\n"
        "x.en.txt:6:10: error: no such word: {{case.di}}; did you mean "
        "{{case.id}}?\n");
    g_autofree char *old = lint(templates, "XX/z.en");
    g_assert_cmpstr(old, ==,
                    "z.en.txt:5:1: warning: the review has run out; without "
                    "a new one the letter needs a person each time\n");
    g_autofree char *none = lint(templates, "XX/nothing.en");
    g_assert_cmpstr(none, ==,
                    "nothing.en:0:0: error: there is no such template\n");
}

/* One language's letter for a person only is no other's to send. */
static void test_siblings(void)
{
    static const char LETTER[] =
        "Template: x\nCountry: XX\nLanguage: %s\nVersion: 1\n"
        "Reviewed: none yet\n%sSubject: x\n\n{{incident.address}} program\n";
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *one = g_strdup_printf(LETTER, "en", "Automatic: never\n");
    g_autofree char *two = g_strdup_printf(LETTER, "fr", "");
    templates_dir_write(dir, "XX/x.en.txt", one);
    templates_dir_write(dir, "XX/x.fr.txt", two);
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autofree char *first = lint(templates, "XX/x.en");
    g_assert_cmpstr(first, ==, "");
    g_autofree char *second = lint(templates, "XX/x.fr");
    g_assert_cmpstr(second, ==,
                    "x.fr.txt:6:1: error: the line \"Automatic: never\" is "
                    "missing: XX/x.en has it\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/lint/shipped", test_shipped);
    g_test_add_func("/reply/lint/findings", test_findings);
    g_test_add_func("/reply/lint/length", test_length);
    g_test_add_func("/reply/lint/headers", test_headers);
    g_test_add_func("/reply/lint/siblings", test_siblings);
    return g_test_run();
}
