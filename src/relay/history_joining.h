/*
 * history_joining.h - several histories while they are joined.
 *
 * For the history_join*.c only. Each source has windows: the hours of it that
 * are taken. The base's leave out the months that are replaced.
 */
#pragma once

#include "relay/history_join.h"
#include "relay/history_rows.h"

typedef struct {
    uint32_t first, end; /* hours of the source */
    uint32_t base;       /* the first one's number in the joined history */
} Window;

typedef struct {
    const History *history;
    GArray *windows;                    /* of Window, ascending */
    uint32_t *relays, *manners, *texts; /* new number by old */
    size_t at;                          /* in the table being merged */
} JoinSource;

typedef struct {
    GArray *sources; /* of JoinSource; the base first, if there is one */
    HistoryRows *rows;
} Join;

static inline JoinSource *join_source(const Join *join, guint index)
{
    return &g_array_index(join->sources, JoinSource, index);
}

/* Append the pieces of a run within the windows, in new hours; its value is
 * the caller's to renumber. */
void join_cut(const JoinSource *source, uint32_t hour_bits, HourRun run,
              GArray *pieces);
/* Would that append anything? */
bool join_keeps(const JoinSource *source, uint32_t hour_bits,
                const HourRun *run);
/* Join pieces of one value that touch. Sorts by value and from. */
void join_pieces(const Join *join, uint32_t hour_bits, GArray *pieces);
/* Sort by from and value. */
void join_sort_pieces(GArray *pieces);

/* Fill texts and manners of the rows, and the sources' maps. */
void join_manners(Join *join);

/* Append the packed runs of a range, if they all lie within windows, with
 * their values renumbered; else nothing. */
bool join_copy_runs(const JoinSource *source, const uint64_t *runs, Range range,
                    const uint32_t *values, size_t value_count, GArray *out);
/* Begin again with the first item of each source. */
void join_rewind(Join *join);
/* Fill the addresses of one family; pieces: to work with. */
void join_addresses(Join *join, bool is_v6, GArray *pieces);
