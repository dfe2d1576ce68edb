/*
 * stages.h - which files of an import are written before the next are read.
 *
 * An import of twenty years takes hours and must not begin again when the
 * machine restarts; nor should all of it stand in memory at once.
 */
#pragma once

#include "relay/walk.h"

/* Archives of so many bytes as stored: a minute or two, before which little
 * would be won and each stage reads and writes its months anew. */
#define STAGE_BYTES (256u << 20)

/* Arrays of const WalkFile, borrowed; at least one. Tar archives come in
 * stages, certificates in the first. All other files are the last: what a tor
 * wrote belongs together (facts_cache.c, shelf.h). */
GPtrArray *stages_new(const GPtrArray *files, uint64_t stage_bytes);
