/*
 * reading.h - from the words of a time to the instants they can mean.
 *
 * Nothing is assumed silently: each reading says why it is possible. The best
 * is first; certain only if zone, order and year were all stated.
 */
#pragma once

#include "incident/incident.h"
#include "incident/timestamp.h"

/* Later than the mail by more than this, a reading cannot be meant. */
#define READING_AFTER_MAIL_S (15 * 60)

typedef enum { ORDER_OPEN, ORDER_MONTH_FIRST, ORDER_DAY_FIRST } DateOrder;

/* What the rest of the mail says about its times. */
typedef struct {
    Instant mail_date; /* INSTANT_NONE if the mail has none */
    int mail_offset_s; /* of its Date header */
    bool mail_has_offset;
    DateOrder order;           /* shown by other dates of the mail */
    const Zone *zone;          /* stated elsewhere, or NULL */
    const char *zone_words;    /* "Time Zone: UTC" */
    bool zone_is_sure;         /* nothing in the mail contradicts it */
    const Zone *zone_other;    /* the next best statement, or NULL */
    GTimeZone *country;        /* where the sender's address ends, or NULL */
    const char *country_words; /* ".de" */
} ReadingContext;

/* What the readings rest on. */
typedef struct {
    bool is_certain;    /* as CitedTime.certain */
    bool is_after_mail; /* as stated, it lies after the mail that reports it */
    bool zone_is_open;  /* none stated, or one of several meanings */
} ReadingFacts;

/* The readings of a stamp (array of Reading, at most READINGS_MAX). */
GPtrArray *readings_new(const Stamp *stamp, const ReadingContext *context,
                        ReadingFacts *facts);
void reading_free(Reading *reading);
