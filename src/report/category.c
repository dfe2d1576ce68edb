/*
 * Which category: what a structured format states first, else words.
 *
 * Words are weighed, not counted. Each phrase of category_words.c speaks once
 * per block for its category; what the subject says counts three times, a
 * sentence that accuses ("your IP", "we detected", "originating from") twice,
 * an attached log a third, a signature nothing, and the reported message
 * itself (the spam) never: spam that sells watches must not make a complaint
 * about counterfeit. The best sum wins if it reaches THRESHOLD.
 *
 * Rejected: a trained classifier. It would be right more often on mail like
 * its training set, and nobody could say why it was wrong.
 */
#include "report/category.h"

#include "report/category_words.h"
#include "report/study.h"

#include <string.h>

#define THRESHOLD      30   /* one plain phrase of weight 3 in the body */
#define WEAK           50   /* below this the category is flagged as weak */
#define HITS_MAX       4000 /* per block */
#define EARLY_BYTES    3000 /* the top of the first body counts more */
#define FILES_MAX      100
#define FILE_FACTOR    10  /* tenths; a word of a file's name */
#define SENTENCE_BYTES 200 /* how far an accusing phrase reaches */

/* --- the list --- */

static const struct {
    const char *word, *meaning;
} LIST[] = {
#define ROW(word, meaning) {word, meaning},
    CATEGORIES(ROW)
#undef ROW
};

static int list_index(const char *category)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LIST); i++)
        if (strcmp(LIST[i].word, category) == 0)
            return (int)i;
    return -1;
}

bool category_is_known(const char *category)
{
    return list_index(category) >= 0;
}

const char *category_word(size_t index)
{
    return index < G_N_ELEMENTS(LIST) ? LIST[index].word : NULL;
}

const char *category_meaning(const char *category)
{
    int index = list_index(category);
    return index < 0 ? NULL : LIST[index].meaning;
}

/* --- weighing --- */

#define SLOTS      (G_N_ELEMENTS(LIST) + 1)
#define ANY_ATTACK ((int)G_N_ELEMENTS(LIST)) /* settle() gives it away */
#define HINT       20 /* from here on a kind of attack is in question */

typedef struct {
    int scores[SLOTS];
    GPtrArray *quotes[SLOTS]; /* of Quote, at most WHY_MAX */
} Scale;

static int scale_index(const char *meaning)
{
    return strcmp(meaning, CATEGORY_ANY_ATTACK) == 0 ? ANY_ATTACK
                                                     : list_index(meaning);
}

static void scale_clear(Scale *scale)
{
    for (size_t i = 0; i < SLOTS; i++)
        g_clear_pointer(&scale->quotes[i], g_ptr_array_unref);
}

static void scale_add(Scale *scale, const char *category, int score,
                      Quote *quote)
{
    int index = scale_index(category);
    g_assert(index >= 0);
    scale->scores[index] += score;
    if (!scale->quotes[index])
        scale->quotes[index] =
            g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    if (quote && scale->quotes[index]->len < WHY_MAX)
        g_ptr_array_add(scale->quotes[index], quote);
    else
        quote_free(quote);
}

/* Tenths that a block's words count. */
static int block_factor(BlockKind kind)
{
    switch (kind) {
    case BLOCK_SUBJECT:
        return 30;
    case BLOCK_BODY:
    case BLOCK_QUOTED:
    case BLOCK_INNER:
    case BLOCK_MACHINE:
        return 10;
    case BLOCK_ATTACHMENT:
        return 3;
    case BLOCK_SAMPLE:
    case BLOCK_SIGNATURE:
        return 0;
    }
    g_assert_not_reached();
}

/* Ends of accusing phrases, ascending. */
static GArray *accusing_places(const FoldedText *folded)
{
    g_autoptr(GArray) hits =
        word_index_find(accusing_words(), folded, HITS_MAX);
    GArray *places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < hits->len; i++)
        g_array_append_val(places, g_array_index(hits, WordHit, i).at);
    return places;
}

/* Is an accusing phrase within reach of at? next walks along with at. */
static bool is_accused(const GArray *places, guint *next, uint32_t at)
{
    while (*next < places->len &&
           g_array_index(places, uint32_t, *next) + SENTENCE_BYTES < at)
        (*next)++;
    return *next < places->len &&
           g_array_index(places, uint32_t, *next) <= at + SENTENCE_BYTES;
}

static void weigh_block(Study *study, guint number, Scale *scale)
{
    const Block *block = study->report->blocks->pdata[number];
    int factor = block_factor(block->kind);
    const FoldedText *folded = factor > 0 ? study_folded(study, number) : NULL;
    if (!folded)
        return;
    g_autoptr(GArray) hits =
        word_index_find(category_words(), folded, HITS_MAX);
    g_autoptr(GArray) places = accusing_places(folded);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint next = 0;
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        bool accused = is_accused(places, &next, hit->at);
        if (!g_hash_table_add(seen, (gpointer)hit->row))
            continue;
        int score = hit->row->weight * factor;
        if (accused || block->kind == BLOCK_SUBJECT)
            score += score / 2;
        else if (hit->at > EARLY_BYTES)
            score /= 2;
        scale_add(scale, hit->row->meaning, score,
                  study_hit_quote(study, block, hit));
    }
}

/* The names of files, where the text says nothing: feeds send a link or an
 * archive, and the name says what is in it. */
static void weigh_file_names(const Study *study, Scale *scale)
{
    const GPtrArray *parts = study->mail->parts;
    for (guint i = 0; i < parts->len && i < FILES_MAX; i++) {
        const MailPart *part = parts->pdata[i];
        if (!part->filename || study_is_within(study, i, USE_SAMPLE))
            continue;
        g_autoptr(FoldedText) folded =
            folded_text_new(part->filename, strlen(part->filename));
        const WordRow *row = word_index_first(category_file_words(), folded);
        if (!row)
            continue;
        Place place = {.part = (uint16_t)i, .raw_at = part->raw_at};
        size_t length = MIN(strlen(part->filename), QUOTE_MAX);
        while (length > 0 && (part->filename[length] & 0xc0) == 0x80)
            length--;
        scale_add(scale, row->meaning, row->weight * FILE_FACTOR,
                  quote_new(part->filename, length, place));
    }
}

/* "Hack attempt" and the like go to the kind of attack that other words tell;
 * where none does, web applications are what most people mean. */
static void settle_any_attack(Scale *scale)
{
    static const char *const KINDS[] = {
        "connection/vulnerability_scan", "connection/login_attack",
        "connection/port_scan", "connection/sql_injection", "connection/ddos"};
    int best = list_index(KINDS[0]), most = HINT - 1;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        int kind = list_index(KINDS[i]);
        if (scale->scores[kind] > most) {
            best = kind;
            most = scale->scores[kind];
        }
    }
    scale->scores[best] += scale->scores[ANY_ATTACK];
    GPtrArray *quotes = scale->quotes[ANY_ATTACK];
    for (guint i = 0; quotes && i < quotes->len; i++)
        scale_add(scale, LIST[best].word, 0, quote_copy(quotes->pdata[i]));
}

/* Words that are only the general case of others: "attack" beside "ssh
 * brute force". What they say goes to the special case if there is one. */
static void settle(Scale *scale)
{
    static const struct {
        const char *special, *general;
        int share; /* tenths of the general's score that the special gets */
    } RULES[] = {
        {"copyright/p2p", "copyright/copyright", 10},
        {"copyright/cyberlocker", "copyright/copyright", 10},
        {"copyright/link_site", "copyright/copyright", 10},
        {"copyright/usenet", "copyright/copyright", 10},
        {"content/csam", "content/csem", 10},
        {"connection/sql_injection", "connection/vulnerability_scan", 8},
        {"content/phishing", "messaging/spam", 5},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(RULES); i++) {
        int special = list_index(RULES[i].special);
        int general = list_index(RULES[i].general);
        if (scale->scores[special] >= THRESHOLD)
            scale->scores[special] +=
                scale->scores[general] * RULES[i].share / 10;
    }
}

static int best_of(const Scale *scale)
{
    int best = 0;
    for (size_t i = 1; i < G_N_ELEMENTS(LIST); i++)
        if (scale->scores[i] > scale->scores[best])
            best = (int)i;
    return best;
}

static void set_category(Report *report, const char *category)
{
    g_free(report->category);
    report->category = g_strdup(category);
}

static void judge_by_words(Study *study)
{
    Report *report = study->report;
    Scale scale = {0};
    for (guint i = 0; i < report->blocks->len; i++)
        weigh_block(study, i, &scale);
    weigh_file_names(study, &scale);
    if (study->category)
        scale_add(&scale, study->category, THRESHOLD,
                  quote_copy(study->category_quote));
    settle_any_attack(&scale);
    settle(&scale);
    int best = best_of(&scale);
    if (scale.scores[best] >= THRESHOLD) {
        set_category(report, LIST[best].word);
        if (scale.scores[best] < WEAK)
            report_add_flag(report, "category-weak");
        for (guint i = 0; scale.quotes[best] && i < scale.quotes[best]->len;
             i++)
            g_ptr_array_add(report->category_why,
                            quote_copy(scale.quotes[best]->pdata[i]));
    }
    scale_clear(&scale);
}

void category_judge(Study *study)
{
    if (study->no_complaint)
        return;
    if (!study->category || !study->category_is_firm) {
        judge_by_words(study);
        return;
    }
    set_category(study->report, study->category);
    if (study->category_quote)
        g_ptr_array_add(study->report->category_why,
                        quote_copy(study->category_quote));
}
