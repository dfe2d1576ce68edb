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

#include <string.h>

/* What begins at a place, as far as choosing rows goes. */
typedef enum { BEGINS_YEAR, BEGINS_SHORT, BEGINS_LONG, BEGINS_WORD } Begins;

static bool row_fits(const StampFormat *row, Begins begins)
{
    char letter = row->pattern[1];
    switch (begins) {
    case BEGINS_YEAR:
        return letter == 'Y';
    case BEGINS_SHORT:
        return strchr("dxTn", letter) != NULL;
    case BEGINS_LONG:
        return strchr("8eE", letter) != NULL;
    case BEGINS_WORD:
        return strchr("abgln", letter) != NULL;
    }
    return false;
}

/* Rows that begin "22/", "22.", "22-" need that mark after the digits. */
static bool mark_fits(const StampFormat *row, unsigned char mark)
{
    char second = row->pattern[2];
    return !strchr("/.-", second) || (unsigned char)second == mark;
}

/* A run continues what stands before it: "1.2.3.2017", "a12:30". */
static bool begins_inside(Cursor in, size_t at, bool is_digit)
{
    if (at == 0)
        return false;
    unsigned char before = cursor_at(in, at - 1);
    if (before >= 0x80)
        return cursor_blank(in, at - 2) == 0 && cursor_blank(in, at - 3) == 0;
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
    Begins begins = digits == 0   ? BEGINS_WORD
                    : digits <= 2 ? BEGINS_SHORT
                    : digits == 4 ? BEGINS_YEAR
                                  : BEGINS_LONG;
    if (digits == 3 || begins_inside(text, at, digits > 0))
        return 0;
    unsigned char mark = cursor_at(text, at + digits);
    for (const StampFormat *row = STAMP_FORMATS; row->name; row++) {
        if (!row_fits(row, begins) ||
            (begins == BEGINS_SHORT && !mark_fits(row, mark)))
            continue;
        size_t end = stamp_match(text, folded, at, row, stamp);
        if (end > 0)
            return end;
    }
    return 0;
}

/* Bare "12:30" is a time of day only with seconds, a zone, or am/pm; else it
 * is a duration, a ratio, a verse. */
static bool is_worth_keeping(const Stamp *stamp, Cursor in)
{
    if (stamp->kind != STAMP_TIME)
        return true;
    unsigned char before = stamp->at > 0 ? cursor_at(in, stamp->at - 1) : ' ';
    if (before == ':' || before == '-' || before == '+' || before == '=')
        return before == '=';
    unsigned char last = cursor_at(in, stamp->at + stamp->length - 1);
    return stamp->second >= 0 || stamp->zone.is_known || last == 'm' ||
           last == 'M' || last == '.';
}

/* The place after the run of letters or digits at a place. */
static size_t skip_run(Cursor in, size_t at)
{
    size_t end = at + 1;
    bool is_digit = g_ascii_isdigit(cursor_at(in, at));
    while (end < in.length && cursor_is_word(in, end) &&
           g_ascii_isdigit(cursor_at(in, end)) == is_digit)
        end++;
    return end;
}

void stamp_scan(Cursor text, Cursor folded, GArray *stamps)
{
    size_t at = 0;
    while (at < text.length && stamps->len < STAMPS_MAX) {
        if (!cursor_is_word(text, at)) {
            at++;
            continue;
        }
        Stamp stamp;
        size_t end = stamp_read(text, folded, at, &stamp);
        if (end > 0 && is_worth_keeping(&stamp, text)) {
            g_array_append_val(stamps, stamp);
            at = end;
        } else {
            at = skip_run(text, at);
        }
    }
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

    if (stamp->kind != STAMP_TIME)
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
