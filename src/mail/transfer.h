/*
 * transfer.h - undoing the Content-Transfer-Encoding (RFC 2045 section 6).
 *
 * Ours instead of GMime's because that one stops at the first base64 padding,
 * behind which evidence could be hidden, and loses the way back to the raw
 * bytes. Never fails; damage is named and what can be decoded is decoded.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    TRANSFER_IDENTITY, /* 7bit, 8bit, binary, none, uuencode, unknown */
    TRANSFER_BASE64,
    TRANSFER_QUOTED_PRINTABLE,
} Transfer;

/* Of a Content-Transfer-Encoding value; NULL means none. Tolerates case,
 * blanks, quotes, comments and a trailing semicolon. */
Transfer transfer_of(const char *value);

typedef struct {
    GByteArray *bytes;
    GArray *anchors;  /* of Anchor: decoded byte -> byte of the raw message */
    const char *flaw; /* static words or NULL */
} Decoded;

/* Decode length bytes that begin at raw_at of the message. */
void transfer_decode(Transfer transfer, const uint8_t *raw, size_t raw_at,
                     size_t length, Decoded *out);
void decoded_clear(Decoded *decoded);
