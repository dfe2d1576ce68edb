/*
 * timestamp_words.h - small words around times: fillers between date and time,
 * units and markers of relative times.
 */
#pragma once

#include "incident/cursor.h"

/* Each returns the place after what it read, or 0. All read folded text. */

/* What may stand between a date and its time of day. */
size_t words_between(Cursor folded, size_t at);

/* "of", "the", "de", "den" between the parts of a date. */
size_t words_of_date(Cursor folded, size_t at);

/* "on", "am", "le" between a time of day and its date. */
size_t words_on(Cursor folded, size_t at);

/* "Uhr", "hrs" after a time of day. */
size_t words_after_time(Cursor folded, size_t at);

/* A small number in digits or words. */
size_t words_count(Cursor folded, size_t at, int *count);

/* "minutes", "Stunden", "дней"; seconds of one. */
size_t words_unit(Cursor folded, size_t at, int *unit_s);

/* "ago", "vor", "il y a", "назад". */
size_t words_ago(Cursor folded, size_t at);

/* "in the last", "within the past", "in den letzten". */
size_t words_within(Cursor folded, size_t at);
