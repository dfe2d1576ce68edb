/*
 * letter.h - the bytes of a letter: header fields and body of plain text.
 *
 * Our own small writer: every field goes through one function that refuses
 * what could end a field early, so no value can add a header line.
 *
 * Authority: RFC 5322 sections 2.1.1, 2.2.3 and 3.4, RFC 2047, RFC 2045
 * section 6.7.
 */
#pragma once

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>

#define LETTER_BYTES_MAX 8192 /* RFC 3834: brief; ours: one screen or two */
#define LETTER_FIELD_MAX 998  /* RFC 5322 section 2.1.1 */
#define LETTER_COLUMNS   76
#define LETTER_NAME_MAX  200 /* bytes of a display name */

/* Append "name: value\r\n", folded at blanks. The value is printable ASCII.
 * Errors: INVALID (CR, LF, NUL or any other control or 8-bit character, over
 * 998 bytes, a word too long for a line). */
bool letter_field(GString *out, const char *name, const char *value,
                  GError **error);

/* A field of unstructured text, which may be any UTF-8: encoded words where
 * it is not ASCII. Errors: INVALID. */
bool letter_text_field(GString *out, const char *name, const char *text,
                       GError **error);

/* A field of one mailbox with a display name of any UTF-8.
 * Errors: INVALID. */
bool letter_mailbox_field(GString *out, const char *name, const char *display,
                          const char *address, GError **error);

/* The MIME fields of a body by letter_body(). */
bool letter_mime(GString *out, GError **error);
/* All fields that every mail of ours to our own people ends with: its date and
 * Message-ID, that a program wrote it (RFC 3834 section 5), the loop token
 * (NULL: none), and those of MIME. Errors: INVALID. */
bool letter_by_program(GString *out, Instant now, const char *message_id,
                       const char *loop, GError **error);

/* Append UTF-8 text with LF line ends as quoted-printable with CRLF and lines
 * of at most 76 characters. */
void letter_body(GString *out, const char *text);

/* Is it one plain address (dot-atom local part, ASCII domain with a dot)
 * that may stand in an envelope and a header as it is? */
bool letter_address_is_plain(const char *address);

/* Is it a msg-id that may be repeated: "<left@right>", visible ASCII without
 * blanks, at most 250 bytes? */
bool letter_message_id_is_plain(const char *id);
