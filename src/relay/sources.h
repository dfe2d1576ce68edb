/*
 * sources.h - the kinds of Tor documents that a file may hold.
 *
 * A source recognises its documents by their first line, knows where one
 * ends, and reads it into facts. The table is in sources.c.
 *
 * Authority: https://spec.torproject.org/dir-spec/ and CollecTor's @type
 * annotations (read 2026-11).
 */
#pragma once

#include "relay/early.h"
#include "relay/facts.h"
#include "relay/hints.h"
#include "relay/people_take.h"
#include "relay/policy_memory.h"
#include "relay/signatures.h"
#include "relay/signed_hours.h"
#include "relay/traffic.h"

#define DOCUMENT_BYTES_MAX (64u << 20) /* a vote of 2026 has 6 MB */

typedef enum {
    READ_NEW,
    READ_KNOWN,
    READ_DAMAGED,    /* the reason is in the error */
    READ_SKIPPED,    /* a kind of document we have no use for */
    READ_UNVERIFIED, /* kept apart: certificates are missing; the reason is in
                        the error */
    READ_RESULTS
} ReadResult;

/* The consensus before (consensus.h). */
typedef struct ConsensusMemory ConsensusMemory;

/* Where sources put what they read. */
typedef struct {
    const Authorities *authorities;
    Certificates *certificates;
    Facts *facts;      /* what may be believed */
    Facts *unverified; /* what consensuses state that wait for certificates */
    PeopleTaking *people;    /* contacts and families; NULL: not kept */
    SignedHours *hours;      /* which consensus each hour has; NULL: not kept */
    Traffic *traffic;        /* relays' own statistics; NULL: not kept */
    Hints *hints;            /* of unsigned lists; NULL: not kept */
    Instant fetched;         /* when the file at hand was written */
    Early *early;            /* from before consensuses; NULL: not kept */
    ConsensusMemory *memory; /* of these facts; NULL: each line is parsed */
    PolicyMemory *policies;  /* NULL: none */
    bool is_cached; /* the document at hand is from a tor's cache, which may
                       hold bridges (facts_cache.c) */
} Records;

typedef struct {
    const char *word;    /* for people: "consensus" */
    const char *type;    /* CollecTor's @type without version, or NULL */
    const char *starter; /* keyword of the first line */
    const char *opening; /* or: what the first line begins with, to the byte */
    bool (*is_first)(const Text *line); /* or: any other test of it */
    const char *next;    /* keyword that begins the next one of its kind;
                             an annotation ("@...") always ends a document */
    const char *stopper; /* keyword of its last block, which ends with a
                             line "-----END ...", and the document there */
    bool undoes_cr;      /* named by the digest of its text with LF, or signed
                            so by one: CRLF is undone before that is looked at */
    /* Read one document; NULL for those we only skip. Nothing is stored
     * unless the whole document is good. Errors: INVALID. */
    ReadResult (*read)(Records *records, Text document, const char *name,
                       GError **error);
} Source;

extern const Source SOURCES[];
extern const guint SOURCE_COUNT;

/* The source of a document by its first line, or NULL. */
const Source *source_of_line(const Text *line);
/* By the words after "@type ", or NULL. */
const Source *source_of_type(const Text *type);
/* By the whole document, which its first line took for the source. */
const Source *source_of_document(const Source *source, const Text *document);

ReadResult source_certificate_read(Records *records, Text document,
                                   const char *name, GError **error);
ReadResult source_consensus_read(Records *records, Text document,
                                 const char *name, GError **error);
ReadResult source_exitlist_read(Records *records, Text document,
                                const char *name, GError **error);
ReadResult source_descriptor_read(Records *records, Text document,
                                  const char *name, GError **error);
ReadResult source_micro_read(Records *records, Text document, const char *name,
                             GError **error);

ReadResult source_extrainfo_read(Records *records, Text document,
                                 const char *name, GError **error);
ReadResult source_onionoo_read(Records *records, Text document,
                               const char *name, GError **error);
ReadResult source_bulk_read(Records *records, Text document, const char *name,
                            GError **error);
ReadResult source_status_read(Records *records, Text document, const char *name,
                              GError **error);
ReadResult source_directory_read(Records *records, Text document,
                                 const char *name, GError **error);

/* For both: take what a server said if its signature holds. listings: of
 * EarlyListing. */
ReadResult source_early_take(Records *records, guint protocol, Text document,
                             uint32_t published, const GArray *listings,
                             const char *name, GError **error);

/* For the sources: "damaged" with a reason. */
ReadResult source_damaged(GError **error, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
/* Document bytes without CRs, if its lines end with CRLF; else NULL. */
char *source_without_cr(Text document, size_t *length);
