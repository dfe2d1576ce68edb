/*
 * ledger.h - DIR/read: files that an import need not read again.
 *
 * A file stands in it if it was read to its end, what it says was written, and
 * it is not of a tor's cache. It stands there as it was listed, before it was
 * opened, so that one which was written to meanwhile differs. As long as it is
 * unchanged, to read it again would change nothing, with two exceptions:
 * descriptors may be named by no extra-info but a later one (traffic.h), for
 * which the ledger keeps what to look for; and an archive with documents that
 * are in quarantine or were refused stands in it only as long as the
 * certificates are the same. Other files of which something was refused do not:
 * they are named each time.
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

typedef enum {
    FILE_UNREAD,
    FILE_READ,
    FILE_WAITING /* read, and not all of it was believed */
} FileStanding;

/* Was the file read as it is? descriptors: or NULL. */
FileStanding ledger_find(const Ledger *ledger, const WalkFile *file,
                         LedgerDescriptors *descriptors);

/* A stage is written. Files that wait count as unread if the certificates are
 * not those of before. */
void ledger_free_waiting(Ledger *ledger, const char *directory);
/* It was read, and what it says is written. */
void ledger_put(Ledger *ledger, const WalkFile *file, FileStanding standing,
                const LedgerDescriptors *descriptors);
/* Write DIR/read if it changed; what it vouches for must be on the disk. Errors:
 * DENIED, TEMPORARY. */
bool ledger_save(Ledger *ledger, const char *directory, GError **error);
