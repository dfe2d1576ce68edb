/*
 * history_figures.h - the history as a whole: what it holds, is it sound.
 *
 * For "relay status"; no verdict depends on it.
 */
#pragma once

#include "relay/history.h"

/* What the history holds, for "relay status". */
typedef struct {
    Interval span;
    uint64_t hours;             /* with a consensus of either flavour */
    uint64_t missing_hours;     /* within the span, without one */
    uint64_t quarantined_hours; /* with an unverified one only */
    uint64_t relays, ipv4_intervals, ipv6_intervals, periods, scans;
    uint64_t documents[16]; /* by kind, see history_document_word() */
    uint64_t file_bytes;
} HistoryFigures;
HistoryFigures history_figures(const History *history);
/* "consensus", "exit-list", ...; NULL behind the last kind. */
const char *history_document_word(guint kind);

/* Read the whole file and compare it with its hash: what "relay status
 * --verify" does; opening checks the table of contents only. Errors: INVALID. */
bool history_verify(const History *history, GError **error);
