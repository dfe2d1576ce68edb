/*
 * The parts of a pattern around the time of day: what joins it to the date,
 * the clock itself, its zone.
 */
#include "incident/timestamp_match.h"

#include "incident/timestamp_words.h"

#include <string.h>

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

/* Between date and time: "T", blanks, ":", " - ", " @ ", ", ", cell borders,
 * "at", "um", a line end. */
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
    size_t start = at;
    at = skip_space(in, at, true);
    for (int i = 0; i < 4; i++) {
        c = cursor_at(in, at);
        if (c == 0 || !strchr(",;@-|\"'(:\t[/", c))
            break;
        at = skip_space(in, at + 1, true);
    }
    for (int i = 0; i < 2; i++) {
        size_t word = words_between(match->folded, at);
        if (word == 0)
            break;
        at = skip_space(in, word, true);
        if (cursor_at(in, at) == ',' || cursor_at(in, at) == ':')
            at = skip_space(in, at + 1, true);
    }
    if (at == start || !g_ascii_isdigit(cursor_at(in, at)))
        return false;
    match->at = at;
    return true;
}

/* Between time and date. */
bool match_on(Match *match)
{
    size_t at = cursor_skip_blanks(match->text, match->at, 4);
    if (cursor_at(match->text, at) == ',' || cursor_at(match->text, at) == '-')
        at = cursor_skip_blanks(match->text, at + 1, 3);
    for (int i = 0; i < 2; i++) {
        size_t word = words_on(match->folded, at);
        if (word == 0)
            break;
        at = cursor_skip_blanks(match->text, word, 3);
    }
    if (at == match->at)
        return false;
    match->at = at;
    return true;
}

/* "PM", "p.m.", " am"; changes the hour. */
static void match_half(Match *match)
{
    Cursor in = match->folded;
    size_t at = cursor_skip_blanks(in, match->at, 2);
    unsigned char half = cursor_at(in, at);
    if (half != 'a' && half != 'p')
        return;
    size_t m = at + 1;
    if (cursor_at(in, m) == '.')
        m += cursor_at(in, m + 1) == ' ' ? 2 : 1;
    if (cursor_at(in, m) != 'm')
        return;
    m++;
    if (cursor_at(in, m) == '.')
        m++;
    if (g_ascii_isalnum(cursor_at(in, m)))
        return;
    Stamp *stamp = match->stamp;
    if (half == 'p' && stamp->hour < 12)
        stamp->hour += 12;
    if (half == 'a' && stamp->hour == 12)
        stamp->hour = 0;
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
    if (cursor_has(ahead.folded, at, "to "))
        at += 3;
    else if (cursor_has(ahead.folded, at, "until "))
        at += 6;
    else if (cursor_at(ahead.folded, at) == '-')
        at++;
    else
        return;
    ahead.at = cursor_skip_blanks(ahead.folded, at, 3);
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
static size_t any_of(Cursor in, size_t at, const char *const words[3])
{
    for (size_t i = 0; i < 3; i++)
        if (cursor_has(in, at, words[i]))
            return strlen(words[i]);
    return 0;
}

/* Hour, minute and second in Chinese and Japanese (two) and Korean. */
static const char *const HOURS[] = {"\xe6\x99\x82", "\xe7\x82\xb9",
                                    "\xec\x8b\x9c"};
static const char *const MINUTES[] = {"\xe5\x88\x86", ":", "\xeb\xb6\x84"};
static const char *const SECONDS[] = {"\xe7\xa7\x92", "\xe7\xa7\x92",
                                      "\xec\xb4\x88"};

/* ":", "h", " h ": between hours and minutes; its length. */
static size_t hour_mark(Cursor in, size_t at)
{
    if (cursor_at(in, at) == ':')
        return 1;
    if (any_of(in, at, HOURS) > 0)
        return any_of(in, at, HOURS);
    size_t h = cursor_skip_blanks(in, at, 2);
    if (cursor_at(in, h) != 'h')
        return 0;
    size_t end = h == at ? h + 1 : cursor_skip_blanks(in, h + 1, 2);
    return g_ascii_isdigit(cursor_at(in, end)) ? end - at : 0;
}

bool match_time(Match *match)
{
    Cursor in = match->folded;
    Stamp *stamp = match->stamp;
    if (!match_number(match, 1, 2, 0, 24, &stamp->hour))
        return false;
    size_t mark = hour_mark(in, match->at);
    if (mark == 0) {
        /* "11AM" alone is a time, "11" is not. */
        size_t before = match->at;
        match_half(match);
        return match->at > before;
    }
    match->at += mark;
    if (!match_number(match, 2, 2, 0, 59, &stamp->minute))
        return false;
    size_t colon = any_of(in, match->at, MINUTES);
    if (colon > 0 && g_ascii_isdigit(cursor_at(in, match->at + colon))) {
        match->at += colon;
        if (!match_number(match, 1, 2, 0, 60, &stamp->second))
            return false;
        match->at += any_of(in, match->at, SECONDS);
        match_fraction(match);
    } else if (colon > 1) {
        match->at += colon;
    }
    size_t before = match->at;
    match_half(match);
    if (match->at == before)
        match_half_of_range(match);
    return !g_ascii_isdigit(cursor_at(in, match->at));
}

/* The zone after a time, with the words and brackets around it. */
bool match_zone(Match *match, bool required)
{
    Cursor in = match->text;
    size_t at = cursor_skip_blanks(in, match->at, 3);
    size_t word = words_after_time(match->folded, at);
    if (word > 0)
        at = cursor_skip_blanks(in, word, 2);
    bool is_tight = at == match->at;
    unsigned char c = cursor_at(in, at);
    bool bracket = c == '(' || c == '[';
    if (bracket || c == ',' || c == '"') {
        at = cursor_skip_blanks(in, at + 1, 2);
        size_t with = words_after_time(match->folded, at);
        if (with > 0)
            at = cursor_skip_blanks(in, with, 2);
    } else if (c == '+' && cursor_at(in, at + 1) == ' ') {
        at = cursor_skip_blanks(in, at + 1, 2);
    }
    c = cursor_at(in, at);
    bool is_number = c == '+' || c == '-';
    ZonePlace place =
        is_tight || bracket || !is_number ? ZONE_ON_STAMP : ZONE_IN_WORDS;
    Zone zone;
    size_t end = zone_read(in, at, place, &zone);
    if (end == 0)
        return !required;
    if (bracket && (cursor_at(in, end) == ')' || cursor_at(in, end) == ']'))
        end++;
    match->stamp->zone = zone;
    match->at = end;
    return true;
}
