/*
 * history_map.h - the mapped history, for the files of relay/ only.
 *
 * Plain lookups in the sections: no verdicts, no texts for people. Every index
 * that comes from the file is checked here.
 */
#pragma once

#include "relay/history.h"
#include "relay/history_file.h"

/* The addresses of one family, and their runs of relays. */
typedef struct {
    size_t width; /* 4 or 16 */
    const uint8_t *addresses;
    const uint32_t *starts; /* count + 1 */
    const uint64_t *runs;
    const uint32_t *scan_starts; /* count + 1 */
    const Scan *scans;
    size_t count, run_count, scan_count;
} AddressTable;

struct History {
    gatomicrefcount references;
    char *path;
    GBytes *bytes; /* mapped */
    guint64 device, inode;
    struct Evidence *evidence;  /* evidence.h; or NULL */
    struct History *unverified; /* of what is kept apart; or NULL */
    struct Beside *beside;      /* beside.h; or NULL */
    Section sections[SECTION_COUNT];
    const HistoryPart *parts;
    const Hour *hours;
    const Relay *relays;
    const uint64_t *periods;
    const Manner *manners;
    const uint32_t *buckets;
    AddressTable addresses[2]; /* IPv4, IPv6 */
    const uint32_t *lists, *text_starts;
    const char *text;
    size_t part_count, hour_count, relay_count, period_count, manner_count,
        list_count, text_count, text_bytes;
};

/* A file that is not published (yet); name: for messages. Errors: INVALID. */
History *history_of_bytes(GBytes *bytes, const char *name, GError **error);

/* No answer yet; lookup_free() it. */
Lookup *lookup_new(void);

/* A stretch of items, first <= end <= count. */
typedef struct {
    size_t first, end;
} Range;

/* Text of a number, or NULL. */
const char *map_text(const History *history, uint32_t number);

/* Index of the first known hour after t. */
size_t map_hour_index(const History *history, Instant t);
/* The last known hour at or before t that has one of the bits; NULL if there
 * is none within a day. */
const Hour *map_hour_at(const History *history, Instant t, uint32_t bits);
/* The same for t whose map_hour_index() is known. */
const Hour *map_hour_before(const History *history, size_t end, Instant t,
                            uint32_t bits);
/* The bits of the hours that can list the address. */
uint32_t map_hour_bits(const IpAddress *ip);

/* Where the address stands in the table of its family; false: nowhere. */
bool map_find(const History *history, const IpAddress *ip, size_t *index);
/* Addresses of the prefix of the address, /24 or /48, in that table. */
Range map_neighbours(const History *history, const IpAddress *ip);

/* As history_address_relays(); signed_only: not those that only exit lists,
 * which anybody may have written, connect with the address. */
GPtrArray *map_address_relays(const History *history, const IpAddress *ip,
                              bool signed_only);

IpAddress map_address(const History *history, bool is_v6, size_t index);
/* index: below the table's count. */
Range map_address_runs(const AddressTable *table, size_t index);
Range map_address_scans(const AddressTable *table, size_t index);

/* One run of either family; relay NO_INDEX: a damaged one. */
typedef struct {
    uint32_t relay, from, to;
} AnyInterval;
AnyInterval map_interval(const History *history, bool is_v6, size_t index);

/* How a relay was listed in an unbroken run of consensuses. */
typedef struct {
    uint32_t from, to;
    uint32_t policy; /* text, or NO_INDEX: not known */
    uint32_t status; /* nickname text << STATUS_SHIFT | STATUS_... */
} Period;
/* False: a damaged one. */
bool map_period(const History *history, size_t index, Period *out);
/* The last period of the relay that begins before the hour of that index. */
bool map_period_before(const History *history, uint32_t relay, size_t end,
                       Period *out);
/* All periods of the relay. */
Range map_periods(const History *history, uint32_t relay);
/* Is an exit list known that would hold scans made at t? */
bool map_has_exit_list(const History *history, Instant t);
