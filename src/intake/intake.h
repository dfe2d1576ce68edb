/*
 * intake.h - the pipeline: one call per stage, in the order data flows.
 *
 * A mail is read (reader process, public record, members), then decided
 * (policy, gate, letter) and filed. The first two drive the desk, "why" and
 * the golden tests alike; only intake_file() writes.
 */
#pragma once

#include "settings/settings.h"
#include "store/outbox.h"
#include "store/returns.h"
#include "store/store.h"

/* What the pipeline needs besides the mail; borrowed. For "why" without
 * configuration policies, templates, history and store may be NULL. */
typedef struct {
    const Settings *settings;
    const Policies *policies;
    const Templates *templates;
    const Profiles *profiles; /* of known reporters; NULL: none */
    const History *history;
    const GArray *hints; /* members' addresses, or NULL */
    Reader *reader;      /* NULL: read in this process (tests only) */
    Store *store;        /* NULL: nothing is asked of or written to it */
    GBytes *loop_key;    /* of our tokens; NULL: a throw-away one */
    Instant started;     /* older probes do not count; 0: any does */
} Desk;

/* One ticket of a mail with what was decided for it. */
typedef struct {
    Ticket *ticket;
    bool is_joint;        /* the desk's own, for all members (joint.h) */
    const Member *member; /* borrowed from the settings; or NULL */
    GPtrArray *matches;   /* of const Match, parallel to its incidents */
    PolicyRule *rule;     /* NULL without policies */
    Decision *decision;
    Reply *reply; /* NULL: no letter, and letter_why says why */
    char *letter_why;
    char *case_id;         /* NULL without a store, and if it makes no case */
    GPtrArray *events;     /* what its letter is counted by, once filed */
    const char *follow_up; /* template of a later letter of the case, static;
                              NULL: its answer */
    const RelayDocument *remedy;       /* for that letter; borrowed, or NULL */
    const struct DigestLetter *digest; /* decided for one (digesting.h) */
    bool is_for_person, waits; /* never by itself; for its reporter's digest */
    int step_back;             /* 0, or a TrustTrigger + 1 that became true */
    char *step_scope;          /* the category of the level that it ends */
} JudgedTicket;

/* One mail, read and decided. */
typedef struct {
    Findings *findings;
    StrictHeader *strict;
    Authentication *authentication;
    const Profile *profile; /* proven reporter; of the desk's, or NULL */
    const Profile *claimed; /* whose mail it looks like; or NULL */
    char *quote;            /* the reporter's own number, for letters */
    GPtrArray *matches;     /* of Match or NULL, parallel to incidents */
    GPtrArray *tickets;     /* of JudgedTicket */
    char *joins_case;       /* an older case it belongs to, or NULL */
    char *joins_why;
    char *bounce_token;    /* of our letter that came back, or NULL */
    char *challenge_token; /* it answers a question of ours (verifying.h) */
    char *told_token;      /* it came to the address of a draft */
    char *message_token;   /* it came to the return path of one; or NULL */
    char *probe_token;     /* it is a probe of ours (probing.h); or NULL */
    char *stop_member;     /* it came to that member's stop address */
    bool came_home;        /* to return paths of ours only (returns.h) */
    ReturnFate home_fate;  /* of what came home, or tried to */
    bool is_duplicate;     /* the same mail came before */
    bool answers_alert;    /* it answers a mail of alerting.h */
    bool answers_us;       /* it names a letter or case of ours */
} Judgement;
void judgement_free(Judgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Judgement, judgement_free)

/* Of a member (NULL: of none); borrowed, NULL if there is none. */
const JudgedTicket *judgement_ticket(const Judgement *judgement,
                                     const char *member);

/* Read a mail and match it; thread-safe, touches no store. What kills the
 * reader is an unreadable report. Errors: TEMPORARY (no reader: try again). */
Judgement *intake_read(const Desk *desk, const Delivery *delivery, Instant now,
                       GError **error);
/* Decide and compose, asking the store if there is one. Writes nothing.
 * Errors: those of the store. */
bool intake_decide(const Desk *desk, const Delivery *delivery,
                   Judgement *judgement, Instant now, GError **error);
/* Decide and file in the store; on the store's thread, in one transaction.
 * Errors: CONFLICT (somebody filed it already), TEMPORARY, BROKEN. */
bool intake_file(const Desk *desk, const Delivery *delivery,
                 Judgement *judgement, Instant now, GError **error);
/* Decide one ticket again whose letter waits in the outbox; judged->case_id is
 * set. Errors: those of the store. */
bool intake_decide_again(const Desk *desk, const Delivery *delivery,
                         Judgement *judgement, JudgedTicket *judged,
                         Instant now, GError **error);
/* Likewise of one that has none there: for judged->digest, or follow_up, about
 * what became of the case; that a person reads. Errors: those of the store. */
bool intake_decide_follow_up(const Desk *desk, const Delivery *delivery,
                             Judgement *judgement, JudgedTicket *judged,
                             Instant now, GError **error);
/* Ask everything again before a letter leaves, from the mail's bytes, by what
 * holds now. *why: NULL if it may leave, else why not (yours). What a person
 * approved needs no SEND, but nothing may forbid a draft by now. Errors: those
 * of reading and of the store. */
bool intake_still_may_leave(const Desk *desk, const OutboxRow *row, Instant now,
                            char **why, GError **error);

/* The same in short, right before the courier: NULL, or static words. */
const char *intake_outbox_objection(const Desk *desk, const char *member,
                                    const char *category, bool automatic,
                                    Instant now);
