/*
 * wants.h - what a writer wants (how to be answered, what to be done or told),
 * and the works a copyright notice names. Comes with report.h.
 *
 * All of it is what a stranger says: facts of the case for a person and for
 * the policy. A channel is never an address that a program may write to; the
 * gate knows only the authenticated sender (policy/gate.h).
 */
#pragma once

#include "base/wire.h"
#include "mail/quote.h"

#include <stdbool.h>

/* How the writer wishes to be answered. Stored: append only. */
typedef enum {
    CHANNEL_MAIL, /* by mail to an address */
    CHANNEL_FORM, /* on a web page */
    CHANNEL_NONE, /* not by mail to where it came from: "do not reply" */
    CHANNEL_COUNT
} ChannelKind;
const char *channel_kind_word(ChannelKind kind); /* "mail" */

typedef struct {
    ChannelKind kind;
    char *value;  /* address or URL; NULL for CHANNEL_NONE */
    Quote *quote; /* the words that wish it */
    char *where;  /* "header Reply-To", "line", "link", "machine part" */
} Channel;
void channel_free(Channel *channel);

/* What the writer asks to be done or told. Stored: append only. */
typedef enum {
    DEMAND_STOP,        /* stop it, take it down, block */
    DEMAND_INVESTIGATE, /* look into it */
    DEMAND_IDENTITY,    /* who the customer is */
    DEMAND_LOGS,        /* records of connections */
    DEMAND_PRESERVE,    /* keep data for later */
    DEMAND_CONFIRM,     /* an answer; what was done */
    DEMAND_CONTACT,     /* pass it on to the customer, warn them */
    DEMAND_STATEMENT,   /* an explanation, a form filled in */
    DEMAND_DECLARE,     /* a cease-and-desist declaration */
    DEMAND_PAY,         /* money */
    DEMAND_DELIST,      /* steps by which a listing is lifted */
    DEMAND_COUNT
} DemandKind;
const char *demand_kind_word(DemandKind kind); /* "stop" */

typedef struct {
    DemandKind kind;
    Quote *quote; /* the sentence that asks, never NULL */
} Demand;
void demand_free(Demand *demand);

/* What is said to be copied. Stored: append only. */
typedef enum {
    WORK_TITLE,
    WORK_FILE,
    WORK_HASH, /* of a torrent: 40 hex digits or 32 of base 32 */
    WORK_COUNT
} WorkKind;
const char *work_kind_word(WorkKind kind); /* "title" */

typedef struct {
    WorkKind kind;
    Quote *quote; /* the title, name or digits; never NULL */
} NamedWork;
void work_free(NamedWork *work);

/* The reporter's own name for the matter. */
typedef struct {
    Quote *value;  /* "AbuseID:4711:2F" */
    char *where;   /* "subject", "header X-...", "line" */
    bool is_inner; /* of the complaint that the sender passes on */
} Reference;

#define CHANNELS_MAX     8
#define DEMAND_KINDS_MAX DEMAND_COUNT /* each kind once */
#define WORKS_MAX        50           /* more are flagged "works-cut" */
#define CHANNEL_TEXT_MAX 2048         /* a URL */

/* Between processes; the get_ half breaks the record on nonsense. */
void wants_put(const GPtrArray *channels, const GPtrArray *demands,
               const GPtrArray *works, WireOut *out);
void wants_get(GPtrArray *channels, GPtrArray *demands, GPtrArray *works,
               WireIn *in);
