/*
 * places.h - where in a mail a hostile text can stand.
 *
 * Each place leads to scanners of its own: a header, a MIME tree, a decoder, a
 * format.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct {
    const char *name;
    const char *before, *behind; /* of the text, in the raw mail */
    const char *newline; /* for each newline of the text; NULL: as it is */
    size_t bytes_max;    /* what mail/ takes there; 0: a whole mail */
    /* Packs or encodes the text first; or NULL. */
    GString *(*pack)(const GString *text);
} HostilePlace;

/* Ends in a row without a name. */
extern const HostilePlace PLACES[];

GBytes *place_new_mail(const HostilePlace *place, const GString *text);
