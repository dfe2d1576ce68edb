/*
 * What the stamps of one text tell about each other.
 *
 * Problem: a table states a thing once. One row shows 25/03 and so the order of
 * day and month in all of them; a head names the day and the rows only the time
 * of day, on past midnight; a line has the same moment twice, once as seconds
 * since 1970.
 *
 * Approach: three passes over the stamps in the order they stand. Only stamps
 * of one style (row of timestamp_formats.c) are taken for rows of one table. A
 * time of day takes a date only if it is outspoken (zone, "um", AM) or opens
 * its line as rows of a log do: durations are written like times.
 *
 * Rejected: to give a time of day the date of a full stamp of the text at
 * large; letters hold the report's own date, too.
 */
#include "incident/timestamp.h"

#include "incident/timestamp_words.h"

#include <string.h>

#define SENTENCE_BYTES 160 /* looked at on each side of a clock */
#define STYLES_MAX     256
#define SAME_LINE_MAX  4000 /* bytes; longer lines hold many events */
#define QUARTER_S      900
#define HEAD_LINES     3 /* between a full stamp and rows that lack the date */
#define GAP_BYTES      8 /* of blanks around what joins a range */
#define OPENING_BYTES  3 /* "> [" before the time that opens a line */

static Stamp *stamp_at(GArray *stamps, guint index)
{
    return &g_array_index(stamps, Stamp, index);
}

/* --- the order of day and month --- */

static void swap_order(Stamp *stamp)
{
    int month = stamp->month;
    stamp->month = stamp->day;
    stamp->day = month;
}

/* "Tue 10/11/2017": the weekday fits one order, both or none. */
static void order_by_weekday(Stamp *stamp)
{
    if (!stamp->order_is_open || stamp->weekday < 0 || stamp->year <= 0)
        return;
    Civil month_first = {
        .year = stamp->year, .month = stamp->month, .day = stamp->day};
    Civil day_first = {
        .year = stamp->year, .month = stamp->day, .day = stamp->month};
    bool one = civil_weekday(&month_first) == stamp->weekday;
    bool two = civil_weekday(&day_first) == stamp->weekday;
    if (one == two)
        return;
    if (two)
        swap_order(stamp);
    stamp->order_is_open = false;
    stamp->order_proof = ORDER_BY_WEEKDAY;
    stamp->is_month_first = one;
    stamp->is_day_first = two;
}

static void settle_order(GArray *stamps)
{
    bool day_first[STYLES_MAX] = {false}, month_first[STYLES_MAX] = {false};
    for (guint i = 0; i < stamps->len; i++) {
        Stamp *stamp = stamp_at(stamps, i);
        order_by_weekday(stamp);
        size_t style = (size_t)(stamp->format - STAMP_FORMATS);
        if (style >= STYLES_MAX)
            continue;
        day_first[style] = day_first[style] || stamp->is_day_first;
        month_first[style] = month_first[style] || stamp->is_month_first;
    }
    for (guint i = 0; i < stamps->len; i++) {
        Stamp *stamp = stamp_at(stamps, i);
        size_t style = (size_t)(stamp->format - STAMP_FORMATS);
        if (!stamp->order_is_open || style >= STYLES_MAX ||
            day_first[style] == month_first[style])
            continue;
        if (day_first[style])
            swap_order(stamp);
        stamp->order_is_open = false;
        stamp->order_proof = ORDER_BY_ROWS;
    }
}

static void check_weekday(Stamp *stamp)
{
    if (stamp->weekday < 0 || stamp->year <= 0 || stamp->order_is_open ||
        stamp->date_basis != DATE_WRITTEN || stamp->month == 0)
        return;
    Civil civil = {
        .year = stamp->year, .month = stamp->month, .day = stamp->day};
    stamp->weekday_is_wrong = civil_weekday(&civil) != stamp->weekday;
}

/* --- seconds since 1970 on the line --- */

static bool is_one_line(Cursor text, const Stamp *a, const Stamp *b)
{
    size_t from = a->at + a->length;
    return b->at >= from && b->at - from <= SAME_LINE_MAX &&
           !memchr(text.text + from, '\n', b->at - from);
}

/* Give a stamp the offset that makes it the same moment as the epoch. */
static void zone_by_epoch(Stamp *stamp, Instant epoch)
{
    if (stamp->kind != STAMP_FULL || stamp->year <= 0 || stamp->order_is_open ||
        stamp->hour < 0)
        return;
    Civil civil = {.year = stamp->year,
                   .month = stamp->month,
                   .day = stamp->day,
                   .hour = stamp->hour,
                   .minute = stamp->minute};
    gint64 minute = epoch - (epoch % 60 + 60) % 60;
    gint64 offset = instant_from_civil(&civil, 0) - minute;
    bool same_second =
        stamp->second < 0 || stamp->second == (epoch % 60 + 60) % 60;
    if (!same_second || offset % QUARTER_S != 0 || offset < ZONE_OFFSET_MIN_S ||
        offset > ZONE_OFFSET_MAX_S)
        return;
    Zone *zone = &stamp->zone;
    for (int i = 0; zone->is_known && i < zone->count; i++)
        if (zone->offsets_s[i] == offset) {
            zone->offsets_s[0] = (int)offset;
            zone->count = 1;
            return;
        }
    if (zone->is_known && zone->rules)
        return;
    zone->contradicts = zone->is_known;
    zone->offsets_s[1] = zone->offsets_s[0];
    zone->offsets_s[0] = (int)offset;
    zone->count = zone->is_known ? 2 : 1;
    zone->is_known = true;
    stamp->zone_is_epochs = true;
}

static void settle_epochs(Cursor text, GArray *stamps)
{
    for (guint i = 1; i < stamps->len; i++) {
        Stamp *a = stamp_at(stamps, i - 1), *b = stamp_at(stamps, i);
        if ((a->kind == STAMP_EPOCH) == (b->kind == STAMP_EPOCH) ||
            !is_one_line(text, a, b))
            continue;
        if (a->kind == STAMP_EPOCH)
            zone_by_epoch(b, a->epoch);
        else
            zone_by_epoch(a, b->epoch);
    }
}

/* --- a year that is stated once --- */

#define SAME_LINE_BYTES 200

/* "Year 2022.", "Jahr: 2022": the only one after a word that says year. */
static int stated_year(Cursor folded)
{
    static const char *const WORDS[] = {"year",  "jahr",  "année", "año ",
                                        "anno ", "ano ",  "jaar",  "rok ",
                                        "rok:",  "roku ", "год",   "år "};
    int year = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        const char *found = folded.text;
        size_t length = strlen(WORDS[i]);
        while ((found =
                    memmem(found, folded.length - (size_t)(found - folded.text),
                           WORDS[i], length))) {
            found += length;
            size_t at = (size_t)(found - folded.text);
            while (at < folded.length && strchr(" :=", folded.text[at]))
                at++;
            long value;
            if (cursor_number(folded, at, 4, &value) != 4 || value < 2000 ||
                value > 2099)
                continue;
            if (year != 0 && year != value)
                return 0;
            year = (int)value;
        }
    }
    return year;
}

/* "Jul 21 22:31:07 lb haproxy[1]: ... [21/Jul/2025:22:31:07]": the same minute
 * of the same day, on one line, written twice. */
static bool is_same_minute(Cursor folded, const Stamp *a, const Stamp *b)
{
    const Stamp *first = a->at < b->at ? a : b, *last = a->at < b->at ? b : a;
    uint32_t from = first->at + first->length;
    return b->kind == STAMP_FULL && b->year > 0 && !b->order_is_open &&
           a->month == b->month && a->day == b->day && a->hour == b->hour &&
           a->hour >= 0 && a->minute == b->minute && from <= last->at &&
           last->at - from <= SAME_LINE_BYTES &&
           !memchr(folded.text + from, '\n', last->at - from);
}

static void year_of_line(Cursor folded, GArray *stamps, guint index)
{
    Stamp *stamp = stamp_at(stamps, index);
    if (stamp->month == 0 || stamp->year != 0 || stamp->order_is_open)
        return;
    for (int step = -1; step <= 1; step += 2) {
        guint other = index + (guint)step;
        if (other >= stamps->len ||
            !is_same_minute(folded, stamp, stamp_at(stamps, other)))
            continue;
        stamp->year = stamp_at(stamps, other)->year;
        stamp->year_is_stated = true;
    }
}

static void settle_year(Cursor folded, GArray *stamps)
{
    for (guint i = 0; i < stamps->len; i++)
        year_of_line(folded, stamps, i);
    bool is_needed = false;
    for (guint i = 0; i < stamps->len; i++)
        is_needed = is_needed || stamp_at(stamps, i)->year == 0;
    int year = is_needed ? stated_year(folded) : 0;
    for (guint i = 0; year > 0 && i < stamps->len; i++) {
        Stamp *stamp = stamp_at(stamps, i);
        if (stamp->month == 0 || stamp->year != 0)
            continue;
        stamp->year = year;
        stamp->year_is_stated = true;
    }
}

/* --- times of day whose date stands elsewhere --- */

static bool opens_line(Cursor text, const Stamp *stamp)
{
    for (size_t at = stamp->at, back = 0; back <= OPENING_BYTES; back++, at--) {
        if (at == 0 || cursor_at(text, at - 1) == '\n')
            return true;
        unsigned char before = cursor_at(text, at - 1);
        if (!strchr(" \t>[(|\"*-", before))
            return false;
    }
    return false;
}

static bool is_outspoken(const Stamp *stamp)
{
    return stamp->zone.is_known || stamp->is_cued || stamp->is_12_hour;
}

/* "blanked today: Puffin (10:02)", "at 6:12AM and 9:40AM EST today": a word
 * for the day in the same sentence, the nearest before it, else behind. */
static bool take_day_word(Cursor folded, Stamp *stamp)
{
    size_t from = stamp->at > SENTENCE_BYTES ? stamp->at - SENTENCE_BYTES : 0;
    size_t to = MIN(stamp->at + SENTENCE_BYTES, folded.length);
    bool is_found = false;
    for (size_t at = from; at < to; at++) {
        unsigned char c = cursor_at(folded, at);
        bool ends = (c == '.' || c == '!' || c == '?') &&
                    cursor_blank(folded, at + 1) > 0 && at > from + 2;
        bool is_blank_line = c == '\n' && cursor_at(folded, at + 1) == '\n';
        if (ends || is_blank_line) {
            if (at > stamp->at)
                break;
            is_found = false;
        }
        if (is_found && at > stamp->at)
            break;
        int days;
        DayPart part;
        bool begins = at == 0 || !cursor_is_word(folded, at - 1) ||
                      cursor_ideograph(folded, at) > 0;
        if (!begins || words_day(folded, at, &days, &part) == 0)
            continue;
        is_found = true;
        stamp->days_back = days;
        stamp->is_night = part == PART_NIGHT;
    }
    if (!is_found)
        return false;
    stamp->kind = STAMP_FULL;
    stamp->date_basis = DATE_BACK;
    stamp->year = -1;
    return true;
}

/* A written day between the word and the clock counts more than the word. */
static bool is_dated_nearer(const Stamp *stamp, const Stamp *day)
{
    return day && stamp->at > day->at && stamp->at - day->at < SENTENCE_BYTES;
}

/* Bare clocks that nothing dated are ratios, verses, scores. */
static void drop_bare(GArray *stamps)
{
    guint kept = 0;
    for (guint i = 0; i < stamps->len; i++) {
        Stamp stamp = *stamp_at(stamps, i);
        if (stamp.kind == STAMP_TIME && stamp.second < 0 &&
            !is_outspoken(&stamp))
            continue;
        *stamp_at(stamps, kept++) = stamp;
    }
    g_array_set_size(stamps, kept);
}

static void take_date(Stamp *stamp, const Stamp *day, DateBasis basis)
{
    stamp->kind = STAMP_FULL;
    stamp->date_basis =
        day->date_basis == DATE_WRITTEN ? basis : day->date_basis;
    stamp->days_back = day->days_back;
    stamp->weekday = day->weekday;
    stamp->year = day->year;
    stamp->year_is_short = day->year_is_short;
    stamp->month = day->month;
    stamp->day = day->day;
    stamp->order_is_open = day->order_is_open;
    stamp->order_proof = day->order_proof;
}

static void next_day(Stamp *stamp, int days)
{
    if (days == 0 || stamp->year <= 0 || stamp->order_is_open)
        return;
    Civil civil = {
        .year = stamp->year, .month = stamp->month, .day = stamp->day};
    if (!civil_is_valid(&civil))
        return;
    civil = civil_from_instant(
        instant_from_civil(&civil, 0) + days * INSTANT_DAY_S, 0);
    stamp->year = civil.year;
    stamp->month = civil.month;
    stamp->day = civil.day;
    stamp->date_basis = DATE_NEXT_DAY;
}

/* Is there more than one written day? */
static bool has_several_days(GArray *stamps)
{
    const Stamp *first = NULL;
    for (guint i = 0; i < stamps->len; i++) {
        const Stamp *stamp = stamp_at(stamps, i);
        if (stamp->kind != STAMP_DAY && stamp->kind != STAMP_FULL)
            continue;
        if (first && (first->year != stamp->year ||
                      first->month != stamp->month || first->day != stamp->day))
            return true;
        first = stamp;
    }
    return false;
}

static guint lines_between(Cursor text, size_t from, size_t to)
{
    guint lines = 0;
    for (size_t at = from; at < to && lines <= HEAD_LINES; at++)
        lines += cursor_at(text, at) == '\n';
    return lines;
}

/* Rows that open with a time of day, in the order they stand. */
typedef struct {
    const Stamp *day; /* above, or NULL */
    bool day_is_full; /* and so only near */
    size_t day_end;   /* moves on with the rows below a full stamp */
    int last_s;       /* of the row before; -1: none */
    int days;         /* passed midnight since the day */
} Rows;

static int second_of_day(const Stamp *stamp)
{
    return stamp->hour < 0 ? -1
                           : stamp->hour * 3600 + stamp->minute * 60 +
                                 MAX(stamp->second, 0);
}

static void date_row(Cursor text, Rows *rows, Stamp *stamp, DateBasis basis)
{
    bool is_row = opens_line(text, stamp);
    if (!is_row && !is_outspoken(stamp))
        return;
    if (rows->day_is_full &&
        (!is_row || lines_between(text, rows->day_end, stamp->at) > HEAD_LINES))
        return;
    int second = second_of_day(stamp);
    if (is_row) {
        if (rows->last_s >= 0 && rows->last_s - second > INSTANT_DAY_S / 2)
            rows->days++;
        rows->last_s = second;
        rows->day_end = stamp->at;
    }
    take_date(stamp, rows->day, is_row ? basis : DATE_NEAREST);
    next_day(stamp, is_row ? rows->days : 0);
}

static void settle_days(Cursor text, Cursor folded, GArray *stamps)
{
    DateBasis basis = has_several_days(stamps) ? DATE_NEAREST : DATE_SOLE;
    Rows rows = {.last_s = -1};
    const Stamp *first_day = NULL;
    for (guint i = 0; i < stamps->len; i++) {
        Stamp *stamp = stamp_at(stamps, i);
        if (stamp->kind == STAMP_DAY ||
            (stamp->kind == STAMP_FULL && !first_day)) {
            if (stamp->kind == STAMP_DAY && !first_day)
                first_day = stamp;
            rows = (Rows){.day = stamp,
                          .day_is_full = stamp->kind == STAMP_FULL,
                          .day_end = stamp->at,
                          .last_s = second_of_day(stamp)};
        } else if (stamp->kind == STAMP_TIME) {
            if (!is_dated_nearer(stamp, first_day ? rows.day : NULL) &&
                !opens_line(text, stamp) && take_day_word(folded, stamp))
                continue;
            if (rows.day)
                date_row(text, &rows, stamp, basis);
        }
    }
    for (guint i = 0; first_day && i < stamps->len; i++)
        if (stamp_at(stamps, i)->kind == STAMP_TIME &&
            is_outspoken(stamp_at(stamps, i)))
            take_date(stamp_at(stamps, i), first_day, DATE_NEAREST);
}

void stamps_settle(Cursor text, Cursor folded, GArray *stamps)
{
    settle_order(stamps);
    settle_year(folded, stamps);
    for (guint i = 0; i < stamps->len; i++)
        check_weekday(stamp_at(stamps, i));
    settle_epochs(text, stamps);
    settle_days(text, folded, stamps);
    drop_bare(stamps);
}

/* Over blanks and one line's end, with the marks of a quotation. */
static size_t skip_gap(Cursor in, size_t at)
{
    at = cursor_skip_blanks(in, at, GAP_BYTES);
    if (cursor_at(in, at) == '\r')
        at++;
    if (cursor_at(in, at) != '\n')
        return at;
    at++;
    while (cursor_at(in, at) == '>')
        at++;
    return cursor_skip_blanks(in, at, GAP_BYTES);
}

bool stamps_are_range(Cursor folded, const Stamp *first, const Stamp *second)
{
    static const char *const WORDS[] = {"and ", "und ", "et ", "y ",  "e ",
                                        "a ",   "i ",   "en ", "og ", "och "};
    size_t at = skip_gap(folded, first->at + first->length), end = 0;
    if (at > second->at)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS) && end == 0; i++)
        if (cursor_has(folded, at, WORDS[i]))
            end = at + strlen(WORDS[i]);
    if (end == 0)
        end = words_to(folded, at);
    return end > 0 && skip_gap(folded, end) == second->at;
}

void stamps_take_day(Cursor text, GArray *stamps, const Stamp *day)
{
    Rows rows = {.day = day, .last_s = -1};
    for (guint i = 0; i < stamps->len; i++)
        if (stamp_at(stamps, i)->kind == STAMP_TIME)
            date_row(text, &rows, stamp_at(stamps, i), DATE_NEAREST);
}
