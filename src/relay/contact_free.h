/*
 * contact_free.h - the addresses in free text; for contact.c.
 */
#pragma once

#include "relay/contact.h"

/* Sets address, abuse, confidence and reason, and nothing else. is_whole
 * tells if the text is the one address, with a literal "@" or "[]". */
void contact_read_free(const char *text, size_t length, Contact *out,
                       bool *is_whole);
