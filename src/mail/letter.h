/*
 * letter.h - the text of a document as a part of the mail.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Can the document at `index` have a part below it? */
bool letter_has_room(const Mail *mail, guint index);

/* Put the text behind the document as a part of its own, which has the
 * document's place; the document becomes a container. Takes text. */
void letter_add_text(Mail *mail, guint index, GString *text);

/* The word processors' formats: a document of Word (2007 and later) or
 * OpenDocument, and RTF. */
bool letter_is_one(const Decoded *decoded);
/* False if there is no text to be read; the part's flaw says why. */
bool letter_read(Mail *mail, guint index, const Decoded *decoded,
                 size_t *budget);
