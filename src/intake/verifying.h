/*
 * verifying.h - is a member's address read by somebody?
 *
 * A message with a token goes to the address; it comes home as a mail (to the
 * address in Reply-To, or in answer to its Message-ID) or is typed at the
 * desk. Both sides of the pipeline: intake.c asks verifying_find() before
 * anything else, since such a mail is never a complaint.
 *
 * What an answer shows is that somebody who reads the address answered, no
 * more: consent and membership stay in members.d.
 *
 * Authority: RFC 3834 section 5 (Auto-Submitted: auto-generated).
 */
#pragma once

#include "intake/intake.h"
#include "store/challenges.h"

/* Ask the address. text: what was done, yours. Errors: MISSING (no such
 * member), INVALID (no plain address), LIMIT, those of the store. */
bool verifying_ask(Store *store, const Settings *settings, GBytes *loop_key,
                   const char *member, const char *address, const char *by,
                   Instant now, char **text, GError **error);

/* A token was typed. Errors: MISSING (unknown), CONFLICT (used, expired). */
bool verifying_confirm(Store *store, const char *token, const char *by,
                       Instant now, char **text, GError **error);

/* Is the mail an answer to a question of ours, or a report on one? Then it has
 * no tickets any more. Fills the judgement's challenge_token, message_token.
 * desk->store must be there. */
bool verifying_find(const Desk *desk, const Delivery *delivery,
                    Judgement *judgement, GError **error);
/* Note what verifying_find() found, once the mail is filed. */
bool verifying_note(const Desk *desk, const Delivery *delivery,
                    const Judgement *judgement, Instant now, GError **error);

/* Ask again whom nobody asked since the half year ran out: at most one
 * message a call, for the desk's timer. *asked tells. */
bool verifying_renew(Store *store, const Settings *settings, GBytes *loop_key,
                     Instant now, bool *asked, GError **error);
