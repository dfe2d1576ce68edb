/*
 * gate_counts.h - what was sent so far and how much may be; comes with gate.h.
 *
 * Limits are those of section 2.6 of our reply-safety reference.
 */
#pragma once

#include "base/instant.h"

#include <stdbool.h>
#include <stdint.h>

/* Counts of automatic letters, by store_counts() in the same transaction. */
typedef struct {
    uint32_t to_address_1d, to_address_7d, to_domain_1d, by_member_1d;
    uint32_t all_1h, all_1d;
    uint32_t case_letters;   /* letters of this case ever */
    uint32_t thread_letters; /* in this thread of the sender's ever */
    uint32_t same_1d;        /* of this template and member to this address */
    uint32_t same_7d;        /* ... about the same addresses and days */
    uint32_t same_domain_1d; /* the latter to any address of its domain */
    uint32_t letters_ever, of_template_ever; /* approved ones, too */
    Instant domain_since;    /* proven mail of its domain; NONE: never */
    bool dkim_seen;          /* this signature was answered before */
    bool address_suppressed; /* bounced or asked not to be written to */
} GateCounts;

typedef struct {
    uint32_t address_1d, address_7d, domain_s1_1d, domain_s2_1d, member_1d;
    uint32_t all_1h, all_1d, case_letters;
    uint32_t thread_letters, domain_new_1d;
    uint32_t first_letters, first_of_template; /* a person approves these */
} GateLimits;
