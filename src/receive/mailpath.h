/*
 * mailpath.h - the argument of MAIL FROM and RCPT TO: a path and parameters.
 *
 * Authority: RFC 5321 4.1.2 (grammar), 4.1.1.11 (parameters), RFC 6531
 * (UTF-8). Looser than the grammar on purpose: the mail transfer agent has
 * accepted the mail already, a 5xx for an odd sender would lose a complaint.
 * So any visible characters without blanks and <> outside quotes will do.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define MAILPATH_MAX 1000 /* bytes; RFC 5321 says 256, senders exceed it */

typedef enum {
    MAILPATH_OK,
    MAILPATH_BAD,       /* no path in <>: 501 */
    MAILPATH_NOT_ASCII, /* has UTF-8: fit only with SMTPUTF8 */
    MAILPATH_NOT_UTF8,  /* bytes above 127 that are not UTF-8: 553 */
} MailPathKind;

/* Read "<path>" at the start of text (length bytes). The address without <>
 * and without a source route goes into address ("" for <>; yours, set for OK
 * and NOT_ASCII), the number of bytes read into used. */
MailPathKind mailpath_read(const char *text, size_t length, char **address,
                           size_t *used);
