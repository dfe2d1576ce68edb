/*
 * claims.h - what the files of claims offer to each other and to their own
 * folder; see reply.h.
 */
#pragma once

#include "reply/reply.h"

/* May it carry a letter (exit-then), or does it only add a sentence? */
bool claims_carries(const char *name);

/* Does {{#claim.NAME}} make sure that the word has its value? */
bool claims_guards_word(const char *name, const char *word);
/* The claim that guards a word, or NULL if none need to. */
const char *claims_guard_of(const char *word);

/* Add what shows it to an exhibit; takes words over. The same words stand
 * there once. */
void exhibit_add(GString *exhibit, char *words);

/* ---- about the address (claims_record.c) ------------------------------- */

/* From the earliest to the latest possible moment of an incident; false if
 * no time is cited. */
bool claims_possible_span(const Incident *incident, Interval *span);
const Incident *claims_incident(const ReplyContext *context, guint index);

ClaimAnswer claim_verdict(const ReplyContext *context, Verdict verdict,
                          GString *exhibit);
ClaimAnswer claim_spoof_likely(const ReplyContext *context, GString *exhibit);
ClaimAnswer claim_reduced_policy(const ReplyContext *context, GString *exhibit);
ClaimAnswer claim_destination_blocked(const ReplyContext *context,
                                      GString *exhibit);
ClaimAnswer claim_relay_gone(const ReplyContext *context, GString *exhibit);

/* Of the newest public list that we know, if it is of the last day. */
Instant claims_newest_list(const ReplyContext *context);
/* The hour whose rules show claim_destination_blocked(), or INSTANT_NONE. */
Instant claims_remedy_seen(const ReplyContext *context);
/* "UDP" or "ICMP" if all that is cited is one of them; else NULL. */
const char *claims_protocol(const ReplyContext *context);
/* The port list of claim_reduced_policy(): "22,80,443"; yours, or NULL. */
char *claims_ports_new(const ReplyContext *context);

/* ---- what the member says of itself (claims_member.c) ------------------ */

/* The member's own statement of that name that holds now, or NULL. */
const MemberStatement *claims_statement(const ReplyContext *context,
                                        const char *name);
ClaimAnswer claim_no_logs(const ReplyContext *context, GString *exhibit);
ClaimAnswer claim_host_checked(const ReplyContext *context, GString *exhibit);
ClaimAnswer claim_non_profit(const ReplyContext *context, GString *exhibit);
ClaimAnswer claim_address_shared(const ReplyContext *context, GString *exhibit);
