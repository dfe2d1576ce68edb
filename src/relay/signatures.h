/*
 * signatures.h - is a consensus what a majority of the authorities signed?
 *
 * The signed bytes run from "network-status-version" to the blank behind the
 * first "directory-signature", exactly as they stand: changed line ends are a
 * changed document. What follows must be signatures to the end, as authorities
 * write them. Else there were as many files of one consensus as somebody likes,
 * of which the one that is kept might be one that a proof's commands, or another
 * decoder, do not take.
 *
 * Authority: https://spec.torproject.org/dir-spec/ "directory-signature".
 */
#pragma once

#include "relay/certificates.h"

typedef enum {
    STANDING_VERIFIED,  /* signed by more than half of the authorities then */
    STANDING_UNCHECKED, /* it may be, but certificates are missing to tell */
    STANDING_REFUSED,   /* it is not: forged, changed or cut */
} Standing;

typedef struct {
    Standing standing;
    guint authorities; /* at its valid-after */
    guint needed;      /* more than half */
    guint named;       /* of them that have a signature in it */
    guint valid;
    guint invalid;  /* could be checked and do not hold */
    guint missing;  /* no certificate of that signing key is known */
    bool is_ragged; /* something else stands behind what is signed */
    bool has_cr;    /* its lines end with CRLF; LF was signed */
} SignatureCheck;

/* With that, at the beginning of a line, the signed bytes end. */
#define SIGNED_END "directory-signature "

/* The signed bytes of a consensus; empty if it ends before its signatures. */
Text consensus_signed_part(Text document);

/* One authority's signature in a consensus. */
typedef struct {
    const Authority *authority;
    const Certificate *certificate; /* NULL: not known */
    bool is_valid;
} ConsensusSignature;

/* Those of the authorities of that time, each authority once, in the order of
 * the document. Array of ConsensusSignature, with borrowed pointers. */
GArray *consensus_signatures(const Authorities *authorities,
                             const Certificates *certificates, Text document,
                             uint32_t valid_after);

/* part: consensus_signed_part(); part_sha256: SHA-256 of it. */
SignatureCheck consensus_check(const Authorities *authorities,
                               const Certificates *certificates, Text document,
                               Text part, const uint8_t *part_sha256,
                               uint32_t valid_after);

/* One sentence for people; NULL if it is verified. */
char *signature_check_new_why(const SignatureCheck *check);
