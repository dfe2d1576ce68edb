/*
 * loser.h - an answer that was possible too, and why another won. Comes with
 * report.h.
 */
#pragma once

#include "base/wire.h"
#include "mail/quote.h"

typedef struct {
    char *question; /* "category" */
    char *answer;   /* "messaging/spam" */
    char *why;      /* "weight 24 against 45" */
    Quote *quote;   /* the first words that spoke for it, or NULL */
} Loser;
void loser_free(Loser *loser);

#define LOSERS_MAX 8

/* One, or none (NULL). */
Loser *loser_copy(const Loser *loser);
void loser_put(const Loser *loser, WireOut *out);
Loser *loser_get(WireIn *in);

void losers_put(const GPtrArray *losers, WireOut *out);
void losers_get(GPtrArray *losers, WireIn *in);
