/*
 * category_words.h - the phrases that speak for a category, and those by which
 * a mail accuses somebody. Private to report/; the tables are in the .c file.
 */
#pragma once

#include "report/words.h"

/* "Somebody tried to get in": says that, but not in which way. */
#define CATEGORY_ANY_ATTACK "attack"

/* meaning: the category, or CATEGORY_ANY_ATTACK; weight 1 (a hint) to 8
 * (leaves no doubt). */
const WordIndex *category_words(void);
/* Phrases within which those words mean something else. meaning: one of the
 * two below; weight unused. */
const WordIndex *category_masks(void);
#define CATEGORY_MASK_NOTHING "nothing" /* "spam folder" */
#define CATEGORY_MASK_GUESS   "guess"   /* "likely infected" */
/* The same for the names of attached files. */
const WordIndex *category_file_words(void);
/* meaning: unused; weight 1 to 4. */
const WordIndex *accusing_words(void);
