/*
 * people_taking.h - DIR/people while an import adds to it, for people_take.c
 * and people_pack.c only.
 */
#pragma once

#include "relay/facts_stream.h"
#include "relay/intern.h"
#include "relay/people_file.h"
#include "relay/people_take.h"

#define PAPER_CACHED 2u /* only a tor's cache had it; not stored */
#define PAPER_NAMED  4u /* a consensus named it; not stored */

/* Which document of a relay the consensuses named last. */
typedef struct {
    uint8_t digest[PEOPLE_DIGEST_BYTES];
    uint32_t from, to; /* to 0: none yet */
} OpenSpan;

/* How the consensuses listed it last. */
typedef struct {
    char nickname[20];
    char flags[4];
    guint count;
    IpAddress addresses[PEOPLE_ADDRESSES_MAX];
} Listed;

/* How the consensuses of one stream listed a relay last, of hours that were not
 * joined with its runs yet. What each consensus looks at stands first. */
typedef struct {
    uint64_t told; /* by which listing, if it told all of this; else 0 */
    uint32_t listed_from, listed_to; /* to 0: none yet */
    OpenSpan open[2];                /* server descriptors, microdescriptors */
    Listed listed;
} OpenRelay;

typedef struct {
    GArray *open;        /* of OpenRelay, by relay */
    uint32_t next_relay; /* a guess: consensuses list in order */
} PeopleStream;

typedef struct {
    GArray *runs; /* of PeopleRun; NULL: none */
} TakenRelay;

struct PeopleTaking {
    Intern *relays; /* fingerprints */
    GArray *taken;  /* of TakenRelay, by relay */
    PeopleStream streams[FACTS_STREAMS];
    uint64_t told;   /* listings so far */
    Intern *texts;   /* numbers stand where the file has offsets */
    Intern *digests; /* of papers */
    GArray *papers;  /* of PeoplePaper, by digest number */
    GArray *spans;   /* of PeopleSpan whose paper is not known */
    bool is_changed;
};

PeopleTaking *people_taking_new(void);
TakenRelay *people_taken_relay(PeopleTaking *taking, uint32_t relay);
/* A span says that the relay said it; joins it with what is known. */
void people_add_run(PeopleTaking *taking, uint32_t relay, const PeopleRun *run);
void people_put_paper(PeopleTaking *taking, const PeoplePaper *paper);
/* Of spans the last so many. */
void people_keep_newest(GArray *spans, guint count);

/* The file's bytes; text numbers and relay numbers are put in order. */
GBytes *people_pack(PeopleTaking *taking);
/* Read them back. Errors: INVALID. */
PeopleTaking *people_unpack(const void *data, size_t length, const char *path,
                            GError **error);
