/*
 * shared.h - ranges of addresses that many sites share, for what a remedy
 * would cost.
 *
 * DIRECTORY/shared/NAME.yaml, one operator a file: what it publishes itself,
 * where, and when somebody last compared the two ("none yet": nobody did).
 * They are data, not knowledge: an address in none of them may be shared, too.
 */
#pragma once

#include "base/instant.h"
#include "base/ipaddress.h"

#include <glib.h>
#include <stdbool.h>

#define SHARED_CHECKED_DAYS 365 /* lint: then it is to be compared again */

typedef struct {
    char *name;    /* "Cloudflare" */
    char *source;  /* where the operator publishes them */
    char *checked; /* a day like 2026-05-04; NULL: nobody has compared */
    char *file;
    int line;       /* of "checked"; 0: not there */
    GArray *ranges; /* of IpPrefix */
} SharedOperator;

/* Those of the files of all directories; a file of the same name in a later
 * directory replaces an earlier one. What is wrong is appended to errors as
 * "file:line:column: words". Array of SharedOperator; yours. */
GPtrArray *shared_load(const char *const *directories, GPtrArray *errors);

/* Was it compared more than SHARED_CHECKED_DAYS ago, or in the future? False
 * if it never was: that is said wherever it is used. */
bool shared_is_stale(const SharedOperator *one, Instant now);

/* The one with a range that has some of these addresses; NULL: none known. */
const SharedOperator *shared_find(const GPtrArray *operators,
                                  const IpPrefix *wanted);
