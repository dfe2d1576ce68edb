/*
 * tellings.h - what members' people were told by mail, and what they answered.
 * See store.h for modes and errors.
 *
 * A mail to a person and the rows that say what it told are one transaction,
 * so that nobody is told a thing twice or never. The mails themselves are
 * messages (messages.h).
 */
#pragma once

#include "store/messages.h"

/* A draft that waits for one person's yes. */
typedef struct {
    int64_t letter;
    char *case_id, *category, *reporter, *to, *subject, *text;
    Instant received, due, made; /* due NONE: no deadline */
    char *token;                 /* of the address for answers; NULL: the
                                    person was not told yet */
    uint32_t times;
    Instant next_at; /* when to tell again; NONE: never */
} WaitingDraft;
void waiting_draft_free(WaitingDraft *draft);
/* A member's waiting drafts as one person knows them, oldest first. */
GPtrArray *store_waiting_for(Store *store, const char *member,
                             const char *address, GError **error);

/* What happened in a member's name since then: the letter went out, was
 * approved, was stopped, or the complaint was filed without one. */
typedef struct {
    char *kind; /* "sent", "approved", "stopped", "filed" */
    char *case_id, *category, *by;
    Instant at;
} NewsRow;
void news_row_free(NewsRow *row);
GPtrArray *store_news(Store *store, const char *member, Instant since,
                      GError **error);

/* The person's last digest: its local day (yours; NULL: none yet), when. */
bool store_last_digest(Store *store, const char *member, const char *address,
                       char **day, Instant *at, GError **error);
/* Messages queued to an address since then. */
bool store_told_count(Store *store, const char *address, Instant since,
                      uint32_t *count, GError **error);
/* When the newest message to it that came back or was refused was queued;
 * NONE: none did. */
bool store_told_failed(Store *store, const char *address, Instant *when,
                       GError **error);

typedef struct {
    int64_t letter;
    const char *token; /* kept from the first time on */
    Instant next_at;   /* NONE: the last time */
} ToldDraft;
typedef struct {
    const char *member; /* "" for staff */
    const char *address;
    const NewMessage *message; /* NULL: there was nothing to tell */
    const ToldDraft *drafts;
    guint draft_count;
    const char *day; /* it is the digest of that day; or NULL */
} Telling;
bool store_tell(Store *store, const Telling *telling, Instant now,
                GError **error);

/* The record's head: how many entries, the last one's hash in hex (yours). */
bool store_record_head(Store *store, int64_t *entries, char **hash,
                       GError **error);

/* ---- answers ------------------------------------------------------------- */

/* The draft that a token was made for. */
typedef struct {
    bool is_newest; /* of its case */
    char *case_id, *member, *address, *category, *state;
} AskedDraft;
void asked_draft_clear(AskedDraft *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AskedDraft, asked_draft_clear)
bool store_asked_draft(Store *store, const char *token, AskedDraft *out,
                       bool *found, GError **error);
/* What a message was about ("member:ID"); yours, NULL if there is none. */
char *store_message_about(Store *store, const char *token, GError **error);

/* "approved", "stopped", "noise": done with; "message", "refused": staff look
 * at it. */
typedef struct {
    const char *what, *why;
    const char *member, *case_id; /* case_id may be NULL */
    const char *sender, *inbox_id;
    const NewMessage *reply; /* or NULL */
} NewAnswer;
bool store_add_answer(Store *store, const NewAnswer *answer, Instant now,
                      GError **error);

typedef struct {
    int64_t number;
    char *what, *why, *member, *case_id, *sender, *inbox_id, *seen_by;
    Instant at, seen; /* seen NONE: nobody looked */
} AnswerRow;
void answer_row_free(AnswerRow *row);
/* Those that wait for staff, or all, the newest first. */
GPtrArray *store_answers(Store *store, bool all, GError **error);
/* Errors: MISSING (none of that number waits). */
bool store_see_answer(Store *store, int64_t number, const char *by, Instant now,
                      GError **error);

/* Who was told of a draft. */
typedef struct {
    char *case_id, *member, *address, *state;
    Instant first, last, next_at;
    uint32_t times;
} ToldRow;
void told_row_free(ToldRow *row);
/* The newest first; open: only those who were told for the last time and
 * whose draft still waits. */
GPtrArray *store_told(Store *store, bool open, GError **error);
