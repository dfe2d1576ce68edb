/*
 * sight.h - who used an address at one moment, before it is put into words.
 *
 * For the files of relay/ only.
 */
#pragma once

#include "relay/history_map.h"

#define LIST_LAG_S                                                             \
    1800 /* an exit scan shows in the lists up to 30 min late;
                           its relay was there that long before */

typedef struct {
    uint32_t relay;
    Certainty certainty; /* the best of both */
    Certainty by_record; /* without the scans, which nobody signs */
    Interval listed;     /* {NONE, NONE} if only a scan shows it */
    bool has_period;     /* false: the consensus does not list it */
    Period period;
    const Scan *scan; /* NULL: no exit scan around the moment */
    bool has_address; /* the address is one of its OR addresses */
} Sight;

/* How sure a relay last seen at a time is at t; false if longer than a day
 * ago. */
bool certainty_of_age(Instant seen, Instant t, Certainty *out);

/* Append a Sight for each relay, each once. */
void sights_at(const History *history, const IpAddress *ip, Instant t,
               GArray *sights);

/* Append every moment in (from, to] at which sights_at() or the coverage may
 * change, unsorted. False if there are more than max. */
bool sight_borders(const History *history, const IpAddress *ip, Interval within,
                   guint max, GArray *borders);
