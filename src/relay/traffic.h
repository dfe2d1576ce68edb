/*
 * traffic.h - what relays say of their own exit traffic.
 *
 * Few relays publish to which ports they let out how much in a day (extra-info
 * "exit-kibibytes-written"). It is the relay's own word, and supports a yes;
 * nothing is ever concluded from its absence. It is believed only by the chain
 * verified consensus -> server descriptor -> extra-info-digest.
 *
 * DIR/traffic keeps what was joined, and of archives what waits: for its
 * descriptor, or for a consensus that names the one which names it. Which
 * descriptors name what is kept of nothing else; so those of an extra-info that
 * comes later are to be read again (traffic_wanted()). Of a tor's cache nothing
 * waits: it may be a bridge's.
 *
 * Authority: dir-spec, "extra-info document format".
 */
#pragma once

#include "relay/facts.h"
#include "relay/lines.h"

#define TRAFFIC_NAME    "traffic"
#define TRAFFIC_MAX     1000000 /* days of relays that are kept */
#define TRAFFIC_TIE_MAX 2000000 /* descriptors whose extra-info may follow */

typedef struct Traffic Traffic;

/* Read DIR/traffic; a missing file is an empty one. Errors: INVALID, DENIED,
 * TEMPORARY. */
Traffic *traffic_load(const char *directory, GError **error);
void traffic_free(Traffic *traffic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Traffic, traffic_free)

/* A day of a relay, by its own statistics. */
typedef struct {
    uint8_t fingerprint[20];
    uint8_t digest[20]; /* SHA-1 of the extra-info */
    uint32_t from, to;
    const char *ports; /* "22,80,443", ascending; "other" may stand last */
} TrafficDay;

/* False: it is known. */
bool traffic_put(Traffic *traffic, const TrafficDay *day, bool is_cached);
/* A server descriptor may name an extra-info. */
void traffic_put_descriptor(Traffic *traffic, Text document,
                            const uint8_t sha256[32]);

/* Join, and write DIR/traffic if it changed. facts: joined. Errors: DENIED,
 * TEMPORARY. */
bool traffic_save(Traffic *traffic, const Facts *facts, const char *directory,
                  GError **error);

/* tor puts a day's statistics into what it publishes until 25 hours after its
 * end, by the same clock. */
#define TRAFFIC_DAYS_AFTER 2

/* Extra-infos are numbered as they come, those of a tor's cache apart: so many
 * came so far. */
uint32_t traffic_count(const Traffic *traffic);
/* Those that no known descriptor names, by the day since 1970 that their
 * statistics ended on: one more than the highest number, or 0. Of uint32_t;
 * free with g_array_unref. */
GArray *traffic_wanted(const Traffic *traffic);
/* Might descriptors published from first to last, read when so many were known,
 * name one of them? */
bool traffic_is_wanted(const GArray *wanted, uint32_t first, uint32_t last,
                       uint32_t known);

/* The ports of the relay's believed days that touch the stretch; NULL: none.
 * Borrowed. */
const char *traffic_ports(const Traffic *traffic, const uint8_t fingerprint[20],
                          Interval when);
/* Does such a list have the port by its number? */
bool traffic_has_port(const char *ports, int port);
/* Days that are believed. */
uint64_t traffic_days(const Traffic *traffic);
