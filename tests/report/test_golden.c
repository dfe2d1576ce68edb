/*
 * Whole mails, a folder for each format: golden/FORMAT/NNN-what.eml and what
 * is read from it. Every row of formats.c must have at least one.
 */
#include "report/formats.h"
#include "report/report.h"

#include "base/files.h"
#include "mail/mail.h"

#include <string.h>

static const char *words_of(const Quote *quote)
{
    return quote ? quote->words : "-";
}

static const char *kind_word(BlockKind kind)
{
    static const char *const WORDS[] = {"body",       "quoted",   "inner",
                                        "attachment", "subject",  "machine",
                                        "sample",     "signature"};
    return WORDS[kind];
}

/* The first 40 bytes of the block's first line that is not blank. */
static void print_block(GString *out, const Mail *mail, const Block *block)
{
    const char *text =
        block->part == PLACE_SUBJECT
            ? mail->subject
            : ((const MailPart *)mail->parts->pdata[block->part])->text;
    g_assert_cmpuint(block->at + block->length, <=, strlen(text));
    const char *at = text + block->at, *end = at + block->length;
    while (at < end && *at == '\n')
        at++;
    size_t length = MIN((size_t)(end - at), 40);
    const char *line_end = memchr(at, '\n', length);
    if (line_end)
        length = (size_t)(line_end - at);
    g_string_append_printf(out, "block %s: %.*s\n", kind_word(block->kind),
                           (int)length, at);
}

static void print_statement(GString *out, const Statement *statement)
{
    g_string_append_printf(
        out, "statement: %s port %s at %s to %s port %s (%s)\n",
        words_of(statement->address), words_of(statement->port),
        words_of(statement->time), words_of(statement->target),
        words_of(statement->target_port),
        statement->category ? statement->category : "-");
    if (statement->zone)
        g_string_append_printf(out, "  zone: %s\n", words_of(statement->zone));
}

static void print_answers(GString *out, const Report *report)
{
    g_string_append_printf(
        out, "%s (%s), format %s\ncategory %s, sender %s, language %s\n",
        disposition_word(report->disposition), report->disposition_why,
        report->format, report->category,
        sender_class_word(report->sender_class), report->language);
    if (report->claimed_address)
        g_string_append_printf(out, "claimed author %s\n",
                               report->claimed_address);
    g_string_append(out, "sensitive:");
    for (int bit = 1; bit < SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & (uint32_t)bit)
            g_string_append_printf(out, " %s", sensitive_word((Sensitive)bit));
    g_string_append_c(out, '\n');
}

static char *print_report(const Mail *mail, const Report *report)
{
    GString *out = g_string_new(NULL);
    print_answers(out, report);
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        g_string_append_printf(out, "reference: %s (%s)\n",
                               reference->value->words, reference->where);
    }
    if (report->deadline_words) {
        g_autofree char *instant = instant_new_text(report->deadline);
        g_string_append_printf(out, "deadline %s: %s\n", instant,
                               report->deadline_words->words);
    }
    for (guint i = 0; i < report->statements->len; i++)
        print_statement(out, report->statements->pdata[i]);
    for (guint i = 0; i < report->blocks->len; i++)
        print_block(out, mail, report->blocks->pdata[i]);
    for (guint i = 0; i < report->flags->len; i++)
        g_string_append_printf(out, "flag %s\n",
                               (const char *)report->flags->pdata[i]);
    return g_string_free(out, FALSE);
}

static void run_one(const char *folder, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, &error);
    g_assert_no_error(error);
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    g_autoptr(Report) report = report_read(mail);
    g_autofree char *seen = print_report(mail, report);
    g_autofree char *stem = g_strndup(path, strlen(path) - strlen(".eml"));
    g_autofree char *expected_path = g_strconcat(stem, ".expected", NULL);
    g_autofree char *expected = NULL;
    g_file_get_contents(expected_path, &expected, NULL, &error);
    g_assert_no_error(error);
    if (strcmp(seen, expected) != 0) {
        g_test_message("%s is read as\n%s", path, seen);
        g_test_fail();
    }
}

static void test_format(gconstpointer data)
{
    const char *format = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder =
        g_build_filename(TEST_DIR, "golden", format, NULL);
    g_autoptr(GPtrArray) names = directory_list(folder, ".eml", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(names->len, >, 0);
    for (guint i = 0; i < names->len; i++)
        run_one(folder, names->pdata[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    for (size_t i = 0; format_name(i); i++) {
        g_autofree char *path =
            g_strconcat("/report/golden/", format_name(i), NULL);
        g_test_add_data_func(path, format_name(i), test_format);
    }
    return g_test_run();
}
