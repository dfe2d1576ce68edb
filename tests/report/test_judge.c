/* Every answer about a plain letter, as tables. */
#include "../mail/table.h"
#include "letter.h"

static char *category_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    return g_strdup(report->category);
}

static char *language_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    return g_strdup(report->language);
}

static char *sensitive_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *words = g_string_new(NULL);
    for (int bit = 1; bit < SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & (uint32_t)bit)
            g_string_append_printf(words, "%s%s", words->len ? " " : "",
                                   sensitive_word((Sensitive)bit));
    return g_string_free(words, FALSE);
}

static char *references_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        g_string_append_printf(
            words, "%s%s@%s%s", words->len ? " " : "", reference->value->words,
            reference->is_inner ? "inner " : "", reference->where);
    }
    return g_string_free(words, FALSE);
}

static char *deadline_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    bool has_words = report->deadline_words != NULL;
    if (report->deadline != INSTANT_NONE) {
        g_assert_true(has_words);
        g_autofree char *text = instant_new_text(report->deadline);
        bool unclear = report_has_flag(report, "deadline-zone-unclear");
        return g_strconcat(text, unclear ? " zone unclear" : "", NULL);
    }
    /* Words without an instant are told, with the reason. */
    g_assert_true(has_words ==
                  report_has_flag(report, "deadline-base-unclear"));
    return g_strdup(has_words ? "- base unclear" : "-");
}

static char *disposition_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    g_assert_nonnull(report->disposition_why);
    return g_strdup(disposition_word(report->disposition));
}

static char *sender_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    g_assert_nonnull(report->sender_class_why);
    return g_strdup(sender_class_word(report->sender_class));
}

static char *accusation_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *words = g_string_new(NULL);
    const char *at = report->accusation ? report->accusation->words : "";
    for (; *at; at++)
        if (!g_ascii_isspace(*at))
            g_string_append_c(words, *at);
        else if (words->len > 0 && words->str[words->len - 1] != ' ')
            g_string_append_c(words, ' ');
    return g_string_free(words, FALSE);
}

static void test_accusation(void)
{
    table_run("accusation.table", accusation_of);
}

static void test_category(void)
{
    table_run("category.table", category_of);
}

static void test_language(void)
{
    table_run("language.table", language_of);
}

static void test_sensitive(void)
{
    table_run("sensitive.table", sensitive_of);
}

static void test_reference(void)
{
    table_run("reference.table", references_of);
}

static void test_deadline(void)
{
    table_run("deadline.table", deadline_of);
}

static void test_disposition(void)
{
    table_run("disposition.table", disposition_of);
}

static void test_sender(void)
{
    table_run("sender.table", sender_of);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/report/category", test_category);
    g_test_add_func("/report/language", test_language);
    g_test_add_func("/report/sensitive", test_sensitive);
    g_test_add_func("/report/reference", test_reference);
    g_test_add_func("/report/deadline", test_deadline);
    g_test_add_func("/report/disposition", test_disposition);
    g_test_add_func("/report/sender", test_sender);
    g_test_add_func("/report/accusation", test_accusation);
    return g_test_run();
}
