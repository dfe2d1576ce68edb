/*
 * headers.h - one block of header fields, split and decoded.
 *
 * Works on the raw bytes so that every field knows its place. Values are
 * unfolded and RFC 2047-decoded. In address fields a decoded word that holds
 * characters with a meaning there (an encoded "<a@b>") is put in quotes, so
 * that nobody can encode a second mailbox into a display name.
 */
#pragma once

#include "mail/mail.h"

typedef struct {
    size_t body_at;     /* first byte behind the blank line */
    bool has_garbage;   /* lines that are no header field */
    size_t garbage_at;  /* the first of them */
    bool is_terminated; /* a blank line was seen */
} HeaderEnd;

/* Is the line at `at` a header field ("Name:")? */
bool header_is_field(const char *at, const char *end);

/* Split the block that begins at `at` and ends at the first blank line, or
 * at `end`, or at a line that begins a MIME boundary. Array of MailHeader. */
GPtrArray *headers_parse(const char *raw, size_t at, size_t end,
                         HeaderEnd *how);

/* The first value of that name in an array of MailHeader, or NULL. */
const char *headers_find(const GPtrArray *headers, const char *name);

/* Unfold and decode one raw value; yours. */
char *header_decode(const char *raw, size_t length, bool is_address);
