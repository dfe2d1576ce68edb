/*
 * network.h - Tor documents of a made-up network, for tests.
 *
 * Reads the notation of network.txt and writes each document into a
 * directory, so that digests, fingerprints and signatures fit as in real ones.
 */
#pragma once

#include "relay/certificates.h"
#include "relay/signer.h"

/* Three who sign the consensuses, for 2026; one set for the whole program.
 * Borrowed. */
const Signer *network_signer(void);
const Authorities *network_authorities(void);
Certificates *network_certificates(void);

/* Write the documents; returns their paths (of char *). */
GPtrArray *network_write(const char *notation_path, const char *directory);

/* The fingerprint a nickname gets: SHA-1 of it. */
void network_fingerprint(const char *nickname, uint8_t out[20]);

/* A new empty directory under the temporary one; yours to free. */
char *network_new_directory(void);
/* Remove it with its files and those of its quarantine. */
void network_remove_directory(const char *directory);
