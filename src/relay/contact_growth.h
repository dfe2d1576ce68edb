/*
 * contact_growth.h - one address grown out of its "@"; for contact_free.c.
 */
#pragma once

#include "relay/contact_tokens.h"

/* Tokens first..last with "@" at number at. */
typedef struct {
    guint first, at, last;
    bool is_tight; /* no blank within */
    GString *local, *domain;
} Growth;

/* Grow an address from the sign at that number and look at its ends; NULL if
 * it is one, else why not (static). Clear the growth in any case. */
const char *growth_try(const Tokens *tokens, guint at, Growth *out);
void growth_clear(Growth *growth);
