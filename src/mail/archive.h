/*
 * archive.h - the files inside an attached archive (ZIP, GZIP, TAR, ...), as parts of the mail.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Archives in the mail and in messages of one level below are opened, those
 * in archives never. */
#define ARCHIVE_LEVELS_MAX 2

/* Is the part an archive that may be opened (office documents are not)? */
bool archive_is_one(const MailPart *part, const Decoded *decoded);

/* Unpack it, put its files behind part `index` as parts of their own and read
 * them; the part becomes a container (PART_MULTIPART). What could not be
 * read is the part's flaw. False, nothing changed but *budget, if there is
 * nothing to be read in it. */
bool archive_read(Mail *mail, guint index, const Decoded *decoded,
                  size_t *budget);
