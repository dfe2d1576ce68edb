/*
 * Dates of deadlines: 2026-05-04, 04.05.2026, 5/4/2026, 4 May 2026, 14.05.,
 * May 4th, 2026, Friday, tomorrow, with months in the languages of deadline_words.c. This is
 * not the reader of event times (incident/): a deadline is one day, in the
 * future, and where it is not clear which, the caller takes the earlier.
 */
#include "report/deadline_date.h"

#include "report/deadline_words.h"

#include <string.h>

typedef struct {
    const char *at, *end;
} Scan;

static bool scan_number(Scan *scan, int digits_max, int *value)
{
    int digits = 0;
    *value = 0;
    while (scan->at < scan->end && g_ascii_isdigit(*scan->at) &&
           digits < digits_max) {
        *value = *value * 10 + (*scan->at++ - '0');
        digits++;
    }
    return digits > 0 && (scan->at >= scan->end || !g_ascii_isdigit(*scan->at));
}

static bool scan_any(Scan *scan, const char *marks)
{
    bool found = false;
    while (scan->at < scan->end && strchr(marks, *scan->at))
        scan->at++, found = true;
    return found;
}

/* A word of that meaning, folded. */
static bool scan_word(Scan *scan, TimeWord wanted, int *value)
{
    const char *end = scan->at;
    while (end < scan->end && (g_ascii_isalpha(*end) || (*end & 0x80)))
        end++;
    if (end == scan->at)
        return false;
    g_autoptr(FoldedText) folded =
        folded_text_new(scan->at, (size_t)(end - scan->at));
    int number = 0;
    if (folded->length < 3 ||
        time_word(folded->text + 1, folded->length - 2, &number) != wanted)
        return false;
    *value = number;
    scan->at = end;
    return true;
}

static bool scan_month(Scan *scan, int *month)
{
    return scan_word(scan, TIME_WORD_MONTH, month);
}

/* The year, if it is there: else 0, and the next such day is meant. */
static bool scan_year(Scan *scan, Civil *date)
{
    Scan ahead = *scan;
    date->year = 0;
    if (scan_number(&ahead, 4, &date->year) && date->year >= 1990)
        *scan = ahead;
    else
        date->year = 0;
    return true;
}

/* yyyy-mm-dd, dd.mm.yyyy, d/m/yyyy, d Month yyyy, Month d, yyyy.
 * other is the date with day and month exchanged where that is possible. */
static bool scan_date(Scan *scan, Civil *date, Civil *other)
{
    int first, second, third;
    *date = *other = (Civil){.hour = 23, .minute = 59, .second = 59};
    if (scan_month(scan, &date->month)) {
        scan_any(scan, " .");
        if (!scan_number(scan, 2, &date->day))
            return false;
        scan_any(scan, "stndrh");
        Scan year = *scan;
        scan_any(&year, " ,.");
        scan_year(&year, date);
        if (date->year > 0)
            *scan = year;
        return date->day >= 1;
    }
    if (!scan_number(scan, 4, &first))
        return false;
    Scan named = *scan;
    scan_any(&named, " .stndrhde");
    if (first <= 31 && scan_month(&named, &date->month)) {
        date->day = first;
        *scan = named;
        scan_any(&named, " ,.de");
        scan_year(&named, date);
        if (date->year > 0)
            *scan = named;
        return true;
    }
    char mark = scan->at < scan->end ? *scan->at : '\0';
    if (!scan_any(scan, "-./"))
        return false;
    if (mark == '.')
        scan_any(scan, " "); /* "27. 9. 2023" */
    if (!scan_number(scan, 2, &second) || !scan_any(scan, "-./"))
        return false;
    Scan year = *scan;
    if (mark == '.')
        scan_any(&year, " ");
    if (!scan_number(&year, 4, &third)) {
        if (mark != '.' || second > 12)
            return false;
        date->day = first, date->month = second;
        return true; /* "bis zum 14.05." */
    }
    *scan = year;
    if (first > 31) {
        date->year = first, date->month = second, date->day = third;
        return true;
    }
    date->year = third < 100 ? third + 2000 : third;
    date->day = first, date->month = second;
    if (mark == '/' || second > 12) {
        *other = *date;
        other->day = second, other->month = first;
    }
    return true;
}

/* The word, and a blank behind it. */
static void skip_word(Scan *scan, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) > length &&
        strncmp(scan->at, word, length) == 0)
        scan->at += length;
}

/* "Uhr", "h" after an hour alone. */
static bool scan_hour_word(Scan *scan)
{
    static const char *const WORDS[] = {"Uhr", "uhr", "h", "hrs", "uur"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        size_t length = strlen(WORDS[i]);
        if ((size_t)(scan->end - scan->at) >= length &&
            strncmp(scan->at, WORDS[i], length) == 0 &&
            !(scan->at + length < scan->end &&
              g_ascii_isalpha(scan->at[length]))) {
            scan->at += length;
            return true;
        }
    }
    return false;
}

/* "14:00", "2:00 pm", "14:00:05", "12 Uhr", "5 pm". */
static bool scan_clock(Scan *scan, Civil *date)
{
    int hour, minute, second;
    if (!scan_number(scan, 2, &hour) || hour > 24)
        return false;
    Scan minutes = *scan;
    bool has_minutes = scan_any(&minutes, ":.h") &&
                       scan_number(&minutes, 2, &minute) && minute <= 59;
    if (has_minutes)
        *scan = minutes;
    if (!has_minutes)
        minute = 0;
    if (has_minutes && scan_any(scan, ":"))
        scan_number(scan, 2, &second);
    Scan half = *scan;
    scan_any(&half, " ");
    bool has_word = !has_minutes && scan_hour_word(&half);
    if (has_word)
        *scan = half;
    if (half.end - half.at >= 2 && strchr("aApP", *half.at) &&
        strchr("mM", half.at[1])) {
        if (strchr("pP", *half.at) && hour < 12)
            hour += 12;
        half.at += 2;
        *scan = half;
    } else if (!has_minutes && !has_word) {
        return false;
    }
    if (hour == 24)
        hour = 23, minute = 59;
    date->hour = hour, date->minute = minute, date->second = 0;
    return true;
}

/* "CEST" and the like: names with one meaning. */
static bool scan_zone_name(Scan *scan, int *offset_s)
{
    static const struct {
        const char *name;
        int hours;
    } NAMES[] = {{"CEST", 2}, {"MESZ", 2}, {"CET", 1},  {"MEZ", 1},
                 {"EEST", 3}, {"EET", 2},  {"WEST", 1}, {"WET", 0},
                 {"EDT", -4}, {"CDT", -5}, {"MDT", -6}, {"PDT", -7},
                 {"PST", -8}, {"MSK", 3},  {"МСК", 3},  {"JST", 9},
                 {"KST", 9},  {"BRT", -3}};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        size_t length = strlen(NAMES[i].name);
        if ((size_t)(scan->end - scan->at) < length ||
            strncmp(scan->at, NAMES[i].name, length) != 0 ||
            ((size_t)(scan->end - scan->at) > length &&
             g_ascii_isalnum(scan->at[length])))
            continue;
        scan->at += length;
        *offset_s = NAMES[i].hours * 3600;
        return true;
    }
    return false;
}

/* "UTC", "GMT", "Z", "+02:00", "+0200", "CEST". */
static bool scan_zone(Scan *scan, int *offset_s)
{
    Scan ahead = *scan;
    scan_any(&ahead, " (");
    if (scan_hour_word(&ahead))
        scan_any(&ahead, " (");
    if (scan_zone_name(&ahead, offset_s)) {
        *scan = ahead;
        return true;
    }
    size_t left = (size_t)(ahead.end - ahead.at);
    int hours = 0, minutes = 0;
    bool named = left >= 3 && (strncmp(ahead.at, "UTC", 3) == 0 ||
                               strncmp(ahead.at, "GMT", 3) == 0);
    bool is_z = left >= 1 && *ahead.at == 'Z';
    if (named || is_z)
        ahead.at += named ? 3 : 1;
    char sign = ahead.at < ahead.end ? *ahead.at : '\0';
    if (sign == '+' || sign == '-') {
        ahead.at++;
        if (!scan_number(&ahead, 4, &hours))
            return false;
        if (hours >= 100)
            minutes = hours % 100, hours /= 100;
        else if (scan_any(&ahead, ":"))
            scan_number(&ahead, 2, &minutes);
    } else if (!named && !is_z) {
        return false;
    }
    if (hours > 14 || minutes > 59)
        return false;
    *offset_s = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    *scan = ahead;
    return true;
}

/* The zone behind a day: a name, since "-5" may be anything there. */
static bool scan_day_zone(Scan *scan, int *offset_s)
{
    Scan ahead = *scan;
    if (!scan_any(&ahead, " (") || ahead.at >= ahead.end ||
        !g_ascii_isupper(*ahead.at) || !scan_zone(&ahead, offset_s))
        return false;
    if (ahead.at < ahead.end && g_ascii_isalnum(*ahead.at))
        return false;
    *scan = ahead;
    return true;
}

const char *deadline_date_read(const char *text, const char *end,
                               DeadlineDate *out)
{
    static const char *const JOINS[] = {"at ",   "um ",  "à ",  "a las ", "às ",
                                        "alle ", "ore ", "om ", "o ",     "v ",
                                        "в ",    "kl. ", "kl ", "godz. "};
    Scan scan = {.at = text, .end = end};
    out->has_zone = false;
    out->weekday = out->days_ahead = -1;
    out->civil = out->other = (Civil){.hour = 23, .minute = 59, .second = 59};
    bool is_word = scan_word(&scan, TIME_WORD_WEEKDAY, &out->weekday) ||
                   scan_word(&scan, TIME_WORD_AHEAD, &out->days_ahead);
    if (is_word) {
        Scan date = scan;
        scan_any(&date, " ,.(");
        skip_word(&date, "den ");
        skip_word(&date, "the ");
        skip_word(&date, "le ");
        Civil civil, other;
        if (scan_date(&date, &civil, &other)) {
            out->civil = civil, out->other = other, scan = date;
            out->weekday = out->days_ahead = -1;
        }
    } else if (!scan_date(&scan, &out->civil, &out->other)) {
        return NULL;
    }
    Scan ahead = scan;
    scan_any(&ahead, " ,T@)-");
    for (size_t i = 0; i < G_N_ELEMENTS(JOINS); i++)
        skip_word(&ahead, JOINS[i]);
    if (!scan_clock(&ahead, &out->civil)) {
        Scan zone = scan;
        out->has_zone = scan_day_zone(&zone, &out->offset_s);
        return zone.at;
    }
    out->other.hour = out->civil.hour;
    out->other.minute = out->civil.minute;
    out->other.second = out->civil.second;
    out->has_zone = scan_zone(&ahead, &out->offset_s);
    return ahead.at;
}
