/*
 * rsa.h - RSA as Tor's directory documents use it.
 *
 * Tor signs the bare digest with PKCS #1 v1.5 padding, without the algorithm
 * identifier that RFC 8017 9.2 puts before it; so the usual "verify" calls
 * cannot be used, and the padded content is recovered and compared instead.
 * Keys stand in documents as PKCS #1 DER ("RSA PUBLIC KEY"), and are named by
 * the SHA-1 of that DER.
 *
 * Authority: https://spec.torproject.org/dir-spec/ "Signing documents" and
 * tor-spec "Preliminaries".
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSA_BITS_MIN 1024 /* signing keys had so few until about 2013 */
#define RSA_BITS_MAX 8192

typedef struct RsaKey RsaKey;

/* A public key; NULL if the DER is no RSA key of an allowed size. */
RsaKey *rsa_key_parse(const uint8_t *der, size_t length);
/* A fresh private key; aborts if the machine cannot make one. For networks of
 * one's own (demonstrations, tests), never for Tor's. */
RsaKey *rsa_key_generate(unsigned bits);
void rsa_key_free(RsaKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RsaKey, rsa_key_free)

/* The public half as PKCS #1 DER. */
GBytes *rsa_key_der(const RsaKey *key);

/* Is the signature one of exactly these digest bytes? */
bool rsa_verify(const RsaKey *key, const uint8_t *signature,
                size_t signature_length, const uint8_t *digest,
                size_t digest_length);
/* Sign digest bytes with a private key. */
GBytes *rsa_sign(const RsaKey *key, const uint8_t *digest,
                 size_t digest_length);
