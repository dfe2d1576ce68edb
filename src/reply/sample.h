/*
 * sample.h - a made-up case in documentation addresses, to show and test
 * letters with: each bit turns one branch of them.
 */
#pragma once

#include "reply/reply.h"

typedef enum {
    SAMPLE_EXIT = 1 << 0,        /* the relay was an exit */
    SAMPLE_PORT_CLOSED = 1 << 1, /* ... refused the port */
    SAMPLE_TIME = 1 << 2,        /* the time has one meaning */
    SAMPLE_SEVERAL = 1 << 3,     /* four events at two addresses */
    SAMPLE_PORT = 1 << 4,        /* a port is cited */
    SAMPLE_REFERENCE = 1 << 5,   /* the reporter has a number */
    SAMPLE_WEBSITE = 1 << 6,     /* the member has a web page */
    SAMPLE_NO_LOGS = 1 << 7,     /* the member states that it keeps none,
                                    and no law makes it */
    SAMPLE_HELD = 1 << 8,        /* a person reads the letter */
    SAMPLE_NOT_EXIT = 1 << 9,    /* a relay, but no exit */
    SAMPLE_NOT_LISTED = 1 << 10, /* the member's address, no relay */
    SAMPLE_NOT_OURS = 1 << 11,   /* of those five one; none: undecidable */
    SAMPLE_NON_PROFIT = 1 << 12, /* statements of the member */
    SAMPLE_CHECKED = 1 << 13,
    SAMPLE_SHARED = 1 << 14,
    SAMPLE_UDP = 1 << 15,       /* packets without a connection */
    SAMPLE_ALL_PORTS = 1 << 16, /* the policy lets out to any port */
    SAMPLE_REMEDY = 1 << 17,    /* a reject rule was seen to be live */
    SAMPLE_DESK = 1 << 18,      /* the desk speaks, for no one member */
} SampleBranch;
#define SAMPLE_BRANCHES 19
#define SAMPLE_VERDICTS                                                        \
    (SAMPLE_EXIT | SAMPLE_PORT_CLOSED | SAMPLE_NOT_EXIT | SAMPLE_NOT_LISTED |  \
     SAMPLE_NOT_OURS)
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
    RelayDocument *remedy; /* or NULL */
    GBytes *key;
} Sample;

/* Sets of bits that together turn every branch of every letter: each verdict
 * with all other bits off, all on, and each one otherwise. Array of
 * uint32_t, yours. SAMPLE_DESK is in none: it changes who speaks. */
GArray *sample_all_branches(void);
/* "exit, time, port": what is on, in words; yours. */
char *sample_branch_title(uint32_t branches);

/* branches: bits of SampleBranch. */
Sample *sample_new(uint32_t branches, const char *category);
void sample_free(Sample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sample, sample_free)
