/*
 * wire.h - length-checked typed records between our own processes.
 *
 * A record is a flat run of fields in a fixed order agreed by both sides:
 * fixed-width integers (little endian), and byte strings with a u32 length.
 * The reader side treats the other process as hostile: every get checks what
 * is left, strings must be UTF-8 without NUL, counts have a ceiling. After
 * the first bad field the WireIn is "broken": all later gets return zero and
 * wire_in_finish() says no. So a decoder can read straight through and ask
 * once at the end.
 *
 * Frames on a stream socket: u32 length, then that many bytes of record.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    GByteArray *bytes;
} WireOut;

typedef struct {
    const uint8_t *at, *end;
    bool broken;
} WireIn;

void wire_out_init(WireOut *out);
/* The record, yours; out is empty again. */
GBytes *wire_out_steal(WireOut *out);
void wire_out_clear(WireOut *out);

void wire_put_u8(WireOut *out, uint8_t value);
void wire_put_u32(WireOut *out, uint32_t value);
void wire_put_i64(WireOut *out, int64_t value);
void wire_put_bytes(WireOut *out, const void *data, size_t length);
/* NULL is allowed and comes back as NULL. */
void wire_put_text(WireOut *out, const char *text);

/* Borrows data until the last get. */
WireIn wire_in(const void *data, size_t length);
uint8_t wire_get_u8(WireIn *in);
uint32_t wire_get_u32(WireIn *in);
int64_t wire_get_i64(WireIn *in);
/* A count of items that follow; above max breaks the record. */
uint32_t wire_get_count(WireIn *in, uint32_t max);
/* A value below limit (for enums); anything else breaks the record. */
uint8_t wire_get_choice(WireIn *in, uint8_t limit);
/* Bytes, borrowed from the record; NULL and 0 when broken. */
const uint8_t *wire_get_bytes(WireIn *in, size_t *length, size_t max);
/* Text, yours; NULL if NULL was put or broken. Over max bytes, with a NUL or
 * not UTF-8 breaks the record. */
char *wire_get_text(WireIn *in, size_t max);

/* True if every get succeeded and nothing is left over. */
bool wire_in_finish(const WireIn *in);

/* Write one frame to a blocking fd, or read one of at most max bytes.
 * Errors: TEMPORARY when the peer is gone (also at a clean end of file),
 * LIMIT when a frame is longer than max. */
bool wire_send(int fd, GBytes *record, GError **error);
GBytes *wire_receive(int fd, size_t max, GError **error);
