/*
 * demo_relays.h - relay documents made for the demo.
 *
 * A little network of five relays on documentation addresses, in the formats
 * of dir-spec: hourly consensuses and the server descriptors they name. They
 * carry no signatures and prove nothing; they show how the real ones are used.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Write "consensuses" and "server-descriptors" into the directory.
 * Errors: DENIED, TEMPORARY. */
bool demo_relays_write(const char *directory, GError **error);
