/*
 * timestamp_match.h - what timestamp_match.c shares with the files that read
 * parts of a pattern (clock, zone, fields). Private to them.
 */
#pragma once

#include "incident/timestamp.h"
#include "incident/timestamp_words.h"

/* Seconds since 1970 that can be meant. */
#define EPOCH_MIN INT64_C(946684800)  /* 2000-01-01 */
#define EPOCH_MAX INT64_C(2208988800) /* 2040-01-01 */

/* One attempt: where it is, what it read so far. */
typedef struct {
    Cursor text, folded;
    size_t at;
    Stamp *stamp;
    int first_x; /* the first %x; 0 before it */
    int count, unit_s;
    bool is_ago, is_within;
    bool is_cued;  /* a word before the clock says that it is one */
    bool has_half; /* "PM", "abends" was read */
    DayPart part;  /* said beside the day: "yesterday evening" */
} Match;

/* Each reads its part at match->at, moves it on and fills the stamp; false,
 * with match in any state, if the part is not there. */

/* A number of least..most digits with low <= value <= high. */
bool match_number(Match *match, size_t least, size_t most, long low, long high,
                  int *out);
bool match_time(Match *match);
bool match_zone(Match *match, bool required);
/* What stands between date and time, and between time and date. */
bool match_between(Match *match);
bool match_on(Match *match);
/* ".123" after seconds, if there is one. */
void match_fraction(Match *match);

/* A fixed number of digits inside a longer run. */
bool match_digits(Match *match, size_t digits, int low, int high, int *out);

/* timestamp_fields.c */
bool match_wide_weekday(Match *match);
bool match_day_of_year(Match *match);
bool match_iso_week(Match *match);
bool match_short_compact_date(Match *match);
bool match_tai64n(Match *match);
bool match_filetime(Match *match);
