/*
 * deadline_date.h - a date as people write deadlines. Private to report/.
 */
#pragma once

#include "base/instant.h"

typedef struct {
    Civil civil;    /* 23:59:59 where no time is stated; year 0: not written */
    Civil other;    /* the same with day and month exchanged, or not valid */
    int weekday;    /* "Friday", the next one; civil has the time; or -1 */
    int days_ahead; /* "tomorrow": 1; civil has the time; or -1 */
    bool has_zone;
    int offset_s; /* the stated zone, seconds east; else untouched */
} DeadlineDate;

/* Read a date, and a time and zone if they follow, at the start of the text
 * that ends at end. Where it ended, or NULL if there is no date. */
const char *deadline_date_read(const char *text, const char *end,
                               DeadlineDate *out);
