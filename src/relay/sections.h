/*
 * sections.h - the container of our binary files: arrays of fixed-size items.
 *
 * A file is a head, a table of sections and their contents, each section a
 * plain array that is used where it is mapped. The head carries a SHA-256 of
 * itself and the table (checked at open) and a checksum of all contents
 * (checked on demand: it costs a pass over the file). The checksum finds
 * damage, at the speed of memory; it is no proof against malice, which could
 * as well write another file. Opening checks that every section
 * lies within the file and has the item size the program expects, so array
 * accesses below the count are safe even in a damaged file; indexes stored
 * *inside* items must be checked by whoever follows them.
 *
 *   0  magic        8 bytes, different for each kind of file
 *   8  version      u32
 *  12  sections     u32
 *  16  checksum     32 bytes: of everything after the table; in
 *                   files of version 1 its SHA-256
 *  48  head hash    32 bytes: SHA-256 of the head with this field zero,
 *                   followed by the table
 *  80  table        per section: id u32, item bytes u32, at u64, count u64
 *      contents     each section begins at a multiple of 8
 *
 * Little endian, as all machines we run on are; others refuse to build.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECTIONS_MAX 32

typedef struct {
    const void *items;
    size_t count;
} Section;

/* What a kind of file holds: sections[id] is its item size, 0 for none. */
typedef struct {
    char magic[9];
    uint32_t version;
    uint32_t count; /* ids run from 0 */
    uint32_t item_bytes[SECTIONS_MAX];
} SectionLayout;

/* The file as bytes. */
GBytes *sections_pack(const SectionLayout *layout, const Section *sections);

/* The file put at path as by file_replace(), mode 0644, from where the
 * sections lie: no copy of them is made. Errors: DENIED, TEMPORARY. */
bool sections_replace(const SectionLayout *layout, const Section *sections,
                      const char *path, GError **error);
/* The same, which also tells its sections_hash(); not for version 1. */
bool sections_replace_hashed(const SectionLayout *layout,
                             const Section *sections, const char *path,
                             uint8_t hash[32], GError **error);

/* Does path hold that file already, byte for byte? Not for version 1. */
bool sections_stand(const SectionLayout *layout, const Section *sections,
                    const char *path);

/* Fill sections[0..layout->count) with views into data, which must be aligned
 * to 8 and outlive them. Errors: INVALID; path is for the message. */
bool sections_open(const SectionLayout *layout, const void *data, size_t length,
                   const char *path, Section *sections, GError **error);

/* Of a file of ours; 0 if it is too short to have one. */
uint32_t sections_version(const void *data, size_t length);

/* The hash of the whole file as its head states it. */
void sections_hash(const void *data, uint8_t out[32]);

/* Does the content match its checksum? Errors: INVALID. */
bool sections_verify(const void *data, size_t length, const char *path,
                     GError **error);
