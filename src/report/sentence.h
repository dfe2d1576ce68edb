/*
 * sentence.h - the sentence or labelled line around a place of a text.
 *
 * Private to report/. Lines that an editor wrapped are one sentence; a blank
 * line, a list mark, a line of "Name: value" and a line of a log are ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SENTENCE_MAX 400 /* bytes, as a quote */

typedef struct {
    size_t at, length;
} Sentence;

/* The sentence that holds the byte at offset at of length bytes of text.
 * Looks no further than SENTENCE_MAX to either side. */
Sentence sentence_around(const char *text, size_t length, size_t at);

/* The first sentence that begins at *cursor or behind it; *cursor moves behind
 * it. length 0 at the end of the text. */
Sentence sentence_next(const char *text, size_t length, size_t *cursor);

/* Does the line begin with the stamp of a log? */
bool sentence_is_log(const char *text, size_t length);
