/*
 * linediff.h - which lines of a short text became which.
 *
 * For letters that people change: a few dozen lines. Longer texts are told as
 * replaced whole between what both begin and end with, so time and memory
 * stay bounded.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define LINEDIFF_LINES_MAX 400 /* of each text, between equal ends */

/* A line with what became of it. */
typedef struct {
    char mark;  /* ' ' in both, '-' only in the old one, '+' only in the new */
    char *line; /* without its end */
} DiffLine;

/* Array of DiffLine in reading order: in a change the old lines first. A line
 * end at a text's end begins no further line. */
GPtrArray *linediff_new(const char *before, const char *after);
/* How many lines are in one of the texts only; a changed line counts once. */
guint linediff_count(const GPtrArray *lines);
