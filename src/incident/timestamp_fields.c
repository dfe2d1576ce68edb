/*
 * Parts of a pattern that few formats have: days of a year or week, weekdays in
 * writing without blanks, times counted from other beginnings.
 */
#include "incident/timestamp_match.h"

#include "incident/calendar.h"

#include <string.h>

#define FILETIME_BACK 24 /* bytes in which its label stands */

/* "(火)", " 星期二", "요일" after a date in such writing, if there is one. */
bool match_wide_weekday(Match *match)
{
    size_t at = cursor_skip_blanks(match->text, match->at, 2);
    size_t open = cursor_at(match->text, at) == '('             ? 1
                  : cursor_has(match->text, at, "\xef\xbc\x88") ? 3
                                                                : 0;
    size_t day = at + open, end = day;
    while (end - day < 9 && cursor_ideograph(match->text, end) > 0 &&
           !cursor_has(match->text, end, "\xe4\xb8\x8a") && /* morning */
           !cursor_has(match->text, end, "\xe4\xb8\x8b") && /* afternoon */
           !cursor_has(match->text, end, "\xe5\x8d\x88"))
        end += 3;
    size_t close = cursor_at(match->text, end) == ')'             ? 1
                   : cursor_has(match->text, end, "\xef\xbc\x89") ? 3
                                                                  : 0;
    if (open > 0 && end > day && close > 0) {
        match->at = end + close;
        return true;
    }
    int weekday;
    static const size_t LENGTHS[] = {9, 6};
    for (size_t i = 0; open == 0 && i < G_N_ELEMENTS(LENGTHS); i++) {
        Cursor word = {match->folded.text,
                       MIN(day + LENGTHS[i], match->folded.length)};
        size_t after = calendar_read(word, day, CALENDAR_WEEKDAYS, &weekday);
        if (after > 0) {
            match->at = after;
            break;
        }
    }
    return true;
}

/* The day of the year, three digits; after the year. */
bool match_day_of_year(Match *match)
{
    int day;
    Stamp *stamp = match->stamp;
    if (!match_number(match, 3, 3, 1, 366, &day))
        return false;
    Civil first = {.year = stamp->year, .month = 1, .day = 1};
    Civil civil = civil_from_instant(
        instant_from_civil(&first, 0) + (day - 1) * INSTANT_DAY_S, 0);
    stamp->month = civil.month;
    stamp->day = civil.day;
    return civil.year == stamp->year;
}

/* "12-4": week and weekday of ISO 8601, after the year and "W". */
bool match_iso_week(Match *match)
{
    int week, day;
    Stamp *stamp = match->stamp;
    if (!match_digits(match, 2, 1, 53, &week))
        return false;
    if (cursor_at(match->text, match->at) == '-')
        match->at++;
    if (!match_digits(match, 1, 1, 7, &day))
        return false;
    Civil fourth = {.year = stamp->year, .month = 1, .day = 4};
    Instant monday = instant_from_civil(&fourth, 0) -
                     (civil_weekday(&fourth) + 6) % 7 * INSTANT_DAY_S;
    Instant first = monday + (week - 1) * 7 * INSTANT_DAY_S;
    Civil thursday = civil_from_instant(first + 3 * INSTANT_DAY_S, 0);
    if (thursday.year != stamp->year)
        return false; /* few years have a week 53 */
    Civil civil = civil_from_instant(first + (day - 1) * INSTANT_DAY_S, 0);
    stamp->year = civil.year;
    stamp->month = civil.month;
    stamp->day = civil.day;
    return true;
}

/* YYMMDD, as X.509 and MySQL write it. */
bool match_short_compact_date(Match *match)
{
    Stamp *stamp = match->stamp;
    int year;
    if (!match_digits(match, 2, 0, 69, &year) ||
        !match_digits(match, 2, 1, 12, &stamp->month) ||
        !match_digits(match, 2, 1, 31, &stamp->day))
        return false;
    stamp->year = 2000 + year;
    stamp->year_is_short = true;
    return true;
}

/* "4000000065f2d02c1b2e3f40" after "@": TAI64N as multilog writes it, seconds
 * since 1970 and 2^62 and the ten that TAI was ahead then. */
bool match_tai64n(Match *match)
{
    if (match->at == 0 || cursor_at(match->text, match->at - 1) != '@' ||
        !cursor_has(match->text, match->at, "40000000"))
        return false;
    gint64 seconds = 0;
    size_t digits = 8;
    for (; digits < 24; digits++) {
        int value = g_ascii_xdigit_value(
            (char)cursor_at(match->text, match->at + digits));
        if (value < 0)
            return false;
        if (digits < 16)
            seconds = seconds * 16 + value;
    }
    match->at += digits;
    match->stamp->epoch = seconds - 10;
    return seconds >= EPOCH_MIN && seconds <= EPOCH_MAX;
}

/* 100 ns since 1601, only where the line says that it is a FILETIME. */
bool match_filetime(Match *match)
{
    gint64 value = 0;
    size_t digits = 0;
    for (; digits < 18; digits++) {
        unsigned char c = cursor_at(match->text, match->at + digits);
        if (!g_ascii_isdigit(c))
            return false;
        value = value * 10 + (c - '0');
    }
    size_t from = match->at > FILETIME_BACK ? match->at - FILETIME_BACK : 0;
    bool is_labelled = memmem(match->folded.text + from, match->at - from,
                              "filetime", 8) != NULL;
    match->at += digits;
    match->stamp->epoch = value / 10000000 - INT64_C(11644473600);
    return is_labelled && match->stamp->epoch >= EPOCH_MIN &&
           match->stamp->epoch <= EPOCH_MAX;
}
