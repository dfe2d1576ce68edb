/*
 * import_read.h - the files of a stage, read into the state at hand.
 */
#pragma once

#include "relay/import.h"
#include "relay/import_state.h"
#include "relay/ledger.h"
#include "relay/shelf.h"
#include "relay/walk_files.h"

/* What is to be known of a file when it is over. */
typedef struct {
    bool is_cached;     /* some of it was a tor's cache */
    bool is_refused;    /* it is no archive, and some of it was damaged */
    bool is_waiting;    /* some of it is in quarantine, or was damaged */
    guint certificates; /* that were known at the first such document */
    LedgerDescriptors descriptors;
} FileReading;

/* A file that needs no more reading once the stage is written. */
typedef struct {
    const WalkFile *file;
    FileStanding standing;
    guint certificates; /* if it waits: those known then */
    LedgerDescriptors descriptors;
} FileRead;

typedef struct {
    ImportState *state;
    ImportSummary *summary;
    ImportProgress progress;
    ImportProgressed progressed; /* or NULL */
    gpointer progressed_data;
    uint64_t packed_before;          /* of the files that are over */
    uint64_t packed[WALK_STREAMS];   /* of those that are being read */
    bool is_last;                    /* stage */
    GPtrArray *again;                /* of const WalkFile: for the last stage */
    Shelf *shelf;                    /* or NULL */
    const char *path;                /* of the file being read */
    FileReading files[WALK_STREAMS]; /* those being read */
    GArray *read;                    /* of FileRead, in this stage */
    GError *shelf_error;
} ImportReading;

/* There are so many more to be read. */
void import_expect(ImportReading *reading, const GPtrArray *files);
/* Read them. What went wrong with the shelf is kept as shelf_error. */
void import_read(ImportReading *reading, const GPtrArray *files);
/* Say what is being done. */
void import_report(ImportReading *reading, const char *name);
