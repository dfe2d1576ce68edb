/*
 * What a pack says of its country as a whole, not of a kind of complaint.
 *
 * What can only be so or so (the channel, the retention duty) comes from the
 * nearest pack that says it. Traps and steps add up, since those for
 * everywhere hold in every country too: the steps from the general to the
 * country's own, as they are done; the traps from the nearest.
 */
#include "policy/pack.h"

typedef enum { NEAREST_ONLY, NEAREST_FIRST, FARTHEST_FIRST } Order;

static const struct {
    const char *key;
    Order order;
} LINES[] = {
    {"reviewed", NEAREST_ONLY},
    {"retention_duty", NEAREST_ONLY},
    {"retention_note", NEAREST_ONLY},
    {"traps", NEAREST_FIRST},
    {"authority.tell", NEAREST_ONLY},
    {"authority.channel", NEAREST_ONLY},
    {"authority.checklist", FARTHEST_FIRST},
    {"authority.never", FARTHEST_FIRST},
};

static guint add_lines(GPtrArray *lines, const Pack *pack, const char *key)
{
    guint count = schema_count(pack->values, key);
    for (guint i = 0; i < count; i++) {
        const SchemaItem *item = schema_item(pack->values, key, i);
        g_ptr_array_add(
            lines, policy_line_new(key, item->text, item->file, item->line));
    }
    return count;
}

static void add_key(GPtrArray *lines, const Policies *policies,
                    char *const *codes, guint index)
{
    guint count = g_strv_length((char **)codes);
    for (guint i = 0; i < count; i++) {
        guint at = LINES[index].order == FARTHEST_FIRST ? count - 1 - i : i;
        const Pack *pack = policies_pack(policies, codes[at]);
        guint added = pack ? add_lines(lines, pack, LINES[index].key) : 0;
        if (added > 0 && LINES[index].order == NEAREST_ONLY)
            return;
    }
}

GPtrArray *policy_country_lines(const Policies *policies, const char *country)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(policy_line_free);
    g_autofree char *chain = policy_chain(policies, country);
    g_auto(GStrv) codes = g_strsplit(chain, " ", -1);
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++)
        add_key(lines, policies, codes, i);
    return lines;
}

Retention policy_retention_duty(const Policies *policies, const char *country)
{
    g_autofree char *chain = policy_chain(policies, country);
    g_auto(GStrv) codes = g_strsplit(chain, " ", -1);
    for (char **code = codes; *code; code++) {
        const Pack *pack = policies_pack(policies, *code);
        if (pack && schema_count(pack->values, "retention_duty") > 0)
            return (Retention)schema_number(pack->values, "retention_duty");
    }
    return RETENTION_UNKNOWN;
}
