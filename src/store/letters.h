/*
 * letters.h - what filing, drafts and outbox do to tickets and letters
 * (internal). All inside the caller's transaction.
 */
#pragma once

#include "store/database.h"
#include "store/drafts.h"

/* Move the ticket if its state allows it (ticket/state.c), else leave it: the
 * record tells what happened either way. */
bool ticket_move(Store *store, int64_t ticket, TicketState to, Instant now,
                 GError **error);

/* Its letter is gone: answered, unless something came in the meantime that a
 * person must read. */
bool ticket_answered(Store *store, int64_t ticket, Instant now, GError **error);

/* Keep a composed letter; its row's number comes out. */
bool letter_add(Store *store, int64_t ticket, const Reply *reply,
                const char *claims_json, Instant now, int64_t *letter,
                GError **error);
char *letter_claims_json(const Reply *reply);

/* The draft row of a letter: waiting, or approved by the policy itself. */
bool draft_add(Store *store, int64_t letter, bool automatic, Instant now,
               Instant send_at, GError **error);

/* The columns of DRAFT_COLUMNS (drafts.c). */
Draft *draft_read(Query *query);

/* Queue a letter and mark its complaint's signature as answered. */
bool outbox_add(Store *store, int64_t letter, int64_t ticket, bool automatic,
                Instant now, Instant send_at, GError **error);

/* Whose complaint a case is and its own number for it (reporters.c). */
bool reporter_note_ticket(Store *store, int64_t ticket, const char *profile,
                          const char *quote, GError **error);
/* One more letter to the reporter of the case, if it has one. */
bool reporter_count_letter(Store *store, int64_t ticket, Instant now,
                           GError **error);
