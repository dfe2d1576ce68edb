/*
 * coverage.h - for which months the history can answer.
 *
 * For people who have to find out what to import: no verdict depends on it.
 */
#pragma once

#include "relay/history.h"

typedef struct {
    int year, month;
    uint32_t hours;       /* of the month, within the history's span */
    uint32_t known;       /* with a verified consensus */
    uint32_t quarantined; /* with an unverified one only */
    uint32_t lists;       /* exit lists */
} MonthCoverage;

/* Each month from the first to the last consensus or exit list of either
 * standing, also those without any. Array of MonthCoverage; yours. */
GArray *history_coverage(const History *history);
