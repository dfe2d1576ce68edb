/*
 * consensus.h - a consensus taken apart, and the one before it.
 *
 * For source_consensus.c and consensus_memory.c. Hour after hour nine of ten
 * relays are listed with the same bytes but for their bandwidth, which nobody
 * asks for: such an entry is compared instead of parsed, and what it became
 * in the facts is known.
 */
#pragma once

#include "relay/facts.h"
#include "relay/lines.h"

#include "base/ipaddress.h"

#define CONSENSUS_RELAYS_MAX 100000 /* ten times the network of 2026 */

/* Bytes of the document, from its beginning. */
typedef struct {
    uint32_t at, length;
} Place;

typedef struct {
    uint8_t fingerprint[20];
    uint8_t digest[32]; /* 20 bytes for ns */
    bool has_digest, has_summary;
    IpAddress v4;
    uint32_t v6_first, v6_count; /* into Consensus.v6 */
    Place nickname, summary;
    uint32_t flags;
    uint32_t repeats; /* which listing of the one before, from 1; 0: none */
    uint64_t told;    /* to people, this or one with the same bytes; 0: none */
} Listing;

/* What a listing became in the facts. */
typedef struct {
    uint32_t relay, v4, nickname, digest, summary;
} ListingNumbers;

/* Where a listing stands in the document: its lines, from the r line on. */
typedef struct {
    uint32_t start, length; /* length 0: not to be compared with */
    uint32_t head;          /* bytes before its first w line */
    uint32_t skipped;       /* bytes of that; 0: it has none */
    uint32_t lines;
} Entry;

typedef struct {
    const char *text; /* the document; borrowed */
    GByteArray *copy; /* of its signed part, as far as it was read */
    bool is_micro, is_vote;
    bool is_odd;   /* the last entry has lines that are not of a relay */
    bool is_mixed; /* a line behind relays says another flavour */
    uint32_t method, valid_after;
    GArray *listings;   /* of Listing */
    GArray *v6;         /* of IpAddress */
    GArray *entries;    /* of Entry, by listing */
    GArray *numbers;    /* of ListingNumbers, by listing, once it is stored */
    GArray *v6_numbers; /* of uint32_t, by v6, likewise */
} Consensus;

/* The last consensus of each flavour and stream (facts_stream.h); for the facts
 * and people of one import, since it knows what became of it there. */
typedef struct ConsensusMemory ConsensusMemory;
typedef struct Remembered Remembered;

ConsensusMemory *consensus_memory_new(void);
void consensus_memory_free(ConsensusMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConsensusMemory, consensus_memory_free)

/* An empty one; memory may be NULL. */
void consensus_begin(Consensus *c, ConsensusMemory *memory, const char *text);
void consensus_clear(Consensus *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Consensus, consensus_clear)

static inline Place consensus_place(const Consensus *c, const Text *text)
{
    return (Place){(uint32_t)(text->at - c->text), (uint32_t)text_length(text)};
}

static inline Text consensus_text_at(const Consensus *c, Place place)
{
    return text_of_bytes(c->text + place.at, place.length);
}

/* For each line that is parsed, before it is; from and until: where it stands
 * in the text, with its end. */
void consensus_note_line(Consensus *c, const Text *line, size_t from,
                         size_t until);

/* The one to compare with, from its beginning; memory may be NULL. */
Remembered *consensus_remembered(ConsensusMemory *memory, const Facts *facts,
                                 bool is_micro);
/* If the next lines of rest repeat the next entry of before, take them off and
 * add its listing: the same that parsing would add. rest ends the document;
 * lines: how many they were. */
bool consensus_repeat(Consensus *c, Remembered *before, Text *rest,
                      guint *lines);
/* The last listing was parsed: do not look for those up to it any more. */
void consensus_pass(const Consensus *c, Remembered *before);
/* If the listing repeats one that stands in these facts: take its numbers. */
bool consensus_recall(Consensus *c, const Remembered *before,
                      const Facts *facts, guint number);
/* Keep what the consensus consists of, and its copy, and leave it empty. It
 * was stored in those facts; NULL: in none. before (of memory): or NULL. */
void consensus_remember(Consensus *c, ConsensusMemory *memory,
                        Remembered *before, const Facts *facts);
