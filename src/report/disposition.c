/*
 * What the mail is, before asking what it complains about.
 *
 * "Is it automatic?" is not the question: most complaints are. The question is
 * whether it wants something from us. Facts first (disposition_facts.c), then
 * sensitive matters, then the balance of words: how clearly the mail accuses
 * against how clearly it says it is something else. A mail that a format read
 * as a complaint is one; an acknowledgement that quotes the complaint it
 * answers is not. Who accuses clearly in own words, with an address and a
 * matter, complains, whatever else the words are like: a complaint that is
 * filed away unread is worse than a bounce that a person sees.
 */
#include "report/category.h"
#include "report/disposition_facts.h"
#include "report/disposition_text.h"
#include "report/disposition_words.h"
#include "report/judges.h"

#include <string.h>

#define DECIDES  4
#define HITS_MAX 1000

static void conclude(Study *study, Disposition disposition, const char *why)
{
    study->report->disposition = disposition;
    g_free(study->report->disposition_why);
    study->report->disposition_why = g_strdup(why);
}

/* --- words --- */

typedef struct {
    int sums[DISPOSITION_COUNT];
    const char *words[DISPOSITION_COUNT];
} Balance;

static Disposition disposition_of(const char *word)
{
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if (strcmp(disposition_word((Disposition)i), word) == 0)
            return (Disposition)i;
    g_assert_not_reached();
}

static void weigh(Balance *balance, const WordIndex *index,
                  const FoldedText *folded, GHashTable *seen)
{
    g_autoptr(GArray) hits = word_index_find(index, folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        Disposition disposition = disposition_of(row->meaning);
        if (!g_hash_table_add(seen, (gpointer)row))
            continue;
        balance->sums[disposition] += row->weight;
        if (!balance->words[disposition])
            balance->words[disposition] = row->words;
    }
}

/* What the sender wrote: neither quotes nor logs nor the sample. */
static Balance weigh_own_words(Study *study)
{
    Balance balance = {0};
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY && block->kind != BLOCK_SUBJECT)
            continue;
        const FoldedText *folded = study_folded(study, i);
        if (!folded)
            continue;
        if (block->kind == BLOCK_SUBJECT)
            weigh(&balance, disposition_subject_words(), folded, seen);
        weigh(&balance, disposition_words(), folded, seen);
    }
    return balance;
}

static bool conclude_words(Study *study, const Balance *balance,
                           Disposition disposition)
{
    if (balance->sums[disposition] < DECIDES)
        return false;
    g_autofree char *why =
        g_strdup_printf("it says \"%s\"", balance->words[disposition]);
    conclude(study, disposition, why);
    return true;
}

/* A matter that belongs to lawyers and authorities. What victims also report
 * (fraud, insult) is one only where they do not accuse clearly. */
static bool is_legal_matter(const Report *report, int accusation)
{
    static const char *const ALSO[] = {CATEGORY_UNKNOWN, "content/fraud",
                                       "threat/harassment"};
    if (g_str_has_prefix(report->category, "legal/"))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(ALSO); i++)
        if (strcmp(report->category, ALSO[i]) == 0)
            return accusation < ACCUSATION_CLEAR;
    return false;
}

static bool judge_legal(Study *study, int accusation)
{
    const Report *report = study->report;
    uint32_t bits = SENSITIVE_AUTHORITY | SENSITIVE_COURT | SENSITIVE_LAWYER |
                    SENSITIVE_DATA_SUBJECT;
    if (report->sender_class == SENDER_AUTHORITY ||
        report->sender_class == SENDER_LAW_FIRM) {
        conclude(study, DISPOSITION_LEGAL,
                 report->sender_class == SENDER_AUTHORITY
                     ? "the sender is an authority"
                     : "the sender is a law firm");
        return true;
    }
    if (!(report->sensitive & bits) || !is_legal_matter(report, accusation))
        return false;
    conclude(study, DISPOSITION_LEGAL, "the matter is a legal one");
    return true;
}

static bool is_structured(const Report *report)
{
    return report->statements->len > 0 ||
           (strcmp(report->format, "plain") != 0 &&
            strcmp(report->format, "forwarded") != 0);
}

static bool is_list_mail(const Mail *mail)
{
    return mail_header(mail, "List-Unsubscribe") ||
           mail_header(mail, "List-Id");
}

/* A hoster's ticket system calls it "AutoReply" or "a ticket has been opened",
 * and passes a complaint on: somebody is accused of something, and we are told
 * by when to answer. Receipts accuse nobody and promise an answer. */
static bool passes_complaint_on(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    if (study->report->sender_class != SENDER_HOSTER)
        return false;
    if (study->report->deadline_words && !text_is_answer(study) &&
        strcmp(study->report->category, CATEGORY_UNKNOWN) != 0 &&
        text_cites_address(study) && text_accusation(study, false) > 0)
        return true;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if ((block->kind == BLOCK_QUOTED || block->kind == BLOCK_INNER) &&
            accusation_score(study_block_text(study, block), block->length) > 0)
            return true;
    }
    return false;
}

/* Clearly, in its own words, about an address and a matter: then "out of
 * office" is when it happened, and "unsubscribe" what did not work. An
 * acknowledgement may tell in its own words what was complained of, and who
 * sells protection names attacks. */
static bool complains_itself(const Study *study, const Balance *balance,
                             Disposition other)
{
    int needed = MAX(ACCUSATION_CLEAR, balance->sums[other]);
    if (other == DISPOSITION_ACKNOWLEDGEMENT)
        needed = MAX(needed, 2 * ACCUSATION_CLEAR);
    return strcmp(study->report->category, CATEGORY_UNKNOWN) != 0 &&
           !text_is_answer(study) && !is_list_mail(study->mail) &&
           text_cites_address(study) && text_accusation(study, false) >= needed;
}

/* A letter to many; who says that he never asked for one complains of it. */
static bool is_newsletter(const Study *study, const Balance *balance,
                          int accusation)
{
    int letter = balance->sums[DISPOSITION_NEWSLETTER];
    if (accusation >= 2 * ACCUSATION_CLEAR)
        return false;
    if (is_list_mail(study->mail))
        return letter >= DECIDES;
    return letter >= 2 * DECIDES &&
           strcmp(study->report->category, "messaging/bulk_messaging") != 0;
}

/* Mail that says it is something else than a complaint. */
static bool judge_other_kinds(Study *study, const Balance *balance,
                              int accusation)
{
    static const Disposition KINDS[] = {
        DISPOSITION_BOUNCE, DISPOSITION_AGGREGATE, DISPOSITION_AUTO_REPLY,
        DISPOSITION_ACKNOWLEDGEMENT, DISPOSITION_OTHER};
    Disposition best = KINDS[0];
    for (size_t i = 1; i < G_N_ELEMENTS(KINDS); i++)
        if (balance->sums[KINDS[i]] > balance->sums[best])
            best = KINDS[i];
    if (passes_complaint_on(study) || complains_itself(study, balance, best))
        return false;
    if (balance->sums[best] * 2 > accusation &&
        conclude_words(study, balance, best))
        return true;
    return is_newsletter(study, balance, accusation) &&
           conclude_words(study, balance, DISPOSITION_NEWSLETTER);
}

/* Where nothing says that it is something else. */
static void judge_accusation(Study *study, const Balance *balance,
                             int accusation)
{
    const Report *report = study->report;
    bool has_category = strcmp(report->category, CATEGORY_UNKNOWN) != 0;
    bool cites = text_cites_address(study);
    if (accusation >= ACCUSATION_CLEAR)
        conclude(study, DISPOSITION_COMPLAINT, "its words accuse somebody");
    else if (!has_category &&
             conclude_words(study, balance, DISPOSITION_QUESTION))
        return;
    else if (has_category)
        conclude(study, DISPOSITION_COMPLAINT, "its words name an abuse");
    else if (text_asks(study) &&
             (!cites || report->sender_class == SENDER_PRESS))
        conclude(study, DISPOSITION_QUESTION,
                 "it asks something and accuses nobody");
    else if (cites)
        conclude(study, DISPOSITION_COMPLAINT,
                 "it cites an address, and nothing else explains that");
    else
        conclude(study, DISPOSITION_OTHER, "nothing in it says what it is");
}

static void judge_by_words(Study *study)
{
    Balance balance = weigh_own_words(study);
    int accusation = text_accusation(study, true);
    if (!judge_other_kinds(study, &balance, accusation) &&
        !judge_legal(study, accusation))
        judge_accusation(study, &balance, accusation);
}

/* Nothing legible but the subject; a subject alone can still complain. */
static bool is_unreadable(Study *study)
{
    const char *subject = study->mail->subject;
    if (text_is_legible(study))
        return false;
    report_add_flag(study->report, "no-text");
    return accusation_score(subject, strlen(subject)) == 0;
}

void disposition_judge(Study *study)
{
    const Report *report = study->report;
    Disposition disposition;
    const char *fact = disposition_fact(study, &disposition);
    bool is_report = is_structured(report);
    const char *thanks =
        report->sensitive || is_report ? NULL : text_thanks_why(study);
    if (fact)
        conclude(study, disposition, fact);
    else if (is_unreadable(study))
        conclude(study, DISPOSITION_UNREADABLE, "no part has legible text");
    else if (thanks)
        conclude(study, DISPOSITION_ACKNOWLEDGEMENT, thanks);
    else if (study->no_complaint)
        conclude(study, DISPOSITION_OTHER, study->no_complaint);
    else if (is_report)
        conclude(study, DISPOSITION_COMPLAINT, "a machine-readable report");
    else
        judge_by_words(study);
}
