/*
 * people_file.h - DIR/people: what relays said of who runs them, and when.
 *
 * A sections file (sections.h), written by people_take.c under the lock of the
 * import, mapped by people.c. It is separate from history and state: no
 * verdict rests on it, and it may be removed (what was imported before is then
 * unknown).
 *
 * A run states that this text held for the relay in verified consensuses
 * from..to, no two of them more than PEOPLE_GAP_S apart: a contact or a family
 * of the documents they named, or how they listed it. Runs of one relay and
 * kind overlap only where a text came back within that gap. Papers and spans are what a later import joins with: what documents
 * say, and which documents consensuses named that were not seen yet. All are
 * bounded, the oldest go first; so consensuses and descriptors of more than
 * some weeks should be imported together, in portions.
 */
#pragma once

#include "relay/sections.h"

#define PEOPLE_NAME "people"

/* A relay that is away for days has not changed hands: one run goes on. */
#define PEOPLE_GAP_S (3 * 86400)

/* 84 MB, some six years of the network; the runs that ended first go. The
 * history of addresses, on which verdicts rest, has no such end. */
#define PEOPLE_RUNS_MAX 1000000

/* Ways in which one relay was listed, the last ones: some change their address
 * every day. */
#define PEOPLE_ROSTER_MAX    8
#define PEOPLE_ADDRESSES_MAX 3 /* of one listing: IPv4, two IPv6 */

#define PEOPLE_DIGEST_BYTES 32 /* SHA-1 is followed by zeros */

/* 6 weeks of the network of 2026, 24 and 26 MB of the file. */
#define PEOPLE_PAPERS_MAX 500000
#define PEOPLE_SPANS_MAX  500000
/* One text; a descriptor has at most 20,000 bytes, a family of 700 relays 29 KB
 * in our form. */
#define PEOPLE_TEXT_MAX  (1u << 19)
#define PEOPLE_TEXTS_MAX (256u << 20) /* all of them */

typedef enum {
    SAID_CONTACT,      /* bytes of the line "contact"; "" if there is none */
    SAID_FAMILY,       /* of a server descriptor, see people_take.c */
    SAID_FAMILY_MICRO, /* of a microdescriptor */
    SAID_ROSTER, /* by the authorities: "NICK FLAGS ADDRESS ...", FLAGS being
                    any of "e" exit, "b" bad exit, else "-" */
    SAID_KINDS
} SaidKind;

typedef enum {
    PEOPLE_RELAYS, /* PeopleRelay, by fingerprint */
    PEOPLE_RUNS,   /* PeopleRun, by relay, kind, from, text */
    PEOPLE_PAPERS, /* PeoplePaper, by digest */
    PEOPLE_SPANS,  /* PeopleSpan, by relay, digest, from */
    PEOPLE_TEXT,   /* bytes; texts end with a NUL */
    PEOPLE_SECTIONS
} PeopleSection;

typedef struct {
    uint8_t fingerprint[20];
    uint32_t first_run; /* its runs end where the next relay's begin */
} PeopleRelay;

typedef struct {
    uint32_t kind, text;
    uint32_t from, to; /* valid-after */
    /* The documents named first and last, as the consensus names them. */
    uint8_t first[PEOPLE_DIGEST_BYTES], last[PEOPLE_DIGEST_BYTES];
} PeopleRun;

#define PAPER_MICRO 1u /* a microdescriptor */

typedef struct {
    uint8_t digest[PEOPLE_DIGEST_BYTES];
    uint32_t flags;
    uint32_t contact, family; /* texts; NO_TEXT: too long to be kept */
    uint32_t when; /* published, or the last hour that named it; 0: neither */
} PeoplePaper;
#define NO_TEXT UINT32_MAX

typedef struct {
    uint8_t digest[PEOPLE_DIGEST_BYTES];
    uint32_t relay;
    uint32_t from, to;
} PeopleSpan;

extern const SectionLayout PEOPLE_LAYOUT;
