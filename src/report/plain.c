/*
 * Any mail: the last row of the table, always true. It states nothing; the
 * blocks are left as they are for the judgements by words. Also the measure of
 * how much a text accuses, by which forwards and samples are told apart.
 */
#include "report/category_words.h"
#include "report/formats.h"

#define LOOKED_AT_BYTES 20000
#define HITS_MAX        500
#define TOPIC_WEIGHT    4 /* a category word of this weight counts as one */

bool plain_detect(const Study *study)
{
    return true;
}

bool plain_read(Study *study)
{
    return true;
}

static int distinct_weight(const WordIndex *index, const FoldedText *folded,
                           int weight_min, int each)
{
    g_autoptr(GArray) hits = word_index_find(index, folded, HITS_MAX);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    int sum = 0;
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        if (row->weight >= weight_min && g_hash_table_add(seen, (gpointer)row))
            sum += each ? each : row->weight;
    }
    return sum;
}

int accusation_score(const char *text, size_t length)
{
    length = MIN(length, LOOKED_AT_BYTES);
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    int accused = distinct_weight(accusing_words(), folded, 1, 0);
    int topics = distinct_weight(category_words(), folded, TOPIC_WEIGHT, 1);
    return accused + MIN(topics, 3);
}
