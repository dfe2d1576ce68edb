/*
 * timestamp_words.h - small words around times: fillers between date and time,
 * units and markers of relative times.
 */
#pragma once

#include "incident/cursor.h"

typedef struct {
    const char *word;
    int value;
} WordValue;

/* Each returns the place after what it read, or 0. All read folded text. */

/* What may stand between a date and its time of day. */
size_t words_between(Cursor folded, size_t at);

/* "of", "the", "de", "den" between the parts of a date. */
size_t words_of_date(Cursor folded, size_t at);

/* "on", "am", "le" between a time of day and its date. */
size_t words_on(Cursor folded, size_t at);

/* "to", "-", "~", "bis" between the ends of a range. */
size_t words_to(Cursor folded, size_t at);

/* A word after which a clock must follow: "um", "kl.", "a las". */
size_t words_cue(Cursor folded, size_t at);

/* "Uhr", "heures" between hours and minutes. */
size_t words_hour(Cursor folded, size_t at);

/* "Uhr", "hrs" after a time of day. */
size_t words_after_time(Cursor folded, size_t at);

/* Parts of the day, which tell 9 in the evening from 9. */
typedef enum {
    PART_NONE,
    PART_MORNING,   /* "am", "früh", "утра" */
    PART_AFTERNOON, /* "pm", "de la tarde", "дня" */
    PART_EVENING,   /* "abends", "du soir" */
    PART_NIGHT,     /* on both sides of midnight */
} DayPart;

/* timestamp_days.c; both end in a row without a word. */
typedef struct {
    const char *word;
    int days; /* before the mail */
    DayPart part;
} DayWord;
extern const DayWord DAY_WORDS[];
extern const DayWord PART_WORDS[];

/* "evening", "abends", "de la tarde", "утра"; with blanks before it. */
size_t words_part(Cursor folded, size_t at, DayPart *part);

/* The hour of 24 that a clock shows in that part of the day. */
int hour_in_part(int hour, DayPart part);

/* "yesterday", "gestern Abend", "昨日": days before the mail. */
size_t words_day(Cursor folded, size_t at, int *days_back, DayPart *part);

/* The longest word of a list that ends in a row without one. */
size_t words_read(Cursor folded, size_t at, const WordValue *list, int *value);

/* timestamp_counted.c: a small number in digits or words. */
size_t words_count(Cursor folded, size_t at, int *count);

/* "minutes", "Stunden", "дней"; seconds of one. */
size_t words_unit(Cursor folded, size_t at, int *unit_s);

/* "ago", "vor", "il y a", "назад". */
size_t words_ago(Cursor folded, size_t at);

/* "in the last", "within the past", "in den letzten". */
size_t words_within(Cursor folded, size_t at);
