/*
 * demand_words.h - the phrases by which a writer asks for something. Private
 * to report/; the table is in the .c file.
 */
#pragma once

#include "report/words.h"

/* weight: the DemandKind; meaning: unused. */
const WordIndex *demand_phrases(void);
