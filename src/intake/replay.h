/*
 * replay.h - what would other rules have decided? One stored mail, twice.
 *
 * The mail is read and decided with the rules in force and again with those
 * to be tried, both as of its arrival and both without the store: what was
 * counted, paused or answered then is on neither side, so that a difference
 * is one of the rules. Nothing is written and nothing can leave.
 */
#pragma once

#include "intake/intake.h"

/* What became different; the first that holds is told. Gravest first. */
typedef enum {
    REPLAY_SENT_NOW,    /* leaves without a person, did not before */
    REPLAY_DESTINATION, /* the letter goes to another address */
    REPLAY_HELD_NOW,    /* left by itself before */
    REPLAY_LETTER_GONE, /* a draft before, none now */
    REPLAY_LETTER_NEW,  /* a draft now, none before */
    REPLAY_CASES,       /* other members, or another verdict */
    REPLAY_RULE,        /* the same with another reason */
    REPLAY_WORDING,     /* the same letter in other words */
    REPLAY_SAME,
    REPLAY_KINDS
} ReplayKind;
const char *replay_kind_word(ReplayKind kind);  /* "sent-now" */
const char *replay_kind_about(ReplayKind kind); /* "would leave by itself" */

/* One ticket of the mail. */
typedef struct {
    ReplayKind kind;
    char *member;         /* or NULL */
    char *before, *after; /* action, rule, letter, destination in words */
    char *lines;          /* WORDING: lines "- gone" and "+ new"; or NULL */
} ReplayFinding;
void replay_finding_free(ReplayFinding *finding);

/* Both desks without a store. Array of ReplayFinding, one a ticket of either
 * side. Errors: TEMPORARY (no reader to be had). */
GPtrArray *replay_mail(const Desk *in_force, const Desk *tried,
                       const Delivery *delivery, GError **error);
