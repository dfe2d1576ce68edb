#include "relay/coverage.h"

#include "relay/history_map.h"

#define MONTHS_MAX 2400 /* two hundred years: more is a damaged file */

static int month_number(Instant t)
{
    Civil c = civil_from_instant(t, 0);
    return c.year * 12 + c.month - 1;
}

static Instant month_start(int number)
{
    Civil c = {.year = number / 12, .month = number % 12 + 1, .day = 1};
    return instant_from_civil(&c, 0);
}

static void widen(Interval *span, Instant t)
{
    if (span->from == INSTANT_NONE || t < span->from)
        span->from = t;
    if (span->to == INSTANT_NONE || t > span->to)
        span->to = t;
}

static Interval span_of(const History *h)
{
    Interval span = {INSTANT_NONE, INSTANT_NONE};
    for (const History *each = h; each; each = each->unverified)
        if (each->hour_count > 0) {
            widen(&span, each->hours[0].valid_after);
            widen(&span, each->hours[each->hour_count - 1].valid_after);
        }
    if (h->list_count > 0) {
        widen(&span, h->lists[0]);
        widen(&span, h->lists[h->list_count - 1]);
    }
    return span;
}

static MonthCoverage *month_of(GArray *months, int first, Instant t)
{
    int index = month_number(t) - first;
    return index >= 0 && (guint)index < months->len
               ? &g_array_index(months, MonthCoverage, index)
               : NULL;
}

static bool is_known(const History *h, Instant t)
{
    const Hour *hour = map_hour_at(h, t, HOUR_NS | HOUR_MICRO);
    return hour && hour->valid_after == t;
}

static void count_hours(const History *h, GArray *months, int first)
{
    for (size_t i = 0; i < h->hour_count; i++) {
        MonthCoverage *month = month_of(months, first, h->hours[i].valid_after);
        if (month)
            month->known++;
    }
    const History *apart = h->unverified;
    for (size_t i = 0; apart && i < apart->hour_count; i++) {
        Instant t = apart->hours[i].valid_after;
        MonthCoverage *month = month_of(months, first, t);
        if (month && !is_known(h, t))
            month->quarantined++;
    }
    for (size_t i = 0; i < h->list_count; i++) {
        MonthCoverage *month = month_of(months, first, h->lists[i]);
        if (month)
            month->lists++;
    }
}

GArray *history_coverage(const History *history)
{
    GArray *months = g_array_new(FALSE, TRUE, sizeof(MonthCoverage));
    Interval span = span_of(history);
    if (span.from == INSTANT_NONE)
        return months;
    int first = month_number(span.from), last = month_number(span.to);
    last = MIN(last, first + MONTHS_MAX);
    for (int number = first; number <= last; number++) {
        Instant from = MAX(month_start(number), span.from);
        Instant to = MIN(month_start(number + 1) - 1, span.to);
        MonthCoverage month = {
            .year = number / 12,
            .month = number % 12 + 1,
            .hours = (uint32_t)((to - from) / INSTANT_HOUR_S) + 1,
        };
        g_array_append_val(months, month);
    }
    count_hours(history, months, first);
    return months;
}
