/*
 * history_building.h - a month's history while it is derived.
 *
 * For the history_build*.c only.
 */
#pragma once

#include "relay/history_build.h"
#include "relay/history_rows.h"

typedef struct {
    const Section *facts; /* by StateSection */
    Intern *texts;        /* sorted at the end */
    uint32_t *copied;     /* a text's number in texts by that in facts, or
                             NO_INDEX: not there yet */
    GArray *periods;      /* of Period */
    HistoryRows *rows;    /* hours and relays at first, the rest at the end */
    GArray *slots;        /* of guint, by the time since the first hour in
                             SLOT_S: the first hour in it or after */
} Build;

/* Number of the last hour at or before t. */
uint32_t build_hour_number(const Build *b, uint32_t t);
/* Fill the addresses of one family. */
void build_addresses(Build *b, bool is_v6);
