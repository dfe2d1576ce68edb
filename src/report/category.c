/*
 * Which category: what a structured format states first, else words
 * (category_scale.c weighs them), else what is quoted: who passes the header
 * lines of a mail on and says nothing complains of that mail.
 *
 * Rejected: a trained classifier. It would be right more often on mail like
 * its training set, and nobody could say why it was wrong.
 */
#include "report/category.h"
#include "report/judges.h"

#include "report/category_scale.h"
#include "report/lines.h"

#include <string.h>

/* --- the list --- */

static const struct {
    const char *word, *meaning;
} LIST[] = {
#define ROW(word, meaning) {word, meaning},
    CATEGORIES(ROW)
#undef ROW
};

int category_index(const char *category)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LIST); i++)
        if (strcmp(LIST[i].word, category) == 0)
            return (int)i;
    return -1;
}

bool category_is_known(const char *category)
{
    return category_index(category) >= 0;
}

const char *category_word(size_t index)
{
    return index < G_N_ELEMENTS(LIST) ? LIST[index].word : NULL;
}

const char *category_meaning(const char *category)
{
    int index = category_index(category);
    return index < 0 ? NULL : LIST[index].meaning;
}

/* --- judging --- */

static void set_category(Report *report, const char *category)
{
    g_free(report->category);
    report->category = g_strdup(category);
}

static bool judge_by_words(Study *study)
{
    Report *report = study->report;
    Scale scale = {0};
    bool subject_lost;
    scale_fill(&scale, study);
    int best = scale_decide(&scale, &subject_lost);
    const Weight *weight = &scale.weights[best];
    bool is_enough = weight->score >= CATEGORY_ENOUGH;
    study_note_lost_categories(study, &scale, best);
    if (is_enough) {
        set_category(report, LIST[best].word);
        if (weight->score < CATEGORY_WEAK)
            report_add_flag(report, "category-weak");
        if (subject_lost)
            report_add_flag(report, "category-subject-differs");
        for (guint i = 0; weight->quotes && i < weight->quotes->len; i++)
            g_ptr_array_add(report->category_why,
                            quote_copy(weight->quotes->pdata[i]));
    }
    scale_clear(&scale);
    return is_enough;
}

/* "Received: from a by b": the trace that a mail bears, or "Received: from". */
static bool is_trace_line(Line line)
{
    return line_begins(line_bare(line), "Received: from ") ||
           line_begins(line_bare(line), "Return-Path: ");
}

static void conclude_quoted(Study *study, size_t part, size_t at, size_t length)
{
    set_category(study->report, "messaging/spam");
    report_add_flag(study->report, "category-weak");
    g_ptr_array_add(study->report->category_why,
                    study_quote(study, (uint16_t)part, at, length));
}

/* The header lines of a mail, quoted in the text without a word. */
static bool judge_by_quoted_mail(Study *study)
{
    Report *report = study->report;
    for (guint i = 0; i < report->blocks->len; i++) {
        const Block *block = report->blocks->pdata[i];
        if (block->kind == BLOCK_SUBJECT || block->kind == BLOCK_SIGNATURE)
            continue;
        const char *text = study_block_text(study, block);
        size_t cursor = 0;
        Line line;
        while (line_next(text, block->length, &cursor, &line)) {
            if (!is_trace_line(line))
                continue;
            conclude_quoted(study, block->part,
                            block->at + (size_t)(line.at - text), line.length);
            return true;
        }
    }
    return false;
}

/* Words of a format's coarse type that the text makes precise. X-ARF calls
 * the trying of recipients "harvesting", whatever the service; at a mail
 * server it is mail to people who are not there. */
static const char *refined(const Study *study, const char *category)
{
    static const char *const MAIL[] = {"Envelope", "Helo", "postfix", "smtp"};
    if (strcmp(category, "connection/reconnaissance") != 0 ||
        !study->category_quote ||
        !g_str_has_prefix(study->category_quote->words, "harvest"))
        return category;
    for (guint i = 0; i < study->report->blocks->len; i++) {
        const Block *block = study->report->blocks->pdata[i];
        if (block->kind != BLOCK_MACHINE && block->kind != BLOCK_BODY)
            continue;
        const char *text = study_block_text(study, block);
        for (size_t k = 0; k < G_N_ELEMENTS(MAIL); k++)
            if (g_strstr_len(text, (gssize)block->length, MAIL[k]))
                return "messaging/spam";
    }
    return category;
}

void category_judge(Study *study)
{
    if (study->no_complaint)
        return;
    if (!study->category || !study->category_is_firm) {
        if (!judge_by_words(study))
            judge_by_quoted_mail(study);
        return;
    }
    set_category(study->report, refined(study, study->category));
    if (study->category_quote)
        g_ptr_array_add(study->report->category_why,
                        quote_copy(study->category_quote));
}
