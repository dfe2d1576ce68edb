/*
 * history_map.h - the mapped history, for the files of relay/ only.
 *
 * Plain lookups in the sections: no verdicts, no texts for people. Every index
 * that comes from the file is checked here.
 */
#pragma once

#include "relay/history.h"
#include "relay/history_file.h"

struct History {
    gatomicrefcount references;
    char *path;
    GMappedFile *file;
    guint64 device, inode;
    struct History *unverified; /* of what is kept apart; or NULL */
    Section sections[SECTION_COUNT];
    const Hour *hours;
    const Relay *relays;
    const Period *periods;
    const uint32_t *buckets;
    const V4Interval *v4;
    const V6Interval *v6;
    const Scan *scans;
    const Proof *proofs;
    const Document *documents;
    const char *text;
    size_t hour_count, relay_count, period_count, v4_count, v6_count,
        scan_count, proof_count, document_count, text_bytes;
};

/* A stretch of items, first <= end <= count. */
typedef struct {
    size_t first, end;
} Range;

/* Text at an offset, or NULL. */
const char *map_text(const History *history, uint32_t offset);

/* Index of the first known hour after t. */
size_t map_hour_index(const History *history, Instant t);
/* The last known hour at or before t that has one of the bits; NULL if there
 * is none within a day. */
const Hour *map_hour_at(const History *history, Instant t, uint32_t bits);
/* The bits of the hours that can list the address. */
uint32_t map_hour_bits(const IpAddress *ip);

/* Intervals of the address, in V4 or V6 by its family. */
Range map_intervals(const History *history, const IpAddress *ip);
/* Intervals of the prefix of the address: /24 or /48. */
Range map_neighbours(const History *history, const IpAddress *ip);
Range map_scans(const History *history, const IpAddress *ip);

/* One interval of either family. */
typedef struct {
    IpAddress address;
    uint32_t relay, from, to;
} AnyInterval;
AnyInterval map_interval(const History *history, bool is_v6, size_t index);

/* The last period of the relay that begins at or before t, or NULL. */
const Period *map_period_at(const History *history, uint32_t relay, Instant t);
/* All periods of the relay. */
Range map_periods(const History *history, uint32_t relay);
/* The relay's last few proofs that begin at or before t. */
Range map_proofs_until(const History *history, uint32_t relay, Instant t);
const Document *map_document(const History *history, uint32_t index);
/* Is an exit list known that would hold scans made at t? */
bool map_has_exit_list(const History *history, Instant t);
