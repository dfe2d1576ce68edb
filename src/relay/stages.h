/*
 * stages.h - which files of an import are written before the next are read.
 *
 * An import of twenty years takes hours and must not begin again when the
 * machine restarts; nor should all of it stand in memory at once.
 */
#pragma once

#include "relay/walk.h"

/* So many bytes as stored: of archives a minute or two, before which little
 * would be won and each stage reads and writes its months anew. */
#define STAGE_BYTES (256u << 20)

/* Arrays of const WalkFile, borrowed; at least one. Certificates are in the
 * first; then come the files by the month that their paths name, so that what
 * is joined stands together and each month is written in as few stages as can
 * be; those that name none follow. The files of a tor's cache are in the last,
 * whatever they weigh: they are joined with each other (facts_cache.c). */
GPtrArray *stages_new(const GPtrArray *files, uint64_t stage_bytes);
