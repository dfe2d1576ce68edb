/*
 * unpack_source.h - the bytes of an open file with xz, lzma and zlib undone,
 * for unpack.c only.
 *
 * The first two name in their head how much memory they want for a dictionary. libarchive
 * gives up to a gigabyte to whoever asks for it, each of the files that are read
 * at once; here it is bounded. Of zlib libarchive knows only gzip's wrapping.
 *
 * Authority: https://tukaani.org/xz/xz-file-format.txt; RFC 1950.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "xz -9" wants 65 MB. */
#define UNPACK_LZMA_BYTES_MAX (128u << 20)

typedef struct UnpackSource UnpackSource;
/* fd: borrowed. */
UnpackSource *unpack_source_new(int fd);
void unpack_source_free(UnpackSource *source);

/* The next bytes, borrowed until the next call; 0: the end; -1: damaged or not
 * readable, *why says so (static). */
ssize_t unpack_source_take(UnpackSource *source, const void **bytes,
                           const char **why);
/* Bytes of the file that were read so far. */
uint64_t unpack_source_packed(const UnpackSource *source);
