/*
 * prove_text.h - the words and commands of a proof.
 *
 * Private to relay/.
 */
#pragma once

#include "relay/prove.h"
#include "relay/prove_early.h"
#include "relay/signatures.h"

/* A consensus that was found, and what is known of its signatures. */
typedef struct {
    const char *file; /* its name in the proof */
    bool is_micro;
    size_t signed_bytes;
    Instant valid_after;
    guint needed;
    const GArray *signatures; /* of ConsensusSignature */
} ProvedConsensus;

typedef struct {
    const IpAddress *ip;
    Instant when;
    int port; /* -1: none */
    const Lookup *lookup;
    const GArray *consensuses;    /* of ProvedConsensus */
    const GPtrArray *descriptors; /* of char *: file names */
    const GPtrArray *micros;
    const GPtrArray *lists;   /* exit lists */
    const GArray *statements; /* of ProvedStatement */
    const Authorities *authorities;
} ProofText;

/* check.sh: exits 0 only if everything holds. */
GString *proof_script(const ProofText *proof);
/* prove_readme.c: README.txt, with the script's commands in it. */
GString *proof_readme(const ProofText *proof, const char *script);

/* "2026-05-03 14:00:00", as Tor documents write it; 40 hex digits. Yours. */
char *proof_time_text(Instant instant);
char *proof_identity_text(const uint8_t *bytes);
/* The name of a certificate's file: "certificate-NICKNAME". */
char *proof_certificate_name(const Authority *authority);
