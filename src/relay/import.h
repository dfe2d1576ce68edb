/*
 * import.h - Tor documents into the published history.
 *
 * Reads files and directories, merges them with what the directory already
 * holds, and publishes a new history in place of the old one, which readers
 * keep until they reopen. In several runs and in any order the same documents
 * give the same history, byte for byte.
 *
 * A consensus is believed only if a majority of the authorities of its time
 * signed it. Where certificates are missing to tell, it is kept apart, in a
 * history of its own that no verdict rests on: import the certificates, then
 * the same files again. Files that look like certificates by their names are
 * read first.
 *
 * Many files are taken in stages: an import that is interrupted goes on with the
 * stage that it was in when it is begun again. What was read to its end is
 * remembered, and not read again while it is unchanged (ledger.h).
 *
 * DIR/months/  what is known, for the next import (months.h)
 * DIR/history  what is derived from it, for lookups
 * DIR/certificates  of the authorities' signing keys
 * DIR/unverified/  months and history of what could not be verified
 * DIR/read  which files need not be read again (ledger.h)
 * DIR/places  where documents came from (places.h)
 * DIR/early, signed, traffic, hints  what stands beside the history (beside.h)
 * DIR/people  what relays said of who runs them (people_file.h)
 * DIR/lock  held while importing
 */
#pragma once

#include "relay/authorities.h"

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IMPORT_COMPLAINTS_MAX 1000 /* more are counted, not kept */

typedef struct {
    const char *word; /* "consensus", ..., "unknown"; static */
    uint64_t fresh, known, damaged, skipped, unverified;
} ImportCount;

typedef struct {
    GArray *counts;        /* of ImportCount, one a kind of document met */
    GPtrArray *complaints; /* of char *: "name: why" of what was not believed */
    uint64_t files;        /* read */
    uint64_t unchanged;    /* files: since they were read, so not read again */
    uint64_t waiting;      /* of these: with documents not believed */
    char *anew;            /* why those of before were read again, or NULL */
    uint64_t packed_bytes; /* as stored */
    uint64_t bytes;        /* unpacked */
    uint64_t damaged;      /* documents and files, also in counts */
    uint64_t unverified;   /* documents, likewise */
    bool published;        /* false: nothing new, the old history stays */
    uint64_t history_bytes;
    uint64_t shelved; /* files written on the shelf */
} ImportSummary;
void import_summary_clear(ImportSummary *summary);

typedef struct {
    uint64_t files_done, files_total;
    uint64_t packed_done, packed_total; /* bytes as stored */
    uint64_t bytes;                     /* unpacked so far */
    const char *name; /* what was just read; "" while publishing */
} ImportProgress;
typedef void (*ImportProgressed)(const ImportProgress *progress, gpointer data);

typedef struct {
    const char *directory;
    const char *const *paths;       /* files and directories, NULL-terminated */
    const Authorities *authorities; /* NULL: those of the public network */
    const char *shelf;    /* a directory where new documents are kept as files
                             unless they come from a tar archive (shelf.h), or
                             NULL */
    Instant now;          /* 0: no file is remembered or left out */
    bool reads_all;       /* also what is unchanged */
    uint64_t stage_bytes; /* 0: STAGE_BYTES (stages.h) */
    ImportProgressed progressed; /* or NULL */
    gpointer data;               /* for it */
} ImportTask;

/* The summary is to be cleared also after an error.
 * Errors: MISSING (a path), CONFLICT (another import runs), INVALID (our own
 * state is damaged), TEMPORARY, DENIED (cannot write). */
bool relay_import_run(const ImportTask *task, ImportSummary *summary,
                      GError **error);
/* The same of all files. */
bool relay_import(const char *directory, const char *const *paths,
                  const Authorities *authorities, const char *shelf,
                  ImportProgressed progressed, gpointer data,
                  ImportSummary *summary, GError **error);
