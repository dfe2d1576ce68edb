/*
 * reporters.h - what is kept of known reporters: letters to them by day and
 * by their own numbers, and who approved a proposed profile.
 * See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

/* Letters to the reporter for this member in a day, and ever about its own
 * number (quote NULL: 0), those that a person approved among them, those of
 * this case itself (NULL: none) not. For the gate, in the transaction that
 * adds the letter. */
bool store_reporter_letters(Store *store, const ReporterStanding *reporter,
                            const char *member, const char *case_id,
                            Instant now, uint32_t *letters_1d,
                            uint32_t *letters_of_quote, GError **error);

/* A yes to a profile as it stands (sha256 of its file). */
typedef struct {
    char *person, *login;
    Instant at;
} ProfileApproval;
/* Array of ProfileApproval, oldest first. */
GPtrArray *store_profile_approvals(Store *store, const char *profile,
                                   const char *sha256, GError **error);
/* By how many different persons. */
bool store_profile_yes_count(Store *store, const char *profile,
                             const char *sha256, uint32_t *count,
                             GError **error);
/* One more yes, on the desk's record with the login name it came from.
 * Errors: CONFLICT (the same person did), INVALID (no name). */
bool store_approve_profile(Store *store, const char *profile,
                           const char *sha256, const char *person,
                           const char *login, Instant now, GError **error);
