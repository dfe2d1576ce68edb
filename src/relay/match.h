/*
 * match.h - an incident against the public record and the members.
 *
 * For each reading of the cited time the history is asked; a verdict is
 * stated only if all readings agree, else it is undecidable and each reading's
 * own verdict is shown beside it.
 */
#pragma once

#include "incident/incident.h"
#include "relay/history.h"

typedef struct {
    guint reading; /* index into the cited time's readings */
    Verdict verdict;
    char *why;
    char *member; /* id or NULL */
} ReadingMatch;

typedef struct {
    Verdict verdict;
    char *why;
    char *member;         /* id of the one member it was; NULL otherwise */
    GPtrArray *relays;    /* of RelaySighting: union over the readings */
    GPtrArray *documents; /* of RelayDocument */
    GPtrArray *readings;  /* of ReadingMatch */
    bool is_certain;      /* every reading CERTAIN and the policy known */
} Match;
void match_free(Match *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Match, match_free)

/* How many readings give the answer (verdict and member) of this one; 0: one
 * before it does. */
guint match_count_like(const Match *match, guint index);

/* history NULL: no relay data at all (undecidable, said so). members NULL or
 * empty: only the public record decides, member stays NULL and NOT_OURS is
 * not used. Only for incidents whose role is offender or unknown. */
Match *match_incident(const History *history, const Members *members,
                      const Incident *incident);
