/*
 * Exit policies, as far as a complaint needs them.
 *
 * The question is "would this relay have connected to port P?" for a target
 * that the complaint rarely names by address: portreach.c counts to how many
 * addresses.
 *
 * Rules that reject private space or the relay's own address are in nearly
 * every policy and differ from relay to relay only by that address. They are
 * written as "reject private" and "reject self" so that one policy is stored
 * once. Considered and rejected: storing the raw lines (ten times the size).
 */
#include "relay/portpolicy.h"

#include "relay/portreach.h"

#include <string.h>

#define PORT_MAX 65535

/* Decimal without sign, at most max; false if there is no digit. */
static bool take_number(const char **at, const char *end, uint32_t max,
                        uint32_t *out)
{
    const char *start = *at;
    uint32_t value = 0;
    while (*at < end && g_ascii_isdigit(**at) && value <= max)
        value = value * 10 + (uint32_t)(*(*at)++ - '0');
    *out = value;
    return *at > start && value <= max;
}

/* "80" or "80-90". */
static bool take_ports(const char **at, const char *end, uint16_t *low,
                       uint16_t *high)
{
    uint32_t first, last;
    if (!take_number(at, end, PORT_MAX, &first))
        return false;
    last = first;
    if (*at < end && **at == '-') {
        (*at)++;
        if (!take_number(at, end, PORT_MAX, &last))
            return false;
    }
    *low = (uint16_t)first;
    *high = (uint16_t)last;
    return first <= last;
}

static bool summary_verb(const char *text, size_t length, bool *accept)
{
    if (length <= 7 || text[6] != ' ')
        return false;
    *accept = memcmp(text, "accept", 6) == 0;
    return *accept || memcmp(text, "reject", 6) == 0;
}

/* Walk the ports of a summary. Finds whether it is well formed and, if port
 * is not negative, whether it lists the port. */
static bool summary_lists(const char *text, size_t length, int port,
                          bool *lists, bool *accept)
{
    if (!summary_verb(text, length, accept))
        return false;
    *lists = false;
    for (const char *at = text + 7, *end = text + length;; at++) {
        uint16_t low, high;
        if (!take_ports(&at, end, &low, &high))
            return false;
        *lists |= port >= low && port <= high;
        if (at == end)
            return true;
        if (*at != ',')
            return false;
    }
}

bool port_summary_is_valid(const char *text, size_t length)
{
    bool lists, accept;
    return summary_lists(text, length, -1, &lists, &accept);
}

char *policy_from_summaries(const char *ipv4, const char *ipv6)
{
    return g_strdup_printf("S%s\t%s\t", ipv4 ? ipv4 : "", ipv6 ? ipv6 : "");
}

void policy_rules_init(PolicyRules *rules, const IpAddress *own)
{
    rules->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    rules->own = *own;
}

void policy_rules_clear(PolicyRules *rules)
{
    g_clear_pointer(&rules->rules, g_array_unref);
}

static uint32_t mask_of(uint32_t bits)
{
    return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

static uint32_t v4_of(const IpAddress *ip)
{
    return (uint32_t)ip->bytes[12] << 24 | (uint32_t)ip->bytes[13] << 16 |
           (uint32_t)ip->bytes[14] << 8 | ip->bytes[15];
}

/* "/8", or "/255.0.0.0" as descriptors of 2005 have it; a mask with holes is
 * no prefix and is refused. */
static bool read_mask(const char *text, size_t length, uint8_t *bits)
{
    const char *at = text;
    uint32_t number;
    if (take_number(&at, text + length, 32, &number) && at == text + length) {
        *bits = (uint8_t)number;
        return true;
    }
    IpAddress mask;
    if (!ip_parse(text, length, &mask) || !ip_is_v4(&mask))
        return false;
    uint32_t value = v4_of(&mask);
    *bits = (uint8_t)__builtin_popcount(value);
    return value == mask_of(*bits);
}

static bool read_target(const char *text, size_t length, Rule *rule)
{
    if ((length == 1 || (length == 2 && text[1] == '4')) && *text == '*')
        return true;
    const char *slash = memchr(text, '/', length);
    size_t address_length = slash ? (size_t)(slash - text) : length;
    IpAddress ip;
    rule->bits = 32;
    if (!ip_parse(text, address_length, &ip) || !ip_is_v4(&ip))
        return false;
    if (slash &&
        !read_mask(slash + 1, length - address_length - 1, &rule->bits))
        return false;
    rule->base = v4_of(&ip) & mask_of(rule->bits);
    return true;
}

static RuleKind rule_kind(const Rule *rule, const IpAddress *own)
{
    if (rule->accept)
        return RULE_PUBLIC;
    const PrivateNet *net = private_net_around(rule);
    if (net && net->bits == rule->bits)
        return RULE_PRIVATE;
    return rule->bits == 32 && rule->base == v4_of(own) ? RULE_SELF
                                                        : RULE_PUBLIC;
}

/* Behind "reject self" nothing of its own address is open. */
static bool is_behind_self(const PolicyRules *rules, const Rule *rule)
{
    if (!rule->accept || rule->bits != 32 || rule->base != v4_of(&rules->own))
        return false;
    for (guint i = 0; i < rules->rules->len; i++) {
        const Rule *before = &g_array_index(rules->rules, Rule, i);
        if (before->kind == RULE_SELF && before->low <= rule->low &&
            before->high >= rule->high)
            return true;
    }
    return false;
}

bool policy_rules_add(PolicyRules *rules, bool accept, const char *pattern,
                      size_t length)
{
    const char *colon = memrchr(pattern, ':', length);
    if (!colon || rules->rules->len >= POLICY_RULES_MAX)
        return false;
    size_t target_length = (size_t)(colon - pattern);
    /* IPv6 rules stand in torrc only, but old descriptors may repeat them;
     * they say nothing about IPv4, and ipv6-policy rules IPv6. */
    if (*pattern == '[' || (target_length == 2 && pattern[1] == '6'))
        return true;
    Rule rule = {.accept = accept, .low = 0, .high = PORT_MAX};
    const char *at = colon + 1, *end = pattern + length;
    if (!read_target(pattern, target_length, &rule))
        return false;
    bool any_port = end - at == 1 && *at == '*';
    if (!any_port &&
        (!take_ports(&at, end, &rule.low, &rule.high) || at != end))
        return false;
    if (is_behind_self(rules, &rule))
        return true;
    rule.kind = rule_kind(&rule, &rules->own);
    g_array_append_val(rules->rules, rule);
    return true;
}

static int compare_ports(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* Where the answer may change: the first port of each rule and the one after
 * its last. */
static GArray *port_borders(const GArray *rules)
{
    GArray *borders = g_array_new(FALSE, FALSE, sizeof(int));
    int first = 1;
    g_array_append_val(borders, first);
    for (guint i = 0; i < rules->len; i++) {
        const Rule *rule = &g_array_index(rules, Rule, i);
        int low = MAX(rule->low, 1), after = rule->high + 1;
        g_array_append_val(borders, low);
        if (after <= PORT_MAX)
            g_array_append_val(borders, after);
    }
    g_array_sort(borders, compare_ports);
    return borders;
}

static void append_ports(GString *list, int low, int high)
{
    if (list->len > 0)
        g_string_append_c(list, ',');
    if (low == high)
        g_string_append_printf(list, "%d", low);
    else
        g_string_append_printf(list, "%d-%d", low, high);
}

/* The ports that are accepted for most addresses; and whether any is for some.
 */
static char *summary_of_rules(const GArray *rules, bool *has_accept)
{
    g_autoptr(GArray) borders = port_borders(rules);
    g_autoptr(GArray) placed = rules_by_address(rules);
    g_autoptr(GString) accepted = g_string_new(NULL);
    int open_at = 0, previous = 0;
    for (guint i = 0; i < borders->len; i++) {
        int port = g_array_index(borders, int, i);
        if (port == previous)
            continue;
        previous = port;
        Reach reach = port_reach(rules, placed, (uint16_t)port).reach;
        bool accept = reach == REACH_MOST;
        *has_accept |= reach != REACH_NONE;
        if (accept && open_at == 0)
            open_at = port;
        if (!accept && open_at != 0) {
            append_ports(accepted, open_at, port - 1);
            open_at = 0;
        }
    }
    if (open_at != 0)
        append_ports(accepted, open_at, PORT_MAX);
    if (accepted->len == 0)
        return g_strdup(REJECT_ALL);
    return g_strconcat("accept ", accepted->str, NULL);
}

static void append_rule(GString *text, const Rule *rule)
{
    g_string_append(text, rule->accept ? "accept " : "reject ");
    if (rule->kind == RULE_PRIVATE)
        g_string_append(text, "private");
    else if (rule->kind == RULE_SELF)
        g_string_append(text, "self");
    else if (rule->bits == 0)
        g_string_append_c(text, '*');
    else
        g_string_append_printf(text, "%u.%u.%u.%u", rule->base >> 24,
                               rule->base >> 16 & 255, rule->base >> 8 & 255,
                               rule->base & 255);
    if (rule->kind == RULE_PUBLIC && rule->bits > 0 && rule->bits < 32)
        g_string_append_printf(text, "/%u", rule->bits);
    if (rule->low == 0 && rule->high == PORT_MAX)
        g_string_append(text, ":*");
    else if (rule->low == rule->high)
        g_string_append_printf(text, ":%u", rule->low);
    else
        g_string_append_printf(text, ":%u-%u", rule->low, rule->high);
}

char *policy_from_rules(const PolicyRules *rules, const char *ipv6)
{
    bool has_accept = false;
    g_autofree char *summary = summary_of_rules(rules->rules, &has_accept);
    bool is_narrow = has_accept && g_str_equal(summary, REJECT_ALL);
    GString *text = g_string_new(is_narrow ? "N" : "F");
    g_string_append_printf(text, "%s\t%s\t", summary, ipv6 ? ipv6 : REJECT_ALL);
    bool has_private = false;
    size_t start = text->len;
    for (guint i = 0; i < rules->rules->len; i++) {
        const Rule *rule = &g_array_index(rules->rules, Rule, i);
        bool any_port = rule->low == 0 && rule->high == PORT_MAX;
        if (rule->kind == RULE_PRIVATE && any_port && has_private)
            continue;
        has_private |= rule->kind == RULE_PRIVATE && any_port;
        if (text->len > start)
            g_string_append_c(text, ',');
        append_rule(text, rule);
    }
    return g_string_free(text, FALSE);
}

/* The rule as it is written in a stored policy; "private" and "self" never
 * decide anything and are left out. */
static bool read_stored_rule(const char *text, size_t length, Rule *rule)
{
    const char *colon = memrchr(text, ':', length);
    if (!colon || colon - text <= 7)
        return false;
    *rule = (Rule){.accept = *text == 'a', .high = PORT_MAX};
    const char *at = colon + 1;
    if (*at != '*' && !take_ports(&at, text + length, &rule->low, &rule->high))
        return false;
    return read_target(text + 7, (size_t)(colon - text) - 7, rule);
}

/* The rules of a stored policy. */
static GArray *read_stored(const char *stored)
{
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    for (const char *at = stored; *at;) {
        size_t length = strcspn(at, ",");
        Rule rule;
        if (read_stored_rule(at, length, &rule))
            g_array_append_val(rules, rule);
        at += length + (at[length] == ',');
    }
    return rules;
}

static char *rule_text(const GArray *rules, guint number)
{
    if (number == rules->len)
        return g_strdup("no rule matches: accept");
    GString *text = g_string_new(NULL);
    append_rule(text, &g_array_index(rules, Rule, number));
    return g_string_free(text, FALSE);
}

/* What a full policy says about a port. */
static void read_rules(const char *stored, uint16_t port, PolicyReading *out)
{
    g_autoptr(GArray) rules = read_stored(stored);
    g_autoptr(GArray) placed = rules_by_address(rules);
    PortReach found = port_reach(rules, placed, port);
    out->text = rule_text(rules, found.decided_by);
    out->is_partial = found.reach == REACH_FEW;
    switch (found.reach) {
    case REACH_NONE:
        out->answer = POLICY_REJECTED;
        return;
    case REACH_FEW:
        out->answer = POLICY_PROBABLY_REJECTED;
        return;
    case REACH_MOST:
        out->answer =
            found.is_split ? POLICY_PROBABLY_ACCEPTED : POLICY_ACCEPTED;
        return;
    }
    g_assert_not_reached();
}

static PolicyAnswer answer_of(bool accepted, bool is_full)
{
    if (accepted)
        return is_full ? POLICY_ACCEPTED : POLICY_PROBABLY_ACCEPTED;
    return is_full ? POLICY_REJECTED : POLICY_PROBABLY_REJECTED;
}

PolicyReading policy_read(const char *policy, bool is_ipv6, int port)
{
    PolicyReading reading = {.answer = POLICY_UNKNOWN};
    if (!policy || !*policy)
        return reading;
    bool is_narrow = *policy == 'N', is_full = *policy == 'F' || is_narrow;
    const char *first = policy + 1, *tab = strchr(first, '\t');
    const char *last = tab ? strchr(tab + 1, '\t') : NULL;
    if (!last)
        return reading;
    const char *text = is_ipv6 ? tab + 1 : first;
    size_t length = (size_t)((is_ipv6 ? last : tab) - text);
    bool lists, accept;
    if (!summary_lists(text, length, port, &lists, &accept))
        return reading;
    g_autofree char *summary = g_strndup(text, length);
    reading.is_known = true;
    reading.allows_anything = accept || !g_str_equal(summary, REJECT_ALL);
    bool accepted = port < 0 ? reading.allows_anything : lists == accept;
    reading.answer = answer_of(accepted, is_full);
    /* A relay that lets out to a few addresses only is no "no exit". */
    if (is_narrow && !is_ipv6) {
        reading.allows_anything = reading.is_partial = true;
        reading.answer = POLICY_PROBABLY_REJECTED;
    }
    /* ipv6-policy is itself a summary, but the relay's own and exact one. */
    if (is_full && !is_ipv6 && port >= 0)
        read_rules(last + 1, (uint16_t)port, &reading);
    else
        reading.text = g_steal_pointer(&summary);
    return reading;
}
