/*
 * returned_words.h - what programs write when a letter comes back. Private to
 * report/.
 */
#pragma once

#include "report/words.h"

/* Meanings: "failed", "permanent" (failed, and not tried again), "delayed",
 * "absent", "receipt", "challenge". */
const WordIndex *returned_words(void);
const WordIndex *returned_subject_words(void);
