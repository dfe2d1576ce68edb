/*
 * ledger.h - DIR/read: files that an import need not read again.
 *
 * A file stands in it if it was read to its end, nothing of it was damaged or
 * is in quarantine, nothing of it was a tor's cache, and what it says was
 * written. It stands there as it was listed, before it was opened, so that one
 * which was written to meanwhile differs. As long as it is unchanged, to read it
 * again would change nothing; with one exception, descriptors that wait for
 * nothing but a later file of extra-infos (traffic.h), for which the ledger
 * keeps what to look for.
 *
 * It is only a saving: a ledger that is missing, damaged, of another version of
 * the program or made with other authorities counts as empty, and so does one
 * that vouches for a state which is not there any more.
 *
 * Limit: beyond a million files those that are not met with are forgotten, and
 * what is still too much is read each time.
 */
#pragma once

#include "relay/authorities.h"
#include "relay/walk.h"

#define LEDGER_NAME "read"
#define LEDGER_MAX  1000000 /* 56 MB */

/* What is taken of documents, and how. To be raised when that grows, so that
 * what was read is read again; a new row of sources.c does so by itself. */
#define LEDGER_READING 1

/* Whoever writes to a file this soon after its last change may leave no mark
 * that tells. The coarsest clock of a file system (FAT) has two seconds. */
#define LEDGER_RACE_S 2

typedef struct Ledger Ledger;

/* The ledger of a history's directory. *why: why all is read again, of what
 * was there; yours; or NULL. */
Ledger *ledger_open(const char *directory, const Authorities *authorities,
                    char **why);
void ledger_free(Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

/* Make room for these: of WalkFile. */
void ledger_expect(Ledger *ledger, const GPtrArray *files);

/* The server descriptors of a file; first 0: there are none. */
typedef struct {
    uint32_t first, last; /* published */
    uint32_t known;       /* extra-infos that were known then (traffic.h) */
} LedgerDescriptors;

/* Was the file read as it is? descriptors: or NULL. */
bool ledger_has(const Ledger *ledger, const WalkFile *file,
                LedgerDescriptors *descriptors);

/* It was read, and what it says is written. */
void ledger_put(Ledger *ledger, const WalkFile *file,
                const LedgerDescriptors *descriptors);
/* Write DIR/read if it changed; what it vouches for must be on the disk. Errors:
 * DENIED, TEMPORARY. */
bool ledger_save(Ledger *ledger, const char *directory, GError **error);
