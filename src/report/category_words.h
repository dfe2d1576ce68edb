/*
 * category_words.h - the phrases that speak for a category, and those by which
 * a mail accuses somebody. Private to report/; the tables are in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning: the category; weight 1 (a hint) to 8 (leaves no doubt). */
const WordIndex *category_words(void);
/* The same for the names of attached files. */
const WordIndex *category_file_words(void);
/* meaning: unused; weight 1 to 4. */
const WordIndex *accusing_words(void);
