/*
 * derived.h - a month's history, derived while the part it comes from is
 * written.
 *
 * Writing a part mostly means waiting for the disk, and its history needs only
 * what stands in memory already; both only read that. So publish.c need not
 * read the part again: it knows by the hash that these rows are of the part
 * which is on the disk.
 */
#pragma once

#include "relay/history_rows.h"

typedef struct {
    uint8_t part[32];  /* sections_hash() of it */
    HistoryRows *rows; /* history_build_rows(); NULL: the part is as it was */
} DerivedMonth;

/* Write the part of the month at path, and derive its history. The rows are
 * there also after an error. Errors: DENIED, TEMPORARY. */
bool derived_write(DerivedMonth *derived, const Section *part, uint32_t month,
                   const char *path, GError **error);
