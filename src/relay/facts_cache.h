/*
 * facts_cache.h - what of a tor's cache must not be kept.
 *
 * For facts.c, facts_file.c and walk.c; the essay is in facts_cache.c.
 */
#pragma once

#include "relay/facts.h"

bool document_name_is_of_cache(const char *name);
/* May one of them be? One look at all is cheaper than many. */
bool document_names_may_be_of_cache(const void *texts, size_t length);
/* Order in which a document prefers its names. */
int document_name_compare(const char *a, const char *b);

/* Which numbers stay; the arrays are yours. */
typedef struct {
    bool *documents, *routers, *micros;
} FactsKept;
/* Forget the held that no consensus of the one layer names. */
void facts_forget_held(Facts *facts, FactsKept *kept);

/* Join the scans put so far, to save memory (facts_settle.c). */
void facts_join_scans(Facts *facts);
