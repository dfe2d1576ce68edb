/*
 * reference_words.h - the labels behind which a reporter's own number stands.
 * Private to report/; the table is in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning of a row */
#define REFERENCE_IN_SUBJECT "subject" /* in a text it names processes */
#define REFERENCE_ALONE      "alone"   /* only where no other number is */

const WordIndex *reference_labels(void);
