/*
 * early_lookup.h - an answer from before there was a consensus.
 *
 * For beside.c.
 */
#pragma once

#include "relay/history.h"

typedef struct EarlyMap EarlyMap;

/* Map DIR/early's hours of that protocol; NULL if there are none. */
EarlyMap *early_map_open(const char *directory, guint protocol);
void early_map_free(EarlyMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EarlyMap, early_map_free)
bool early_map_is_stale(const EarlyMap *map, const char *directory,
                        guint protocol);

/* What is known of the stretch, in place of the lookup's own answer: it knew
 * no consensus. False if nothing is known here either; the lookup then says at
 * most that too few servers were heard. */
bool early_map_answer(const EarlyMap *map, const IpAddress *ip, Interval when,
                      int port, bool is_tcp, Lookup *lookup);

/* Hours known, and first and last of them, for "relay status". */
uint64_t early_map_hours(const EarlyMap *map, Interval *span);
