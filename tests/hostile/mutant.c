/*
 * gate.c is compiled once more into the tests that use this, with a table of
 * our own in the place of GATE_RULES (meson.build): a copy that loses the row
 * named by EXITDESK_WITHOUT_RULE. The gate that is shipped has no such hook.
 */
#include "policy/gate_rules.h"

#include <string.h>

#define RULES_MAX 200

extern GateRule mutant_rules[];
extern guint mutant_rule_count;
GateRule mutant_rules[RULES_MAX];
guint mutant_rule_count;

static bool leave_out(const char *id)
{
    for (guint i = 0; i < mutant_rule_count; i++) {
        if (strcmp(mutant_rules[i].id, id) != 0)
            continue;
        memmove(mutant_rules + i, mutant_rules + i + 1,
                (mutant_rule_count - i - 1) * sizeof *mutant_rules);
        mutant_rule_count--;
        return true;
    }
    return false;
}

static void __attribute__((constructor)) copy_rules(void)
{
    g_assert(GATE_RULE_COUNT <= RULES_MAX);
    memcpy(mutant_rules, GATE_RULES, GATE_RULE_COUNT * sizeof *mutant_rules);
    mutant_rule_count = GATE_RULE_COUNT;
    const char *id = g_getenv("EXITDESK_WITHOUT_RULE");
    if (id && !leave_out(id))
        g_error("the gate has no rule %s", id);
}
