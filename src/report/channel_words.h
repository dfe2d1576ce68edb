/*
 * channel_words.h - the phrases by which a writer says how to be answered.
 * Private to report/; the tables are in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning of a row, by its first letter */
#define CUE_TO   "to"   /* an address or a URL follows */
#define CUE_URL  "url"  /* a URL follows */
#define CUE_THIS "this" /* the mail itself is to be answered */
#define CUE_NONE "none" /* it is not */

const WordIndex *channel_words(void);
/* Keys of machine-readable parts behind which the reporter's own contact
 * stands; weight: how many bytes behind the key at most. */
const WordIndex *channel_keys(void);
