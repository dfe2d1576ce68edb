/*
 * Matters in which no program may answer.
 *
 * Recall first: a phrase of sensitive_words.c is enough wherever the sender
 * or the author of a passed-on mail says it, in the subject, the text, an
 * attachment or a signature. Only the reported message itself is not looked
 * at, nor are whois dumps (a network may belong to a court) and disclaimers;
 * in signatures only strong words count, since every company's footer speaks
 * of courts and privilege.
 *
 * Copyright robots threaten with the law in every mail; with them a lawyer is
 * recognised by more than a form's words.
 */
#include "report/sensitive_words.h"
#include "report/study.h"

#include <string.h>

#define HITS_MAX            500000 /* no filler may hide a phrase */
#define STRONG              4      /* in a signature only these count */
#define COPYRIGHT_FORM_MORE 4      /* what a form letter or a title may say */

static const struct {
    const char *word;
    Sensitive bit;
} MATTERS[] = {
    {"authority", SENSITIVE_AUTHORITY},
    {"court", SENSITIVE_COURT},
    {"lawyer", SENSITIVE_LAWYER},
    {"life", SENSITIVE_LIFE},
    {"child-abuse", SENSITIVE_CHILD_ABUSE},
    {"data-subject", SENSITIVE_DATA_SUBJECT},
    {"press", SENSITIVE_PRESS},
};
#define MATTERS_COUNT G_N_ELEMENTS(MATTERS)

typedef struct {
    int sums[MATTERS_COUNT];
    GPtrArray *quotes[MATTERS_COUNT]; /* of Quote */
    GHashTable *seen;                 /* rows that counted already */
} Weighing;

static size_t matter_of(const char *word)
{
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        if (strcmp(MATTERS[i].word, word) == 0)
            return i;
    g_assert_not_reached();
}

static void weigh_hit(const Study *study, const Block *block,
                      const WordHit *hit, Weighing *weighing)
{
    size_t matter = matter_of(hit->row->meaning);
    if (block->kind == BLOCK_SIGNATURE && hit->row->weight < STRONG)
        return;
    if (!g_hash_table_add(weighing->seen, (gpointer)hit->row))
        return;
    weighing->sums[matter] += hit->row->weight;
    GPtrArray *quotes = weighing->quotes[matter];
    if (hit->row->weight > 0 && quotes->len < WHY_MAX)
        g_ptr_array_add(quotes, study_hit_quote(study, block, hit));
}

static void weigh_block(Study *study, guint number, Weighing *weighing)
{
    const Block *block = study->report->blocks->pdata[number];
    bool is_signed = block->kind == BLOCK_SIGNATURE && block->length > 2 &&
                     strncmp(study_block_text(study, block), "--", 2) == 0;
    if (block->kind == BLOCK_SAMPLE ||
        (block->kind == BLOCK_SIGNATURE && !is_signed))
        return;
    const FoldedText *folded = study_folded(study, number);
    if (!folded)
        return;
    g_autoptr(GArray) hits =
        word_index_find(sensitive_words(), folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++)
        weigh_hit(study, block, &g_array_index(hits, WordHit, i), weighing);
}

static int enough_for(const Report *report, Sensitive bit)
{
    bool is_form = bit != SENSITIVE_CHILD_ABUSE &&
                   g_str_has_prefix(report->category, "copyright/");
    return SENSITIVE_ENOUGH + (is_form ? COPYRIGHT_FORM_MORE : 0);
}

/* What a structured report states needs no words. */
static uint32_t bits_of_category(const char *category)
{
    static const struct {
        const char *category;
        uint32_t bits;
    } STATED[] = {
        {"content/csam", SENSITIVE_CHILD_ABUSE},
        {"content/csem", SENSITIVE_CHILD_ABUSE},
        {"legal/court", SENSITIVE_COURT},
        {"legal/subpoena", SENSITIVE_AUTHORITY},
        {"legal/police", SENSITIVE_AUTHORITY},
        {"legal/preservation", SENSITIVE_AUTHORITY},
        {"legal/dsa_order", SENSITIVE_AUTHORITY},
        {"legal/data_subject_request", SENSITIVE_DATA_SUBJECT},
        {"threat/violence", SENSITIVE_LIFE},
        {"threat/suicide", SENSITIVE_LIFE},
        {"threat/bomb", SENSITIVE_LIFE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(STATED); i++)
        if (strcmp(STATED[i].category, category) == 0)
            return STATED[i].bits;
    return 0;
}

static void conclude(Study *study, const Weighing *weighing)
{
    Report *report = study->report;
    report->sensitive |= bits_of_category(report->category);
    for (size_t i = 0; i < MATTERS_COUNT; i++) {
        if (weighing->sums[i] < enough_for(report, MATTERS[i].bit) &&
            !(report->sensitive & MATTERS[i].bit))
            continue;
        report->sensitive |= MATTERS[i].bit;
        for (guint k = 0; k < weighing->quotes[i]->len; k++)
            if (report->sensitive_why->len < WHY_MAX)
                g_ptr_array_add(report->sensitive_why,
                                quote_copy(weighing->quotes[i]->pdata[k]));
    }
}

void sensitive_judge(Study *study)
{
    Weighing weighing = {.seen = g_hash_table_new(NULL, NULL)};
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        weighing.quotes[i] =
            g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    for (guint i = 0; i < study->report->blocks->len; i++)
        weigh_block(study, i, &weighing);
    conclude(study, &weighing);
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        g_ptr_array_unref(weighing.quotes[i]);
    g_hash_table_unref(weighing.seen);
}
