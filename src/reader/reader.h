/*
 * reader.h - the sandboxed process that reads mail of strangers.
 *
 * Runs Mail -> Report -> Incident on one raw message in a process without
 * files, network or database (seccomp, rlimits), and hands typed findings
 * back over a socket; the caller re-validates every field. A child that
 * crashes, hangs or is killed costs one message one attempt, never the desk.
 */
#pragma once

#include "incident/incident.h"

#define READER_SECONDS_MAX 10 /* wall clock for one message */
#define READER_MEMORY_MAX  (512u * 1024 * 1024)

/* What the pure stages found in one message. */
typedef struct {
    Report *report;
    GPtrArray *incidents; /* of Incident */
    uint8_t mail_key[32]; /* K2: the same mail by another path; see
                             mail_key() */
} Findings;
Findings *findings_new(Report *report, GPtrArray *incidents);
void findings_free(Findings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)

GBytes *findings_pack(const Findings *findings);
/* Errors: INVALID if any field is out of bounds. */
Findings *findings_unpack(GBytes *record, GError **error);

/* Run the pure stages in this process (tests, fuzzers, inside the child).
 * Never fails; an over-limit mail gives an unreadable report. */
Findings *reader_read(GBytes *raw, const GArray *hints);

/* The small parent from which sandboxed children are forked. Start it before
 * the caller grows threads or big heaps. */
typedef struct Reader Reader;
Reader *reader_start(GError **error);
void reader_stop(Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_stop)

/* Read one message in a child and wait for its findings. Thread-safe; as many
 * run at once as threads call (the caller bounds that).
 * Errors: TEMPORARY (no process to be had), LIMIT (time or memory used up),
 * INVALID (the child died or answered nonsense). */
Findings *reader_run(Reader *reader, GBytes *raw, const GArray *hints,
                     GError **error);

/* Can no mail be read any more? The reader must be started anew then, by a
 * process without threads. Thread-safe. */
bool reader_is_lost(const Reader *reader);
