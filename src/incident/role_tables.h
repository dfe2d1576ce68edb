/*
 * role_tables.h - the words by which complaints say who an address is.
 */
#pragma once

#include "incident/incident.h"

/* A label or key that ends right before the address: "Source IP:", "SRC=",
 * "\"attacker\": ". The longest that fits wins. */
typedef struct {
    const char *words; /* folded; '_', '-' and "." of a key count as blanks */
    Role role;
    int weight; /* how sure, 1..100; see role.c */
} RoleLabel;
extern const RoleLabel ROLE_LABELS[];

/* Words of a sentence before or after the address. The nearest wins. */
typedef struct {
    const char *words; /* folded, single blanks */
    bool is_after;
    Role role;
    int weight;
} RolePhrase;
extern const RolePhrase ROLE_PHRASES[];
