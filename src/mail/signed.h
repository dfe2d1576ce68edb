/*
 * signed.h - S/MIME messages whose text is wrapped in their signature.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Is the part such a message (application/pkcs7-mime, *.p7m)? */
bool signed_is_one(const MailPart *part);

/* Take the text out of the signature and put its parts behind part `index`,
 * which becomes a container. The signature is not checked, which is flagged;
 * what is encrypted is flagged as such. False if there is nothing to be
 * read. */
bool signed_read(Mail *mail, guint index, const Decoded *decoded, int level,
                 size_t *budget);

/* Once per process, before the sandbox closes. */
void signed_prepare(void);
