/*
 * authorities.h - whose signatures make a consensus.
 *
 * The directory authorities of the Tor network, past and present, pinned by
 * the SHA-1 of their v3 identity keys; or those of a network of one's own, read
 * from a file. Nothing in a document can add to them.
 *
 * Before there was a consensus each directory server signed its own list
 * (early.h); these are pinned likewise, by the version of that protocol.
 */
#pragma once

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define AUTHORITY_BYTES 20

typedef struct {
    const char *nickname; /* one authority may have had several identities */
    guint protocol;       /* 3: signs consensuses; 1, 2: its own lists */
    uint8_t identity[AUTHORITY_BYTES];
    Instant from, until; /* INSTANT_NONE: open end */
} Authority;

typedef struct Authorities Authorities;

/* Those of the public Tor network. */
Authorities *authorities_new(void);

/* Those of another network. The file has one identity a line:
 *
 *   [v1|v2] NICKNAME FINGERPRINT [FROM [UNTIL]]      # dates as 2024-06-01
 *
 * Errors: MISSING (no such file), CONFIG (path:line:column and what is
 * wrong). */
Authorities *authorities_read(const char *path, GError **error);
void authorities_free(Authorities *authorities);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Authorities, authorities_free)

/* Who has that identity; at INSTANT_NONE: at any time. NULL: nobody we know
 * (then). Borrowed. */
const Authority *authorities_find(const Authorities *authorities,
                                  const uint8_t identity[AUTHORITY_BYTES],
                                  Instant when);

/* A hash of who they are, equal if and only if they are the same. */
void authorities_hash(const Authorities *authorities, uint8_t out[32]);

/* How many there were (by nickname), and more than half of them. */
guint authorities_count(const Authorities *authorities, Instant when);
guint authorities_majority(const Authorities *authorities, Instant when);

/* The same for the servers of version 1 or 2 of the protocol. */
const Authority *authorities_find_early(const Authorities *authorities,
                                        guint protocol,
                                        const uint8_t identity[AUTHORITY_BYTES],
                                        Instant when);
guint authorities_count_early(const Authorities *authorities, guint protocol,
                              Instant when);
/* When the last of them ended; INSTANT_NONE: never, or there is none. */
Instant authorities_end_early(const Authorities *authorities, guint protocol);
