/*
 * nested.h - a message that came as encoded bytes of a part.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

#define NESTED_LEVELS_MAX 3

/* Is the part a message that GMime left as a leaf (message/rfc822 in base64,
 * or an attached .eml of some other type)? */
bool nested_is_message(const MailPart *part, const Decoded *decoded);

/* Parse the decoded bytes as a message and put its parts behind part `index`,
 * which becomes a PART_MESSAGE. False, nothing changed, if it is over a
 * limit: the part is then read as plain text. */
bool nested_read(Mail *mail, guint index, const Decoded *decoded, int level,
                 size_t *budget);
