/*
 * portpolicy.h - what an exit policy says about a port.
 *
 * A policy is one line of text of ours, stored once however many relays have
 * it: "S" (a port summary), "F" (from a full server descriptor) or "N" (full, and
 * what it accepts is too narrow for any port of the summary), then the
 * IPv4 summary, a TAB, the IPv6 summary, a TAB, and for F and N the rules joined by
 * commas. A summary is "accept 80,443" or "reject 25,119-120"; empty: not
 * known.
 *
 * Authority: dir-spec, "exit-policy lines", "p" and "p6". In the summary of a
 * full policy a port counts as accepted by tor's own rule (fewer than 2^25
 * public IPv4 addresses are rejected for it before an "accept *"), or when it
 * is for at least half of all addresses.
 */
#pragma once

#include "relay/history.h"

#define POLICY_RULES_MAX 2000 /* longest real one: 533 */
#define REJECT_ALL       "reject 1-65535"

/* "accept|reject PORTLIST" of a p, p6 or ipv6-policy line: is it well formed?
 */
bool port_summary_is_valid(const char *text, size_t length);

/* A policy known from summaries only; either may be NULL. Yours. */
char *policy_from_summaries(const char *ipv4, const char *ipv6);

/* The accept and reject lines of a descriptor being collected. */
typedef struct {
    GArray *rules; /* private */
    IpAddress own; /* the relay's own address: rejecting it says nothing */
} PolicyRules;
void policy_rules_init(PolicyRules *rules, const IpAddress *own);
void policy_rules_clear(PolicyRules *rules);
/* Add "accept 192.0.2.0/24:80"'s parts. False if malformed or too many. */
bool policy_rules_add(PolicyRules *rules, bool accept, const char *pattern,
                      size_t length);
/* The policy of all rules and of the ipv6-policy line (NULL: absent, which
 * rejects all IPv6). Yours. */
char *policy_from_rules(const PolicyRules *rules, const char *ipv6);

typedef struct {
    PolicyAnswer answer;  /* for the port; port -1: for any */
    bool is_known;        /* does the policy say anything for this family? */
    bool is_partial;      /* a full policy that rejects most addresses, not all:
                             for this port, or, for none, at every port */
    bool allows_anything; /* in this family */
    char *text;           /* the summary or the deciding rule; yours */
} PolicyReading;
/* Read a policy, NULL or damaged ones included, for one port (-1: none). */
PolicyReading policy_read(const char *policy, bool is_ipv6, int port);
