/*
 * why_values.h - each answer about a mail, with the words it came from and
 * the rule that chose it; the one list that the text and the JSON of "why"
 * both print. Private to why.
 */
#pragma once

#include "intake/intake.h"

typedef struct {
    const char *name;  /* "category"; static */
    char *answer;      /* NULL if there is none */
    char *rule;        /* what chose it, or why there is no answer */
    const char *title; /* of its line in the text; static */
    GPtrArray *quotes; /* of Quote, borrowed from the report */
    const char *none;  /* why no words are shown; static, NULL if some are */
} Value;

/* Array of Value in the order in which the stages answer. Borrows from the
 * report; yours to unref. */
GPtrArray *values_new(const Report *report);

/* "line 11, column 4", "Subject, column 4", "header, line 3", or "no place in
 * the mail"; yours. */
char *quote_place_text(const Quote *quote);
/* "text", "subject", "header", "nowhere"; static. */
const char *quote_where(const Quote *quote);

/* "shop.example:443", ":25", or NULL if no target is cited; yours. (why.c) */
char *incident_target_text(const Incident *incident);
