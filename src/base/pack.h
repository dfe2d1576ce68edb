/*
 * pack.h - bytes as an .xz file, for what is kept for years.
 *
 * The counterpart of unpack.h. A megabyte takes about half a second.
 */
#pragma once

#include <glib.h>

/* Errors: TEMPORARY (no memory). */
GBytes *pack_xz(const void *data, size_t length, GError **error);
