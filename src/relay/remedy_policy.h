/*
 * remedy_policy.h - the rules of a stored policy, one by one; for the remedy
 * files of relay/ only.
 */
#pragma once

#include "relay/remedy.h"

typedef struct {
    bool accept;
    bool is_private; /* "private" or "self": says nothing of public space */
    IpPrefix prefix;
    uint16_t low, high;
    const char *text; /* within the policy */
    size_t length;
} RemedyRule;

/* Of a full policy, in order; NULL if only a summary is known, or it is
 * damaged. The policy must stay. */
GArray *remedy_rules(const char *policy);
/* What it says of IPv6: "reject 1-65535"; NULL: not known. Yours. */
char *remedy_ipv6_summary(const char *policy);

bool remedy_rule_covers(const RemedyRule *rule, const RemedyTarget *target);
bool remedy_rule_meets(const RemedyRule *rule, const RemedyTarget *target);
