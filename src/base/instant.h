/*
 * instant.h - a moment in UTC, civil dates, and their text forms.
 *
 * An Instant counts seconds since 1970-01-01T00:00:00 UTC without leap
 * seconds (POSIX). Nothing here asks the clock: "now" is always a parameter.
 * A leap second (:60) is read as the last second of its minute.
 *
 * Authority: RFC 3339 (text), RFC 5322 section 3.3 (mail dates out).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef int64_t Instant;

#define INSTANT_NONE     INT64_MIN
#define INSTANT_HOUR_S   INT64_C(3600)
#define INSTANT_DAY_S    INT64_C(86400)
#define INSTANT_FIRST    INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define INSTANT_LAST     INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define INSTANT_TEXT_MAX 32 /* bytes that instant_text writes at most */

/* A closed stretch of time, both ends included, from <= to. */
typedef struct {
    Instant from, to;
} Interval;

/* A date and time of day in no particular zone. */
typedef struct {
    int year;                 /* proleptic Gregorian, 1..9999 */
    int month, day;           /* 1..12, 1..31 */
    int hour, minute, second; /* 0..23, 0..59, 0..60 */
} Civil;

/* Does the date exist, and is the time of day within range? */
bool civil_is_valid(const Civil *civil);

/* Is it a moment of the years 1 to 9999? A zone can put a valid date outside
 * of them, where neither our texts nor our sums are sure. */
bool instant_is_dated(Instant instant);

/* The instant at which a clock with the given offset (seconds east of UTC)
 * shows civil. civil must be valid. */
Instant instant_from_civil(const Civil *civil, int offset_s);

/* What a clock with that offset shows at the instant. */
Civil civil_from_instant(Instant instant, int offset_s);

/* Day of the week, 0 = Sunday. */
int civil_weekday(const Civil *civil);

/* Write "2026-05-03T14:02:00Z" into buffer; returns buffer.
 * INSTANT_NONE gives "-". */
const char *instant_text(Instant instant, char buffer[INSTANT_TEXT_MAX]);

/* A new string of the same form; yours to free. */
char *instant_new_text(Instant instant);

/* "Sun, 03 May 2026 14:02:00 +0000" (RFC 5322); yours to free. */
char *instant_new_mail_date(Instant instant);

/* Read the forms that our own tools accept and print:
 * "2026-05-03", "2026-05-03T14:02[:07][.123][Z|+01:00|+0100]", a blank in
 * place of T, or "@1777816920" (seconds). Without a zone it is UTC: these are
 * typed at our own prompt or written by us, never words of a complaint.
 * False, out untouched, if it is none of them. */
bool instant_parse(const char *text, Instant *out);
