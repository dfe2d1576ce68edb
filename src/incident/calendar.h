/*
 * calendar.h - names of months and weekdays in the languages of complaints.
 */
#pragma once

#include "incident/cursor.h"

typedef enum { CALENDAR_MONTHS, CALENDAR_WEEKDAYS } CalendarKind;

/* One language: the spellings of each number, parted by blanks, folded. */
typedef struct {
    const char *language;
    const char *names[12]; /* January first; or Sunday first, seven of them */
} CalendarLanguage;

/* calendar_names.c; both end in a row without a language. */
extern const CalendarLanguage CALENDAR_MONTH_NAMES[];
extern const CalendarLanguage CALENDAR_WEEKDAY_NAMES[];

/* The whole word at a place of a folded text as the name of a month (1..12) or
 * weekday (0 = Sunday); the place after it, or 0. A dot that ends an
 * abbreviation is taken along. */
size_t calendar_read(Cursor folded, size_t at, CalendarKind kind, int *number);
