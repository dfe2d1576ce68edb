/*
 * prove_early.h - lists that single servers signed, for a proof (prove.h).
 *
 * Of each server the newest before the hour in question is kept, as the
 * answer rests on those (early_build.c).
 */
#pragma once

#include "relay/authorities.h"
#include "relay/history.h"
#include "relay/lines.h"

typedef struct {
    guint protocol; /* 1 or 2 */
    GBytes *document;
    size_t signed_bytes;
    const Authority *server;
    Instant published;
    char *key;  /* PEM, if the document does not carry it; else NULL */
    char *file; /* its name in the proof */
    char *key_file;
} ProvedStatement;

/* when: of the question. authorities: borrowed. Array of ProvedStatement. */
GArray *proved_statements_new(void);

/* Take a document whose signature holds, unless its server's is there that
 * is newer. False: it is no list of a server of that time. */
bool proved_statements_take(GArray *statements, const Authorities *authorities,
                            Instant when, const RelayDocument *document,
                            Text text);

/* Is it of a kind that one server signs? */
bool proved_statement_is(const RelayDocument *document);

/* The digests, in hex, of the descriptors that the lists name for an address.
 * Set of char *. */
GHashTable *proved_statements_descriptors(const GArray *statements,
                                          const IpAddress *ip);
