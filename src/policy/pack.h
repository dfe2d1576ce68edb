/*
 * pack.h - one policies/CC.yaml as read; only policy.c and load.c look.
 */
#pragma once

#include "base/schema.h"
#include "policy/policy.h"

#define POLICY_ANY "any" /* the entry for everything not named */

/* What one entry under "complaints" says. */
typedef struct {
    const char *name;           /* "any", "copyright", "copyright/p2p" */
    const SchemaValues *values; /* borrowed from the pack's */
    GPtrArray *languages;       /* of char *; NULL if it says none */
    GPtrArray *law;             /* of char *, NULL-ended; NULL: says none */
} PackRule;

typedef struct {
    char *code; /* "DE", "EU", "XX" */
    char *file;
    SchemaValues *values;
    GPtrArray *rules; /* of PackRule */
} Pack;
void pack_free(Pack *pack);

/* Read one file; what is wrong is appended to errors, and then the pack must
 * not be used. NULL if there is nothing to read. */
Pack *pack_load(const char *path, const char *code, GPtrArray *errors);

/* The pack of that code, or NULL. */
const Pack *policies_pack(const Policies *policies, const char *code);

void policy_line_free(void *line);
PolicyLine *policy_line_new(const char *key, const char *value,
                            const char *file, int line);

/* The rule of exactly that name, or NULL. */
const PackRule *pack_rule(const Pack *pack, const char *name);

/* What is wrong with CC as the name of a pack; NULL if nothing. Yours. */
char *pack_code_objection(const char *code);

/* "any", a class of a known category, or a category. */
bool policy_entry_is_known(const char *name);

/* Bit 1 << Verdict of a word, 0 if it is none. */
uint32_t policy_verdict_bit(const char *word);
