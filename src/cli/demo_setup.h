/*
 * demo_setup.h - the demo's directory: settings, members, letters, relays.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The samples: demo in the package's share directory. Yours to free. */
char *demo_samples(void);

/* Make DIR/exitdesk.yaml with the desk's clock starting at that moment; to
 * be done again for a later one. Every path in it is inside DIR. */
bool demo_write_config(const char *directory, const char *clock,
                       GError **error);

/* Make the rest of DIR: members.d, templates (the package's, marked as
 * reviewed), and the imported relay history. */
bool demo_prepare(const char *directory, GError **error);
