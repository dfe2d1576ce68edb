/*
 * What a pack says of its country as a whole, not of a kind of complaint.
 *
 * What can only be so or so (the channel, the retention duty) comes from the
 * nearest pack that says it; steps and traps add up, since those for
 * everywhere hold in every country too.
 */
#include "policy/pack.h"

static const struct {
    const char *key;
    bool adds_up; /* every pack of the chain speaks */
} LINES[] = {
    {"reviewed", false},           {"retention_duty", false},
    {"retention_note", false},     {"traps", true},
    {"authority.tell", false},     {"authority.channel", false},
    {"authority.checklist", true}, {"authority.never", true},
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

GPtrArray *policy_country_lines(const Policies *policies, const char *country)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(policy_line_free);
    g_autofree char *chain = policy_chain(policies, country);
    g_auto(GStrv) codes = g_strsplit(chain, " ", -1);
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        guint count = 0;
        for (char **code = codes; *code; code++) {
            const Pack *pack = policies_pack(policies, *code);
            if (pack && (count == 0 || LINES[i].adds_up))
                count += add_lines(lines, pack, LINES[i].key);
        }
    }
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
