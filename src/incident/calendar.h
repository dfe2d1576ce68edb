/*
 * calendar.h - names of months and weekdays in the languages of complaints.
 */
#pragma once

#include "incident/cursor.h"

typedef struct {
    const char *name; /* folded; may be an abbreviation */
    int number;       /* month 1..12, weekday 0 = Sunday */
} CalendarName;

/* calendar_names.c; both end in a row without a name. */
extern const CalendarName CALENDAR_MONTHS[];
extern const CalendarName CALENDAR_WEEKDAYS[];

/* The whole word at a place of a folded text as a name of the table; the place
 * after it, or 0. A dot that ends an abbreviation is taken along. */
size_t calendar_read(Cursor folded, size_t at, const CalendarName *table,
                     int *number);
