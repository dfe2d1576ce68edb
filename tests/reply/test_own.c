/* A letter in a person's own words: what is refused, what is warned of, and
 * that what was read is what leaves. */
#include "base/errors.h"
#include "reply/lint.h"
#include "reply/own.h"
#include "reply/sample.h"

#include <string.h>

static Laws *laws;

static Sample *sample(uint32_t bits)
{
    return sample_new(bits, "connection/login_attack");
}

/* ---- lint ---------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *error;   /* words of the one error; NULL: none */
    const char *warning; /* words of a warning; NULL: none */
    uint32_t branches;
} TEXTS[] = {
    {"Hello,\n\nExample Town Library thanks you and looks into it.\n", NULL,
     NULL, SAMPLE_USUAL},
    {"Hello,\n\nwe look into it.\n", NULL, "for whom it is written",
     SAMPLE_USUAL},
    /* what only evidence lets a letter say */
    {"Example Town Library: 192.0.2.77 was a public exit\nof Tor then.\n", NULL,
     NULL, SAMPLE_USUAL},
    {"Example Town Library: 192.0.2.77 was a public exit\nof Tor then.\n",
     "claim exit-then", NULL, SAMPLE_NOT_LISTED},
    {"Example Town Library: it was a Tor exit.\n", "claim exit-then", NULL, 0},
    {"Example Town Library hat hier keine Protokolle.\n", "claim no-logs", NULL,
     SAMPLE_USUAL},
    {"Example Town Library keeps no record of that.\n", NULL, NULL,
     SAMPLE_USUAL | SAMPLE_NO_LOGS},
    /* what no letter may promise */
    {"Example Town Library: it will not\n  happen again.\n",
     "\"will not happen again\"", NULL, SAMPLE_USUAL},
    {"Example Town Library: wir haben den Nutzer gesperrt.\n", "gesperrt\"",
     NULL, SAMPLE_USUAL},
    {"Example Town Library: we cannot identify anybody, and we cannot block "
     "a user of Tor.\n",
     NULL, NULL, SAMPLE_USUAL},
    /* law */
    {"Example Town Library: nach § 8 TMG haften wir nicht.\n", "TMG",
     "not checked here", SAMPLE_USUAL},
    {"Example Town Library: see Article 4 of the regulation.\n", NULL,
     "not checked here", SAMPLE_USUAL},
    /* what does not belong into a text */
    {"Example Town Library about {{incident.address}}\n", "nothing is filled",
     NULL, SAMPLE_USUAL},
    {"Example Town Library\x1b[2J\n", "control character", NULL, SAMPLE_USUAL},
    {"Example Town Library \xe2\x80\xae"
     "abc\n",
     "turns text around", NULL, SAMPLE_USUAL},
    {"Example Town Library \xff\n", "no UTF-8", NULL, SAMPLE_USUAL},
    {" \r\n\n", "no text", NULL, SAMPLE_USUAL},
};

static guint count_of(const GPtrArray *findings, bool errors)
{
    guint count = 0;
    for (guint i = 0; i < findings->len; i++)
        count += ((TemplateFinding *)findings->pdata[i])->is_error == errors;
    return count;
}

static bool has(const GPtrArray *findings, bool is_error, const char *words)
{
    for (guint i = 0; i < findings->len; i++) {
        const TemplateFinding *finding = findings->pdata[i];
        if (finding->is_error == is_error && strstr(finding->message, words))
            return true;
    }
    return false;
}

static void test_lint(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(Sample) made = sample(TEXTS[i].branches);
        const OwnWords words = {"Your report", TEXTS[i].text};
        g_autoptr(GPtrArray) findings =
            own_words_lint(&words, &made->context, laws);
        for (guint k = 0; k < findings->len; k++)
            g_test_message("%u: %s", i,
                           ((TemplateFinding *)findings->pdata[k])->message);
        g_assert_cmpuint(count_of(findings, true), ==, TEXTS[i].error ? 1 : 0);
        g_assert_cmpuint(count_of(findings, false), ==,
                         TEXTS[i].warning ? 1 : 0);
        if (TEXTS[i].error)
            g_assert_true(has(findings, true, TEXTS[i].error));
        if (TEXTS[i].warning)
            g_assert_true(has(findings, false, TEXTS[i].warning));
    }
}

/* The subject is read, too. */
static void test_subject(void)
{
    g_autoptr(Sample) made = sample(SAMPLE_USUAL);
    const OwnWords words = {"We guarantee it", "Example Town Library.\n"};
    g_autoptr(GPtrArray) findings =
        own_words_lint(&words, &made->context, laws);
    g_assert_true(has(findings, true, "we guarantee"));
}

static void test_long(void)
{
    g_autoptr(Sample) made = sample(SAMPLE_USUAL);
    g_autoptr(GString) text = g_string_new("Example Town Library\n");
    for (guint i = 0; i < 200; i++)
        g_string_append(text, "word\n");
    const OwnWords words = {"Your report", text->str};
    g_autoptr(GPtrArray) findings =
        own_words_lint(&words, &made->context, laws);
    g_assert_true(has(findings, false, "203 words"));
    while (text->len < 8 * 1024)
        g_string_append(text, "word word word\n");
    const OwnWords longer = {"Your report", text->str};
    g_autoptr(GError) error = NULL;
    g_assert_null(own_words_compose(&longer, &made->context, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
}

/* Our own letters promise nothing; a promise is found in the form in which a
 * text is looked at. */
static void test_promises(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Templates) templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        g_autofree char *folded = lint_phrases_fold(template->text);
        if (promise_in(folded))
            g_error("%s says \"%s\"", template->id, promise_in(folded));
    }
    for (guint i = 0; i < promise_count(); i++) {
        g_autofree char *text = g_strdup_printf("So\n%s.", promise_at(i));
        g_autofree char *folded = lint_phrases_fold(text);
        g_assert_nonnull(promise_in(folded));
    }
}

/* ---- the letter ----------------------------------------------------------- */

static void test_compose(void)
{
    g_autoptr(Sample) made = sample(SAMPLE_USUAL);
    g_autoptr(GError) error = NULL;
    const OwnWords words = {
        " Your report ",
        "\n\nHello,  \r\n\r\n192.0.2.77 was a Tor exit – so\n\tsee below.\n\n\n"
        "\nFrom here on: nothing.\n\n"};
    g_autoptr(Reply) reply = own_words_compose(&words, &made->context, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(reply->text, ==,
                    "Hello,\n\n192.0.2.77 was a Tor exit – so\n\tsee below.\n\n"
                    "\n\nFrom here on: nothing.\n");
    g_assert_cmpstr(reply->template_id, ==, OWN_WORDS);
    g_autofree char *begin =
        g_strdup_printf("[%s] Your report", made->context.case_id);
    g_assert_true(g_str_has_prefix(reply->subject, begin));
    g_assert_cmpuint(reply->claims->len, ==, 1);
    const Claim *claim = reply->claims->pdata[0];
    g_assert_cmpstr(claim->name, ==, "exit-then");
    g_assert_cmpint(claim->answer, ==, CLAIM_YES);
    gsize length;
    const char *bytes = g_bytes_get_data(reply->bytes, &length);
    g_autofree char *mail = g_strndup(bytes, length);
    static const char *const WANTED[] = {"\r\nAuto-Submitted: auto-replied\r\n",
                                         "\r\nX-Exitdesk-Loop: ",
                                         "\r\nIn-Reply-To: ",
                                         "\r\nTo: ",
                                         "=46rom here on: nothing.\r\n",
                                         "=E2=80=93"};
    for (guint i = 0; i < G_N_ELEMENTS(WANTED); i++)
        g_assert_nonnull(strstr(mail, WANTED[i]));
}

/* The number stands there once, and nothing gets into the header. */
static void test_header(void)
{
    g_autoptr(Sample) made = sample(SAMPLE_USUAL);
    g_autoptr(GError) error = NULL;
    g_autofree char *subject =
        g_strdup_printf("About %s", made->context.case_id);
    const OwnWords own = {subject, "Hello\n"};
    g_autoptr(Reply) reply = own_words_compose(&own, &made->context, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(reply->subject, subject));
    const OwnWords evil = {"About\r\nBcc: all@example.org", "Hello\n"};
    g_assert_null(own_words_compose(&evil, &made->context, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    laws = laws_load((const char *const[]){POLICY_DIR, NULL}, errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_test_add_func("/own/lint", test_lint);
    g_test_add_func("/own/subject", test_subject);
    g_test_add_func("/own/long", test_long);
    g_test_add_func("/own/promises", test_promises);
    g_test_add_func("/own/compose", test_compose);
    g_test_add_func("/own/header", test_header);
    int status = g_test_run();
    laws_free(laws);
    return status;
}
