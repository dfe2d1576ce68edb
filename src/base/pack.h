/*
 * pack.h - bytes as an .xz file, for what is kept for years, and files as a
 * .zip, for what people take home.
 *
 * The counterpart of unpack.h. A megabyte takes about half a second.
 */
#pragma once

#include <glib.h>

/* Errors: TEMPORARY (no memory). */
GBytes *pack_xz(const void *data, size_t length, GError **error);

typedef struct {
    char *name; /* path in the archive */
    GBytes *bytes;
} PackFile;
/* The same files in the same order give the same bytes; their time is
 * 1980-01-01. Array of PackFile. Errors: TEMPORARY, INVALID (a name). */
GBytes *pack_zip(const GPtrArray *files, GError **error);
