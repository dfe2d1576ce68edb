/*
 * settings_alerts.h - who is told at once when an authority writes.
 */
#pragma once

#include "settings/settings.h"

#define ALERT_PEOPLE_MAX 20

/* A person; the list's order is the order in which they are asked. */
typedef struct {
    char *name, *address;
    GPtrArray *languages; /* of char *: read by the person; empty: any */
    char *hours;          /* "08:00-20:00" UTC; NULL: always */
    char *pgp_key;        /* fingerprint; NULL: alerts go in clear */
} AlertPerson;

extern const SchemaRow ALERT_PERSON_ROWS[];

/* Array of AlertPerson. What is wrong is appended to errors. */
GPtrArray *settings_read_people(const SchemaValues *values,
                                const Settings *settings, GPtrArray *errors);

/* Is the moment within "08:00-20:00" (over midnight, too)? */
bool alert_hours_hold(const char *hours, Instant now);
