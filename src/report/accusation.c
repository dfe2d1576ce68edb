/*
 * The sentence that states the accusation.
 *
 * Problem: an operator who looks at a list wants one sentence: who did what.
 * Complaints bury it between greetings, an explanation of what a botnet is,
 * demands and logs.
 *
 * Approach: every sentence or labelled line of what the sender and an inner
 * author wrote gets a score. Who: phrases by which mail accuses ("your IP",
 * "originating from") and an address in the sentence. What: words of
 * categories, those of the mail's own category in full, others by half. Deed:
 * somebody attacked, tried, sent. Having who and what together outweighs a
 * heap of either. Greetings, boilerplate, definitions and requests take off
 * (accusation_words.c); lines of logs count half, for they prove and do not
 * state. The best wins, the first of equals; under SCORE_MIN none does, then
 * the Subject is asked by the same measure.
 *
 * Rejected: the first sentence with a category word (it is the explanation as
 * often as not).
 *
 * Hits of a whole block are dealt to its sentences in one walk: linear.
 */
#include "report/accusation_words.h"
#include "report/category_words.h"
#include "report/judges.h"
#include "report/sentence.h"

#include <string.h>

#define HITS_MAX    4000
#define BLOCK_BYTES 40000 /* who has not accused by then does not */
#define SCORE_MIN   4
#define WHO_MAX     6
#define AGAINST_MAX 30
#define WHAT_MAX    8
#define BOTH        4 /* who and what in one sentence */
#define ADDRESS     3

typedef struct {
    GArray *hits; /* of WordHit, in text order */
    guint next;
} Hits;

typedef struct {
    Hits who, what, deed, against;
} Marks;

static Hits hits_of(const WordIndex *index, const FoldedText *folded)
{
    return (Hits){.hits = word_index_find(index, folded, HITS_MAX)};
}

static void marks_clear(Marks *marks)
{
    g_array_unref(marks->who.hits);
    g_array_unref(marks->what.hits);
    g_array_unref(marks->deed.hits);
    g_array_unref(marks->against.hits);
}

/* The next hit that begins within the sentence, or NULL. */
static const WordHit *hit_within(Hits *hits, Sentence sentence)
{
    size_t end = sentence.at + sentence.length;
    while (hits->next < hits->hits->len) {
        const WordHit *hit = &g_array_index(hits->hits, WordHit, hits->next);
        if (hit->at >= end)
            return NULL;
        hits->next++;
        if (hit->at >= sentence.at)
            return hit;
    }
    return NULL;
}

static int sum_within(Hits *hits, Sentence sentence, int max)
{
    int sum = 0;
    for (const WordHit *hit; (hit = hit_within(hits, sentence));)
        sum += hit->row->weight;
    return MIN(sum, max);
}

/* Words of the mail's category in full, others by half. */
static int what_within(Hits *hits, Sentence sentence, const char *category)
{
    int sum = 0;
    for (const WordHit *hit; (hit = hit_within(hits, sentence));) {
        const char *meaning = hit->row->meaning;
        bool is_own = strcmp(meaning, category) == 0 ||
                      strcmp(meaning, CATEGORY_ANY_ATTACK) == 0;
        sum += is_own ? hit->row->weight : hit->row->weight / 2;
    }
    return MIN(sum, WHAT_MAX);
}

/* Digits in four groups with dots, or hex groups with two colons. */
static bool has_address(const char *text, size_t length)
{
    size_t run = 0, dots = 0, colons = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool inside =
            g_ascii_isxdigit(c) || c == '.' || c == ':' || c == '[' || c == ']';
        run = inside ? run + 1 : 0;
        dots = inside ? dots + (c == '.') : 0;
        colons = inside ? colons + (c == ':') : 0;
        if (run >= 7 && (dots >= 3 || colons >= 3))
            return true;
    }
    return false;
}

/* A line of a log or a table: mostly figures and marks. */
static bool is_log(const char *text, size_t length)
{
    size_t letters = 0, figures = 0;
    for (size_t i = 0; i < length; i++) {
        letters += g_ascii_isalpha(text[i]) || (text[i] & 0x80);
        figures += g_ascii_isdigit(text[i]) ||
                   (g_ascii_ispunct(text[i]) && text[i] != '\'');
    }
    return figures * 3 > letters * 2 || sentence_is_log(text, length);
}

static int score_of(Marks *marks, const char *text, Sentence sentence,
                    const char *category)
{
    const char *words = text + sentence.at;
    bool addressed = has_address(words, sentence.length);
    int accused = sum_within(&marks->who, sentence, WHO_MAX);
    int deed = sum_within(&marks->deed, sentence, WHO_MAX);
    int what = what_within(&marks->what, sentence, category);
    int against = sum_within(&marks->against, sentence, AGAINST_MAX);
    int who = accused + deed + (addressed ? ADDRESS : 0);
    if (what == 0 && deed == 0)
        return 0;
    int score = who + what + (who > 0 && what > 0 ? BOTH : 0) - against;
    return is_log(words, sentence.length) ? score / 2 : score;
}

/* The best sentence of a block; *best holds the score to be beaten. */
static void search_block(Study *study, guint number, int *best)
{
    Report *report = study->report;
    const Block *block = report->blocks->pdata[number];
    const FoldedText *folded = study_folded(study, number);
    if (!folded)
        return;
    const char *text = study_block_text(study, block);
    size_t length = MIN(block->length, BLOCK_BYTES), cursor = 0;
    Marks marks = {.who = hits_of(accusing_words(), folded),
                   .what = hits_of(category_words(), folded),
                   .deed = hits_of(deed_words(), folded),
                   .against = hits_of(no_accusation_words(), folded)};
    for (;;) {
        Sentence sentence = sentence_next(text, length, &cursor);
        if (sentence.length == 0)
            break;
        int score = score_of(&marks, text, sentence, report->category);
        if (score <= *best)
            continue;
        *best = score;
        WordHit hit = {.at = (uint32_t)sentence.at,
                       .length = (uint32_t)sentence.length};
        quote_free(report->accusation);
        report->accusation = study_hit_quote(study, block, &hit);
    }
    marks_clear(&marks);
}

static bool may_accuse(Disposition disposition)
{
    switch (disposition) {
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_LEGAL:
    case DISPOSITION_QUESTION:
    case DISPOSITION_OTHER:
        return true;
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_REPLY:
    case DISPOSITION_NEWSLETTER:
    case DISPOSITION_AGGREGATE:
    case DISPOSITION_UNREADABLE:
    case DISPOSITION_COUNT:
        return false;
    }
    g_assert_not_reached();
}

static bool is_prose(BlockKind kind)
{
    return kind == BLOCK_BODY || kind == BLOCK_QUOTED || kind == BLOCK_INNER;
}

void accusation_judge(Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    int best = SCORE_MIN - 1;
    if (study->no_complaint || !may_accuse(study->report->disposition))
        return;
    for (guint i = 0; i < blocks->len; i++)
        if (is_prose(((const Block *)blocks->pdata[i])->kind))
            search_block(study, i, &best);
    for (guint i = 0; i < blocks->len && !study->report->accusation; i++)
        if (((const Block *)blocks->pdata[i])->kind == BLOCK_SUBJECT)
            search_block(study, i, &best);
}
