/*
 * notice.h - the bytes of a mail to a member's person.
 *
 * No letter in anybody's name: From is the desk, Auto-Submitted says that a
 * program wrote it, and it carries the loop token, so that nothing that comes
 * back for it is taken for a complaint.
 *
 * Authority: RFC 3834 section 5, RFC 5322, RFC 2047.
 */
#pragma once

#include "base/instant.h"

#include <glib.h>

#define NOTICE_TEXT_MAX (64 * 1024)
/* "<tell.TOKEN@domain>": answers that went to another address are known. */
#define NOTICE_ID_PREFIX "<tell."

typedef struct {
    const char *from_name, *from; /* the desk */
    const char *to, *reply_to;
    const char *subject, *text; /* UTF-8; text with LF line ends */
    const char *token;          /* of the return path */
    const char *about;          /* for the loop token */
    GBytes *loop_key;
    Instant now;
} NoticeMail;

/* Yours. Errors: INVALID (an address, a control character), LIMIT. */
GBytes *notice_mail_new(const NoticeMail *mail, GError **error);
