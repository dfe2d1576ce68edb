/*
 * history_file.h - what the published history holds, and where.
 *
 * DIR/history is a sections file (sections.h), derived from the monthly parts
 * of the state (months.h) and never edited: address -> relay in hours from..to,
 * relay -> policy in hours from..to. "from" and "to" are the first and last
 * consensus of an unbroken run: every known hour between them lists the relay,
 * and no two known hours of a run are more than RUN_GAP_S apart.
 *
 * Small, so that it stays in memory: an interval is 8 bytes beside its address,
 * which stands once, and a policy period 8 bytes, since hours, relays and
 * policies are numbers into tables (packed_run()). Documents and descriptors
 * are proof, not needed for a verdict: they stand in the monthly parts, which
 * evidence.c maps where an answer is to be proved.
 *
 * Whoever reads checks every index he follows: the content hash is verified
 * on demand only.
 */
#pragma once

#include "relay/documents.h"
#include "relay/sections.h"

#define HISTORY_NAME    "history"
#define UNVERIFIED_NAME "unverified" /* directory with another such file */
#define RUN_GAP_S       10800        /* clients use a consensus for 3 hours */
#define NO_INDEX        UINT32_MAX

/* What one packed run can hold: 119 years of hours, 16 million relays. */
#define RUN_HOURS_MAX  (1u << 20)
#define RUN_VALUES_MAX (1u << 24)

typedef enum {
    SECTION_PARTS,          /* HistoryPart, by month */
    SECTION_HOURS,          /* Hour, by valid_after */
    SECTION_RELAYS,         /* Relay, by fingerprint, and one behind the last */
    SECTION_PERIODS,        /* packed runs of manners, by relay and from */
    SECTION_MANNERS,        /* Manner, by nickname, flags, policy */
    SECTION_V4_BUCKETS,     /* u32: first address with that upper half; 65537 */
    SECTION_V4_ADDRESSES,   /* 4 bytes each, in network order, sorted */
    SECTION_V4_STARTS,      /* u32: first run of each address, and the end */
    SECTION_V4_RUNS,        /* packed runs of relays, by address, from, relay */
    SECTION_V4_SCAN_STARTS, /* u32: first scan of each address, and the end */
    SECTION_V4_SCANS,       /* Scan, by address, first, relay */
    SECTION_V6_ADDRESSES,   /* 16 bytes each; the rest likewise */
    SECTION_V6_STARTS,
    SECTION_V6_RUNS,
    SECTION_V6_SCAN_STARTS,
    SECTION_V6_SCANS,
    SECTION_LISTS,       /* u32: times of exit lists, ascending */
    SECTION_TEXT_STARTS, /* u32: where each text begins; texts are sorted */
    SECTION_TEXT,        /* bytes; each text ends with a NUL */
    SECTION_COUNT
} HistorySection;

/* A part of the state that the history was derived from. */
typedef struct {
    uint32_t month;                         /* months.h */
    uint32_t documents[DOCUMENT_TYPES_MAX]; /* how many of each type */
    uint8_t state[32];                      /* sections_hash() of the part */
} HistoryPart;

#define HOUR_NS     1u /* an ns consensus is known */
#define HOUR_MICRO  2u /* a microdesc consensus is known */
#define HOUR_HAS_V6 4u /* one that would have listed IPv6 addresses */

typedef struct {
    uint32_t valid_after, bits;
} Hour;

typedef struct {
    uint8_t fingerprint[20];
    uint32_t first_period; /* its periods end where the next relay's begin */
} Relay;

/* Numbers of the first and last hour, and of a relay or manner. */
typedef struct {
    uint32_t from, to, value;
} HourRun;

static inline uint64_t packed_run(HourRun run)
{
    return (uint64_t)run.from << 44 | (uint64_t)run.to << 24 | run.value;
}

static inline HourRun unpacked_run(uint64_t packed)
{
    return (HourRun){
        .from = (uint32_t)(packed >> 44),
        .to = (uint32_t)(packed >> 24) & (RUN_HOURS_MAX - 1),
        .value = (uint32_t)packed & (RUN_VALUES_MAX - 1),
    };
}

#define STATUS_EXIT     1u
#define STATUS_BAD_EXIT 2u
#define STATUS_SHIFT    2 /* above the flags: the nickname */

/* How a relay was listed, and what it let out. */
typedef struct {
    uint32_t status; /* nickname text << STATUS_SHIFT | STATUS_... */
    uint32_t policy; /* text, or NO_INDEX: not known */
} Manner;

/* Exit scans that saw the relay leave from an address. Between first and
 * last, which lie in one week, no two scans are more than a day apart. */
typedef struct {
    uint32_t relay;
    uint32_t first, last;
} Scan;
#define SCAN_GAP_S    86400
#define SCAN_BUCKET_S 604800

extern const SectionLayout HISTORY_LAYOUT;
