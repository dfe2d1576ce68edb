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
    GArray *windows;  /* of Window, ascending */
    uint32_t settled; /* runs that end before that hour of the base stay as
                         they are: no other source's can touch them */
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

/* Begin again with the first item of each source. */
void join_rewind(Join *join);

/* Rows of one source that no other has are copied in stretches; a row that
 * cannot be copied, at most once in each. */
#define JOIN_STRETCH 256

/* ---- runs: history_join_runs.c ---------------------------------------------- */

/* Packed runs of a source, and the new numbers of their values. */
typedef struct {
    const uint64_t *runs;
    const uint32_t *values;
    size_t value_count;
} RunTable;

/* Where the runs of rows begin, in the rows' own items. */
typedef struct {
    const void *first;
    size_t stride;
} RowStarts;
size_t row_start(RowStarts starts, size_t row);

/* The rows of a stretch, from first to at most end, that have ascending starts
 * up to count. */
size_t rows_in_order(RowStarts starts, size_t first, size_t end, size_t count);
/* Of these, those whose items end at stop or before. */
size_t rows_before(RowStarts starts, size_t first, size_t end, size_t stop);

/* Append runs as long as they lie within windows, with hours and values
 * renumbered; returns where that ended. */
size_t join_copy_runs(const JoinSource *source, const RunTable *table,
                      Range range, GArray *out);
/* Of a row that several sources may have: append to out what stays as it is,
 * in pieces what is to be joined. The base's first. */
void join_add_runs(const JoinSource *source, const RunTable *table, Range range,
                   uint32_t hour_bits, GArray *pieces, GArray *out);
/* Join the pieces that touch, append them to out by from and value. */
void join_end_runs(const Join *join, uint32_t hour_bits, GArray *pieces,
                   GArray *out);
/* Does any part of the run lie within windows? */
bool join_keeps(const JoinSource *source, uint32_t hour_bits,
                const HourRun *run);

/* ---- tables ------------------------------------------------------------------ */

/* Fill relays, but for where their periods begin, and the sources' maps. */
void join_relays(Join *join);
/* Fill texts, manners and periods of the relays. */
void join_manners(Join *join);
void join_periods(Join *join);
/* Fill the addresses of one family. */
void join_addresses(Join *join, bool is_v6);
