/*
 * reading_date.h - dates that are written in part, or not at all. Private to
 * reading.c and reading_date.c.
 */
#pragma once

#include "incident/reading.h"

/* Is the date counted from the mail's own? */
bool reading_is_counted(const Stamp *stamp);

/* Fill in year and day where they were not written, for a clock with that
 * offset; false if the mail has no Date to count from. */
bool reading_date(Civil *civil, const Stamp *stamp, int days_back, int offset_s,
                  const ReadingContext *context);

/* The whole reason of a reading. Yours to free. */
char *reading_why_new(const char *zone_why, const char *variant_why,
                      const Stamp *stamp);
