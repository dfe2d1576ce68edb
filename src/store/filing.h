/*
 * filing.h - keeping what was decided for a mail, in one transaction.
 * See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

/* What was decided for one ticket of a mail. */
typedef struct {
    const Ticket *ticket;
    const Decision *decision;
    const Reply *reply;      /* NULL: no letter */
    char *matches_json;      /* its incidents with verdicts and documents */
    Instant send_at;         /* for ACTION_SEND: not before */
    Instant due;             /* promised or demanded answer; or NONE */
    char *case_id;           /* as reserved; NULL: given, and put here */
    const GPtrArray *events; /* CountKeys.events of the letter; or NULL */
    const char *profile;     /* of the proven reporter; or NULL */
    const char *quote;       /* its own number, as letters quote it; or NULL */
    const char *form;        /* takes the answer, by hand only; or NULL */
    char *task;            /* what a person must do, for the record; or NULL */
    bool wants_person;     /* to choose what no rule may, though filed */
    bool waits_elsewhere;  /* another case of the mail has its letter */
    bool waits_for_digest; /* of its reporter: no letter now (digests.h) */
    const char *alert;     /* its kind: people are told at once; or NULL */
    char *page;            /* what they are told */
    Instant alarm;         /* to tell people if it still waits then; 0: never */
} FiledTicket;
void filed_ticket_free(FiledTicket *ticket);

typedef struct {
    const char *inbox_id;
    const Findings *findings;
    char *findings_json;
    uint8_t mail_key[32];      /* K2 */
    const char *dkim_key;      /* K4 or NULL */
    const char *thread;        /* CountKeys.thread; or NULL */
    const char *proven_domain; /* of an authenticated sender; or NULL */
    const char *case_prefix;
    const char *joins_case; /* an answer or bounce to this case; or NULL */
    bool is_return; /* what programs say of our letter: moves no case here */
    const char *subject; /* of the mail, decoded; or NULL */
    GPtrArray *tickets;  /* of FiledTicket; empty for noise */
    Instant now;
} Filing;

/* Case ids are given by the store before letters are composed, so that a
 * letter can carry its own: reserve count of them. Writes nothing: what is
 * not filed is given again after a restart. Array of char *. */
GPtrArray *store_reserve_case_ids(Store *store, const char *prefix, int year,
                                  guint count, GError **error);

/* One transaction: mail decided, tickets, matches, decisions, drafts or
 * outbox rows, counters, record entries. An answer that joins a case puts it
 * back to triage; the same mail again does not.
 * Errors: CONFLICT if already decided, MISSING (no such mail or case). */
bool store_file(Store *store, const Filing *filing, GError **error);
