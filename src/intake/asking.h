/*
 * asking.h - what the gate is told: one GateInput from settings, mail, members
 * and the store's counts.
 *
 * intake.c asks the gate when a mail is filed, leaving.c again before the
 * letter leaves; both ask with the same words.
 */
#pragma once

#include "intake/intake.h"

/* Everything but what only the store knows. */
GateInput asking_input(const Desk *desk, const Delivery *delivery,
                       const Judgement *judgement, const JudgedTicket *judged,
                       const Template *template, Instant now);

/* What a letter about this ticket is counted by: CountKeys.events (yours) and
 * CountKeys.thread (borrowed; NULL if the mail has no Message-ID). */
GPtrArray *asking_events(const Judgement *judgement, const Ticket *ticket);
const char *asking_thread(const Judgement *judgement);

/* The letter in question is queued: take it out of what was counted. */
void asking_discount(GateInput *input);

/* It is a later letter of its case, about what became of it: the answer that
 * went before is no reason against it. All other limits stay. */
void asking_follow_up(GateInput *input);

/* It is for the digest: that others wait, or had their letter, is none. */
void asking_digest(GateInput *input);

/* What the store knows: switches and counts, in the caller's transaction.
 * Without a store nothing is asked, and nothing is in the way. Errors: those of the store. */
bool asking_store(const Desk *desk, const Judgement *judgement,
                  const JudgedTicket *judged, Instant now, GateInput *input,
                  GError **error);
