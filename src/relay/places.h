/*
 * places.h - DIR/places: where documents were imported from.
 *
 * The history keeps hashes; whoever needs the documents again looks there.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Remember where documents came from, once each. Errors: DENIED, TEMPORARY. */
bool places_add(const char *directory, const char *const *paths,
                GError **error);
/* Those that are still there; NULL-terminated. */
char **places_read(const char *directory);
