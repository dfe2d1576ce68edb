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
#include "reader/sandbox.h"

#define READER_SECONDS_MAX 10 /* wall clock for one message */
/* CPU: 2 s for one message, and what a child may have used on quick ones
 * before it. Sanitizers take several times as much. */
#define READER_CPU_SECONDS_MAX (SANDBOX_HAS_ASAN ? 10u : 3u)
/* Address space: 256 MiB for the message, and what an idle child maps: 113 MiB,
 * 40 of them resident. A message of 20 MiB takes up to 98 MiB more. */
#define READER_MEMORY_MAX (384u * 1024 * 1024)
/* Of a message that uses up either, this much from its front is read. */
#define READER_FRONT_BYTES (64u * 1024)

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
/* The same with other limits than the usual ones. */
Reader *reader_start_limited(const SandboxLimits *limits, GError **error);
void reader_stop(Reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_stop)

/* Read one message in a child and wait for its findings. Thread-safe; as many
 * run at once as threads call (the caller bounds that). A long message that
 * uses up time or memory, or kills the child, gives what its front says: the
 * report is UNREADABLE, "too large to read", with the flag "too-large".
 * Errors: TEMPORARY (no process to be had), LIMIT (time or memory used up, and
 * the front is no better), INVALID (the child died or answered nonsense). */
Findings *reader_run(Reader *reader, GBytes *raw, const GArray *hints,
                     GError **error);

/* Can no mail be read any more? The reader must be started anew then, by a
 * process without threads. Thread-safe. */
bool reader_is_lost(const Reader *reader);
