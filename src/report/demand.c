/*
 * What does the writer want to be done or told?
 *
 * Phrases (demand_words.c) in what the sender and an inner complaint's author
 * wrote. Each kind is kept once, with the sentence that asks, the first one a
 * reader meets.
 *
 * A sentence that tells what the writer did ("we have blocked the address",
 * "we preserve the logs for ...") asks for nothing: if its first words are
 * "we", "I" and a form of having or being done, only phrases of asking
 * ("please", "you") in the same sentence let it count. Rejected: grammar; what
 * is missed is read by a person, what is invented costs trust.
 */
#include "report/demand_words.h"
#include "report/judges.h"
#include "report/sentence.h"

#include <string.h>

#define HITS_MAX 2000

/* Beginnings of sentences that tell, folded, each in blanks. */
static const WordRow TELLING[] = {
    {"we have", "", 1},
    {"we already", "", 1},
    {"i have", "", 1},
    {"we did", "", 1},
    {"we blocked", "", 1},
    {"we will", "", 1},
    {"we are not able", "", 1},
    {"we can provide", "", 1},
    {"we can preserve", "", 1},
    {"was blocked", "", 1},
    {"has been blocked", "", 1},
    {"have been blocked", "", 1},
    {"has been suspended", "", 1},
    {"logs are attached", "", 1},
    {"logs attached", "", 1},
    {"logs below", "", 1},
    {"attached logs", "", 1},
    {"wir haben", "", 1},
    {"ich habe", "", 1},
    {"wir werden", "", 1},
    {"wurde gesperrt", "", 1},
    {"nous avons", "", 1},
    {"hemos", "", 1},
    {"abbiamo", "", 1},
    {"we hebben", "", 1},
    {"wij hebben", "", 1},
    {"bloqueamos", "", 1},
    {"zablokowalismy", "", 1},
    {"zablokovali jsme", "", 1},
    {"мы заблокировали", "", 1},
    {"vi har", "", 1},
    {"engelledik", "", 1},
};
WORD_INDEX(telling_words, TELLING)

static const WordRow ASKING[] = {
    {"please", "", 1},   {"kindly", "", 1},   {"you", "", 1},
    {"must", "", 1},     {"ask", "", 1},      {"request*", "", 1},
    {"demand*", "", 1},  {"bitte*", "", 1},   {"sie", "", 1},
    {"fordern", "", 1},  {"vous", "", 1},     {"merci de", "", 1},
    {"veuillez", "", 1}, {"usted*", "", 1},   {"por favor", "", 1},
    {"rogamos", "", 1},  {"solicit*", "", 1}, {"vi preghiamo", "", 1},
    {"chied*", "", 1},   {"verzoek*", "", 1}, {"gelieve", "", 1},
    {"pedimos", "", 1},  {"pros*", "", 1},    {"zadam*", "", 1},
    {"прос*", "", 1},    {"требу*", "", 1},   {"vanlig*", "", 1},
    {"ber er", "", 1},   {"lutfen", "", 1},   {"rica ed*", "", 1},
};
WORD_INDEX(asking_words, ASKING)

/* Does the sentence only tell what was done? */
static bool only_tells(const char *text, size_t length)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    return word_index_first(telling_words(), folded) &&
           !word_index_first(asking_words(), folded);
}

static bool is_known(const Report *report, DemandKind kind)
{
    for (guint i = 0; i < report->demands->len; i++)
        if (((const Demand *)report->demands->pdata[i])->kind == kind)
            return true;
    return false;
}

static void read_block(Study *study, const Block *block,
                       const FoldedText *folded)
{
    const char *text = study_block_text(study, block);
    g_autoptr(GArray) hits =
        word_index_find(demand_phrases(), folded, HITS_MAX);
    size_t told_until = 0; /* a sentence that tells is looked at once */
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        DemandKind kind = (DemandKind)hit->row->weight;
        if (is_known(study->report, kind) || hit->at < told_until)
            continue;
        Sentence sentence = sentence_around(text, block->length, hit->at);
        if (sentence.length == 0)
            continue;
        if (only_tells(text + sentence.at, sentence.length)) {
            told_until = sentence.at + sentence.length;
            continue;
        }
        WordHit whole = {.at = (uint32_t)sentence.at,
                         .length = (uint32_t)sentence.length};
        Demand *demand = g_new0(Demand, 1);
        demand->kind = kind;
        demand->quote = study_hit_quote(study, block, &whole);
        g_ptr_array_add(study->report->demands, demand);
    }
}

void demand_judge(Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    if (study->no_complaint)
        return;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY && block->kind != BLOCK_QUOTED &&
            block->kind != BLOCK_INNER)
            continue;
        const FoldedText *folded = study_folded(study, i);
        if (folded)
            read_block(study, block, folded);
    }
}
