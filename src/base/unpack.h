/*
 * unpack.h - the bytes of plain and packed files and of tar members.
 *
 * Packed by xz, gzip, bzip2 (as Tor's archives were until 2013), zstd, lzma or
 * zlib (what directory servers send as ".z"), known by their first bytes. For
 * the big files of Tor's public record; unpack_memory.h is for archives that
 * strangers send. Both are the home of libarchive. Names inside an archive are
 * only names: nothing is ever written to disk.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A month of consensuses unpacks to 3 GB, of server descriptors to 30 GB. */
#define UNPACKED_BYTES_MAX   (UINT64_C(100) << 30)
#define UNPACKED_MEMBERS_MAX 5000000
/* Of any file, and of more the size as stored so many times. */
#define UNPACKED_FREELY_BYTES (UINT64_C(256) << 20)
#define UNPACKED_RATIO_MAX    1000

typedef struct {
    /* A file or member begins. */
    void (*begin)(const char *name, gpointer data);
    void (*bytes)(const void *bytes, size_t length, gpointer data);
    /* It is over; packed: bytes of the archive read so far. */
    void (*end)(uint64_t packed, gpointer data);
} UnpackReader;

/* Read all of a file. name is the base name, for a member "base:member".
 * Errors: INVALID (damaged archive; what came before was handed out), LIMIT,
 * MISSING, DENIED. */
bool unpack_file(const char *path, const UnpackReader *reader, gpointer data,
                 GError **error);
