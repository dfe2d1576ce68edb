/*
 * history_query.h - a lookup while it is being answered.
 *
 * For history.c, which judges, and history_words.c, which puts it in words.
 */
#pragma once

#include "relay/history_map.h"

/* Why a moment is judged as it is; the verdict follows. */
typedef enum {
    CAUSE_NO_CONSENSUS,
    CAUSE_CONCEIVABLE,
    CAUSE_UNKNOWN_POLICY,
    CAUSE_NARROW,
    CAUSE_SCAN_DISAGREES,
    CAUSE_EXIT,
    CAUSE_PORT,
    CAUSE_PROTOCOL,
    CAUSE_NO_EXIT,
    CAUSE_NOT_LISTED,
} Cause;

Verdict cause_verdict(Cause cause);

/* The question, and what has been found so far. */
typedef struct {
    const History *history;
    const IpAddress *ip;
    int port;
    const char *protocol;
    bool is_tcp;
    Lookup *lookup;
} Query;

/* Does its policy accept what was asked for? */
bool sighting_is_accepted(const RelaySighting *sighting);

/* "2026-05-03 14:02"; yours to free. */
char *clock_new_text(Instant t);
/* "at 2026-05-03 14:02 UTC"; of more than a minute "from ... to ... UTC". */
char *stretch_new_text(Interval when);
/* The sentence for a cause that holds all that time; yours to free. */
char *cause_new_why(const Query *query, Cause cause, Interval stretch);
