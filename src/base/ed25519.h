/*
 * ed25519.h - Ed25519 signatures (RFC 8032), which Tor's newer certificates
 * bear. Checking is of the plain signature over the bytes, no pre-hash.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ED25519_KEY_BYTES       32
#define ED25519_SIGNATURE_BYTES 64

/* Is it one of exactly these bytes by that public key? False also for 32 bytes
 * that are no key. */
bool ed25519_verify(const uint8_t key[ED25519_KEY_BYTES],
                    const uint8_t signature[ED25519_SIGNATURE_BYTES],
                    const void *data, size_t length);

/* The public key of a private seed, and a signature by it: for networks of
 * one's own (demonstrations, tests), never for Tor's. Abort if the library
 * refuses. */
void ed25519_public(const uint8_t seed[ED25519_KEY_BYTES],
                    uint8_t key[ED25519_KEY_BYTES]);
void ed25519_sign(const uint8_t seed[ED25519_KEY_BYTES], const void *data,
                  size_t length, uint8_t signature[ED25519_SIGNATURE_BYTES]);
