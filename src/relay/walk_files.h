/*
 * walk_files.h - many files read side by side, told of one after the other.
 *
 * Unpacking and cutting into documents takes most of the time of an import and
 * needs nothing of it, so a few files are unpacked at once, each on a thread of
 * its own with bounded memory. The reader is called on the caller's thread
 * alone, in an order that depends on the files and nothing else: a stretch of
 * each in turn.
 */
#pragma once

#include "relay/walk.h"

#define WALK_STREAMS 4 /* files at once; fixed, since the order depends on it */

typedef struct {
    /* As in WalkReader; stream: below WALK_STREAMS. */
    void (*document)(const WalkFile *file, guint stream, const Source *source,
                     Text document, const char *flaw, const WalkPlace *place,
                     gpointer data);
    void (*bytes)(size_t length, gpointer data);
    void (*end)(guint stream, const char *name, uint64_t packed, gpointer data);
    /* The file is over; error: what was wrong with it, or NULL. */
    void (*end_file)(const WalkFile *file, guint stream, const GError *error,
                     gpointer data);
} WalkFilesReader;

/* Certificates, which stand first, are read before anything else is begun. */
void walk_files(const GPtrArray *files, const WalkFilesReader *reader,
                gpointer data);
