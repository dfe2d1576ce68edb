/*
 * files.h - reading whole files with a limit, and writing them so that a
 * crash leaves the old one or the new one, never half of one.
 *
 * What root makes belongs to the owner of the directory it is made in, so
 * that a command typed by root leaves nothing the desk's user cannot read.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The bytes of a file ("-" is standard input), at most max_bytes.
 * Errors: MISSING, DENIED, LIMIT, TEMPORARY. */
GBytes *file_read(const char *path, size_t max_bytes, GError **error);

/* Write a temporary file beside path, fsync it, rename it over path, fsync
 * the directory. Errors: DENIED, TEMPORARY. */
bool file_replace(const char *path, const void *data, size_t length, int mode,
                  GError **error);

typedef struct {
    const void *data;
    size_t length;
} FilePiece;

/* The same of what lies in several places of memory, one after the other; at
 * least one piece. */
bool file_replace_pieces(const char *path, const FilePiece *pieces,
                         size_t count, int mode, GError **error);

/* The same, but the first piece is written last, when ready(data) has returned:
 * it may be made while the others are written. If those cannot be, ready is not
 * called. */
bool file_replace_headed(const char *path, const FilePiece *pieces,
                         size_t count, int mode, void (*ready)(gpointer data),
                         gpointer data, GError **error);

/* Is that the file's content, byte for byte? */
bool file_holds(const char *path, GBytes *bytes);

/* Remove a file, if it is there, and fsync the directory. Errors: DENIED,
 * TEMPORARY. */
bool file_remove(const char *path, GError **error);

/* Give an open file, if we are root, to the owner of the directory that path
 * stands in. For files that this module does not make itself. */
void file_settle_owner(int fd, const char *path);

/* Make the directory and its parents (mode 0700) if they are missing. */
bool directory_ensure(const char *path, GError **error);
/* The same for what everybody may read (mode 0755 under the umask). */
bool directory_ensure_readable(const char *path, GError **error);

/* fsync a directory: after creating, renaming or removing an entry. */
bool directory_sync(const char *path, GError **error);

/* Names of the entries of a directory that end in suffix, sorted; an empty
 * array if there is no such directory. Free with g_ptr_array_unref. */
GPtrArray *directory_list(const char *path, const char *suffix, GError **error);
