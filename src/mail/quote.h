/*
 * quote.h - words of a mail and where they stand. Comes with mail.h.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Where some words stand. */
#define PLACE_SUBJECT UINT16_MAX /* in the decoded Subject, not in a part */
#define PLACE_NOWHERE (UINT16_MAX - 1)
typedef struct {
    uint16_t part;       /* index into Mail.parts, or PLACE_... */
    uint32_t at, length; /* bytes in that part's text */
    uint32_t raw_at;     /* byte of the raw message where their line begins */
    uint32_t line;       /* line of the raw message from 1; 0 = unknown */
    uint32_t column;     /* character of the decoded line from 1; 0 = unknown,
                            as beyond COLUMN_MAX bytes of one line */
} Place;
#define COLUMN_MAX 1000
/* The column of the byte at offset at, which the text must hold. */
uint32_t place_column(const char *text, size_t at);

/* Words of the mail together with where they stand. */
typedef struct {
    char *words; /* valid UTF-8, at most QUOTE_MAX bytes */
    Place place;
} Quote;
#define QUOTE_MAX 400
Quote *quote_new(const char *words, size_t length, Place place);
Quote *quote_copy(const Quote *quote);
void quote_free(Quote *quote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Quote, quote_free)
