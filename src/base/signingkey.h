/*
 * signingkey.h - the private keys that a mail server's owner keeps in files:
 * RSA and Ed25519, in PEM.
 *
 * What Tor signs is in rsa.h and ed25519.h; these are the usual signatures,
 * and their keys never leave the file, the process that signs and this type.
 *
 * Authority: RFC 8017 8.2 (PKCS #1 v1.5), RFC 8032, RFC 5958 and 7468 (PEM),
 * RFC 8301 3.2 (no RSA key under 1024 bits; ours have 2048).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define SIGNING_RSA_BITS     2048
#define SIGNING_RSA_BITS_MAX 4096 /* a DNS answer must still hold the key */
#define SIGNING_PEM_MAX      16384

typedef enum { SIGNING_RSA, SIGNING_ED25519 } SigningKind;
const char *signing_kind_word(SigningKind kind); /* "rsa", "ed25519" */

typedef struct SigningKey SigningKey;

/* Read a key. Errors: MISSING; DENIED (may not be opened, or others than its
 * owner may open it; of root's, others than its group); INVALID (no PEM of an unencrypted RSA key of 2048 to
 * 4096 bits, or Ed25519 key). */
SigningKey *signing_key_read(const char *path, GError **error);
/* A fresh key; aborts if the machine cannot make one. */
SigningKey *signing_key_generate(SigningKind kind);
void signing_key_free(SigningKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SigningKey, signing_key_free)

SigningKind signing_key_kind(const SigningKey *key);
/* The private half as PKCS #8 PEM, for a file of mode 0600. */
GBytes *signing_key_pem(const SigningKey *key);
/* The public half as DKIM publishes it: SubjectPublicKeyInfo in DER for RSA
 * (RFC 6376 3.6.1), the 32 bytes for Ed25519 (RFC 8463 4). */
GBytes *signing_key_public(const SigningKey *key);

/* RSA: PKCS #1 v1.5 with SHA-256 over the data; Ed25519: PureEdDSA over the
 * data as they are. The same bytes each time. */
GBytes *signing_key_sign(const SigningKey *key, const void *data,
                         size_t length);
