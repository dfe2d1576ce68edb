/*
 * telling_mail.h - one mail to one of members' people, ready for the queue;
 * for telling.c and consenting.c.
 */
#pragma once

#include "reply/phrases.h"
#include "settings/settings.h"
#include "store/challenges.h"
#include "store/tellings.h"

/* Who is told. */
typedef struct {
    const Settings *settings;
    GBytes *loop_key;
    const Member *member; /* NULL: staff */
    const char *address;  /* lower case */
    const Phrases *phrases;
    GTimeZone *zone;
    Instant now;
} Person;

/* A message with all that it borrows. */
typedef struct {
    NewMessage message;
    char *about, *envelope_from, *token;
    GBytes *bytes;
} ReadyMail;
void ready_mail_clear(ReadyMail *mail);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadyMail, ready_mail_clear)

/* 32 hex digits of chance. Yours. */
char *telling_token_new(void);
/* The address that takes answers about the draft with that token. Yours. */
char *telling_answer_address(const Person *person, const char *token);

/* Answers go to that token's address; NULL: to the message's own return path.
 * A subject is left out where the message will be encrypted. Errors: INVALID,
 * LIMIT. */
bool telling_mail(const Person *person, const char *subject, const char *text,
                  const char *answer_token, ReadyMail *out, GError **error);

/* "2026-05-04 11:00 CEST" and "2026-05-04"; yours. */
char *telling_moment(const Person *person, Instant when);
char *telling_day(const Person *person, Instant when);
/* In the person's words: a connection's attack, say. Borrowed. */
const char *telling_category(const Person *person, const char *category);

/* Is it a verified contact of the member (contacts: store_contacts()) to whom
 * mail arrives? */
bool telling_may_reach(Store *store, const GPtrArray *contacts,
                       const char *member, const char *address, Instant now,
                       bool *may, GError **error);

/* ---- the text (telling_text.c) ------------------------------------------- */

void text_put_hello(GString *out, const Person *person);
/* Summary, letter between rulers, how to answer. times: with this one; next:
 * what follows if nothing is done. */
typedef enum { NEXT_TOMORROW, NEXT_LATER, NEXT_NEVER } NextTime;
void text_put_draft(GString *out, const Person *person,
                    const WaitingDraft *draft, const char *token,
                    NextTime next);
/* A heading and what was done; nothing if nothing was. */
void text_put_news(GString *out, const Person *person, const GPtrArray *news);
void text_put_heading(GString *out, const Person *person, const char *key);
/* Changes of relays (NoticeRow); what waits for staff (CaseRow). */
void text_put_relays(GString *out, const Person *person, const GPtrArray *rows);
void text_put_todo(GString *out, const Person *person, const GPtrArray *rows);
/* Desk, telephone, the record's seal. */
void text_put_foot(GString *out, const Person *person, int64_t entries,
                   const char *seal);
