/*
 * history_join.h - one history of a base and of months that take the place of
 * the base's.
 *
 * A pure function of what is known: in whichever order and batches the months
 * come, the bytes are the same.
 */
#pragma once

#include "relay/history_map.h"
#include "relay/history_rows.h"

/* base may be NULL; months: each with one part (history_build()), ascending.
 * The rows are copies: base and months may go before they are written. */
HistoryRows *history_join(const History *base, const History *const *months,
                          guint count);
