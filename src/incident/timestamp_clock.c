/*
 * The parts of a pattern around the time of day: what joins it to the date,
 * and the clock itself.
 *
 *   clock  := [part] hour rest [half | part]
 *   rest   := ":" mm [":" ss] | "h" mm | hour-word [mm] | "." mm ["." ss]
 *   half   := "am", "p.m."           part := "in the evening", "abends"
 *
 * "21.07" is a price, a version, a chapter: it is a clock only with three
 * groups after a date, behind a word that a clock must follow ("kl.", "um") or
 * before one that follows clocks ("Uhr", "pm"). An hour alone needs such a
 * word, too, and stands for the whole hour.
 */
#include "incident/timestamp_match.h"

#include "incident/timestamp_words.h"

#include <string.h>

#define CUE_BYTES_MAX 16

bool match_number(Match *match, size_t least, size_t most, long low, long high,
                  int *out)
{
    long value;
    size_t digits = cursor_number(match->text, match->at, most, &value);
    if (digits < least || digits == 0 || value < low || value > high)
        return false;
    match->at += digits;
    *out = (int)value;
    return true;
}

/* Blanks, and at most one line end with quote marks after it. */
static size_t skip_space(Cursor in, size_t at, bool may_wrap)
{
    at = cursor_skip_blanks(in, at, 8);
    size_t line = cursor_at(in, at) == '\r' ? at + 1 : at;
    if (!may_wrap || cursor_at(in, line) != '\n')
        return at;
    at = line + 1;
    while (cursor_at(in, at) == '>' || cursor_blank(in, at) > 0)
        at += cursor_at(in, at) == '>' ? 1 : cursor_blank(in, at);
    return at;
}

/* A mark between date and time; its length. The dashes of word processors and
 * the marks of Chinese and Japanese are among them. */
static size_t mark_between(Cursor in, size_t at)
{
    static const char *const WIDE[] = {"\xe2\x80\x93", "\xe2\x80\x94",
                                       "\xef\xbc\x9a", "\xef\xbc\x8c",
                                       "\xe3\x80\x81", "\xef\xbc\x88"};
    unsigned char c = cursor_at(in, at);
    if (c > 0 && c < 0x80)
        return strchr(",;@-|\"'():\t[]/.", c) ? 1 : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(WIDE); i++)
        if (cursor_has(in, at, WIDE[i]))
            return strlen(WIDE[i]);
    return 0;
}

/* Does a clock begin there, perhaps with the part of the day before it? */
static bool begins_clock(const Match *match, size_t at)
{
    DayPart part;
    if (cursor_ideograph(match->folded, at) > 0)
        return words_part(match->folded, at, &part) > 0;
    return g_ascii_isdigit(cursor_at(match->text, at));
}

/* Between date and time: "T", blanks, ":", " - ", " @ ", ", ", cell borders,
 * "at", "um", a line end; nothing at all after an ideograph. */
bool match_between(Match *match)
{
    Cursor in = match->text;
    size_t at = match->at;
    unsigned char c = cursor_at(in, at);
    if ((c == 'T' || c == 't' || c == ':' || c == '_') &&
        g_ascii_isdigit(cursor_at(in, at + 1))) {
        match->at = at + 1;
        return true;
    }
    size_t start = at, mark;
    at = skip_space(in, at, true);
    for (int i = 0; i < 4 && (mark = mark_between(in, at)) > 0; i++)
        at = skip_space(in, at + mark, true);
    for (int i = 0; i < 3; i++) {
        size_t word = words_between(match->folded, at);
        if (word == 0)
            break;
        match->is_cued = words_cue(match->folded, at) > 0;
        at = skip_space(in, word, true);
        mark = mark_between(in, at);
        if (mark > 0)
            at = skip_space(in, at + mark, true);
    }
    bool after_ideograph = start >= 3 && cursor_ideograph(in, start - 3) > 0;
    if ((at == start && !after_ideograph) || !begins_clock(match, at))
        return false;
    match->at = at;
    return true;
}

/* Between time and date. */
bool match_on(Match *match)
{
    size_t at = skip_space(match->text, match->at, true);
    unsigned char c = cursor_at(match->text, at);
    if (c == ',' || c == '-' || c == '/' || c == '|' || c == ';' || c == '(')
        at = cursor_skip_blanks(match->text, at + 1, 3);
    for (int i = 0; i < 2; i++) {
        size_t word = words_on(match->folded, at);
        if (word == 0)
            break;
        at = skip_space(match->text, word, true);
    }
    if (at == match->at)
        return false;
    match->at = at;
    return true;
}

/* "PM", "p.m.", " am", "abends"; changes the hour. */
static void match_half(Match *match)
{
    Cursor in = match->folded;
    Stamp *stamp = match->stamp;
    size_t at = cursor_skip_blanks(in, match->at, 2);
    unsigned char half = cursor_at(in, at);
    size_t m = at + 1;
    if (cursor_at(in, m) == '.')
        m += cursor_at(in, m + 1) == ' ' ? 2 : 1;
    bool is_half = (half == 'a' || half == 'p') && cursor_at(in, m) == 'm' &&
                   !g_ascii_isalnum(cursor_at(in, m + 1));
    if (!is_half) {
        DayPart part;
        size_t end = words_part(in, match->at, &part);
        if (end == 0)
            return;
        stamp->hour = hour_in_part(stamp->hour, part);
        match->has_half = true;
        match->at = end;
        return;
    }
    m++;
    if (cursor_at(in, m) == '.')
        m++;
    if (half == 'p' && stamp->hour < 12)
        stamp->hour += 12;
    if (half == 'a' && stamp->hour == 12)
        stamp->hour = 0;
    stamp->is_12_hour = true;
    match->has_half = true;
    match->at = m;
}

/* ".123", ",123" after seconds. */
void match_fraction(Match *match)
{
    unsigned char mark = cursor_at(match->text, match->at);
    if ((mark != '.' && mark != ',') ||
        !g_ascii_isdigit(cursor_at(match->text, match->at + 1)))
        return;
    size_t at = match->at + 1;
    while (g_ascii_isdigit(cursor_at(match->text, at)))
        at++;
    if (mark == ',' && at - match->at > 7)
        return; /* the next number of a list */
    unsigned char next = cursor_at(match->text, at);
    if (next == '.' && g_ascii_isdigit(cursor_at(match->text, at + 1)))
        return; /* an address */
    if (mark == ',' && (next == '/' || next == '-' || next == ':'))
        return; /* the next cell */
    match->at = at;
}

/* "05:30 to 05:36 PM": the half of the day is said once, at the end. */
static void match_half_of_range(Match *match)
{
    Stamp end = {0};
    Match ahead = *match;
    ahead.stamp = &end;
    size_t at = cursor_skip_blanks(ahead.folded, ahead.at, 3);
    size_t word = words_to(ahead.folded, at);
    if (word == 0)
        return;
    ahead.at = cursor_skip_blanks(ahead.folded, word, 3);
    if (!match_number(&ahead, 1, 2, 1, 12, &end.hour) ||
        cursor_at(ahead.folded, ahead.at) != ':')
        return;
    int hour = end.hour;
    ahead.at++;
    if (!match_number(&ahead, 2, 2, 0, 59, &end.minute))
        return;
    if (cursor_at(ahead.folded, ahead.at) == ':') {
        ahead.at++;
        if (!match_number(&ahead, 2, 2, 0, 60, &end.second))
            return;
    }
    match_half(&ahead);
    bool is_afternoon = end.hour > 12 || (hour == 12 && end.hour == 12);
    if (is_afternoon && match->stamp->hour % 12 <= hour % 12 &&
        match->stamp->hour < 12)
        match->stamp->hour += 12;
}

/* The first of these that stands there; its length. */
static size_t any_of(Cursor in, size_t at, const char *const words[4])
{
    for (size_t i = 0; i < 4; i++)
        if (cursor_has(in, at, words[i]))
            return strlen(words[i]);
    return 0;
}

/* Hour, minute and second in Chinese and Japanese (two) and Korean; the colon
 * that is as wide as a character. */
static const char *const HOURS[] = {"\xe6\x99\x82", "\xe7\x82\xb9",
                                    "\xec\x8b\x9c", "\xef\xbc\x9a"};
static const char *const MINUTES[] = {"\xe5\x88\x86", ":", "\xeb\xb6\x84",
                                      "\xef\xbc\x9a"};
static const char *const SECONDS[] = {"\xe7\xa7\x92", "\xec\xb4\x88",
                                      "\xe9\xbb\x9e", "\xe7\xa7\x92"};

/* ":", "h", " Uhr ": between hours and minutes; its length, with the blanks
 * after it. */
static size_t hour_mark(Cursor in, size_t at)
{
    unsigned char c = cursor_at(in, at);
    if (c == ':') /* "16: 16" was torn */
        return cursor_at(in, at + 1) == ' ' &&
                       g_ascii_isdigit(cursor_at(in, at + 2)) &&
                       g_ascii_isdigit(cursor_at(in, at + 3)) &&
                       cursor_at(in, at + 4) == ':'
                   ? 2
                   : 1;
    size_t wide = any_of(in, at, HOURS);
    if (wide > 0)
        return cursor_skip_blanks(in, at + wide, 2) - at;
    size_t word = words_hour(in, cursor_skip_blanks(in, at, 2));
    return word > 0 ? cursor_skip_blanks(in, word, 2) - at : 0;
}

/* Is the word before a place one that a clock must follow? */
static bool is_after_cue(Cursor in, size_t at)
{
    size_t end = at;
    while (end > 0 && at - end < 3 && cursor_at(in, end - 1) == ' ')
        end--;
    if (end == at)
        return false;
    size_t least = end > CUE_BYTES_MAX ? end - CUE_BYTES_MAX : 0;
    for (size_t begin = end; begin > least;) {
        begin--;
        bool is_begin = begin == 0 || !cursor_is_word(in, begin - 1);
        if (is_begin && words_cue(in, begin) == end)
            return true;
    }
    return false;
}

/* After the minutes: seconds, if there are any. */
static bool match_seconds(Match *match)
{
    Cursor in = match->folded;
    size_t colon = any_of(in, match->at, MINUTES);
    size_t digits =
        cursor_skip_blanks(in, match->at + colon, colon > 1 ? 2 : 0);
    if (colon > 0 && g_ascii_isdigit(cursor_at(in, digits))) {
        match->at = digits;
        if (!match_number(match, 1, 2, 0, 60, &match->stamp->second))
            return false;
        match->at += any_of(in, match->at, SECONDS);
        match_fraction(match);
    } else if (colon > 1) {
        match->at += colon;
    }
    return true;
}

/* "21.07", "10.15.00.123" where the place allows it. */
static bool match_dotted(Match *match)
{
    Cursor in = match->folded;
    Stamp *stamp = match->stamp;
    size_t at = match->at;
    match->at++;
    if (!match_number(match, 2, 2, 0, 59, &stamp->minute))
        return false;
    bool has_seconds = cursor_at(in, match->at) == '.' &&
                       g_ascii_isdigit(cursor_at(in, match->at + 1));
    if (has_seconds) {
        match->at++;
        if (!match_number(match, 2, 2, 0, 60, &stamp->second))
            return false;
        match_fraction(match);
    }
    if (cursor_at(in, match->at) == '.' &&
        g_ascii_isdigit(cursor_at(in, match->at + 1)))
        return false; /* an address */
    size_t end = match->at;
    size_t word = words_after_time(in, cursor_skip_blanks(in, end, 2));
    match_half(match);
    bool is_clock = match->is_cued || word > 0 || match->at > end ||
                    (has_seconds && at > stamp->at + 2);
    return is_clock;
}

/* "9 PM", "21 Uhr", "kl. 9", "3 de la tarde": the hour alone. */
static bool match_hour_alone(Match *match, bool has_word)
{
    size_t before = match->at;
    match_half(match);
    bool is_clock =
        match->at > before || match->has_half || (has_word && match->is_cued);
    if (!is_clock)
        return false;
    match->stamp->minute_is_open = true;
    return true;
}

/* "Uhr" and its like, which no duration has behind it. */
static bool is_clock_word(Cursor in, size_t at)
{
    at = cursor_skip_blanks(in, at, 2);
    return cursor_has(in, at, "uhr") || cursor_has(in, at, "uur") ||
           cursor_has(in, at, "o'clock");
}

/* The whole clock after the part of the day, if that stood first. */
static bool match_digits_of_clock(Match *match)
{
    Cursor in = match->folded;
    Stamp *stamp = match->stamp;
    if (!match_number(match, 1, 2, 0, 24, &stamp->hour))
        return false;
    if (cursor_at(in, match->at) == '.' &&
        g_ascii_isdigit(cursor_at(in, match->at + 1)))
        return match_dotted(match);
    size_t mark = hour_mark(in, match->at);
    bool has_minutes = mark > 0 &&
                       g_ascii_isdigit(cursor_at(in, match->at + mark)) &&
                       g_ascii_isdigit(cursor_at(in, match->at + mark + 1));
    if (!has_minutes) {
        bool is_uhr = is_clock_word(in, match->at);
        bool is_wide = mark > 1 && any_of(in, match->at, HOURS) > 0;
        if (mark == 1 && cursor_at(in, match->at) == ':')
            return false;
        match->at += mark;
        match->is_cued = match->is_cued || is_uhr || is_wide;
        return match_hour_alone(match, mark > 0);
    }
    match->at += mark;
    if (!match_number(match, 2, 2, 0, 59, &stamp->minute) ||
        !match_seconds(match))
        return false;
    match->is_cued = match->is_cued || is_clock_word(in, match->at);
    size_t before = match->at;
    size_t word = words_after_time(in, cursor_skip_blanks(in, match->at, 2));
    if (word > 0) {
        match->at = word;
        match_half(match); /* "9:15 Uhr abends" */
        if (match->at == word)
            match->at = before;
    } else {
        match_half(match);
    }
    if (match->at == before)
        match_half_of_range(match);
    return !g_ascii_isdigit(cursor_at(in, match->at));
}

bool match_time(Match *match)
{
    DayPart part = match->part;
    size_t start = match->at;
    if (cursor_ideograph(match->folded, start) > 0) {
        size_t end = words_part(match->folded, start, &part);
        if (end == 0)
            return false;
        match->at = cursor_skip_blanks(match->text, end, 2);
    }
    match->is_cued = match->is_cued || is_after_cue(match->folded, start);
    if (!match_digits_of_clock(match))
        return false;
    match->stamp->is_cued = match->is_cued;
    if (!match->has_half)
        match->stamp->hour = hour_in_part(match->stamp->hour, part);
    return true;
}
