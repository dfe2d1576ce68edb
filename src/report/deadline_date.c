/*
 * Dates of deadlines: 2026-05-04, 04.05.2026, 5/4/2026, 4 May 2026,
 * May 4th, 2026, with months in the languages of deadline_words.c. This is
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

/* A month's name, folded. */
static bool scan_month(Scan *scan, int *month)
{
    const char *end = scan->at;
    while (end < scan->end && (g_ascii_isalpha(*end) || (*end & 0x80)))
        end++;
    if (end == scan->at)
        return false;
    g_autoptr(FoldedText) folded =
        folded_text_new(scan->at, (size_t)(end - scan->at));
    if (folded->length < 3 || time_word(folded->text + 1, folded->length - 2,
                                        month) != TIME_WORD_MONTH)
        return false;
    scan->at = end;
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
        scan_any(scan, " ,.stndrh");
        return scan_number(scan, 4, &date->year);
    }
    if (!scan_number(scan, 4, &first))
        return false;
    Scan named = *scan;
    scan_any(&named, " .stndrhde");
    if (first <= 31 && scan_month(&named, &date->month)) {
        scan_any(&named, " ,.de");
        date->day = first;
        *scan = named;
        return scan_number(scan, 4, &date->year);
    }
    char mark = scan->at < scan->end ? *scan->at : '\0';
    if (!scan_any(scan, "-./") || !scan_number(scan, 2, &second) ||
        !scan_any(scan, "-./") || !scan_number(scan, 4, &third))
        return false;
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

/* "14:00", "2:00 pm", "14:00:05". */
static bool scan_clock(Scan *scan, Civil *date)
{
    int hour, minute, second;
    if (!scan_number(scan, 2, &hour) || hour > 23 || !scan_any(scan, ":") ||
        !scan_number(scan, 2, &minute) || minute > 59)
        return false;
    if (scan_any(scan, ":"))
        scan_number(scan, 2, &second);
    Scan half = *scan;
    scan_any(&half, " ");
    if (half.end - half.at >= 2 && strchr("aApP", *half.at) &&
        strchr("mM", half.at[1])) {
        if (strchr("pP", *half.at) && hour < 12)
            hour += 12;
        half.at += 2;
        *scan = half;
    }
    date->hour = hour, date->minute = minute, date->second = 0;
    return true;
}

/* "UTC", "GMT", "Z", "+02:00", "+0200". */
static bool scan_zone(Scan *scan, int *offset_s)
{
    Scan ahead = *scan;
    scan_any(&ahead, " (");
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

const char *deadline_date_read(const char *text, const char *end,
                               DeadlineDate *out)
{
    Scan scan = {.at = text, .end = end};
    out->has_zone = false;
    if (!scan_date(&scan, &out->civil, &out->other))
        return NULL;
    Scan ahead = scan;
    scan_any(&ahead, " ,T@");
    skip_word(&ahead, "at ");
    skip_word(&ahead, "um ");
    if (!scan_clock(&ahead, &out->civil))
        return scan.at;
    out->other.hour = out->civil.hour;
    out->other.minute = out->civil.minute;
    out->other.second = out->civil.second;
    out->has_zone = scan_zone(&ahead, &out->offset_s);
    return ahead.at;
}
