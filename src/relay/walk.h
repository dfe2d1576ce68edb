/*
 * walk.h - files and directories as the Tor documents they hold.
 *
 * For import.c and prove.c, which read the same archives.
 */
#pragma once

#include "relay/sources.h"

typedef struct {
    char *path;
    uint64_t bytes;       /* as stored */
    Instant written;      /* last */
    int64_t written_ns;   /* the same, in nanoseconds */
    int64_t changed_ns;   /* likewise: when its inode changed, which happens
                             with every change of its content */
    bool is_certificates; /* by its name, or its directory's */
} WalkFile;

/* What could not be read, and why. */
typedef void (*WalkComplaint)(const char *what, const char *why, gpointer data);

/* The files named and those under the directories named (NULL-terminated), in
 * a stable order, certificates first. A link to a directory within one is not
 * followed, so there are no loops. Array of WalkFile.
 * Errors: MISSING (a path). */
GPtrArray *walk_list(const char *const *paths, WalkComplaint complaint,
                     gpointer data, GError **error);

/* Where a document stood; borrowed. */
typedef struct {
    const char *name; /* of the file, or "file:member" */
    bool is_cached;   /* in a tor's cache, by its name or its annotations */
    bool is_archived; /* in a tar archive */
} WalkPlace;

typedef struct {
    /* As DocumentFound (splitter.h), with where it stood. */
    void (*document)(const Source *source, Text document, const char *flaw,
                     const WalkPlace *place, gpointer data);
    /* So many more bytes were unpacked; may be NULL. */
    void (*bytes)(size_t length, gpointer data);
    /* A file or member is over; packed: bytes of the file read so far; may be
     * NULL. */
    void (*end)(const char *name, uint64_t packed, gpointer data);
} WalkReader;

/* Read one file. Errors: as unpack_file(). */
bool walk_file(const char *path, const WalkReader *reader, gpointer data,
               GError **error);
