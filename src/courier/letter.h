/*
 * letter.h - is a letter fit for the wire?
 *
 * The last look before SMTP: libetpan passes a line break in an address on as
 * a command of its own (measured), so nothing goes to it unchecked.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define LETTER_LINE_MAX    998 /* RFC 5322 2.1.1, without CRLF */
#define LETTER_ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3 */

/* Visible ASCII with one @ and no quoting; "" only where may_be_null. */
bool letter_address_is_fit(const char *address, bool may_be_null);

/* All of it. Errors: INVALID (what is wrong), LIMIT (over max_bytes). */
bool letter_check(const char *envelope_from, const char *to, GBytes *bytes,
                  size_t max_bytes, GError **error);
/* Does it hold bytes above 127? */
bool letter_is_8bit(GBytes *bytes);
/* The letter as it goes after DATA: dots stuffed, and without its last CRLF,
 * which goes together with the final dot. */
GByteArray *letter_stuff(GBytes *bytes);
