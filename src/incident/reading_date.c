/*
 * The parts of a date that a stamp does not show: its year, or all of it where
 * a word counts back from the mail; and how all of it is told.
 */
#include "incident/reading_date.h"

bool reading_is_counted(const Stamp *stamp)
{
    return stamp->date_basis == DATE_BACK || stamp->date_basis == DATE_WEEKDAY;
}

/* The year that puts the date nearest before the mail; a day of grace, for
 * with a guessed offset it must not fall back a whole year. */
static bool choose_year(Civil *civil, int offset_s,
                        const ReadingContext *context)
{
    if (context->mail_date == INSTANT_NONE)
        return false;
    Civil mail = civil_from_instant(context->mail_date, offset_s);
    for (int back = 0; back < 8; back++) {
        civil->year = mail.year - back;
        if (civil_is_valid(civil) && instant_from_civil(civil, offset_s) <=
                                         context->mail_date + INSTANT_DAY_S)
            return true;
    }
    return false;
}

/* "Yesterday", "on Monday": counted from the day that the same clock showed
 * when the mail was sent. */
static bool choose_day(Civil *civil, const Stamp *stamp, int days_back,
                       int offset_s, const ReadingContext *context)
{
    if (context->mail_date == INSTANT_NONE)
        return false;
    Civil mail = civil_from_instant(context->mail_date, offset_s);
    int back = days_back;
    if (stamp->date_basis == DATE_WEEKDAY) {
        back = (civil_weekday(&mail) - stamp->weekday + 7) % 7;
        int clock = civil->hour * 60 + civil->minute;
        if (back == 0 && clock > mail.hour * 60 + mail.minute)
            back = 7;
    }
    Civil day =
        civil_from_instant(context->mail_date - back * INSTANT_DAY_S, offset_s);
    civil->year = day.year;
    civil->month = day.month;
    civil->day = day.day;
    return true;
}

bool reading_date(Civil *civil, const Stamp *stamp, int days_back, int offset_s,
                  const ReadingContext *context)
{
    if (reading_is_counted(stamp))
        return choose_day(civil, stamp, days_back, offset_s, context);
    return stamp->year != 0 || choose_year(civil, offset_s, context);
}

static const char *why_of_date(DateBasis basis)
{
    switch (basis) {
    case DATE_WRITTEN:
        return NULL;
    case DATE_BACK:
        return "; the day is counted from the mail's Date";
    case DATE_WEEKDAY:
        return "; no date: the last such weekday before the mail";
    case DATE_SOLE:
        return "; the date is the only one that the text states";
    case DATE_NEAREST:
        return "; the date stands elsewhere, the nearest one is taken";
    case DATE_NEXT_DAY:
        return "; the date stands above, and the rows passed midnight since";
    }
    return NULL;
}

static const char *why_of_order(OrderProof proof)
{
    switch (proof) {
    case ORDER_BY_DIGITS:
        return NULL;
    case ORDER_BY_ROWS:
        return "; order of day and month as other rows show it";
    case ORDER_BY_WEEKDAY:
        return "; order of day and month as the weekday shows it";
    }
    return NULL;
}

char *reading_why_new(const char *zone_why, const char *variant_why,
                      const Stamp *stamp)
{
    GString *why = g_string_new(zone_why);
    if (stamp->zone_is_epochs)
        g_string_append(why, "; seconds since 1970 on its line show it");
    if (variant_why)
        g_string_append_printf(why, "; %s", variant_why);
    const char *order = why_of_order(stamp->order_proof);
    g_string_append(why, order ? order : "");
    const char *date = why_of_date(stamp->date_basis);
    g_string_append(why, date ? date : "");
    if (stamp->year == 0)
        g_string_append(why, "; no year: the last such day before the mail");
    if (stamp->year_is_stated)
        g_string_append(why, "; the year is stated in the text");
    if (stamp->year_is_short)
        g_string_append(why, "; year of two digits");
    if (stamp->weekday_is_wrong)
        g_string_append(why, "; the weekday beside it is another day's");
    return g_string_free(why, FALSE);
}
