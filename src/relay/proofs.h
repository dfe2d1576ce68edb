/*
 * proofs.h - which checks of domains (aroi.h) were handed in, and when.
 *
 * DIR/proofs keeps one line a relay, by tabs: FINGERPRINT DOMAIN WHEN yes|no.
 * A proof holds for a while: whoever lost a domain, or runs the relay no more,
 * does not come to say so.
 */
#pragma once

#include "relay/family.h"

/* The same half year after which an address is asked again. */
#define PROOF_HOLDS_S (183 * INSTANT_DAY_S)
#define PROOFS_MAX    20000

typedef struct {
    Fingerprint relay;
    char *domain;
    Instant when; /* it was checked */
    bool is_proven;
} KeptProof;

typedef struct Proofs Proofs;
/* DIR/proofs; a missing file is an empty set. Errors: INVALID, DENIED,
 * TEMPORARY. */
Proofs *proofs_load(const char *directory, GError **error);
bool proofs_save(const Proofs *proofs, const char *directory, GError **error);
void proofs_free(Proofs *proofs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Proofs, proofs_free)

/* What a check gave; replaces an older one of the relay. Errors: LIMIT. */
bool proofs_put(Proofs *proofs, const Fingerprint *relay, const char *domain,
                bool is_proven, Instant when, GError **error);

/* The last check of the relay, or NULL. Borrowed. */
const KeptProof *proofs_find(const Proofs *proofs, const Fingerprint *relay);

typedef enum {
    PROOF_STATE_NONE, /* never checked, or of another domain */
    PROOF_STATE_HOLDS,
    PROOF_STATE_EXPIRED, /* checked too long ago */
    PROOF_STATE_GONE,    /* the last check failed, or the relay no longer says
                            that it has one */
} ProofState;
const char *proof_state_word(ProofState state);
/* Of the relay whose contact now claims that domain (NULL: none). */
ProofState proofs_state(const Proofs *proofs, const Fingerprint *relay,
                        const char *claimed, Instant now);
