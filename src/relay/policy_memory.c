#include "relay/policy_memory.h"

#include "relay/intern.h"

#include <string.h>

/* Ten times the relays of 2026, most of which only reject; beyond it, all is
 * forgotten. */
#define BYTES_MAX (32u << 20)

struct PolicyMemory {
    Intern *rules;       /* numbers: index into policies */
    GPtrArray *policies; /* of char, owned */
    size_t bytes;
};

static void begin(PolicyMemory *memory)
{
    memory->rules = intern_new(0);
    memory->policies = g_ptr_array_new_with_free_func(g_free);
    memory->bytes = 0;
}

static void end(PolicyMemory *memory)
{
    intern_free(memory->rules);
    g_ptr_array_unref(memory->policies);
}

PolicyMemory *policy_memory_new(void)
{
    PolicyMemory *memory = g_new0(PolicyMemory, 1);
    begin(memory);
    return memory;
}

void policy_memory_free(PolicyMemory *memory)
{
    if (!memory)
        return;
    end(memory);
    g_free(memory);
}

const char *policy_memory_find(const PolicyMemory *memory, const GString *rules)
{
    uint32_t number = intern_find(memory->rules, rules->str, rules->len);
    return number == UINT32_MAX ? NULL
                                : g_ptr_array_index(memory->policies, number);
}

void policy_memory_put(PolicyMemory *memory, const GString *rules,
                       const char *policy)
{
    size_t bytes = rules->len + strlen(policy);
    if (bytes > BYTES_MAX)
        return;
    if (memory->bytes + bytes > BYTES_MAX) {
        end(memory);
        begin(memory);
    }
    memory->bytes += bytes;
    intern_put(memory->rules, rules->str, rules->len);
    g_ptr_array_add(memory->policies, g_strdup(policy));
}
