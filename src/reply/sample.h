/*
 * sample.h - a made-up case in documentation addresses, to show and test
 * letters with: each bit turns one branch of them.
 */
#pragma once

#include "reply/reply.h"

typedef enum {
    SAMPLE_EXIT = 1 << 0,        /* the relay was an exit */
    SAMPLE_PORT_CLOSED = 1 << 1, /* ... refused the port; neither: unknown */
    SAMPLE_TIME = 1 << 2,        /* the time has one meaning */
    SAMPLE_SEVERAL = 1 << 3,     /* four events at two addresses */
    SAMPLE_PORT = 1 << 4,        /* a port is cited */
    SAMPLE_REFERENCE = 1 << 5,   /* the reporter has a number */
    SAMPLE_WEBSITE = 1 << 6,     /* the member has a web page */
    SAMPLE_NO_LOGS = 1 << 7,     /* the member states that it keeps none */
    SAMPLE_HELD = 1 << 8,        /* a person reads the letter */
} SampleBranch;
#define SAMPLE_BRANCHES 9
#define SAMPLE_USUAL                                                           \
    (SAMPLE_EXIT | SAMPLE_TIME | SAMPLE_PORT | SAMPLE_REFERENCE |              \
     SAMPLE_WEBSITE)

typedef struct {
    ReplyContext context; /* for reply_compose() */
    Member *member;
    Findings *findings;
    Ticket *ticket;
    GPtrArray *matches; /* of Match */
    StrictHeader *strict;
    GBytes *key;
} Sample;

/* branches: bits of SampleBranch. */
Sample *sample_new(uint32_t branches, const char *category);
void sample_free(Sample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sample, sample_free)
