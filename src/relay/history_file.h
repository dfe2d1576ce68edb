/*
 * history_file.h - what the published history holds, and where.
 *
 * DIR/history is a sections file (sections.h), derived by history_build.c from
 * DIR/state and never edited: address -> relay in hours from..to, relay ->
 * policy in hours from..to. "from" and "to" are the valid-after of the first
 * and last consensus of an unbroken run: every known hour between them lists
 * the relay, and no two known hours of a run are more than RUN_GAP_S apart.
 * All times are seconds since 1970 in 32 bits (until 2106). Texts are offsets
 * into SECTION_TEXT, where they end with a NUL.
 *
 * Size: 16 bytes an IPv4 interval, 28 an IPv6 interval, 16 a policy period.
 * Four million intervals and periods are 130 MB; nothing else grows with the
 * hours but 16 bytes each. Documents and the descriptors' periods are proof,
 * not needed for a verdict; they stand last and are only read for an answer.
 *
 * Whoever reads checks every index he follows: the content hash is verified
 * on demand only.
 */
#pragma once

#include "relay/sections.h"

#define HISTORY_NAME    "history"
#define UNVERIFIED_NAME "unverified" /* directory with another such file */
#define RUN_GAP_S       10800        /* clients use a consensus for 3 hours */
#define NO_INDEX        UINT32_MAX

typedef enum {
    SECTION_ABOUT,      /* one About */
    SECTION_HOURS,      /* Hour, by valid_after */
    SECTION_RELAYS,     /* Relay, by fingerprint */
    SECTION_PERIODS,    /* Period, by relay and from; see Relay */
    SECTION_V4_BUCKETS, /* u32: first V4 interval with that upper half; 65537 */
    SECTION_V4,         /* V4Interval, by address, from, relay */
    SECTION_V6,         /* V6Interval, likewise */
    SECTION_SCANS,      /* Scan, by address, first, relay */
    SECTION_PROOFS,     /* Proof, by relay and from */
    SECTION_DOCUMENTS,  /* Document, by type, time, hash */
    SECTION_TEXT,       /* bytes */
    SECTION_COUNT
} HistorySection;

typedef struct {
    uint8_t state_hash[32]; /* head hash of the state it was derived from */
} About;

#define HOUR_NS     1u /* an ns consensus is known */
#define HOUR_MICRO  2u /* a microdesc consensus is known */
#define HOUR_HAS_V6 4u /* one that would have listed IPv6 addresses */

typedef struct {
    uint32_t valid_after, bits;
    uint32_t ns, micro; /* documents, or NO_INDEX */
} Hour;

typedef struct {
    uint8_t fingerprint[20];
    uint32_t first_period; /* its periods end where the next relay's begin */
} Relay;

#define STATUS_EXIT     1u
#define STATUS_BAD_EXIT 2u
#define STATUS_SHIFT    2 /* above the flags: the nickname's offset */

typedef struct {
    uint32_t from, to;
    uint32_t policy; /* text, or NO_INDEX: not known */
    uint32_t status; /* nickname text << STATUS_SHIFT | STATUS_... */
} Period;

typedef struct {
    uint32_t address; /* 192.0.2.1 is 0xc0000201 */
    uint32_t relay;
    uint32_t from, to;
} V4Interval;

typedef struct {
    uint8_t address[16];
    uint32_t relay;
    uint32_t from, to;
} V6Interval;

/* Exit scans that saw the relay leave from the address. Between first and
 * last, which lie in one week, no two scans are more than a day apart. */
typedef struct {
    uint8_t address[16];
    uint32_t relay;
    uint32_t first, last;
    uint32_t first_document, last_document;
} Scan;
#define SCAN_GAP_S    86400
#define SCAN_BUCKET_S 604800

/* The descriptor or microdescriptor that a run of consensuses named. */
typedef struct {
    uint32_t relay;
    uint32_t from, to;
    uint32_t document;
} Proof;

typedef enum {
    DOCUMENT_CONSENSUS,
    DOCUMENT_CONSENSUS_MICRO,
    DOCUMENT_EXIT_LIST,
    DOCUMENT_DESCRIPTOR,
    DOCUMENT_MICRO,
    DOCUMENT_TYPES
} DocumentType;
const char *document_type_word(uint32_t type);

typedef struct {
    uint32_t type;
    uint32_t when; /* 0: the document has no time */
    uint8_t sha256[32];
    uint32_t name; /* text */
} Document;

extern const SectionLayout HISTORY_LAYOUT;
