/*
 * candidates.h - relays that may be a member's, or want to be one's.
 *
 * Of all relays listed at a moment that no member's file names: those that
 * stand in a mutual family or a family key with a member's relay, whose domain
 * is proven to be a member's, and those whose ContactInfo names the desk or a
 * member. The latter is a claim that anybody can write: it is a reason to ask,
 * never more (attribution.h). A family that only one side names is no reason.
 */
#pragma once

#include "relay/attribution.h"
#include "relay/people.h"
#include "relay/proofs.h"

typedef struct {
    Fingerprint relay;
    const Member *member; /* whose it may be; NULL: it names the desk only */
    guint found;          /* bits 1 << Evidence, for that member */
    bool names_desk;      /* its contact names an address of the desk */
    Fingerprint with;     /* of a mutual family or key: the member's relay */
    const char *domain;   /* proven, of EVIDENCE_DOMAIN; or NULL */
    Instant since;        /* what speaks most has been said since then */
    char document[PEOPLE_DIGEST_HEX]; /* which says it; "": none */
} Candidate;

typedef struct {
    const People *people;
    const Families *families; /* of that moment */
    const Proofs *proofs;     /* or NULL */
    const Members *members;
    const char *const *desk_addresses; /* NULL-terminated */
    Instant when, now;                 /* of the lists; of today, for proofs */
} CandidateQuestion;

/* By member (those of none last), weight, fingerprint. Array of Candidate. */
GArray *candidates_find(const CandidateQuestion *question);

/* Can it alone put the question to the member? */
bool candidate_is_two_sided(const Candidate *candidate);
/* "mutual family, contact (a claim)"; yours. */
char *candidate_new_why(const Candidate *candidate);
