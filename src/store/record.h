/*
 * record.h - appending to the hash-chained record (internal; see record.c).
 */
#pragma once

#include "store/database.h"

/* Kinds of entries; stored. */
#define RECORD_RECEIVED "received"
#define RECORD_COMPUTED "computed"
#define RECORD_PUBLIC   "public-record"
#define RECORD_DECIDED  "decided"
#define RECORD_SENT     "sent"
#define RECORD_NOTE     "note"

#define RECORD_DESK "desk" /* about: the desk itself */

/* The entries about a case, a mail or the desk. Array of RecordEntry. */
GPtrArray *record_of(Store *store, const char *about, GError **error);

/* Append one entry inside the caller's transaction. detail is JSON or NULL. */
bool record_append(Store *store, const char *about, Instant at,
                   const char *kind, const char *detail, GError **error,
                   const char *what, ...) G_GNUC_PRINTF(7, 8);
