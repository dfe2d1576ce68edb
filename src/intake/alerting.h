/*
 * alerting.h - people are told at once of what no program may answer.
 *
 * A case that the gate escalates (D00) gets an alert in the transaction that
 * files it. The desk's timer tells two people, by mail of a path of its own,
 * and again with one more each time, until somebody takes it on. Alerts leave
 * in observe mode and while letters are paused, too: they answer nobody.
 *
 * However many such mails come: of each kind so many an hour get a mail of
 * their own (alerts.per-hour), the rest one list an hour, and what nobody took
 * on one reminder for all. What the complaint enclosed is never in it.
 *
 * A hoster that gives a time for the answer may switch the relay off when it is
 * over: at half of it people are told as well, once a case (store/alarms.h).
 *
 * Authority: RFC 3834 section 5 (Auto-Submitted: auto-generated).
 */
#pragma once

#include "intake/intake.h"
#include "settings/settings_alerts.h"
#include "store/alerts.h"

#define ALERT_FIRST    2  /* people who are told first */
#define ALERT_LIST_MAX 50 /* cases that a list names */

/* What kind of matter it is ("life", "abuse", "court", ...), or NULL if
 * nobody is told: the case is not escalated, or the mail is ours, of one of
 * those people, or old. */
const char *alerting_kind(const Desk *desk, const Judgement *judgement,
                          const JudgedTicket *judged);
/* Is nobody told of such a mail: it is ours, or old? */
bool alerting_is_silent(const Decision *decision);
/* What people are told of it; yours. */
char *alerting_page(const Desk *desk, const Delivery *delivery,
                    const Judgement *judgement, const JudgedTicket *judged);

/* Tell whom it is time to tell; on the store's thread. *told: messages that
 * were queued. Errors: those of the store, INVALID. */
bool alerting_run(Store *store, const Settings *settings, GBytes *loop_key,
                  Instant now, guint *told, GError **error);

/* Somebody takes it on. subject: a case id or "all". text: what was done.
 * Errors: MISSING, CONFLICT, INVALID (by is empty). */
bool alerting_take(Store *store, const char *subject, const char *by,
                   const char *login, Instant now, char **text, GError **error);

/* The token of "<alert.TOKEN@domain>", the Message-ID of such a mail; yours,
 * NULL if it is none. */
char *alerting_token(const char *message_id);

/* Those who are asked, in order: who is on call and reads the language goes
 * before the others. Array of const AlertPerson, at most count. */
GPtrArray *alerting_people(const Settings *settings, const char *language,
                           guint count, Instant now);
/* What a kind is, in a few words; static. */
const char *alerting_meaning(const char *kind);
