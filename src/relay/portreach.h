/*
 * portreach.h - to how many addresses a full policy lets a port out.
 *
 * For portpolicy.c only.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { RULE_PUBLIC, RULE_PRIVATE, RULE_SELF } RuleKind;

typedef struct {
    bool accept;
    RuleKind kind;
    uint32_t base;
    uint8_t bits; /* of IPv4 */
    uint16_t low, high;
} Rule;

typedef struct {
    uint32_t base;
    uint8_t bits;
} PrivateNet;

/* The private network that the rule lies within, or NULL. Static. */
const PrivateNet *private_net_around(const Rule *rule);

typedef enum {
    REACH_NONE, /* to no address of the Internet */
    REACH_FEW,  /* to less than half of all */
    REACH_MOST,
} Reach;

typedef struct {
    Reach reach;
    bool is_split;    /* REACH_MOST, but tor's summary would not have it */
    guint decided_by; /* the rule, or the length if none matches */
} PortReach;

/* Prepare for counting. Yours. */
GArray *rules_by_address(const GArray *rules);

/* rules: of Rule, the first match wins, no match is accept. */
PortReach port_reach(const GArray *rules, const GArray *by_address,
                     uint16_t port);
