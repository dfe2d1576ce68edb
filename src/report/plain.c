/*
 * Any mail: the last row of the table, always true. It states nothing; the
 * blocks are left as they are for the judgements by words. Also the measure of
 * how much a text accuses, by which forwards and samples are told apart.
 */
#include "report/category_hits.h"
#include "report/category_words.h"
#include "report/formats.h"

#define LOOKED_AT_BYTES 20000
#define HITS_MAX        500
#define TOPICS_MAX      3
#define TOPIC_WEIGHT    4 /* a category word of this weight counts as one */

bool plain_detect(const Study *study)
{
    return true;
}

bool plain_read(Study *study)
{
    return true;
}

static int accusing_weight(const FoldedText *folded)
{
    g_autoptr(GArray) hits =
        word_index_find(accusing_words(), folded, HITS_MAX);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    int sum = 0;
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        if (g_hash_table_add(seen, (gpointer)row))
            sum += row->weight;
    }
    return sum;
}

static int count_topics(const FoldedText *folded, const char *text,
                        size_t length)
{
    g_autoptr(GArray) hits = category_hits(folded, text, length);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, CategoryHit, i).word.row;
        if (row->weight >= TOPIC_WEIGHT)
            g_hash_table_add(seen, (gpointer)row);
    }
    return (int)g_hash_table_size(seen);
}

int accusation_score(const char *text, size_t length)
{
    length = MIN(length, LOOKED_AT_BYTES);
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    int topics = count_topics(folded, text, length);
    return accusing_weight(folded) + MIN(topics, TOPICS_MAX);
}
