/*
 * digests_inner.h - what digests.c does inside the caller's transaction
 * (internal).
 */
#pragma once

#include "store/database.h"

/* The new case waits for the digest of its reporter. */
bool digest_wait(Store *store, int64_t ticket, const char *case_id, Instant now,
                 GError **error);
/* A person took the case on: it waits for no digest any more, if it did. */
bool digest_leave(Store *store, const char *case_id, Instant now,
                  GError **error);
/* The letter is queued: the signatures and numbers of all its cases are
 * answered. */
bool digest_note_answered(Store *store, int64_t letter, GError **error);
/* The other cases of a digest go where its first goes, each with an entry in
 * its record: "WHAT, with the digest on CASE". Of other letters nothing. */
bool digest_follow(Store *store, int64_t letter, TicketState to,
                   const char *kind, const char *what, Instant now,
                   GError **error);
