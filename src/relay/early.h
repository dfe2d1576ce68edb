/*
 * early.h - the public record before there was a consensus.
 *
 * Until October 2007 each directory server signed a list of its own: a
 * directory (version 1 of the protocol, from 2004) or a network status
 * (version 2, from the end of 2005). What each server said is kept by itself,
 * so that the order of documents does not matter; hours are derived from all
 * of them together (early_build.c), and answers from those (early_lookup.h):
 *
 * DIR/early/v2-IDENTITY  what that server said
 * DIR/early/policies     of descriptors, by digest
 * DIR/early/v2           what follows, for lookups (early_file.h)
 *
 * Authority: tor's doc/dir-spec-v1.txt and dir-spec-v2.txt.
 */
#pragma once

#include "relay/authorities.h"
#include "relay/lines.h"

#include "base/ipaddress.h"

/* A statement speaks for the two hours after it. Clients called a status
 * recent for one hour and servers made them more often, but whoever archived
 * them came by once an hour, not at the same minute. */
#define EARLY_USABLE_S 7200

typedef struct Early Early;

/* Nothing is read before it is needed. authorities: borrowed. */
Early *early_new(const char *directory, const Authorities *authorities);
void early_free(Early *early);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Early, early_free)

#define EARLY_EXIT     1u /* flags, as the server gave them */
#define EARLY_BAD_EXIT 2u

/* A relay that the server calls running and valid; plain bytes, stored. */
typedef struct {
    uint8_t fingerprint[20], digest[20]; /* of its descriptor */
    uint8_t address[4];
    char nickname[20]; /* zero behind its end */
    uint32_t flags;
} EarlyListing;

typedef struct {
    guint protocol;
    const Authority *server;
    uint32_t published;
    const uint8_t *sha256; /* of the document */
    const char *name;
    const GArray *listings; /* of EarlyListing */
} EarlyStatement;

/* Take a statement whose signature holds. *is_new tells if it was not known.
 * Errors: INVALID (our file is damaged), DENIED, TEMPORARY. */
bool early_put(Early *early, const EarlyStatement *statement, bool *is_new,
               GError **error);

/* The policy of a descriptor of that time, by its digest. Errors: likewise. */
bool early_put_policy(Early *early, const uint8_t digest[20],
                      const char *policy, GError **error);
/* Is a descriptor of any use here? */
bool early_wants(const Early *early, uint32_t published);

/* Write what is new, and what follows from it. *is_changed tells if lookups
 * may differ. Errors: likewise. */
bool early_finish(Early *early, bool *is_changed, GError **error);

/* Has the directory anything that follows from such documents? */
bool early_is_known(const char *directory);

/* For the sources: find the signed part of a document, and who signed it.
 * Errors: INVALID (with what does not hold). */
bool early_check(const Authorities *authorities, guint protocol, Text document,
                 uint32_t published, Text *part, const Authority **server,
                 GError **error);
/* The signing key as a document's lines, if the signed part does not carry it;
 * else NULL. */
char *early_new_key_apart(Text part);
