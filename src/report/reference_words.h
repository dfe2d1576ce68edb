/*
 * reference_words.h - the labels behind which a reporter's own number stands.
 * Private to report/; the table is in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning of a row */
#define REFERENCE_IN_SUBJECT "subject" /* in a text it names processes */
#define REFERENCE_ALONE      "alone"   /* only where no other number is */

#define REFERENCE_WEAK  "weak"  /* counts follow it as well */
#define REFERENCE_VERB  "verb"  /* any name may follow it */
#define REFERENCE_GOODS "goods" /* of a parcel, where one is told of */
#define REFERENCE_GLUED "glued" /* "*label*"; its value may be glued */

const WordIndex *reference_labels(void);

/* Words of a purchase: then orders and trackings are numbers of goods. */
const WordIndex *reference_goods(void);
