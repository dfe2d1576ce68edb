/*
 * alerts.h - matters that people must look at now: who was told, who took it.
 * See store.h for modes and errors.
 *
 * An alert is made in the transaction that files its case. The mails to
 * people are messages (messages.h) that leave also while letters are paused.
 */
#pragma once

#include "store/messages.h"

typedef struct {
    int64_t number;
    char *case_id, *kind; /* kind: "court"; alerting.c has them */
    char *language;       /* of the mail; NULL: not known */
    char *page;           /* what the people are told */
    Instant made;
    Instant told;      /* first, and ... */
    Instant told_last; /* ... lately; NONE: nobody yet */
    uint32_t rounds;   /* how often people were told */
    Instant taken;     /* NONE: nobody took it on */
    char *taken_by, *login, *note;
} Alert;
void alert_free(Alert *alert);

/* Which of them, the oldest first. */
typedef enum { ALERTS_ALL, ALERTS_OPEN, ALERTS_FRESH, ALERTS_TOLD } AlertState;
/* ALL: the newest first; FRESH: open and nobody was told; TOLD: open and
 * somebody was. At most max. Array of Alert. */
GPtrArray *store_alerts(Store *store, AlertState state, guint max,
                        GError **error);

typedef struct {
    uint32_t fresh, told; /* how many are open */
    Instant told_least;   /* of the open ones, who was told longest ago */
    uint32_t rounds;      /* the most of an open one */
    Instant listed;       /* when fresh ones were last told as a list */
} AlertNumbers;
bool store_alert_numbers(Store *store, AlertNumbers *out, GError **error);
/* How many of a kind had a mail of their own since then. */
bool store_alerts_alone(Store *store, const char *kind, Instant since,
                        uint32_t *count, GError **error);

/* People are told of one alert (number > 0), of all fresh ones, or again of
 * all that were told: queue the messages, note it; one transaction. who: for
 * the record, "A. Beispiel, B. Beispiel". */
typedef struct {
    AlertState state; /* FRESH or TOLD; ALL: the one of number */
    int64_t number;
    const NewMessage *messages;
    guint count;
    const char *who;
} AlertRound;
bool store_alert_tell(Store *store, const AlertRound *round, Instant now,
                      GError **error);

/* Somebody takes it on: nobody is told again. case_id NULL: all that are
 * open. Errors: MISSING (no such alert), CONFLICT (who took it when). */
bool store_alert_take(Store *store, const char *case_id, const char *by,
                      const char *login, const char *note, Instant now,
                      uint32_t *count, GError **error);

/* The case of an alert whose message had this token; NULL without error if
 * there is none. Of a list: its first case. */
char *store_case_of_alert(Store *store, const char *token, GError **error);

/* ---- for filing.c -------------------------------------------------------- */

bool alert_add(Store *store, int64_t ticket, const char *kind,
               const char *language, const char *page, Instant now,
               GError **error);
