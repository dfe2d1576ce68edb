/*
 * lines.h - walking over text line by line, and "Name: value" lines.
 * Private to report/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *at; /* the line without its line end */
    size_t length;
} Line;

/* The line that begins at *cursor, which moves behind it. False at the end. */
bool line_next(const char *text, size_t length, size_t *cursor, Line *out);

/* The line without blanks at its ends and quote marks ('>', '|') in front. */
Line line_bare(Line line);

/* Split "Name: value"; the name of 1 to 40 bytes has no blank at its ends and
 * neither '<' nor '>' in it; value is trimmed and may be empty. */
bool line_field(Line line, Line *name, Line *value);

/* Is it exactly these words, whatever the case? */
bool line_is(Line line, const char *words);
bool line_begins(Line line, const char *words);
bool line_contains(Line line, const char *words);
