/*
 * shelf.h - the documents that the history rests on, kept as files.
 *
 * A tor keeps only the newest of each; the history keeps hashes. So each
 * document that an import believed anew is put here, once, in the layout of
 * CollecTor's month archives unpacked, compressed:
 *
 *   consensuses-2026-05/03/2026-05-03-10-00-00-consensus.xz
 *   microdescs-2026-05/consensus-microdesc/03/...-consensus-microdesc.xz
 *   exit-list-2026-05/03/2026-05-03-10-02-00.xz
 *   server-descriptors-2026-05/03/...-server-descriptors-1a2b3c4d.xz
 *   microdescs-2026-05/micro/03/...-micro-1a2b3c4d.xz
 *
 * Descriptors of one stage of an import share a file, named by the newest
 * consensus and their hash. One that no verified consensus names is never
 * written: it might be a bridge's.
 */
#pragma once

#include "relay/facts.h"
#include "relay/lines.h"

/* Descriptors wait in memory until the import knows which are named: a tor's
 * cache has 40 MB of them, an hour of CollecTor's 5 MB. */
#define SHELF_WAITING_BYTES_MAX (256u << 20)
/* Of these so many wait for the next stage, the newest. */
#define SHELF_CARRIED_BYTES_MAX (SHELF_WAITING_BYTES_MAX / 4)

typedef struct Shelf Shelf;

Shelf *shelf_new(const char *directory);
void shelf_free(Shelf *shelf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shelf, shelf_free)

/* Does the file stand on it already? path: absolute. */
bool shelf_holds(const Shelf *shelf, const char *path);

/* The facts just took this document: keep it. Errors: DENIED, TEMPORARY,
 * LIMIT (too much waits; the document is not kept). */
bool shelf_put(Shelf *shelf, Facts *facts, const Document *document, Text text,
               GError **error);
/* All of a stage was read: write the descriptors that are named by a consensus.
 * Others wait for the consensuses of the next stage, but for those of a tor's
 * cache, which is read again. Errors: DENIED, TEMPORARY. */
bool shelf_finish(Shelf *shelf, Facts *facts, GError **error);
/* Files written. */
uint64_t shelf_count(const Shelf *shelf);
