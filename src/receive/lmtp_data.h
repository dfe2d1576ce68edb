/*
 * lmtp_data.h - the content of a mail between DATA and its final dot.
 *
 * Internal to the LMTP engine: finds CRLF "." CRLF and nothing else, takes
 * away one leading dot of a line, keeps every other byte as it came.
 */
#pragma once

#include "receive/lmtp.h"

typedef enum {
    CONTENT_FITS,
    CONTENT_TOO_BIG,   /* over max_bytes: read on to the dot, keep nothing */
    CONTENT_NO_MEMORY, /* not reserved: likewise */
} ContentFate;

typedef struct {
    int place; /* private: where in a line or its end we are */
    ContentFate fate;
    GByteArray *bytes;
    int64_t reserved;
} Content;

/* Ready for the first byte after DATA CRLF. */
void content_begin(Content *content);
/* Take bytes up to the end of the mail; true if it was among them. used:
 * how many were taken, all of them if false. */
bool content_feed(Content *content, const LmtpConfig *config,
                  const uint8_t *data, size_t length, size_t *used);
/* The bytes; they stay counted as reserved until content_release. */
GBytes *content_steal(Content *content);
/* Drop what is held and give the reservation back. */
void content_release(Content *content, const LmtpConfig *config);
