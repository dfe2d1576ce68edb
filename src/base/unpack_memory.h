/*
 * unpack_memory.h - the members of an archive that a stranger sent.
 *
 * In memory only and within bounds; runs inside the reader's sandbox. Never
 * fails: what can be had is handed out, and the flaw says what is missing.
 *
 * Authority: PKWARE APPNOTE 6.3.10 (ZIP), RFC 1952 (GZIP), the .xz format 1.2,
 * POSIX.1-2017 pax (tar), 7zFormat.txt of the LZMA SDK. Limits after OWASP
 * ASVS 5.2.3 and what complaints hold: a day's feed is some 100 KB.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define UNPACK_MEMBERS_MAX      1000
#define UNPACK_MEMBER_BYTES_MAX (32u * 1024 * 1024)
#define UNPACK_BYTES_MAX        (64u * 1024 * 1024) /* of all members */
/* Text packs 5 to 30 times smaller, a log of one line 80 times; behind the
 * first MiB more than this is a bomb. */
#define UNPACK_RATIO_MAX      100
#define UNPACK_RATIO_FREE     (1024u * 1024)
#define UNPACK_NAME_BYTES_MAX 255

typedef enum {
    UNPACK_NONE,
    UNPACK_ZIP,
    UNPACK_GZIP, /* one packed file, or a tar of many */
    UNPACK_XZ,   /* the same */
    UNPACK_BZIP2,
    UNPACK_TAR,
    UNPACK_7Z,
} UnpackKind;

/* What the first bytes say. */
UnpackKind unpack_sniff(const void *bytes, size_t length);

typedef struct {
    char *name; /* valid UTF-8, the last component; "" for one
                    packed file */
    GBytes *bytes;
    bool is_cut; /* a limit was met inside it */
} UnpackedMember;

#define UNPACK_FLAW_ENCRYPTED "archive encrypted"
#define UNPACK_FLAW_DAMAGED   "archive damaged"
#define UNPACK_FLAW_LIMIT     "archive over a limit"

typedef struct {
    GPtrArray *members; /* of UnpackedMember, in the archive's order */
    const char *flaw;   /* one of the above or NULL */
    size_t skipped;     /* members that nobody wanted */
} Unpacked;

/* Read the members that wants says yes to (by last component of the name; NULL
 * wants all), together at most max_bytes. */
void unpack_memory(const void *bytes, size_t length, UnpackKind kind,
                   bool (*wants)(const char *name), size_t max_bytes,
                   Unpacked *out);
void unpacked_clear(Unpacked *unpacked);
