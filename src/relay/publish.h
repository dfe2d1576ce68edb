/*
 * publish.h - DIR/history, brought up to the parts of the state.
 *
 * What does not depend on the import that is to be published is done beside
 * it: the old history, of 130 MB, is opened and checked in a thread of its
 * own from publishing_begin() on, and the months that the import writes may be
 * handed over derived. Neither changes the result.
 */
#pragma once

#include "relay/derived.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool is_new;    /* false: the history was up to date */
    uint64_t bytes; /* of the history */
} Publication;

typedef struct Publishing Publishing;

/* Nobody else may write below the directory (import.c has the lock) from now
 * on until it is freed. */
Publishing *publishing_begin(const char *directory);
void publishing_free(Publishing *publishing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Publishing, publishing_free)

#define DERIVED_MAX                                                            \
    3 /* an hour is of one month or, at the turn, of two; what
                         has no time is a part, too */

/* The history of a part, taken over; of more than DERIVED_MAX the last count.
 * A hint: the parts on the disk decide. */
void publishing_add(Publishing *publishing, const DerivedMonth *derived);

/* Derive the months whose parts changed since the history was written, join
 * them with the rest of it, and put the result in its place. Reads parts and
 * history anew, so it also mends what a crash left. Once. Errors: INVALID (a
 * part is damaged), LIMIT, DENIED, TEMPORARY. */
bool publishing_end(Publishing *publishing, Publication *out, GError **error);

/* All of it at once. */
bool history_publish(const char *directory, Publication *out, GError **error);

/* Are the parts there that the history was made of? Errors: INVALID. */
bool history_has_parts(const char *directory, GError **error);
