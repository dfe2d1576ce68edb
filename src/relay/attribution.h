/*
 * attribution.h - what speaks for a relay being a member's, in the order of its
 * weight, and what each may be used for.
 *
 * The rules, once and for all:
 *   - Only the member's own file makes a relay a member's (member.h). Nothing
 *     here does, and no letter rests on anything here.
 *   - What needs both sides (a family key, a proven domain, a family that each
 *     names) is evidence: it may put the question to the member, and stand in
 *     the record beside the answer.
 *   - What one side says alone (a contact that names the member, a family
 *     that only the stranger names) is a claim. Anybody can write it; it may
 *     be shown as a claim to a person, and never suffices, in any number.
 *   - A prefix is the member's word about its network, not about a relay in
 *     it: customers run relays, too.
 *   - Everything holds for a moment: hand in what was true at the time in
 *     question, not what is today.
 */
#pragma once

#include "relay/contact.h"
#include "relay/family.h"

/* In order; a greater one weighs more. */
typedef enum {
    EVIDENCE_NONE,
    EVIDENCE_ONE_SIDED_FAMILY, /* claim */
    EVIDENCE_PREFIX,           /* its address is in a prefix of the member */
    EVIDENCE_CONTACT,          /* claim: it names an address of the member, or
                                  one at its web site's domain */
    EVIDENCE_MUTUAL_FAMILY,    /* with a relay of the member */
    EVIDENCE_DOMAIN,           /* aroi.h: proven, and its web site's */
    EVIDENCE_FAMILY_KEY,       /* one with a relay of the member */
    EVIDENCE_CONFIGURED,       /* the member's file has its fingerprint */
} Evidence;
#define EVIDENCE_COUNT (EVIDENCE_CONFIGURED + 1)

/* "one-sided family", ...; static. */
const char *evidence_word(Evidence evidence);
/* Do both sides say it? Only then may it, alone, put the question to the
 * member whether the relay is its own. */
bool evidence_is_two_sided(Evidence evidence);
/* Is the relay the member's? Of EVIDENCE_CONFIGURED only. */
bool evidence_makes_member(Evidence evidence);

/* A relay as it was at one moment; what is not known is NULL. */
typedef struct {
    const Fingerprint *fingerprint;
    const Families *families;  /* of that moment */
    const Contact *contact;    /* of that moment */
    const char *proven_domain; /* of an aroi_check() that holds */
    const IpAddress *address;
    Instant when;
} AttributionRelay;

/* All that speaks for it, as bits 1 << Evidence. */
guint attribution_find(const Member *member, const AttributionRelay *relay);
Evidence attribution_strongest(guint found);
