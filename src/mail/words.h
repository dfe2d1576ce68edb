/*
 * words.h - RFC 2047 encoded words in header values.
 */
#pragma once

#include <stdbool.h>

/* Decode all encoded words of an unfolded value; the rest stays. With
 * is_structured, a decoded word that holds characters with a meaning in an
 * address field comes out as a quoted string. Yours to free; valid UTF-8
 * without control characters. */
char *words_decode(const char *text, bool is_structured);
