/*
 * prescan.h - one pass over the raw message before a parser may see it.
 *
 * GMime 3.2.13 can be crashed by "To: g:g:g:..." (it recurses once a colon)
 * and eats a gigabyte on a few megabytes of empty parts or header lines.
 * Messages of such a shape are refused here; no real mail has it.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define PRESCAN_FIELD_BYTES_MAX (64 * 1024)
#define PRESCAN_HEADERS_MAX     10000 /* in all blocks together */
#define PRESCAN_COLONS_MAX      1000  /* in one address field: recursion */
#define PRESCAN_BARE_NAMES_MAX  1000  /* in all address fields, see prescan.c */
#define PRESCAN_PARAMETERS_MAX  200   /* in one MIME field */
#define PRESCAN_BOUNDARY_MAX    256   /* RFC 2046 allows 70 */

/* False with a LIMIT error that names the limit and the line. */
bool prescan_check(const char *raw, size_t length, GError **error);
