/*
 * body.h - the content of one leaf part: decode it and decide what it is.
 */
#pragma once

#include "mail/mail.h"

/* Decode the part's raw bytes into text or bytes and set its kind. At most
 * *budget bytes of text are made; what was made is taken off. */
void body_read(Mail *mail, MailPart *part, size_t *budget);
