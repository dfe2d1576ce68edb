/*
 * document.h - the text of a .docx or .odt document.
 *
 * Authority: ECMA-376 part 1, chapter 17 (WordprocessingML); ISO/IEC 26300
 * (OpenDocument), chapters 5 and 9.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

bool document_is_one(const void *bytes, size_t length);

/* Append the text to out, until that has max_bytes: a line a paragraph or row of a
 * table, a tab between its cells. The flaw says what is missing, NULL if
 * nothing; static. *cost is what reading it took, in bytes of text. */
const char *document_read(const void *bytes, size_t length, size_t max_bytes,
                          GString *out, size_t *cost);
