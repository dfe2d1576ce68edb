/*
 * digest.h - hashes, keyed hashes, random bytes, hex and base64.
 *
 * The only user of libcrypto's digests. SHA-1 is here because Tor names
 * relays and descriptors by it (dir-spec), never as a proof of ours.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES    32
#define SHA1_BYTES      20
#define SHA256_HEX_SIZE 65 /* with the NUL */

void digest_sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES]);
void digest_sha1(const void *data, size_t length, uint8_t out[SHA1_BYTES]);

/* SHA-256 of bytes that come in pieces, and of what has come so far. */
typedef struct RunningDigest RunningDigest;
RunningDigest *running_digest_new(void);
void running_digest_free(RunningDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunningDigest, running_digest_free)
void running_digest_add(RunningDigest *digest, const void *data, size_t length);
void running_digest_get(const RunningDigest *digest, uint8_t out[SHA256_BYTES]);

/* SHA-256 over several pieces, each preceded by its length as u64 (little
 * endian), so that no two lists of pieces give the same input. */
typedef struct {
    const void *data;
    size_t length;
} DigestPiece;
void digest_pieces(const DigestPiece *pieces, size_t count,
                   uint8_t out[SHA256_BYTES]);

/* HMAC-SHA-256 (RFC 2104). */
void digest_hmac(const void *key, size_t key_length, const void *data,
                 size_t length, uint8_t out[SHA256_BYTES]);

/* Are the two equal? Takes the same time wherever they differ. */
bool digest_is_equal(const void *a, const void *b, size_t length);

/* Unpredictable bytes from the kernel; aborts if there are none. */
void random_fill(void *out, size_t length);

/* So many unpredictable bytes (at most 32) as lower-case hex; yours to free. */
char *random_hex_new(size_t length);

/* Lower-case hex; yours to free. */
char *hex_new(const uint8_t *data, size_t length);
/* Exactly 2*length hex digits (either case) and no more. */
bool hex_parse(const char *text, uint8_t *out, size_t length);

/* Decode base64 (RFC 4648 section 4) of exactly out_length bytes; padding may
 * be left out, as in Tor documents. No blanks. */
bool base64_parse(const char *text, size_t text_length, uint8_t *out,
                  size_t out_length);
