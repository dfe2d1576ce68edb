/*
 * unpack_inflate.h - one deflated stream of a stranger, within bounds.
 *
 * For containers that are no archives (PDF). The home of zlib.
 *
 * Authority: RFC 1950 (zlib), RFC 1951 (deflate).
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef enum {
    INFLATE_WHOLE,
    INFLATE_CUT,     /* there is more than max_bytes */
    INFLATE_DAMAGED, /* what came before the damage was handed out */
} InflateResult;

/* Append at most max_bytes of what the stream holds to out; out may be NULL:
 * then it is only counted. *taken and *made, where not NULL, are the bytes
 * read of the stream and those it holds. */
InflateResult unpack_inflate(const void *bytes, size_t length, size_t max_bytes,
                             GByteArray *out, size_t *taken, size_t *made);
