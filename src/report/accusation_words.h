/*
 * accusation_words.h - how a sentence says that it is not the one that
 * accuses. Private to report/; the table is in the .c file.
 */
#pragma once

#include "report/words.h"

/* weight: what it takes off the sentence's score. */
const WordIndex *no_accusation_words(void);
/* Who acts, beside accusing_words(); weight 1 to 4. */
const WordIndex *deed_words(void);
