/*
 * prove.h - the documents behind an answer, for somebody without exitdesk.
 *
 * Writes a directory with the consensus, the certificates of those who signed
 * it, the relays' descriptors, the exit lists, and README.txt and check.sh, which
 * check it all with sha256sum, sha1sum, awk and openssl alone. Of the years
 * before there were consensuses: the directory servers' own lists, each with its
 * signature, and how many have to say the same.
 *
 * The history keeps hashes, not documents; they are looked for where they were
 * imported from (DIR/places), or where the caller says. Of a consensus any copy
 * will do whose signatures hold.
 */
#pragma once

#include "relay/authorities.h"
#include "relay/history.h"

typedef struct {
    Lookup *lookup;     /* what is proved */
    GPtrArray *files;   /* of char *: names written, README.txt first */
    GPtrArray *missing; /* of char *: "name (sha256 ...)" not found anywhere */
} ProofSummary;
void proof_summary_clear(ProofSummary *summary);

/* paths: NULL-terminated, where to look for documents; NULL: where they were
 * imported from. into is made; what stands in it already is left alone.
 * authorities NULL: those of the public Tor network.
 * Errors: MISSING (no relay data, or no consensus of that moment was found),
 * CONFLICT (into is not empty), DENIED, TEMPORARY. */
bool relay_prove(const char *directory, const Authorities *authorities,
                 const char *const *paths, const IpAddress *ip, Instant when,
                 int port, const char *into, ProofSummary *summary,
                 GError **error);
