/*
 * watch.h - what changed about a member's relays between two looks.
 *
 * Pure: a Look is made from the public record of one consensus, two looks make
 * notices. Nothing here changes whose relay it is; each notice is put to a
 * person, and those that cannot be explained by what operators do hold the
 * member's automatic letters until somebody has looked. The table of kinds and
 * that of thresholds, with the reasons, are in watch.c.
 */
#pragma once

#include "relay/candidates.h"
#include "relay/hints.h"
#include "relay/history.h"

typedef enum {
    NOTICE_CONTACT_UNKNOWN,
    NOTICE_CONTACT_CHANGED,
    NOTICE_PROOF_GONE,
    NOTICE_PROOF_EXPIRED,
    NOTICE_JOINED_FAMILY,
    NOTICE_LEFT_FAMILY,
    NOTICE_RELAY_GONE,
    NOTICE_MOVED_ADDRESS,
    NOTICE_MOVED_COUNTRY,
    NOTICE_POLICY_CHANGED,
    NOTICE_ADDRESS_SHARED,
    NOTICE_IMPLAUSIBLE_MOVE, /* from here on letters are held */
    NOTICE_IMPLAUSIBLE_CLAIMS,
    NOTICE_IMPLAUSIBLE_LOSS,
    NOTICE_KINDS
} NoticeKind;
/* "contact-unknown"; what it says of a relay, for people. Static. */
const char *notice_kind_word(NoticeKind kind);
const char *notice_kind_meaning(NoticeKind kind);
bool notice_kind_holds(NoticeKind kind);

/* The numbers that make a change implausible; NULL behind the last. */
const char *watch_threshold(guint index, guint *value, const char **why);

/* One relay of the member as it was; lists are of words with blanks between,
 * sorted, so that equal ones are equal texts. */
typedef struct {
    char *fingerprint; /* 40 hex digits, or WATCH_CLAIMS */
    bool is_listed;
    char *addresses; /* of the last listing */
    char *contact;   /* NULL: not known */
    char *relatives; /* fingerprints, in both directions */
    char *sharers;   /* fingerprints of strangers on its addresses */
    char *proof;     /* proof_state_word() */
    char *country;   /* "de", as hints have it; NULL: not known */
    char *policy;    /* of exits, as portpolicy.h stores it; NULL: not known */
} WatchedRelay;
void watched_relay_free(WatchedRelay *relay);
/* The row whose relatives are those that may be the member's. */
#define WATCH_CLAIMS "*"

typedef struct {
    NoticeKind kind;
    char *relay; /* fingerprint; NULL: of several */
    char *what;  /* one sentence */
} Notice;
void notice_free(Notice *notice);

/* Everybody's relays of the newest consensus, to make looks from. Borrows
 * what it is given. */
typedef struct WatchPlace WatchPlace;
WatchPlace *watch_place_new(const People *people, const Proofs *proofs,
                            const Hints *hints, const Members *members,
                            const char *const *desk_addresses, Instant now);
void watch_place_free(WatchPlace *place);
/* Exit policies are known by the history only; without one no look has any. */
void watch_place_use_history(WatchPlace *place, const History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WatchPlace, watch_place_free)
/* The consensus it is of. */
Instant watch_place_when(const WatchPlace *place);

/* Array of WatchedRelay, by fingerprint. */
GPtrArray *watch_look(const WatchPlace *place, const Member *member);
/* What the new look does not know and the old one did, a country or a whole
 * policy, is kept. */
void watch_carry(const GPtrArray *before, GPtrArray *after);
/* Array of Notice; before NULL or empty: the first look, which tells only what
 * is wrong as it stands. */
GPtrArray *watch_compare(const Member *member, const GPtrArray *before,
                         const GPtrArray *after);
