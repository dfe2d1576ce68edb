/*
 * category_scale.h - what the words of a mail weigh, category by category.
 * Private to report/.
 */
#pragma once

#include "report/category.h"
#include "report/study.h"

#define CATEGORY_ENOUGH 30 /* one plain phrase of weight 3 in the body */
#define CATEGORY_WEAK   50 /* below this the category is flagged as weak */

#define COUNT_ONE(word, meaning) +1
enum { CATEGORY_COUNT = 0 CATEGORIES(COUNT_ONE) };
#undef COUNT_ONE
#define CATEGORY_SLOTS (CATEGORY_COUNT + 1) /* the last: any attack */

typedef struct {
    int score;                   /* in all, guesses left out */
    int subject;                 /* of that, what the Subject says */
    int guess;                   /* what the sender guesses: a last resort */
    GPtrArray *quotes, *guesses; /* of Quote, at most WHY_MAX, or NULL */
} Weight;

typedef struct {
    Weight weights[CATEGORY_SLOTS];
} Scale;

/* Weigh all blocks and file names, and what a format has stated. */
void scale_fill(Scale *scale, Study *study);
void scale_clear(Scale *scale);

/* The index of the best category, its weight settled. subject_lost: the
 * Subject spoke for another one, and the content decided. */
int scale_decide(Scale *scale, bool *subject_lost);

/* -1 if the word is none. (category.c) */
int category_index(const char *category);

/* Keep the next best categories with their first words. (loser.c) */
void study_note_lost_categories(Study *study, const Scale *scale, int best);
