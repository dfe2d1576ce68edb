/*
 * The order of the stage. Formats first (they claim parts and state facts),
 * then the blocks, then one question after the other; disposition last, since
 * it weighs all other answers.
 */
#include "report/report.h"

#include "report/formats.h"
#include "report/judges.h"

#include <string.h>

void report_prepare(void)
{
    language_prepare();
    xarf_json_prepare();
}

static void free_folded(void *folded)
{
    folded_text_free(folded);
}

static void study_init(Study *study, const Mail *mail)
{
    *study = (Study){.mail = mail, .report = report_new()};
    study->uses = g_new0(uint8_t, MAX(mail->parts->len, 1));
    study->spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    study->folded = g_ptr_array_new_with_free_func(free_folded);
}

static Report *study_finish(Study *study)
{
    g_free(study->uses);
    g_array_unref(study->spans);
    g_ptr_array_unref(study->folded);
    quote_free(study->category_quote);
    return study->report;
}

static char *cut_subject(const Mail *mail)
{
    g_autoptr(Quote) quote = quote_new(mail->subject, strlen(mail->subject),
                                       (Place){.part = PLACE_SUBJECT});
    return g_steal_pointer(&quote->words);
}

/* The first line with anything on it, of the first part that is text: what a
 * person typed above all that was quoted. NULL if it is long. */
static char *cut_first_line(const Mail *mail)
{
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (!part->text || part->attached || part->kind == PART_MESSAGE)
            continue;
        const char *at = part->text + strspn(part->text, " \t\r\n");
        size_t length = strcspn(at, "\r\n");
        return length > 0 && length <= FIRST_LINE_MAX ? g_strndup(at, length)
                                                      : NULL;
    }
    return NULL;
}

Report *report_read(const Mail *mail)
{
    Study study;
    study_init(&study, mail);
    study.report->date = mail->date;
    study.report->subject = cut_subject(mail);
    study.report->first_line = cut_first_line(mail);
    formats_read(&study);
    blocks_cut(&study);
    language_judge(&study);
    category_judge(&study);
    sensitive_judge(&study);
    reference_judge(&study);
    deadline_judge(&study);
    channel_judge(&study);
    demand_judge(&study);
    works_judge(&study);
    sender_judge(&study);
    disposition_judge(&study);
    returned_judge(&study);
    flags_judge(&study);
    accusation_judge(&study);
    return study_finish(&study);
}
