/*
 * gate_rules.h - the rows of the reply gate; only gate.c and its test look.
 */
#pragma once

#include "policy/gate.h"

typedef struct {
    const char *id;
    Action action;
    bool (*matches)(const GateInput *in); /* NULL in the last row only */
    const char *why;                      /* one sentence for people */
    const char *authority;                /* RFC and section, or "policy" */
} GateRule;

/* In order; the last row is SEND and matches if no other does. */
extern const GateRule GATE_RULES[];
extern const guint GATE_RULE_COUNT;

/* More Received lines than this are a loop (Postfix's hopcount_limit). */
#define RECEIVED_MAX 50

/* Letters a day to the recipient's domain at the level of this sender. */
uint32_t gate_domain_limit(const GateInput *in);

/* May a letter never go to such a local part? (stoplist.c) */
typedef enum { STOP_NO, STOP_ASK, STOP_NEVER } StopAnswer;
StopAnswer stop_list_ask(const char *address, bool is_envelope);
