/*
 * import_read.h - the files of a stage, read into the state at hand.
 */
#pragma once

#include "relay/import.h"
#include "relay/import_state.h"
#include "relay/shelf.h"
#include "relay/walk_files.h"

typedef struct {
    ImportState *state;
    ImportSummary *summary;
    ImportProgress progress;
    ImportProgressed progressed; /* or NULL */
    gpointer progressed_data;
    uint64_t packed_before;        /* of the files that are over */
    uint64_t packed[WALK_STREAMS]; /* of those that are being read */
    bool is_last;                  /* stage */
    GPtrArray *again;              /* of const WalkFile: for the last stage */
    Shelf *shelf;                  /* or NULL */
    const char *path;              /* of the file being read */
    GError *shelf_error;
} ImportReading;

/* There are so many more to be read. */
void import_expect(ImportReading *reading, const GPtrArray *files);
/* Read them. What went wrong with the shelf is kept as shelf_error. */
void import_read(ImportReading *reading, const GPtrArray *files);
/* Say what is being done. */
void import_report(ImportReading *reading, const char *name);
