/*
 * publish.h - DIR/history, brought up to the parts of the state.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool is_new;    /* false: the history was up to date */
    uint64_t bytes; /* of the history */
} Publication;

/* Derive the months whose parts changed since the history was written, join
 * them with the rest of it, and put the result in its place. Reads parts and
 * history anew, so it also mends what a crash left. Errors: INVALID (a part is
 * damaged), LIMIT, DENIED, TEMPORARY. */
bool history_publish(const char *directory, Publication *out, GError **error);

/* Are the parts there that the history was made of? Errors: INVALID. */
bool history_has_parts(const char *directory, GError **error);
