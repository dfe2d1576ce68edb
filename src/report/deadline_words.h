/*
 * deadline_words.h - the words by which a deadline is set, in a dozen
 * languages. Private to report/; the tables are in the .c file.
 */
#pragma once

#include "report/words.h"

/* meaning: "span" (a length of time follows), "span-before" (it stands before
 * the words), "span-exact" (it follows at once, number and unit), "date" (a
 * date follows), "hours-glued", "days-glued", "workdays-glued" (the number
 * stands at once before the words, in scripts without blanks). */
const WordIndex *deadline_cues(void);
/* Words after a length of time that count it from something else than this
 * mail: "of our first notice". */
const WordIndex *deadline_bases(void);
/* Words of demand, one of which must be near. */
const WordIndex *demand_words(void);
/* Words just before a cue that make it no demand: events counted ("attempts
 * within"), the sender's own duty ("we will reply within"), versions. */
const WordIndex *demand_excuses(void);

typedef enum {
    TIME_WORD_NONE,
    TIME_WORD_NUMBER, /* value */
    TIME_WORD_HOUR,
    TIME_WORD_DAY,
    TIME_WORD_WEEK,
    TIME_WORD_WORKDAY, /* "Werktage": a day and a modifier in one */
    TIME_WORD_WORKING, /* "business", "ouvrables": makes a day a workday */
    TIME_WORD_PAST,    /* "last", "letzten": no deadline at all */
    TIME_WORD_MONTH,   /* value 1..12 */
    TIME_WORD_WEEKDAY, /* value 0 = Sunday */
    TIME_WORD_AHEAD,   /* "today", "tomorrow": value in days */
} TimeWord;

/* What one folded word says; value is set for NUMBER, MONTH, WEEKDAY, AHEAD. */
TimeWord time_word(const char *word, size_t length, int *value);
