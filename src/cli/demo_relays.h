/*
 * demo_relays.h - relay documents made for the demo.
 *
 * A little network of five relays on documentation addresses, in the formats
 * of dir-spec: hourly consensuses, the server descriptors they name, and the
 * certificates of the authorities that signed them. These authorities were made
 * up with the network and prove nothing; they show how the real ones are used.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define DEMO_AUTHORITIES "authorities"

/* Write the documents and DEMO_AUTHORITIES, their list, into the directory.
 * Errors: DENIED, TEMPORARY. */
bool demo_relays_write(const char *directory, GError **error);
