/*
 * casework_inner.h - what casework.c and caselinks.c share (internal).
 */
#pragma once

#include "store/casework.h"
#include "store/database.h"

/* One case, as it stands in the transaction. */
typedef struct {
    const char *id; /* borrowed */
    int64_t number;
    TicketState state;
    char *member, *assigned;
    char *joined_to; /* case id, or NULL */
    Instant changed, due;
} CaseStanding;
void case_standing_clear(CaseStanding *standing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CaseStanding, case_standing_clear)

/* Errors: MISSING. */
bool case_stand(Store *store, const char *case_id, CaseStanding *out,
                GError **error);

/* Names and reasons as they may be kept. Errors: INVALID. */
bool case_hand_check(const CaseHand *hand, GError **error);

bool case_act_add(Store *store, const CaseStanding *standing, const char *act,
                  const CaseHand *hand, GError **error);
/* CONFLICT: "UA-1: already closed, by anna at ..."; always false. */
bool case_act_fail(Store *store, const CaseStanding *standing, const char *act,
                   const char *words, GError **error);

/* "Closed by anna (login desk): why". detail is JSON or NULL. */
bool case_record(Store *store, const char *case_id, const char *kind,
                 const char *detail, const CaseHand *hand, GError **error,
                 const char *what, ...) G_GNUC_PRINTF(7, 8);

/* Nothing of it may be on its way, and nobody may be waiting to be told.
 * Errors: CONFLICT. */
bool case_is_at_rest(Store *store, const CaseStanding *standing,
                     GError **error);
/* No letter that answers others, too, waits or is on its way for it. Errors:
 * CONFLICT. */
bool case_is_in_no_digest(Store *store, const CaseStanding *standing,
                          GError **error);
/* Stop the drafts that wait, letters that were held, and the wait for a
 * reporter's digest. */
bool case_stop_letters(Store *store, const CaseStanding *standing,
                       const CaseHand *hand, guint *stopped, GError **error);
