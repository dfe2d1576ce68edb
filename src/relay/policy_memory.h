/*
 * policy_memory.h - what the rules of descriptors became.
 *
 * A relay's descriptor comes anew every 18 hours and mostly with the same
 * rules; to make a stored policy of them (portpolicy.h) is half the work of
 * reading one.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct PolicyMemory PolicyMemory;

PolicyMemory *policy_memory_new(void);
void policy_memory_free(PolicyMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PolicyMemory, policy_memory_free)

/* rules: bytes that no other rules have. Borrowed until the next call; NULL: not
 * known. */
const char *policy_memory_find(const PolicyMemory *memory,
                               const GString *rules);
/* Not known so far. */
void policy_memory_put(PolicyMemory *memory, const GString *rules,
                       const char *policy);
