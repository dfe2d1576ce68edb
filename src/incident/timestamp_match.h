/*
 * timestamp_match.h - what timestamp_match.c and timestamp_clock.c share while
 * they run one pattern at one place. Private to those two.
 */
#pragma once

#include "incident/timestamp.h"
#include "incident/timestamp_words.h"

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
