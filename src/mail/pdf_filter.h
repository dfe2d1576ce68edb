/*
 * pdf_filter.h - undoing the filters of a PDF stream, within bounds.
 *
 * Authority: ISO 32000-1, 7.4. Only the filters that content and character
 * maps have in practice; images are never decoded.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Is it one of FlateDecode, ASCII85Decode, ASCIIHexDecode (or the short name
 * of one)? */
bool pdf_filter_is_known(const char *name);

/* What bytes hold, at most max_bytes, or NULL; *is_cut if there was more or
 * the rest is damaged. */
GByteArray *pdf_filter_undo(const char *name, const void *bytes, size_t length,
                            size_t max_bytes, bool *is_cut);
