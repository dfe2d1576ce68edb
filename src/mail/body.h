/*
 * body.h - the content of one leaf part: decode it and decide what it is.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Decode the raw bytes of a part into text or bytes and set its kind; an
 * encoded message is parsed and its parts are put in behind this one. At most
 * *budget bytes of text are made; what was made is taken off. */
void body_read(Mail *mail, guint index, int level, size_t *budget);

/* The same for a part whose bytes are decoded already. */
void body_take(Mail *mail, guint index, const Decoded *decoded, int level,
               size_t *budget);
