/*
 * The matcher that runs one pattern of timestamp_formats.c at one place.
 *
 *   %Y year, 4 digits        %y year, 2 digits       %m month number
 *   %d day, "22", "22nd"     %x day or month, order open unless over 12
 *   %b month name            %a weekday name, "," "." blanks after it
 *   %w optional weekday      %8 YYYYMMDD             %6 HHMMSS
 *   %W weekday that is the only date                 %9 YYMMDD
 *   %k weekday in Chinese, Japanese, Korean, if there is one
 *   %r "to 9" behind the first of several days
 *   %j day of the year       %i week and day of ISO 8601
 *   %! the clock before it had a word that says it is one
 *   %D "yesterday evening"   %t TAI64N               %F FILETIME
 *   %T time of day, "7:05", "07:05:09.123", "7:05 PM", "14h32"
 *   %H %M %S two digits each (%S takes a fraction along)
 *   %z zone if there is one  %Z zone, required
 *   %~ between date and time %o between time and date
 *   %/ one of / - .          %, comma if there is one
 *   %e epoch seconds         %E epoch in ms, us, ns  %f any digits
 *   %n count  %u unit  %g "ago"  %l "within the last"
 *   %_ blanks if any         %% a percent sign       blank: blanks, commas,
 *                            dots and "of", "de" between parts of a date
 */
#include "incident/timestamp_match.h"

#include "incident/calendar.h"
#include "incident/timestamp_words.h"

#include <string.h>

bool match_digits(Match *match, size_t digits, int low, int high, int *out)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++) {
        unsigned char c = cursor_at(match->text, match->at + i);
        if (!g_ascii_isdigit(c))
            return false;
        value = value * 10 + (c - '0');
    }
    if (value < low || value > high)
        return false;
    match->at += digits;
    *out = value;
    return true;
}

static bool match_short_year(Match *match)
{
    int value;
    if (!match_number(match, 2, 2, 0, 99, &value) ||
        cursor_at(match->text, match->at) == ':')
        return false; /* "28 Sep 11:23" goes on with the hour */
    match->stamp->year = value < 70 ? 2000 + value : 1900 + value;
    match->stamp->year_is_short = true;
    return true;
}

static bool match_day(Match *match)
{
    static const char *const SUFFIXES[] = {
        "st",  "nd",  "rd",  "th", "\xc2\xba", "\xc2\xb0", "er", "-án",
        "-én", "-ai", "-ei", "-i", "-е",       "-го",      ":n", ":e"};
    if (!match_number(match, 1, 2, 1, 31, &match->stamp->day))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(SUFFIXES); i++)
        if (cursor_has(match->folded, match->at, SUFFIXES[i])) {
            match->at += strlen(SUFFIXES[i]);
            break;
        }
    return true;
}

/* Day or month. The second one settles or opens the order. */
static bool match_day_or_month(Match *match)
{
    Stamp *stamp = match->stamp;
    int value;
    if (!match_number(match, 1, 2, 1, 31, &value))
        return false;
    if (match->first_x == 0) {
        match->first_x = value;
        return true;
    }
    int first = match->first_x;
    if (first > 12 && value > 12)
        return false;
    stamp->order_is_open = first <= 12 && value <= 12 && first != value;
    stamp->is_day_first = first > 12;
    stamp->is_month_first = value > 12;
    stamp->month = first <= 12 ? first : value;
    stamp->day = first <= 12 ? value : first;
    return true;
}

static bool match_name(Match *match, CalendarKind kind, int *out)
{
    size_t end = calendar_read(match->folded, match->at, kind, out);
    if (end == 0)
        return false;
    match->at = end;
    return true;
}

/* One or more blanks, commas, dots, then perhaps a filler word; before the
 * name of a month and the year after it, the end of a line of prose, too. */
static bool match_gap(Match *match, bool may_wrap)
{
    size_t at = match->at;
    for (int i = 0; i < 4; i++) {
        if (may_wrap && cursor_at(match->text, at) == '\n')
            at++;
        unsigned char c = cursor_at(match->text, at);
        size_t blank = cursor_blank(match->text, at);
        if (blank == 0 && c != ',' && c != '.')
            break;
        at += blank > 0 ? blank : 1;
    }
    bool after_dot = at > 0 && cursor_at(match->text, at - 1) == '.';
    if (at == match->at && !after_dot)
        return false;
    size_t filler = words_of_date(match->folded, at);
    if (filler > 0 && cursor_blank(match->text, filler) > 0)
        at = cursor_skip_blanks(match->text, filler, 3);
    match->at = at;
    return true;
}

static bool match_epoch(Match *match, bool is_fine)
{
    gint64 value = 0;
    size_t digits = 0;
    while (digits < 20 &&
           g_ascii_isdigit(cursor_at(match->text, match->at + digits))) {
        if (digits < 10)
            value =
                value * 10 + (cursor_at(match->text, match->at + digits) - '0');
        digits++;
    }
    bool fits =
        is_fine ? digits == 13 || digits == 16 || digits == 19 : digits == 10;
    if (!fits || value < EPOCH_MIN || value > EPOCH_MAX)
        return false;
    match->stamp->epoch = value;
    match->at += digits;
    return true;
}

static bool take(Match *match, size_t end)
{
    if (end == 0)
        return false;
    match->at = end;
    return true;
}

/* Skip digits of a fraction. */
static bool match_any_digits(Match *match)
{
    size_t start = match->at;
    while (g_ascii_isdigit(cursor_at(match->text, match->at)))
        match->at++;
    return match->at > start;
}

static bool match_weekday(Match *match, bool required)
{
    size_t start = match->at;
    int weekday;
    if (!match_name(match, CALENDAR_WEEKDAYS, &weekday))
        return !required;
    /* "do", "so", "to" before a date are small words of other languages. */
    if (match->at - start > 2)
        match->stamp->weekday = weekday;
    if (cursor_at(match->text, match->at) == ',')
        match->at++;
    if (!required)
        match->at = cursor_skip_blanks(match->text, match->at, 3);
    return true;
}

/* "yesterday", "gestern Abend", before the clock or behind it. */
static bool match_day_word(Match *match)
{
    Stamp *stamp = match->stamp;
    size_t end =
        words_day(match->folded, match->at, &stamp->days_back, &match->part);
    if (end == 0)
        return false;
    match->at = end;
    if (stamp->hour >= 0 && !match->has_half)
        stamp->hour = hour_in_part(stamp->hour, match->part);
    stamp->date_basis = DATE_BACK;
    stamp->is_night = match->part == PART_NIGHT;
    stamp->year = -1;
    return true;
}

/* "to 9", "./9.", " auf den 9" behind the first day of several. */
static bool match_last_day(Match *match)
{
    size_t at = match->at;
    if (cursor_at(match->text, at) == '.')
        at++;
    at = cursor_skip_blanks(match->text, at, 2);
    size_t word = cursor_at(match->text, at) == '/'
                      ? at + 1
                      : words_to(match->folded, at);
    if (word == 0)
        return false;
    word = cursor_skip_blanks(match->text, word, 2);
    size_t filler = words_of_date(match->folded, word);
    match->at = filler > 0 ? cursor_skip_blanks(match->text, filler, 2) : word;
    Stamp *stamp = match->stamp;
    int first = stamp->day;
    if (!match_day(match) || stamp->day <= first)
        return false;
    stamp->more_days = stamp->day - first;
    stamp->day = first;
    return true;
}

static bool match_compact_date(Match *match)
{
    Stamp *stamp = match->stamp;
    return match_digits(match, 4, 1990, 2099, &stamp->year) &&
           match_digits(match, 2, 1, 12, &stamp->month) &&
           match_digits(match, 2, 1, 31, &stamp->day);
}

static bool match_compact_time(Match *match)
{
    Stamp *stamp = match->stamp;
    if (!match_digits(match, 2, 0, 23, &stamp->hour) ||
        !match_digits(match, 2, 0, 59, &stamp->minute) ||
        !match_digits(match, 2, 0, 60, &stamp->second))
        return false;
    match_fraction(match);
    return !g_ascii_isdigit(cursor_at(match->text, match->at));
}

static bool match_year(Match *match)
{
    if (!match_number(match, 4, 4, 1970, 2099, &match->stamp->year))
        return false;
    unsigned char next = cursor_at(match->text, match->at);
    bool is_v6 = next == ':' && cursor_at(match->text, match->at + 1) == ':';
    return !is_v6;
}

static bool match_one_mark(Match *match, const char *marks)
{
    unsigned char c = cursor_at(match->text, match->at);
    if (c == 0 || !strchr(marks, c))
        return false;
    match->at++;
    return true;
}

/* Letters for fields of a date or clock. */
static bool match_field(Match *match, char letter)
{
    Stamp *stamp = match->stamp;
    switch (letter) {
    case 'Y':
        return match_year(match);
    case 'y':
        return match_short_year(match);
    case 'm':
        return match_number(match, 1, 2, 1, 12, &stamp->month);
    case 'd':
        return match_day(match);
    case 'x':
        return match_day_or_month(match);
    case 'b':
        return match_name(match, CALENDAR_MONTHS, &stamp->month);
    case 'H':
        return match_digits(match, 2, 0, 23, &stamp->hour);
    case 'M':
        return match_digits(match, 2, 0, 59, &stamp->minute);
    case 'S':
        if (!match_digits(match, 2, 0, 60, &stamp->second))
            return false;
        match_fraction(match);
        return true;
    default:
        return match_one_mark(match, "%");
    }
}

/* Letters for what is counted back from the mail. */
static bool match_counted(Match *match, char letter)
{
    Cursor in = match->folded;
    switch (letter) {
    case 'n':
        return take(match, words_count(in, match->at, &match->count));
    case 'u':
        return take(match, words_unit(in, match->at, &match->unit_s));
    case 'g':
        match->is_ago = true;
        return take(match, words_ago(in, match->at));
    case 'l':
        match->is_within = true;
        return take(match, words_within(in, match->at));
    default:
        return match_field(match, letter);
    }
}

/* Run one letter of a pattern. */
static bool match_letter(Match *match, char letter)
{
    switch (letter) {
    case 'a':
        return match_weekday(match, true);
    case 'w':
        return match_weekday(match, false);
    case 'W':
        if (!match_weekday(match, true))
            return false;
        match->stamp->date_basis = DATE_WEEKDAY;
        match->stamp->year = -1;
        return match->stamp->weekday >= 0;
    case '!':
        return match->is_cued;
    case 'r':
        return match_last_day(match);
    case 'k':
        return match_wide_weekday(match);
    case 'D':
        return match_day_word(match);
    case 'j':
        return match_day_of_year(match);
    case 'i':
        return match_iso_week(match);
    case '9':
        return match_short_compact_date(match);
    case 't':
        return match_tai64n(match);
    case 'F':
        return match_filetime(match);
    case '8':
        return match_compact_date(match);
    case '6':
        return match_compact_time(match);
    case 'T':
        return match_time(match);
    case 'z':
        return match_zone(match, false);
    case 'Z':
        return match_zone(match, true);
    case '~':
        return match_between(match);
    case 'o':
        return match_on(match);
    case '/':
        return match_one_mark(match, "/-.");
    case ',':
        match_one_mark(match, ",");
        return true;
    case 'e':
        return match_epoch(match, false);
    case 'E':
        return match_epoch(match, true);
    case 'f':
        return match_any_digits(match);
    case '_':
        match->at = cursor_skip_blanks(match->text, match->at, 3);
        return true;
    default:
        return match_counted(match, letter);
    }
}

static bool match_pattern(Match *match, const char *pattern)
{
    const char *last_year = strstr(pattern, "%b%, %Y");
    if (last_year)
        last_year += 4; /* the blank before the year */
    for (const char *at = pattern; *at; at++) {
        if (*at == '%') {
            at++;
            if (!match_letter(match, *at))
                return false;
        } else if (*at == ' ') {
            bool is_prose = (at[1] == '%' && at[2] == 'b') || at == last_year;
            if (!match_gap(match, last_year && is_prose))
                return false;
        } else if (cursor_at(match->text, match->at) != (unsigned char)*at) {
            return false;
        } else {
            match->at++;
        }
    }
    return true;
}

/* What follows must not show that the words were part of something else. */
static bool is_end(const Match *match, StampKind kind)
{
    unsigned char c = cursor_at(match->text, match->at);
    unsigned char next = cursor_at(match->text, match->at + 1);
    if (g_ascii_isdigit(c) || (kind != STAMP_RELATIVE && c == '_'))
        return false;
    if (kind == STAMP_TIME && c == ':')
        return false;
    if (kind == STAMP_EPOCH || kind == STAMP_DAY)
        return !((c == '.' || c == '-' || c == ':' || c == '/') &&
                 g_ascii_isalnum(next)) &&
               !g_ascii_isalpha(c) && c != '@' && c != '%';
    return !(c == '.' && g_ascii_isdigit(next));
}

/* The interval before the mail: half a unit around "15 minutes ago", all of
 * "the last two days". */
static bool relative_finish(const Match *match, Stamp *stamp)
{
    int count = match->count > 0 ? match->count : 1;
    gint64 span = (gint64)count * match->unit_s;
    if (span <= 0 || span > 400 * INSTANT_DAY_S)
        return false;
    int half = match->unit_s / 2;
    stamp->ago_from_s = match->is_ago ? (int)span - half : 0;
    stamp->ago_to_s = match->is_ago ? (int)span + half : (int)span;
    return true;
}

static bool stamp_is_valid(const Stamp *stamp)
{
    bool has_date = (stamp->kind == STAMP_FULL || stamp->kind == STAMP_DAY) &&
                    stamp->date_basis == DATE_WRITTEN;
    Civil civil = {
        .year = has_date && stamp->year ? stamp->year : 2000,
        .month = has_date ? stamp->month : 1,
        .day = has_date ? stamp->day : 1,
        .hour = stamp->hour < 0 ? 0 : stamp->hour,
        .minute = stamp->minute,
        .second = stamp->second < 0 ? 0 : stamp->second,
    };
    if (civil.hour == 24)
        return false;
    return civil_is_valid(&civil);
}

size_t stamp_match(Cursor text, Cursor folded, size_t at,
                   const StampFormat *format, Stamp *stamp)
{
    *stamp = (Stamp){
        .format = format,
        .kind = format->kind,
        .at = (uint32_t)at,
        .hour = -1,
        .second = -1,
        .weekday = -1,
    };
    Match match = {.text = text, .folded = folded, .at = at, .stamp = stamp};
    if (!match_pattern(&match, format->pattern) ||
        !is_end(&match, format->kind))
        return 0;
    if (format->kind == STAMP_RELATIVE && !relative_finish(&match, stamp))
        return 0;
    if (!stamp_is_valid(stamp))
        return 0;
    stamp->length = (uint32_t)(match.at - at);
    return match.at;
}
