/*
 * disposition_words.h - by which words mail that is no complaint is known.
 * Private to report/; the table is in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning: disposition_word(); 4 decides unless the mail accuses more. */
const WordIndex *disposition_words(void);
/* The same for the subject alone. */
const WordIndex *disposition_subject_words(void);
