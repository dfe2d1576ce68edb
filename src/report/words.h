/*
 * words.h - find many phrases in one text in one pass.
 *
 * Private to report/. Every judgement of this stage that rests on words
 * (category, sensitive matters, disposition, deadlines) is a table of
 * WordRow; this file is the one way they are looked up, so that case, accents,
 * line breaks, quote marks and hyphens are treated alike everywhere.
 *
 * Text is first folded: lower case, accents off, and every run of blanks,
 * line breaks, '>' at a line's start, '-', '_', '*' and non-ASCII punctuation
 * becomes one blank. "Port-Scan", "port_scan" and "port\n> scan" are then one
 * phrase. Each folded byte remembers the byte of the text it came from.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One phrase of a table. A '*' in front lets it stand inside a word, a '*'
 * at the end lets the word go on ("*staatsanwalt*"); without them it must
 * begin and end at a word's edge. A '*' in the middle stands for the rest of
 * a word ("forged* letter*"). At least three bytes before any of these. */
typedef struct {
    const char *words;
    const char *meaning; /* what it speaks for; the table says of what kind */
    int weight;          /* how strongly; the table says in which scale */
} WordRow;

typedef struct {
    char *text; /* folded, begins and ends with a blank */
    size_t length;
    uint32_t *from; /* length + 1 offsets into the original text */
} FoldedText;

/* Fold length bytes of valid UTF-8. */
FoldedText *folded_text_new(const char *text, size_t length);
void folded_text_free(FoldedText *folded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FoldedText, folded_text_free)

typedef struct {
    const WordRow *row;
    uint32_t at, length; /* bytes of the original text */
} WordHit;

typedef struct WordIndex WordIndex;

/* An index over a table that lives as long as the program. */
WordIndex *word_index_new(const WordRow *rows, size_t count);

/* The hits in text order, at most limit. Array of WordHit, yours. Time is
 * linear in the text: each position is compared with the few phrases that
 * share its first three bytes. */
GArray *word_index_find(const WordIndex *index, const FoldedText *folded,
                        size_t limit);

/* Does any row hit? The first one, or NULL. */
const WordRow *word_index_first(const WordIndex *index,
                                const FoldedText *folded);

/* Defines a function that builds the index of TABLE once and returns it. */
#define WORD_INDEX(FUNCTION, TABLE)                                            \
    static const WordIndex *FUNCTION(void)                                     \
    {                                                                          \
        static const WordIndex *index;                                         \
        if (g_once_init_enter(&index))                                         \
            g_once_init_leave(&index,                                          \
                              word_index_new(TABLE, G_N_ELEMENTS(TABLE)));     \
        return index;                                                          \
    }
