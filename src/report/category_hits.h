/*
 * category_hits.h - the words of a text that may speak for a category: names
 * of hosts, links and "spam folder" left out. Private to report/.
 */
#pragma once

#include "report/words.h"

#define CATEGORY_HITS_MAX 4000 /* a text */

typedef struct {
    WordHit word;
    bool is_guess; /* "likely infected": what the sender thinks, not saw */
} CategoryHit;

/* In text order; folded is of length bytes of text. Array of CategoryHit,
 * yours. */
GArray *category_hits(const FoldedText *folded, const char *text,
                      size_t length);

/* The pairs of words that stand together, in the order of the later word: an
 * array of WordHit, yours; each pair once. (category_pairs.c) */
GArray *category_pairs_find(const FoldedText *folded, const char *text);
