/*
 * sensitive_words.h - the phrases of sensitive matters. Private to report/;
 * the table and how to add to it are in the .c file.
 */
#pragma once

#include "report/words.h"

/* A matter is recognised when the weights of its distinct phrases reach
 * this. */
#define SENSITIVE_ENOUGH 4

/* meaning: sensitive_word() of the matter; weight -4 to 4. */
const WordIndex *sensitive_words(void);
