/*
 * history_build.h - the history of one month, derived from its facts.
 *
 * A pure function: equal facts give equal bytes. history_join.c makes one
 * history of many months'.
 */
#pragma once

#include "relay/facts.h"
#include "relay/history_rows.h"
#include "relay/sections.h"

/* The bytes of a history file with the part of that month alone; state is the
 * hash of the part of the state that it comes from. Errors: LIMIT. */
GBytes *history_build(const Facts *facts, uint32_t month,
                      const uint8_t state[32], GError **error);

/* The same of a part where it is mapped or about to be written (facts_file.h),
 * once it was checked; history_build_end() frees the rows. */
HistoryRows *history_build_rows(const Section *facts, uint32_t month);
GBytes *history_build_end(HistoryRows *rows, const uint8_t state[32],
                          GError **error);
