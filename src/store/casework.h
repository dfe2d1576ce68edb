/*
 * casework.h - what staff do with a case: write a note, take it on, close it,
 * open it again, join it to another, split a mail off, enter its answer in a
 * web form. See store.h for modes and errors.
 *
 * Each is one transaction with an entry of the record that says who and why.
 * Done a second time it changes nothing: CONFLICT says who did it when. A state
 * changes only as ticket/state.c allows. Entries of kind "note" are the desk's
 * own: whoever shows a record to others leaves them out.
 */
#pragma once

#include "store/store.h"

#define CASE_NOTE_MAX 3000 /* bytes: it crosses the control socket */
#define CASE_NAME_MAX 120  /* bytes of a person's name */

/* Who does it; borrowed. */
typedef struct {
    const char *by;    /* as the record names the person */
    const char *login; /* that it came from */
    const char *why;   /* or NULL */
    Instant now;
} CaseHand;

/* Errors of all: MISSING (no such case), CONFLICT, INVALID (words that are
 * empty, too long or hold control characters). */

bool store_case_note(Store *store, const char *case_id, const char *text,
                     const CaseHand *hand, GError **error);

/* to NULL: nobody. Whose it is already is asked for, so that two people who
 * take it at once do not both have it: from is that name, or NULL. */
bool store_case_assign(Store *store, const char *case_id, const char *to,
                       const char *from, const CaseHand *hand, GError **error);

/* A draft that waits is stopped. CONFLICT also while a letter is queued or an
 * alert is taken on by nobody. stopped: how many drafts. */
bool store_case_close(Store *store, const char *case_id, const CaseHand *hand,
                      guint *stopped, GError **error);
/* What is over waits for a person again; what was joined stands for itself. */
bool store_case_reopen(Store *store, const char *case_id, const CaseHand *hand,
                       GError **error);

/* The same complaint twice: the first is closed as with store_case_close, and
 * later mails of it go to the other, which has the earlier deadline of both.
 * DENIED where they are not of the same member. */
bool store_case_join(Store *store, const char *case_id, const char *into,
                     const CaseHand *hand, guint *stopped, GError **error);

/* A person entered the answer in the reporter's web form. has_text: the draft
 * was what was entered; without one hand->why must say it. */
bool store_case_entered(Store *store, const char *case_id, const CaseHand *hand,
                        bool *has_text, GError **error);

/* A mail that joined a case is no part of it: it is received anew, and when it
 * is read it joins none. from: the case (yours). Errors: INVALID (it joined
 * none, or is what programs say of a letter of ours). */
bool store_mail_split(Store *store, const char *inbox_id, const CaseHand *hand,
                      char **from, GError **error);
/* Was it? Anything but an inbox id was not. */
bool store_mail_is_split(Store *store, const char *inbox_id, bool *out,
                         GError **error);

/* What a case hangs together with; for staff only. */
typedef struct {
    char *joined_to;      /* case id, or NULL */
    GPtrArray *joined;    /* ids of cases that were joined to it */
    GPtrArray *same_mail; /* ids of the other cases of its mail */
    GPtrArray *mails;     /* inbox ids of later mails that belong to it */
} CaseLinks;
void case_links_free(CaseLinks *links);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseLinks, case_links_free)
CaseLinks *store_case_links(Store *store, const char *case_id, GError **error);

/* ---- for the other files of store/; in the caller's transaction ----------- */

/* The case that mails of this one go to: itself, unless it was joined. Yours. */
char *case_root(Store *store, const char *case_id, GError **error);
/* A ticket whose answer only a web form takes. */
bool form_task_add(Store *store, int64_t ticket, const char *form,
                   GError **error);
/* If the mail was split off: say so in its cases' records and the old one's.
 * found: it was. */
bool split_note(Store *store, int64_t mail, const char *inbox_id,
                const char *case_id, Instant now, bool *found, GError **error);
