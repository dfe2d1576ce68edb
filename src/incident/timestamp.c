/*
 * Finding times in prose and logs.
 *
 * Problem: some sixty ways to write a time, in twenty languages, in a text
 * full of other numbers.
 *
 * Approach: the formats are a table of patterns (timestamp_formats.c) run by a
 * small matcher (timestamp_match.c). A pattern is tried only where a run of
 * letters or digits begins, and only if its first letter fits what stands
 * there, so a text is read once and each place costs a bounded number of steps.
 *
 * Rejected: strptime (locale), regular expressions (the languages alone would
 * make them unreadable), a grammar without table (one row per style seen is
 * what a person can check against the mail in hand).
 */
#include "incident/timestamp.h"

#include "incident/calendar.h"
#include "incident/timestamp_words.h"

#include <string.h>

#define YEARLESS_BYTES 7 /* of a day without a year at least: "July 11" */

/* What begins at a place, as far as choosing rows goes. */
typedef enum { BEGINS_YEAR, BEGINS_SHORT, BEGINS_LONG, BEGINS_WORD } Begins;

typedef struct {
    Begins begins;
    unsigned char mark;        /* right after a short number */
    bool is_month, is_weekday; /* the word at the place */
    bool is_day_word;          /* "yesterday" */
    bool is_part;              /* "午後": a clock follows */
    bool before_month;         /* a month's name follows the short number */
    bool before_word;          /* some word does */
    bool is_hopeless;          /* no row can begin so */
} Start;

/* Rows that begin with a number of one or two digits. */
static bool short_row_fits(const StampFormat *row, const Start *start)
{
    char second = row->pattern[2];
    switch (row->pattern[1]) {
    case 'd':
    case 'x':
        if (second == '%' && row->pattern[3] == 'r')
            return start->before_word || start->mark;
        if (second == ' ' || (second == '%' && row->pattern[3] == 'b'))
            return start->before_month || start->mark == '/' ||
                   start->mark == '-';
        if (strchr("/.-", second))
            return (unsigned char)second == start->mark;
        return start->mark && strchr("/.-", start->mark);
    case 'm':
        return start->mark == '/';
    case 'T':
        return start->mark == ':' || start->mark == '.' || start->before_word;
    case 'n':
        return start->before_word;
    default:
        return false;
    }
}

static bool row_fits(const StampFormat *row, const Start *start)
{
    char letter = row->pattern[1];
    switch (start->begins) {
    case BEGINS_YEAR:
        return letter == 'Y';
    case BEGINS_SHORT:
        return short_row_fits(row, start);
    case BEGINS_LONG:
        return letter && strchr("89eEFt", letter);
    case BEGINS_WORD:
        return ((letter == 'a' || letter == 'W') && start->is_weekday) ||
               (letter == 'b' && start->is_month) ||
               (letter == 'D' && start->is_day_word) ||
               (letter == 'T' && start->is_part) ||
               (letter && strchr("gln", letter));
    }
    return false;
}

/* "two days", "a minute". */
static bool begins_count(Cursor folded, size_t at)
{
    int number;
    size_t end = words_count(folded, at, &number);
    return end > 0 &&
           words_unit(folded, cursor_skip_blanks(folded, end, 3), &number) > 0;
}

/* Look at what stands at a place and, after a short number, at the next word;
 * almost every place is dismissed by this alone. */
static Start start_at(Cursor folded, size_t at, size_t digits)
{
    Start start = {.begins = digits == 0   ? BEGINS_WORD
                             : digits <= 2 ? BEGINS_SHORT
                             : digits == 4 ? BEGINS_YEAR
                                           : BEGINS_LONG};
    int number;
    if (start.begins == BEGINS_WORD) {
        start.is_month =
            calendar_read(folded, at, CALENDAR_MONTHS, &number) > 0;
        start.is_weekday =
            calendar_read(folded, at, CALENDAR_WEEKDAYS, &number) > 0;
        DayPart part;
        start.is_day_word = words_day(folded, at, &number, &part) > 0;
        start.is_part = cursor_ideograph(folded, at) > 0 &&
                        words_part(folded, at, &part) > 0;
        start.is_hopeless =
            !start.is_month && !start.is_weekday && !start.is_day_word &&
            !start.is_part && !begins_count(folded, at) &&
            words_ago(folded, at) == 0 && words_within(folded, at) == 0;
    }
    if (start.begins != BEGINS_SHORT)
        return start;
    size_t next = at + digits;
    start.mark = cursor_at(folded, next);
    if (g_ascii_isalpha(start.mark) || start.mark >= 0x80) {
        start.before_word = true;
        start.before_month = true; /* "22nd of": the pattern will tell */
        return start;
    }
    while (next < at + 8 &&
           (cursor_at(folded, next) == ',' || cursor_at(folded, next) == '.' ||
            cursor_at(folded, next) == '\n' || cursor_blank(folded, next) > 0))
        next += MAX(cursor_blank(folded, next), 1);
    unsigned char c = cursor_at(folded, next);
    start.before_word = g_ascii_isalpha(c) || c >= 0x80;
    start.before_month =
        start.before_word &&
        (calendar_read(folded, next, CALENDAR_MONTHS, &number) > 0 ||
         words_of_date(folded, next) > 0);
    start.is_hopeless =
        !start.before_word && (start.mark == 0 || !strchr("/.-:", start.mark));
    return start;
}

/* Dashes, quotes and brackets of three bytes: no part of a word. */
static bool is_wide_mark(Cursor in, size_t at)
{
    unsigned char lead = cursor_at(in, at);
    return lead == 0xe2 || lead == 0xef;
}

/* A run continues what stands before it: "1.2.3.2017", "a12:30". */
static bool begins_inside(Cursor in, size_t at, bool is_digit)
{
    if (at == 0)
        return false;
    unsigned char before = cursor_at(in, at - 1);
    if (before >= 0x80)
        return cursor_blank(in, at - 2) == 0 && cursor_blank(in, at - 3) == 0 &&
               !(at >= 3 && (cursor_ideograph(in, at - 3) > 0 ||
                             is_wide_mark(in, at - 3)));
    if (g_ascii_isalnum(before)) {
        /* %2024-... is no percent code, T of an encoded stamp is inside. */
        return true;
    }
    if (!is_digit)
        return before == '_';
    bool after_digit = at > 1 && g_ascii_isdigit(cursor_at(in, at - 2));
    return after_digit && (before == '.' || before == '/' || before == ':');
}

static size_t digits_at(Cursor in, size_t at)
{
    size_t digits = 0;
    while (digits < 20 && g_ascii_isdigit(cursor_at(in, at + digits)))
        digits++;
    return digits;
}

size_t stamp_read(Cursor text, Cursor folded, size_t at, Stamp *stamp)
{
    size_t digits = digits_at(text, at);
    if (digits == 3 || begins_inside(text, at, digits > 0))
        return 0;
    Start start = start_at(folded, at, digits);
    if (start.is_hopeless)
        return 0;
    for (const StampFormat *row = STAMP_FORMATS; row->name; row++) {
        if (!row_fits(row, &start))
            continue;
        size_t end = stamp_match(text, folded, at, row, stamp);
        if (end > 0)
            return end;
    }
    return 0;
}

/* Bare "12:30" is a time of day only with seconds, a zone, or am/pm; else it
 * is a duration, a ratio, a verse. */
static bool is_worth_keeping(const Stamp *stamp, Cursor in, bool keep_bare)
{
    if (stamp->kind == STAMP_DAY && stamp->year == 0 &&
        stamp->date_basis == DATE_WRITTEN && stamp->length < YEARLESS_BYTES)
        return false; /* "May 5", "3 Mar" are words as often as days */
    if (stamp->kind != STAMP_TIME)
        return true;
    unsigned char before = stamp->at > 0 ? cursor_at(in, stamp->at - 1) : ' ';
    if (before == ':' || before == '-' || before == '+' || before == '=')
        return before == '=';
    unsigned char last = cursor_at(in, stamp->at + stamp->length - 1);
    return keep_bare || stamp->second >= 0 || stamp->zone.is_known ||
           stamp->is_cued || stamp->is_12_hour || last == '.';
}

/* The place after the run of letters or digits at a place. */
static size_t skip_run(Cursor in, size_t at)
{
    if (cursor_ideograph(in, at) > 0)
        return at + 3;
    size_t end = at + 1;
    bool is_digit = g_ascii_isdigit(cursor_at(in, at));
    while (end < in.length && cursor_is_word(in, end) &&
           g_ascii_isdigit(cursor_at(in, end)) == is_digit &&
           cursor_ideograph(in, end) == 0)
        end++;
    return end;
}

static void scan(Cursor text, Cursor folded, bool keep_bare, GArray *stamps)
{
    size_t at = 0;
    while (at < text.length && stamps->len < STAMPS_MAX) {
        if (!cursor_is_word(text, at)) {
            at++;
            continue;
        }
        Stamp stamp;
        size_t end = stamp_read(text, folded, at, &stamp);
        if (end > 0 && is_worth_keeping(&stamp, text, keep_bare)) {
            g_array_append_val(stamps, stamp);
            at = end;
        } else {
            at = skip_run(text, at);
        }
    }
}

void stamp_scan(Cursor text, Cursor folded, GArray *stamps)
{
    scan(text, folded, false, stamps);
}

void stamp_scan_all(Cursor text, Cursor folded, GArray *stamps)
{
    scan(text, folded, true, stamps);
}

static void append_zone(GString *out, const Zone *zone)
{
    if (!zone->is_known)
        g_string_append(out, " no zone");
    for (int i = 0; i < zone->count; i++)
        g_string_append_printf(out, "%s%c%02d:%02d", i == 0 ? " " : "|",
                               zone->offsets_s[i] < 0 ? '-' : '+',
                               ABS(zone->offsets_s[i]) / 3600,
                               ABS(zone->offsets_s[i]) / 60 % 60);
    if (zone->rules && zone->count == 0)
        g_string_append_printf(out, " %s",
                               g_time_zone_get_identifier(zone->rules));
    if (zone->contradicts)
        g_string_append(out, " contradictory");
}

static const char *const WEEKDAYS[] = {"Sunday",    "Monday",   "Tuesday",
                                       "Wednesday", "Thursday", "Friday",
                                       "Saturday"};

char *stamp_new_text(const Stamp *stamp)
{
    GString *out = g_string_new(NULL);
    if (stamp->kind == STAMP_EPOCH)
        g_string_append_printf(out, "@%" G_GINT64_FORMAT, stamp->epoch);
    else if (stamp->kind == STAMP_RELATIVE)
        g_string_append_printf(out, "%d..%d s ago", stamp->ago_from_s,
                               stamp->ago_to_s);
    if (stamp->kind == STAMP_EPOCH || stamp->kind == STAMP_RELATIVE)
        return g_string_free(out, FALSE);

    if (stamp->date_basis == DATE_BACK)
        g_string_append_printf(out, "%d day%s back", stamp->days_back,
                               stamp->days_back == 1 ? "" : "s");
    else if (stamp->date_basis == DATE_WEEKDAY)
        g_string_append_printf(out, "last %s", WEEKDAYS[stamp->weekday]);
    else if (stamp->kind != STAMP_TIME)
        g_string_append_printf(out, "%04d-%02d-%02d", stamp->year, stamp->month,
                               stamp->day);
    if (stamp->order_is_open)
        g_string_append_printf(out, "|%04d-%02d-%02d", stamp->year, stamp->day,
                               stamp->month);
    if (stamp->hour >= 0)
        g_string_append_printf(
            out, "%s%02d:%02d:%02d", stamp->kind == STAMP_TIME ? "" : " ",
            stamp->hour, stamp->minute, MAX(stamp->second, 0));
    append_zone(out, &stamp->zone);
    return g_string_free(out, FALSE);
}
