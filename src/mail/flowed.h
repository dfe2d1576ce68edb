/*
 * flowed.h - words that format=flowed breaks over two lines.
 *
 * Authority: RFC 3676 sections 4.1 and 4.2.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Does this Content-Type say that the blank before a line's end is not part of
 * the text (DelSp=yes)? NULL is no. */
bool flowed_is_one(const char *content_type);

/* The text with such words joined. anchors (of Anchor: result -> text) is
 * filled. */
GString *flowed_undo(const char *text, GArray *anchors);
