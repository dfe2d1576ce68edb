/*
 * remedy.h - closing an exit to one destination: the exact line, what it
 * would cost, and whether the public record shows it.
 *
 * Pure. Relays are never touched: the member puts the lines into its torrc.
 * Nothing is said to be closed but by the full policy of a descriptor that a
 * consensus named; of summaries it is said that they do not show it.
 *
 * Authority: tor(1) on ExitPolicy, ExitRelay, %include; dir-spec, "Exit" flag
 * and "exit-policy lines".
 */
#pragma once

#include "relay/history.h"
#include "relay/shared.h"

#define REMEDY_LINES_MAX 500 /* of one member; real policies have up to 533 */

/* What is closed. */
typedef struct {
    IpPrefix destination;
    uint16_t low, high; /* ports; 1 and 65535: every one */
} RemedyTarget;

/* "198.51.100.7" or "198.51.100.0/24"; "443", "80-90", or NULL or "*" for
 * every port. Errors: INVALID (no address of the public Internet, bits of a
 * host behind the slash, no port). */
bool remedy_target_parse(const char *destination, const char *ports,
                         RemedyTarget *out, GError **error);
/* "198.51.100.7:443", "[2001:db8::7]:*"; yours. */
char *remedy_target_new_text(const RemedyTarget *target);
/* "ExitPolicy reject 198.51.100.7:443"; yours. */
char *remedy_target_new_line(const RemedyTarget *target);

/* ---- in a policy --------------------------------------------------------- */

typedef enum {
    REMEDY_UNSEEN,  /* the record does not tell */
    REMEDY_OPEN,    /* some of it is let out to */
    REMEDY_CLOSED,  /* none of it */
    REMEDY_NO_EXIT, /* nothing at all of that family: it needs no line */
} RemedyView;
const char *remedy_view_word(RemedyView view);

typedef struct {
    RemedyView view;
    char *rule;       /* the one that decides, or why nothing is seen; yours */
    bool is_own_line; /* it is the line of remedy_target_new_line() */
    bool is_meant;    /* OPEN by a rule of its own, not by one for all */
} RemedySight;
/* policy: as portpolicy.h stores it, or NULL. */
RemedySight remedy_see(const char *policy, const RemedyTarget *target);

/* Would authorities call a relay of that policy an exit: at least one /8 on
 * each of ports 80 and 443? With the line in front (extra NULL: without). */
bool remedy_is_general_exit(const char *policy, const RemedyTarget *extra);

/* ---- what it costs ------------------------------------------------------- */

typedef struct {
    char *text;
    bool is_grave; /* not without a person's name and reason */
} RemedyWarning;
void remedy_warning_free(RemedyWarning *warning);
/* What the line closes besides what is complained of, as far as it is known;
 * that it is not known is one, too. operators: of shared_load(). Array of
 * RemedyWarning. */
GPtrArray *remedy_warnings(const RemedyTarget *target,
                           const GPtrArray *operators);

/* ---- in the record ------------------------------------------------------- */

/* A relay in the newest consensus. */
typedef struct {
    bool is_listed;
    Instant consensus;       /* the newest known; NONE: no relay data */
    char *policy;            /* or NULL */
    RemedySight sight;       /* if it is not listed: UNSEEN */
    Instant since;           /* CLOSED: first consensus of the unbroken run */
    RelayDocument *document; /* CLOSED: the descriptor that says so */
} RemedyLook;
void remedy_look_clear(RemedyLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RemedyLook, remedy_look_clear)
/* What a relay lets out by the newest consensus, as portpolicy.h stores it;
 * yours, NULL: not listed or not known. */
char *remedy_newest_policy(const History *history,
                           const uint8_t fingerprint[FINGERPRINT_BYTES]);
/* CLOSED without the descriptor at hand is UNSEEN. */
void remedy_look(const History *history,
                 const uint8_t fingerprint[FINGERPRINT_BYTES],
                 const RemedyTarget *target, RemedyLook *out);
