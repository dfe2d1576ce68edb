/*
 * refill.h - letters as a person would have typed them: 72 columns.
 */
#pragma once

#define REFILL_COLUMNS 72

/* Fill paragraphs anew, make one of several empty lines, drop those at both
 * ends. A line that begins with a blank, "-" or ">" is kept as it is, as is
 * everything below a line "-- " (signature). Words are never broken. LF line
 * ends; ends in one. Yours to free. */
char *refill_new(const char *text);
