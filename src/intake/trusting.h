/*
 * trusting.h - how far this letter may go by itself, by what members agreed to
 * and what happened since; and the steps back that follow from it.
 *
 * intake.c asks trusting_ask() for each ticket, which writes nothing; what it
 * found is written by trusting_note() once the mail is filed. Rules:
 * policy/trust.h; what is kept: store/trust.h.
 */
#pragma once

#include "intake/intake.h"
#include "store/trust.h"

/* Put the level in force into the gate's input; a trigger that is true makes
 * it "hold", and the ticket remembers it. Nothing without a store. */
bool trusting_ask(const Desk *desk, JudgedTicket *judged,
                  const Template *template, Instant now, GateInput *input,
                  GError **error);

/* Write what trusting_ask() found for one ticket. */
bool trusting_step(const Desk *desk, const JudgedTicket *judged, Instant now,
                   GError **error);
/* A letter of that member and kind: one of the facts came true. */
bool trusting_event(const Desk *desk, const char *member, const char *category,
                    const TrustFacts *facts, Instant now, GError **error);
/* All steps back that follow from a mail that was filed, and a stop that came
 * by mail. */
bool trusting_note(const Desk *desk, const Delivery *delivery,
                   const Judgement *judgement, Instant now, GError **error);

/* May letters of the member leave at all? NULL if so, else why not (static). */
const char *trusting_objection(Store *store, const Member *member,
                               const char *category, bool automatic,
                               Instant now);

/* Hash of what the policy says of the kind; NULL without a policy. Yours. */
char *trusting_rule_hash(const PolicyRule *rule);
/* All letters with their versions, a line each. Yours. */
char *trusting_texts(const Templates *templates);

/* Cut "CASE/VERSION" into both; 0: no version is named. Errors: INVALID. */
bool trusting_read_version(char *subject, guint *version, GError **error);
/* Say yes to a letter; with a mentor two people must. as: who, or NULL for the
 * login. text: what was done, yours. Errors: those of store_approve_draft. */
bool trusting_approve(Store *store, const Settings *settings,
                      const char *case_id, const char *as, const char *login,
                      const char *note, Instant now, char **text,
                      GError **error);
