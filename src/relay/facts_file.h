/*
 * facts_file.h - the sections of a part of the state.
 *
 * Numbers in one section are indexes into another. All tables of items are
 * sorted, so that a mapped part can be searched (month_map.h).
 */
#pragma once

#include "relay/derived.h"
#include "relay/facts.h"

typedef enum {
    STATE_RELAYS,
    STATE_ADDRESSES,
    STATE_ROUTERS,
    STATE_MICROS,
    STATE_ROUTER_FACTS,
    STATE_MICRO_FACTS,
    STATE_DOCUMENTS,
    STATE_SCANS,
    STATE_TEXT,
    STATE_HOURS,
    STATE_TEXT_STARTS, /* u32: where each text begins */
    STATE_RUNS,        /* one section for each FactKind from here */
    STATE_SECTIONS = STATE_RUNS + FACT_KINDS
} StateSection;

extern const SectionLayout STATE_LAYOUT;

/* Where each of the texts begins that end with NULs; of uint32_t. */
GArray *state_text_starts(const void *text, size_t length);

/* Open a part of this version or the one before, whose texts have no starts.
 * Errors: INVALID. */
bool state_open(const void *data, size_t length, const char *path,
                Section *sections, GError **error);

/* Do all numbers lie within their tables? */
bool state_is_sound(const Section *sections);
/* Is an opened part of this version whole, so that it can be used where it is
 * mapped? Errors: INVALID. */
bool state_check(const void *data, size_t length, const char *path,
                 const Section *sections, GError **error);

/* Views of settled facts; the starts of texts are yours to keep as long as
 * they are used. */
GArray *facts_sections(const Facts *facts, Section *sections);

/* A part's bytes, of settled facts. */
GBytes *facts_pack(const Facts *facts);
/* Write the part of one month (facts_split.c says what belongs to it), unless
 * path holds just that; if nothing does, remove it. Errors: DENIED,
 * TEMPORARY. */
bool facts_write_month(const Facts *facts, uint32_t month, const char *path,
                       GError **error);
/* The same; where it is written, its history is derived meanwhile. */
bool facts_derive_month(const Facts *facts, uint32_t month, const char *path,
                        DerivedMonth *derived, GError **error);
/* Add what a part has. Errors: INVALID, and the facts are of no more use. */
bool facts_take(Facts *facts, const void *data, size_t length, const char *path,
                GError **error);
/* The facts of one part alone. Errors: INVALID. */
Facts *facts_unpack(const void *data, size_t length, const char *path,
                    GError **error);

/* For facts_take(): numbers are those of these facts. */
/* texts: their numbers by those of the part; some_held: is there a document
 * that only a tor's cache had? */
void facts_take_first(Facts *facts, const Document *stored, guint count,
                      const uint32_t *texts, bool some_held);
/* Make room for the facts of all digests. */
void facts_expect_descriptors(Facts *facts, bool is_micro);
uint32_t facts_take_document(Facts *facts, const Document *document);
void facts_take_descriptor(Facts *facts, bool is_micro, uint32_t digest,
                           const DescriptorFacts *stored);
void facts_take_layer(Facts *facts, Layer *layer); /* takes it over */
