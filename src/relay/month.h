/*
 * month.h - months as numbers: the parts of the state.
 */
#pragma once

#include "base/instant.h"

#include <stdint.h>

/* What has no time, as a microdescriptor that nobody names yet. */
#define MONTH_NONE 0

/* The month of a time, counted from the year 0; MONTH_NONE of 0. */
static inline uint32_t month_of(uint32_t when)
{
    if (when == 0)
        return MONTH_NONE;
    /* Days since 1 March of the year 0; era of 400 years (Howard Hinnant's
     * days_from_civil, turned round). All times are after 1970. */
    uint32_t days = when / 86400 + 719468;
    uint32_t of_era = days % 146097;
    uint32_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t day =
        of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day + 2) / 153; /* 0: March */
    return (days / 146097 * 400 + year_of_era) * 12 + month + 2;
}

/* Its first second. */
static inline Instant month_start(uint32_t month)
{
    Civil first = {
        .year = (int)(month / 12), .month = (int)(month % 12) + 1, .day = 1};
    return instant_from_civil(&first, 0);
}
