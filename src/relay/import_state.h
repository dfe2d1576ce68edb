/*
 * import_state.h - what an import has in memory of the history's directory.
 *
 * Certificates, and what of traffic waits to be joined, are kept from stage to
 * stage; all else is loaded for a stage and written at its end.
 */
#pragma once

#include "relay/months.h"
#include "relay/sources.h"
#include "relay/walk.h"

typedef struct {
    char *directory, *apart; /* of what is believed, of what is not */
    Records records;
    Months *months, *unverified; /* of the records' facts */
    Publishing *publishing;      /* of what is believed */
} ImportState;

/* Load what all stages need. records.authorities must be there. complaint: of
 * certificates. Errors: INVALID, DENIED, TEMPORARY. */
bool import_state_open(ImportState *state, const char *directory,
                       WalkComplaint complaint, gpointer data, GError **error);
void import_state_close(ImportState *state);

/* Load what a stage needs. Errors: likewise. */
bool import_state_begin(ImportState *state, GError **error);
/* All was read: have everything at hand that it touches. Errors: likewise. */
bool import_state_complete(ImportState *state, GError **error);
/* Write it, what stands beside the months first, so that a document which is
 * known is known with all that it says. *has_early: what is said of the time
 * before consensuses may differ. Errors: likewise. */
bool import_state_write(ImportState *state, bool *has_early, GError **error);
void import_state_end(ImportState *state);
