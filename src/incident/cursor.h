/*
 * cursor.h - the characters around a place in a text, for hand-written
 * scanners: every look is bounds-checked, nothing is ever copied.
 *
 * Folding makes letters comparable without moving a single byte, so that an
 * offset in the folded text is the same offset in the mail.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A text and its length in bytes; UTF-8, borrowed. */
typedef struct {
    const char *text;
    size_t length;
} Cursor;

/* The byte at a place, 0 outside the text. */
static inline unsigned char cursor_at(Cursor in, size_t at)
{
    return at < in.length ? (unsigned char)in.text[at] : 0;
}

/* Does the word stand there, byte for byte? */
bool cursor_has(Cursor in, size_t at, const char *word);

/* Bytes of the blank there: space, tab, no-break space, or a character of no
 * width; 0 if there is none. */
size_t cursor_blank(Cursor in, size_t at);

/* The first place at or after at (but before at + max) without a blank. */
size_t cursor_skip_blanks(Cursor in, size_t at, size_t max);

/* An unsigned number of 1 to digits_max digits with no digit after it; returns
 * how many digits there are, 0 if none or too many. */
size_t cursor_number(Cursor in, size_t at, size_t digits_max, long *value);

/* Is a letter or digit of any script (a byte above 0x7f counts) there? */
bool cursor_is_word(Cursor in, size_t at);

/* Bytes of the Chinese, Japanese or Korean character there, 0 if there is none:
 * such text has no blanks, any character may begin a word. */
size_t cursor_ideograph(Cursor in, size_t at);

/* The text in lower case, byte for byte at the same place: ASCII, Latin-1,
 * Latin Extended-A, Greek and Cyrillic. Yours to free. */
char *fold_new(const char *text, size_t length);
