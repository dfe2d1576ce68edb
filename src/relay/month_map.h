/*
 * month_map.h - one monthly part of the state, mapped.
 *
 * Opened in microseconds: only the head is checked. So whoever follows a
 * number in it checks it first.
 */
#pragma once

#include "relay/facts_file.h"
#include "relay/month.h"

#define MONTHS_NAME "months" /* directory of the parts, below the history's */

typedef struct {
    uint32_t month;
    char *path;
    GBytes *bytes;
    Section sections[STATE_SECTIONS];
} MonthMap;

/* "2026-05", "undated". */
char *month_new_name(uint32_t month);
/* False if it is no such name. */
bool month_parse_name(const char *name, uint32_t *out);

/* directory: the history's. Errors: MISSING, INVALID, DENIED. */
MonthMap *month_map_open(const char *directory, uint32_t month, GError **error);
void month_map_free(MonthMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MonthMap, month_map_free)

/* Where an item stands in a table of sorted hashes, or NO_INDEX. */
uint32_t month_map_find(const MonthMap *map, StateSection table,
                        const void *hash);

/* NULL: no such number. */
const char *month_map_text(const MonthMap *map, uint32_t number);
const Document *month_map_document(const MonthMap *map, uint32_t number);
const DescriptorFacts *month_map_descriptor(const MonthMap *map, bool is_micro,
                                            uint32_t digest);
