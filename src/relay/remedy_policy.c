/*
 * What a full policy says of one destination, all of it.
 *
 * A destination is closed if the first rule that meets it rejects the whole
 * of it. Rules that reject a part are remembered: if an "accept" follows, only
 * adding up all of them would tell, and that is not done, since lines of ours
 * name one address and one port. It is said that this is not seen.
 *
 * IPv6 rules stand in torrc only; a descriptor has the list of ports that
 * are open to most of IPv6. So a single IPv6 address is never seen closed,
 * unless its port is closed altogether.
 */
#include "relay/remedy_policy.h"

#include "relay/portpolicy.h"

#include <stdlib.h>
#include <string.h>

#define VERB_LENGTH 7 /* "accept ", "reject " */
#define V4_BITS     96
#define PORT_MAX    65535

static const char *const VIEWS[] = {
    [REMEDY_UNSEEN] = "cannot-be-seen",
    [REMEDY_OPEN] = "open",
    [REMEDY_CLOSED] = "closed",
    [REMEDY_NO_EXIT] = "no-exit",
};

const char *remedy_view_word(RemedyView view)
{
    g_assert(view < G_N_ELEMENTS(VIEWS));
    return VIEWS[view];
}

/* ---- rules --------------------------------------------------------------- */

static bool read_prefix(const char *text, size_t length, RemedyRule *out)
{
    static const char *const NOWHERE[] = {"private", "self"};
    for (guint i = 0; i < G_N_ELEMENTS(NOWHERE); i++)
        if (strlen(NOWHERE[i]) == length &&
            memcmp(text, NOWHERE[i], length) == 0)
            out->is_private = true;
    g_autofree char *copy = length == 1 && *text == '*'
                                ? g_strdup("0.0.0.0/0")
                                : g_strndup(text, length);
    return out->is_private || ip_prefix_parse(copy, &out->prefix);
}

static bool read_ports(const char *text, size_t length, RemedyRule *out)
{
    g_autofree char *copy = g_strndup(text, length);
    char *end;
    out->low = 0;
    out->high = PORT_MAX;
    if (g_str_equal(copy, "*"))
        return true;
    out->low = out->high = (uint16_t)strtoul(copy, &end, 10);
    if (*end == '-')
        out->high = (uint16_t)strtoul(end + 1, &end, 10);
    return end > copy && !*end && out->low <= out->high;
}

static bool read_rule(const char *text, size_t length, RemedyRule *out)
{
    const char *colon = memrchr(text, ':', length);
    if (!colon || colon - text <= VERB_LENGTH)
        return false;
    *out = (RemedyRule){.accept = *text == 'a', .text = text, .length = length};
    return read_prefix(text + VERB_LENGTH, (size_t)(colon - text) - VERB_LENGTH,
                       out) &&
           read_ports(colon + 1, length - (size_t)(colon + 1 - text), out);
}

GArray *remedy_rules(const char *policy)
{
    const char *tab = policy ? strchr(policy, '\t') : NULL;
    const char *at = tab ? strchr(tab + 1, '\t') : NULL;
    if (!at || (*policy != 'F' && *policy != 'N'))
        return NULL;
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(RemedyRule));
    for (at++; *at;) {
        size_t length = strcspn(at, ",");
        RemedyRule rule;
        if (!read_rule(at, length, &rule))
            return NULL;
        g_array_append_val(rules, rule);
        at += length + (at[length] == ',');
    }
    return g_steal_pointer(&rules);
}

char *remedy_ipv6_summary(const char *policy)
{
    const char *tab = policy ? strchr(policy, '\t') : NULL;
    const char *end = tab ? strchr(tab + 1, '\t') : NULL;
    return end && end > tab + 1 ? g_strndup(tab + 1, (gsize)(end - tab - 1))
                                : NULL;
}

bool remedy_rule_covers(const RemedyRule *rule, const RemedyTarget *target)
{
    return !rule->is_private && rule->low <= target->low &&
           rule->high >= target->high &&
           rule->prefix.bits <= target->destination.bits &&
           ip_prefix_contains(&rule->prefix, &target->destination.base);
}

bool remedy_rule_meets(const RemedyRule *rule, const RemedyTarget *target)
{
    return !rule->is_private && rule->low <= target->high &&
           rule->high >= target->low &&
           (ip_prefix_contains(&rule->prefix, &target->destination.base) ||
            ip_prefix_contains(&target->destination, &rule->prefix.base));
}

/* ---- seeing -------------------------------------------------------------- */

static RemedySight unseen(const char *why)
{
    return (RemedySight){.view = REMEDY_UNSEEN, .rule = g_strdup(why)};
}

static bool is_own_line(const RemedyRule *rule, const RemedyTarget *target)
{
    bool every = target->low == 1 && target->high == PORT_MAX;
    return rule->prefix.bits == target->destination.bits &&
           rule->high == target->high &&
           (rule->low == target->low || (every && rule->low == 0));
}

static RemedySight sight_of(const RemedyRule *rule, const RemedyTarget *target)
{
    return (RemedySight){
        .view = rule->accept ? REMEDY_OPEN : REMEDY_CLOSED,
        .rule = g_strndup(rule->text, rule->length),
        .is_own_line = !rule->accept && is_own_line(rule, target),
        .is_meant = rule->accept && rule->prefix.bits > V4_BITS,
    };
}

static RemedySight see_ipv4(const GArray *rules, const RemedyTarget *target)
{
    bool has_part = false;
    for (guint i = 0; i < rules->len; i++) {
        const RemedyRule *rule = &g_array_index(rules, RemedyRule, i);
        if (!remedy_rule_meets(rule, target))
            continue;
        bool covers = remedy_rule_covers(rule, target);
        if ((rule->accept && !has_part) || (!rule->accept && covers))
            return sight_of(rule, target);
        if (rule->accept)
            break;
        has_part = true;
    }
    return has_part
               ? unseen("several rules reject parts of it")
               : (RemedySight){.view = REMEDY_OPEN,
                               .rule = g_strdup("no rule matches: accept")};
}

static RemedySight see_ipv6(const char *policy, const RemedyTarget *target)
{
    g_autofree char *summary = remedy_ipv6_summary(policy);
    if (!summary)
        return unseen("its IPv6 policy is not known");
    if (g_str_equal(summary, REJECT_ALL))
        return (RemedySight){.view = REMEDY_NO_EXIT,
                             .rule = g_steal_pointer(&summary)};
    if (target->low == target->high) {
        PolicyReading reading = policy_read(policy, true, target->low);
        g_free(reading.text);
        if (reading.answer == POLICY_REJECTED)
            return (RemedySight){
                .view = REMEDY_CLOSED,
                .rule = g_strconcat("ipv6-policy ", summary, NULL)};
    }
    return unseen("descriptors show no rules for single IPv6 addresses");
}

RemedySight remedy_see(const char *policy, const RemedyTarget *target)
{
    if (!policy)
        return unseen("its policy is not known");
    g_autoptr(GArray) rules = remedy_rules(policy);
    if (!rules)
        return unseen("only a summary of its policy is known");
    if (!ip_is_v4(&target->destination.base))
        return see_ipv6(policy, target);
    PolicyReading any = policy_read(policy, false, -1);
    g_autofree char *summary = any.text;
    if (any.is_known && !any.allows_anything)
        return (RemedySight){.view = REMEDY_NO_EXIT,
                             .rule = g_steal_pointer(&summary)};
    return see_ipv4(rules, target);
}

/* ---- the Exit flag ------------------------------------------------------- */

/* The /8 networks that a rule touches. */
static void first_and_last(const IpPrefix *prefix, guint *first, guint *last)
{
    guint bits = prefix->bits - V4_BITS;
    *first = prefix->base.bytes[12];
    *last = bits >= 8 ? *first : *first + (256u >> bits) - 1;
}

/* A /8 of which nothing is rejected before all of it is accepted. */
static bool has_open_eighth(const GArray *rules, const RemedyTarget *extra,
                            uint16_t port)
{
    bool is_rejected[256] = {[0] = true, [10] = true, [127] = true};
    guint first, last;
    if (extra && ip_is_v4(&extra->destination.base) && port >= extra->low &&
        port <= extra->high) {
        first_and_last(&extra->destination, &first, &last);
        for (guint i = first; i <= last; i++)
            is_rejected[i] = true;
    }
    for (guint r = 0; r < rules->len; r++) {
        const RemedyRule *rule = &g_array_index(rules, RemedyRule, r);
        if (rule->is_private || port < rule->low || port > rule->high)
            continue;
        first_and_last(&rule->prefix, &first, &last);
        for (guint i = first; i <= last; i++) {
            if (is_rejected[i])
                continue;
            if (rule->accept && rule->prefix.bits <= V4_BITS + 8)
                return true;
            is_rejected[i] = !rule->accept;
        }
    }
    /* what no rule names is let out, but authorities count named ones only */
    return false;
}

bool remedy_is_general_exit(const char *policy, const RemedyTarget *extra)
{
    g_autoptr(GArray) rules = remedy_rules(policy);
    return rules && has_open_eighth(rules, extra, 80) &&
           has_open_eighth(rules, extra, 443);
}
