/*
 * facts.h - everything the imported documents state, ready to be merged.
 *
 * Facts are a set: adding a document twice changes nothing, and the order of
 * documents does not matter. facts_settle() brings them into one canonical
 * form, so that equal sets become equal bytes, in the state file and in the
 * history derived from it.
 *
 * The state is kept in monthly parts (months.h); it holds what a later import
 * needs to join with: digests of descriptors not seen yet, descriptors not
 * named yet, known documents.
 */
#pragma once

#include "relay/facts_stream.h"
#include "relay/history_file.h"
#include "relay/intern.h"
#include "relay/layer.h"

/* A descriptor or microdescriptor, by digest number. */
typedef struct {
    uint32_t policy;   /* text, or NO_INDEX: not seen yet */
    uint32_t document; /* or NO_INDEX */
} DescriptorFacts;

/* Scans of one relay leaving from one address; see Scan. */
typedef struct {
    uint32_t relay, address;
    uint32_t first, last;
    uint32_t first_document, last_document;
} ScanFacts;

/* Facts of that time are at hand: see that what is stored of its month is in
 * memory, too. */
typedef void FactsWanted(uint32_t when, gpointer data);

#define NEWS_READ    1 /* the document was read, and is in no part so far */
#define NEWS_RENAMED 2 /* it got a smaller name */

typedef struct {
    Intern *relays;    /* fingerprints */
    Intern *addresses; /* 16 bytes */
    Intern *routers;   /* SHA-1 of server descriptors */
    Intern *micros;    /* SHA-256 of microdescriptors */
    Intern *texts;     /* nicknames, summaries, policies, names */
    GArray *router_facts, *micro_facts; /* of DescriptorFacts, by digest */
    Intern *document_hashes;            /* number = index into documents */
    GArray *documents;                  /* of Document; name: text */
    GByteArray *held; /* by document: 1 if only a tor's cache had it */
    GByteArray *news; /* by document: NEWS_... */
    uint32_t latest;  /* the document put last, or NO_INDEX: it was known */
    GByteArray *stored[2];              /* by digest (micros: 1): 1 if a part
                                           that was taken in has it */
    uint64_t forgotten[DOCUMENT_TYPES]; /* by facts_settle() */
    uint64_t known[DOCUMENT_TYPES];     /* read as new, found in a part later */
    GArray *scans;                      /* of ScanFacts */
    GPtrArray *layers;                  /* of Layer, biggest first */
    FactsStream streams[FACTS_STREAMS];
    FactsStream *stream; /* of the document at hand */
    FactsWanted *wanted; /* asked for the part of a time, or NULL */
    gpointer wanted_data;
} Facts;

Facts *facts_new(void);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/* Is the document known? If so it keeps the smaller of both names, and one
 * that is not of a tor's cache, whose files do not last. */
bool facts_has_document(Facts *facts, const uint8_t sha256[32],
                        const char *name);
/* Number of a document, added if new. */
uint32_t facts_put_document(Facts *facts, DocumentType type, uint32_t when,
                            const uint8_t sha256[32], const char *name);

/* The document came from a tor's cache: unless a consensus names it, nothing
 * of it is kept (facts_cache.c). Or it came from elsewhere, too. */
void facts_hold(Facts *facts, uint32_t document);
void facts_release(Facts *facts, const uint8_t sha256[32]);

uint32_t facts_put_text(Facts *facts, const char *text, size_t length);

/* Number of a relay, and what it had last; borrowed until the next call. */
uint32_t facts_put_relay(Facts *facts, const uint8_t fingerprint[20],
                         LastListing **last);

/* What is put from now on comes from that stream. */
void facts_use_stream(Facts *facts, guint stream);
/* A consensus of that hour begins; facts_put_listing() states its lines. */
void facts_begin_hour(Facts *facts, uint32_t valid_after, uint32_t bits);
void facts_put_listing(Facts *facts, FactKind kind, uint32_t relay,
                       uint32_t value);

void facts_put_descriptor(Facts *facts, bool is_micro, const uint8_t *digest,
                          const char *policy, uint32_t document);
/* Number of a digest, known or not. */
uint32_t facts_put_digest(Facts *facts, bool is_micro, const uint8_t *digest,
                          uint32_t guess);

void facts_put_scan(Facts *facts, uint32_t relay, uint32_t address,
                    uint32_t when, uint32_t document);

/* Bring into the canonical form: one layer, everything sorted, without what
 * was held and nobody names. */
void facts_settle(Facts *facts);
/* Make one layer of all that was put so far. */
void facts_join(Facts *facts);
/* By document number: is it the descriptor that a consensus of the one layer
 * names? Yours. */
bool *facts_named_documents(const Facts *facts);
/* The only layer of joined or settled facts; empty if there is no consensus. */
const Layer *facts_layer(const Facts *facts);
