/*
 * history.h - which relay used which address when, and what it let out.
 *
 * One immutable file, memory-mapped, written by import.c and swapped by
 * rename: address -> intervals [first, last valid-after] x relay x flags x
 * policy, plus the hours whose consensus is known, so that a gap is "no
 * data" and never "no". The addresses are the union of OR addresses (v4, v6)
 * and exit-list addresses (tor-data facts: none alone is right).
 *
 * Authority: https://spec.torproject.org/dir-spec/ ; CollecTor's tordnsel 1.0.
 */
#pragma once

#include "relay/basis.h"
#include "relay/member.h"

/* Fixed words, defined in exitdesk-verdicts(7). Order is stored. */
typedef enum {
    VERDICT_UNDECIDABLE, /* no relay data then, no usable time, or readings
                            disagree */
    VERDICT_EXIT,        /* was an exit, and its policy allowed the port */
    VERDICT_PORT_CLOSED, /* was a relay, its policy rejected that port then */
    VERDICT_NOT_EXIT,    /* was a relay that lets nothing out */
    VERDICT_NOT_LISTED,  /* no relay then; with members: an address of one */
    VERDICT_NEIGHBOUR,   /* only another address of the same /24 or /48 */
    VERDICT_NOT_OURS,    /* not an address of any member */
    VERDICT_NOT_TCP, /* was a relay; UDP and ICMP do not leave through Tor */
    VERDICT_COUNT
} Verdict;
const char *verdict_word(Verdict verdict); /* "port-closed" */

/* How surely the relay was reachable at the moment asked for. */
typedef enum {
    CERTAINTY_CERTAIN,    /* valid-after .. + 1 h of a consensus listing it */
    CERTAINTY_POSSIBLE,   /* up to 3 h after the last: clients still use it */
    CERTAINTY_CONCEIVABLE /* up to 24 h after */
} Certainty;
const char *certainty_word(Certainty certainty);

/* Would it have connected to the cited port? */
typedef enum {
    POLICY_UNKNOWN,
    POLICY_ACCEPTED,          /* full policy of the descriptor valid then */
    POLICY_PROBABLY_ACCEPTED, /* port summary only */
    POLICY_PROBABLY_REJECTED,
    POLICY_REJECTED,
} PolicyAnswer;
const char *policy_answer_word(PolicyAnswer answer);

/* One relay that used the address around the moment. */
typedef struct {
    uint8_t fingerprint[FINGERPRINT_BYTES];
    char nickname[20];
    Interval listed; /* valid-after of the first and last consensus of the
                            unbroken run around the moment */
    Certainty certainty;
    bool has_exit_flag, is_bad_exit;
    bool allows_anything; /* its policy accepts some port */
    bool is_partial;      /* it accepts the port, for a few addresses only */
    bool by_exit_list;    /* address seen by an exit scan, not an OR address */
    bool ipv6_probable;   /* IPv6 OR address: exit address only probable */
    bool rests_on_scan;   /* less sure, or no exit, without the unsigned list */
    Instant scanned;      /* time of that scan, or INSTANT_NONE */
    PolicyAnswer policy;  /* for the cited port; for none: for any */
    char *policy_text;    /* the summary or the deciding rule; may be NULL */
    char *own_ports;      /* that it let out to by its own statistics of that
                             day (traffic.h), "22,80,443"; NULL: not known */
} RelaySighting;
void relay_sighting_free(RelaySighting *sighting);
RelaySighting *relay_sighting_copy(const RelaySighting *sighting);

/* A document that supports an answer. */
typedef struct {
    const char *type; /* "consensus", "consensus-microdesc", "exit-list",
                          "server-descriptor", "microdescriptor"; static */
    Instant when;     /* valid-after, scan or published time */
    char *sha256;     /* hex of the document as imported */
    char *name;       /* file name or archive member it came from */
} RelayDocument;
void relay_document_free(RelayDocument *document);
RelayDocument *relay_document_copy(const RelayDocument *document);

typedef struct {
    Verdict verdict;      /* never NOT_OURS here: members are match.h's */
    LookupBasis basis;    /* whose word it is */
    char *why;            /* one sentence for people */
    GPtrArray *relays;    /* of RelaySighting */
    GPtrArray *documents; /* of RelayDocument */
    IpAddress neighbour;  /* for NEIGHBOUR: that address */
} Lookup;
void lookup_free(Lookup *lookup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lookup, lookup_free)

typedef struct History History;
/* Map the newest published file of the directory.
 * Errors: MISSING (nothing imported yet), INVALID (damaged: named). */
History *history_open(const char *directory, GError **error);
History *history_ref(History *history);
void history_unref(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_unref)

/* Is there a newer file than the mapped one? */
bool history_is_stale(const History *history);

/* Valid-after of the oldest and newest consensus; {NONE, NONE}: empty. */
Interval history_span(const History *history);

/* Answer for one address over a stretch of time. port -1 or 0: none cited.
 * protocol NULL or "tcp"; of UDP and ICMP it is not-tcp, whatever is closed. */
Lookup *history_lookup(const History *history, const IpAddress *ip,
                       Interval when, int port, const char *protocol);

/* Fingerprints of all relays that ever used the address, each once. Array of
 * const uint8_t[FINGERPRINT_BYTES], borrowed from the history. */
GPtrArray *history_address_relays(const History *history, const IpAddress *ip);

/* All addresses that the given relays ever used, sorted by ip_compare:
 * the hints for incident_find(). Array of IpAddress. */
GArray *history_member_addresses(const History *history,
                                 const Members *members);
