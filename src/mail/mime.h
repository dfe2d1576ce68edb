/*
 * mime.h - the MIME tree of a message as a flat array of parts.
 *
 * The only user of GMime. Fills everything of each MailPart but its decoded
 * content; bodies stay where they are in the raw message.
 */
#pragma once

#include "mail/mail.h"

/* Once per process, before threads and before the sandbox closes. */
void mime_prepare(void);

/* Parse the message that begins at byte `start` of mail->raw (behind an mbox
 * "From " line); mail->headers must be there. False with a LIMIT error if
 * there are too many parts or levels. */
bool mime_parse(Mail *mail, size_t start, GError **error);
