/*
 * pdf.h - the text of a PDF attachment, as a part of the mail.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Is the part a PDF (whatever it is called)? */
bool pdf_is_one(const Decoded *decoded);

/* Put its text behind part `index` as a part of its own; the part becomes a
 * container. What could not be read is the part's flaw. False if there is no
 * text to be read; the flaw then says why. */
bool pdf_take(Mail *mail, guint index, const Decoded *decoded, size_t *budget);
