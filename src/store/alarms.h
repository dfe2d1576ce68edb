/*
 * alarms.h - cases whose hoster waits for an answer, when half of its time is
 * over. See store.h for modes and errors.
 *
 * The moment is kept with the case, so it outlives a restart. What raises it
 * takes it away and makes an alert (alerts.h) in one transaction: a case has
 * one such alert ever, and none if people were told of it already.
 */
#pragma once

#include "store/store.h"

#define ALARM_KIND "deadline" /* of the alert */

typedef struct {
    int64_t ticket;
    char *case_id, *member, *category, *state;
    Instant received, due;
} Alarm;
void alarm_free(Alarm *alarm);

/* Cases that still wait for a person, whose moment has come; at most max, the
 * earliest first. Array of Alarm. */
GPtrArray *store_alarms(Store *store, Instant now, guint max, GError **error);
/* page: what people are told. */
bool store_alarm_raise(Store *store, const Alarm *alarm, const char *page,
                       Instant now, GError **error);
/* End alerts of cases that wait for nobody any more; *count: how many. */
bool store_alarms_rest(Store *store, Instant now, guint *count, GError **error);

/* ---- for outbox.c: inside its transaction ---------------------------------- */

/* The letter does not leave after all: an alert that it ended is open again. */
bool alarm_again(Store *store, int64_t ticket, const char *case_id, Instant now,
                 GError **error);

/* ---- for filing.c -------------------------------------------------------- */

bool alarm_set(Store *store, int64_t ticket, Instant when, GError **error);
