/*
 * parts.h - building a Mail (private to mail/).
 */
#pragma once

#include "mail/mail.h"

/* A new part at the end of mail->parts, a leaf (BINARY) until told
 * otherwise; borrowed from mail. Takes headers. */
MailPart *mail_part_add(Mail *mail, int parent, GPtrArray *headers);

/* The same at place `at` of the array, without headers; later parts keep their
 * parents. */
MailPart *mail_part_insert(Mail *mail, guint at, int parent);

/* Like mail_parse, for a message inside a part: level counts how deep, *budget
 * is the text that may still be made. */
Mail *mail_parse_nested(GBytes *raw, int level, size_t *budget, GError **error);

/* Note what is odd; words must be static. Each is kept once. */
void mail_add_flag(Mail *mail, const char *words);

/* Count the lines of raw, so that mail_place can be quick. */
GArray *line_marks_new(const char *raw, size_t length);
