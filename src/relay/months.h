/*
 * months.h - the state, in monthly parts, while an import works on it.
 *
 * DIR/months/2026-05 holds what is known of that month (facts_split.c). An
 * import takes in only the months that it has facts of, so that a new hour
 * costs the same whether the history is a week or twenty years old.
 */
#pragma once

#include "relay/facts.h"
#include "relay/month.h"
#include "relay/publish.h"

typedef struct Months Months;

/* The parts below the directory, for facts that are to be filled from them:
 * from now on they are taken in when they are wanted. Both are borrowed.
 * A state of one file (version 1) is taken in whole. Errors: INVALID. */
Months *months_open(const char *directory, Facts *facts, GError **error);
void months_free(Months *months);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Months, months_free)

/* Everything was read: take in what else the new facts touch, so that each
 * part can be written whole. Errors: INVALID (of this or an earlier taking). */
bool months_complete(Months *months, GError **error);

/* Write the parts that the settled facts change. Errors: DENIED, TEMPORARY. */
bool months_write(Months *months, GError **error);
/* The same; of a few parts, the histories are derived meanwhile and handed over
 * to be published. */
bool months_write_for(Months *months, Publishing *publishing, GError **error);

/* The parts that exist, ascending; of uint32_t. */
GArray *months_list(const char *directory, GError **error);
