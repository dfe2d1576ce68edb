/*
 * intake.h - the pipeline: one call per stage, in the order data flows.
 *
 * intake.c alone knows the order. Its pure half (judge) drives the desk, the
 * command "why" and the golden tests alike; its storing half is the desk's.
 */
#pragma once

#include "settings.h"
#include "store/store.h"

/* What the pipeline needs besides the mail; borrowed. NULL fields are
 * allowed for "why" without configuration. */
typedef struct {
    const Settings *settings;
    const Policies *policies;
    const Templates *templates;
    const History *history;
    Store *store;          /* NULL: nothing is asked of or written to it */
    Reader *reader;        /* NULL: read in this process (tests only) */
    const GArray *hints;   /* members' addresses */
    GBytes *loop_key;
    bool is_paused;
} Desk;

/* One mail, judged. */
typedef struct {
    Findings *findings;
    StrictHeader *strict;
    Authentication *authentication;
    GPtrArray *matches;    /* of Match or NULL, parallel to incidents */
    GPtrArray *tickets;    /* of JudgedTicket, at least one unless noise */
} Judgement;
typedef struct {
    Ticket *ticket;
    Decision *decision;
    PolicyRule *rule;
    Reply *reply;          /* NULL: no letter, reply_why says why */
    char *reply_why;
    const Member *member;
    char *case_id;
} JudgedTicket;
void judgement_free(Judgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Judgement, judgement_free)

/* Read, match, split, decide and compose; writes nothing. now: the moment it
 * is judged as of. */
Judgement *intake_judge(const Desk *desk, const Delivery *delivery,
                        Instant now, GError **error);

/* The judgement as "exitdesk why --json" prints it; as a person reads it. */
char *judgement_new_json(const Judgement *judgement);
char *judgement_new_text(const Judgement *judgement);

/* Judge one accepted mail and file it (the desk's worker).
 * Errors: TEMPORARY (it stays received), BROKEN (stop). */
bool intake_process(const Desk *desk, const char *inbox_id, Instant now,
                    GError **error);
