/*
 * beside.h - what is known beside the history, and changes what it answers.
 *
 * Three files of their own, mapped or read when the history is opened:
 * DIR/early (what servers said before there was a consensus), DIR/signed (hours
 * whose consensuses contradict each other) and DIR/traffic (what relays say of
 * their own exit traffic). For the files of relay/, the tests and "relay
 * status".
 */
#pragma once

#include "relay/history.h"

typedef struct Beside Beside;

Beside *beside_open(const char *directory);
void beside_free(Beside *beside);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Beside, beside_free)
/* Is any of its files another one now? */
bool beside_is_stale(const Beside *beside);

/* Complete the history's answer. knows_hour: the history has a consensus of
 * the day that ends with the stretch. */
void beside_answer(const Beside *beside, const IpAddress *ip, Interval when,
                   int port, bool is_tcp, bool knows_hour, Lookup *lookup);

typedef struct {
    uint64_t status_hours, directory_hours; /* of versions 2 and 1 */
    Interval statuses, directories;         /* from the first to the last */
    uint64_t contradictions;                /* hours */
    uint64_t traffic_days;                  /* relays' days that are believed */
    uint64_t hints;                         /* relays and addresses */
} BesideFigures;
BesideFigures beside_figures(const char *directory);
