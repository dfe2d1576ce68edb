/*
 * versions.h - what people make of letters: a draft changed, or written where
 * there was none. See store.h for modes and errors.
 *
 * A letter never changes: a change is a letter of its own, with its own
 * Message-ID and return path, and the one before is "replaced" and stays
 * readable. Both in one transaction with the entry of the record.
 */
#pragma once

#include "store/drafts.h"

typedef struct {
    const char *case_id;
    guint seen; /* version of the draft that is changed; 0: there is none */
    const Reply *reply;
    const char *by, *login; /* who wants it so, who typed it */
    const char *change;     /* "text (3 lines), recipient" */
    const char *source;     /* where the recipient's address comes from */
    const char *checked_by; /* who went through the checklist; or NULL */
    const char *note;       /* why; or NULL */
} NewVersion;

/* May people write a letter for the case, or change its own? Errors: CONFLICT
 * (it is joined to another, or one letter answers it with others), MISSING. */
bool store_may_write(Store *store, const char *case_id, GError **error);
/* Has it, moreover, no letter that waits or is on its way? A yes and a no go to
 * the newest one, so there is never a second. Errors: as above. */
bool store_may_begin(Store *store, const char *case_id, GError **error);
/* Keep it as the draft that waits; *version: its number. A case that was
 * answered or filed is taken up again by this, and waits for no digest. Errors: CONFLICT (the draft
 * changed since, or is decided; seen 0: a letter waits or is on its way; what
 * store_may_write says), MISSING. */
bool store_put_version(Store *store, const NewVersion *new_version, Instant now,
                       guint *version, GError **error);

/* Every letter of a case, the first one first. Array of Draft. */
GPtrArray *store_versions(Store *store, const char *case_id, GError **error);
/* Errors: MISSING. */
Draft *store_version(Store *store, const char *case_id, guint version,
                     GError **error);
/* Is that the newest letter of the case? version 0: is the newest one the
 * program's own? Errors: CONFLICT (says who made a newer one), MISSING. */
bool store_expect_version(Store *store, const char *case_id, guint version,
                          GError **error);
