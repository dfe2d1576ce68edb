#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char MONTHS[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char DAYS[7][4] = {"Sun", "Mon", "Tue", "Wed",
                                "Thu", "Fri", "Sat"};

static bool year_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int DAYS_IN[12] = {31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31};
    return month == 2 && year_is_leap(year) ? 29 : DAYS_IN[month - 1];
}

bool civil_is_valid(const Civil *c)
{
    return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
           c->day >= 1 && c->day <= month_days(c->year, c->month) &&
           c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
           c->second >= 0 && c->second <= 60;
}

bool instant_is_dated(Instant instant)
{
    return instant >= INSTANT_FIRST && instant <= INSTANT_LAST;
}

/* Days from 1970-01-01, counting years from March so that the leap day is
 * the last of its year; 400 years have 146097 days. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Instant instant_from_civil(const Civil *c, int offset_s)
{
    g_assert(civil_is_valid(c));
    int second = c->second == 60 ? 59 : c->second;
    return days_from_civil(c->year, c->month, c->day) * INSTANT_DAY_S +
           c->hour * INSTANT_HOUR_S + c->minute * 60 + second - offset_s;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

Civil civil_from_instant(Instant instant, int offset_s)
{
    int64_t local = instant + offset_s;
    int64_t days = floor_div(local, INSTANT_DAY_S);
    int64_t in_day = local - days * INSTANT_DAY_S;
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    Civil civil = {
        .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
        .month = (int)(march_month < 10 ? march_month + 3 : march_month - 9),
        .hour = (int)(in_day / 3600),
        .minute = (int)(in_day / 60 % 60),
        .second = (int)(in_day % 60),
    };
    civil.year = (int)(year_of_era + era * 400 + (civil.month <= 2));
    return civil;
}

int civil_weekday(const Civil *c)
{
    int64_t days = days_from_civil(c->year, c->month, c->day);
    return (int)(((days + 4) % 7 + 7) % 7);
}

const char *instant_text(Instant instant, char buffer[INSTANT_TEXT_MAX])
{
    if (instant == INSTANT_NONE)
        return strcpy(buffer, "-");
    Civil c = civil_from_instant(instant, 0);
    snprintf(buffer, INSTANT_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year,
             c.month, c.day, c.hour, c.minute, c.second);
    return buffer;
}

char *instant_new_text(Instant instant)
{
    char buffer[INSTANT_TEXT_MAX];
    return g_strdup(instant_text(instant, buffer));
}

char *instant_new_mail_date(Instant instant)
{
    Civil c = civil_from_instant(instant, 0);
    return g_strdup_printf("%s, %02d %s %04d %02d:%02d:%02d +0000",
                           DAYS[civil_weekday(&c)], c.day, MONTHS[c.month - 1],
                           c.year, c.hour, c.minute, c.second);
}

/* Exactly count digits at *at; -1 if there are fewer. */
static int read_digits(const char **at, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit((*at)[i]))
            return -1;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += count;
    return value;
}

static bool read_zone(const char **at, int *offset_s)
{
    *offset_s = 0;
    if (**at == 'Z' || **at == 'z') {
        (*at)++;
        return true;
    }
    if (**at != '+' && **at != '-')
        return true;
    int sign = *(*at)++ == '-' ? -1 : 1;
    int hours = read_digits(at, 2);
    if (**at == ':')
        (*at)++;
    int minutes = read_digits(at, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool instant_parse(const char *text, Instant *out)
{
    if (*text == '@') {
        char *end;
        int64_t seconds = g_ascii_strtoll(text + 1, &end, 10);
        if (end == text + 1 || *end || seconds < -62135596800 ||
            seconds > 253402300799)
            return false;
        *out = seconds;
        return true;
    }
    const char *at = text;
    Civil c = {0};
    c.year = read_digits(&at, 4);
    if (c.year < 0 || *at++ != '-')
        return false;
    c.month = read_digits(&at, 2);
    if (*at++ != '-')
        return false;
    c.day = read_digits(&at, 2);
    int offset_s = 0;
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at++;
        c.hour = read_digits(&at, 2);
        if (*at++ != ':')
            return false;
        c.minute = read_digits(&at, 2);
        if (*at == ':') {
            at++;
            c.second = read_digits(&at, 2);
        }
        if (*at == '.' && g_ascii_isdigit(at[1]))
            for (at++; g_ascii_isdigit(*at);)
                at++;
        if (*at == ' ')
            at++;
        if (!read_zone(&at, &offset_s))
            return false;
    }
    if (*at || !civil_is_valid(&c))
        return false;
    *out = instant_from_civil(&c, offset_s);
    return true;
}
