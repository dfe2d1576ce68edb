/*
 * drafts.h - letters that wait for a person's yes, and the pause switch.
 * What people make of a letter: versions.h. See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

typedef struct {
    char *case_id, *member;
    char *state; /* waiting approved stopped sent replaced */
    char *to, *subject, *text, *template_id, *template_version;
    char *claims_json;
    GBytes *bytes; /* as they would be sent */
    Instant made, decided, send_at;
    char *decided_by, *note;
    guint version;    /* of the letters of its case, from 1 */
    guint replaces;   /* the version it was made from; 0: none */
    char *changed_by; /* the person who made it; NULL: the program */
    char *change;     /* what is changed, in a few words; or NULL */
    char *source;     /* where a person has its recipient from; or NULL */
    char *checked_by; /* who went through the checklist for it; or NULL */
} Draft;
void draft_free(Draft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

/* state NULL: all but what was replaced; member NULL: all. Array of Draft, oldest first. */
GPtrArray *store_drafts(Store *store, const char *state, const char *member,
                        GError **error);
/* The newest draft of a case. Errors: MISSING. */
Draft *store_draft(Store *store, const char *case_id, GError **error);

/* Waiting -> approved, outbox row with send_at, record entry, one
 * transaction. Errors: CONFLICT (who decided when), MISSING, DENIED (no
 * destination address). */
bool store_approve_draft(Store *store, const char *case_id, const char *by,
                         const char *note, Instant now, Instant send_at,
                         GError **error);
/* Waiting draft, or outbox row not yet sending -> stopped. Errors: CONFLICT
 * (too late: says when it went out), MISSING. */
bool store_stop_draft(Store *store, const char *case_id, const char *by,
                      const char *note, Instant now, GError **error);

/* Sending stopped by hand: since when and by whom. */
typedef struct {
    bool is_paused;
    Instant since;
    char *by, *why;
} PauseState;
void pause_state_clear(PauseState *state);
bool store_pause_state(Store *store, PauseState *out, GError **error);
bool store_set_paused(Store *store, bool paused, const char *by,
                      const char *why, Instant now, GError **error);

/* A secret of this installation, made on first use: 32 random bytes. */
GBytes *store_secret(Store *store, const char *name, GError **error);
