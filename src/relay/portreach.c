/*
 * Is a port open to the addresses that a complaint may be about?
 *
 * tor itself, when it writes a summary, walks the rules, counts the public
 * addresses that are rejected for the port, and stops at the first rule for all
 * addresses. It gives up at two /8s, and then calls a port rejected to which 98
 * of 100 addresses are open: real exits of 2017 keep two /8s out of port 443,
 * and "reject 224.0.0.0/4:*" alone closes the whole relay.
 *
 * So where that walk says yes, it is believed; where it says no, the addresses
 * are counted. At least half of all is a yes, too; a few are no "no", since the
 * target may be one of them. Taking that for a "no" like tor was the rule here
 * until an exit open to nearly everybody was said to be closed.
 */
#include "relay/portreach.h"

#define REJECTED_TOO_MANY (UINT64_C(1) << 25) /* two /8s */
#define ADDRESSES         (UINT64_C(1) << 32)

/* Nothing there can have been attacked: rules for it say nothing. */
const PrivateNet *private_net_around(const Rule *rule)
{
    static const PrivateNet NETS[] = {{0x00000000, 8},  {0x0a000000, 8},
                                      {0x7f000000, 8},  {0xa9fe0000, 16},
                                      {0xac100000, 12}, {0xc0a80000, 16}};
    for (size_t i = 0; i < G_N_ELEMENTS(NETS); i++)
        if (rule->bits >= NETS[i].bits &&
            rule->base >> (32 - NETS[i].bits) ==
                NETS[i].base >> (32 - NETS[i].bits))
            return &NETS[i];
    return NULL;
}

static bool rule_counts(const Rule *rule)
{
    return rule->kind == RULE_PUBLIC && !private_net_around(rule);
}

typedef struct {
    bool accepted;    /* as tor's summary has it */
    bool has_accept;  /* for some address at least */
    guint decided_by; /* the rule, or the length if none matches */
    guint last;       /* the one for all addresses, or the length */
} Walk;

/* Go on behind the rule that decides until one for all addresses, to see
 * whether anything is accepted at all. */
static Walk walk_rules(const GArray *rules, uint16_t port)
{
    Walk walk = {
        .accepted = true, .decided_by = rules->len, .last = rules->len};
    uint64_t rejected = 0;
    for (guint i = 0; i < rules->len; i++) {
        const Rule *rule = &g_array_index(rules, Rule, i);
        if (port < rule->low || port > rule->high || !rule_counts(rule))
            continue;
        walk.has_accept |= rule->accept;
        if (!rule->accept)
            rejected += UINT64_C(1) << (32 - rule->bits);
        bool too_many = rejected >= REJECTED_TOO_MANY;
        if (walk.decided_by == rules->len && (too_many || rule->bits == 0)) {
            walk.decided_by = i;
            walk.accepted = !too_many;
        }
        if (rule->bits == 0) {
            walk.last = i;
            return walk;
        }
    }
    walk.has_accept = true; /* no match is accept */
    return walk;
}

/* A rule's place among the others, to be sorted by addresses. */
typedef struct {
    Rule rule;
    guint number;
} Placed;

static int compare_placed(gconstpointer a, gconstpointer b)
{
    const Placed *pa = a, *pb = b;
    if (pa->rule.base != pb->rule.base)
        return pa->rule.base < pb->rule.base ? -1 : 1;
    if (pa->rule.bits != pb->rule.bits)
        return pa->rule.bits - pb->rule.bits;
    return (pa->number > pb->number) - (pa->number < pb->number);
}

/* Networks lie within each other or apart; sorted, the wider come first. */
GArray *rules_by_address(const GArray *rules)
{
    GArray *placed = g_array_new(FALSE, FALSE, sizeof(Placed));
    for (guint i = 0; i < rules->len; i++) {
        Placed one = {g_array_index(rules, Rule, i), i};
        if (rule_counts(&one.rule))
            g_array_append_val(placed, one);
    }
    g_array_sort(placed, compare_placed);
    return placed;
}

/* A network that the sweep is in, and the first rule that holds there. */
typedef struct {
    uint64_t end;
    int bits; /* -1: all addresses, for which no rule is needed */
    guint number;
    bool accept;
} Within;

/* The network of a rule begins; returns the new top of the stack. Each network
 * is on it once, so that it holds no more than there are lengths. */
static Within *enter(Within *top, const Placed *p)
{
    Within inner = {
        .end = p->rule.base + (ADDRESSES >> p->rule.bits),
        .bits = p->rule.bits,
        .number = MIN(p->number, top->number),
        .accept = p->number < top->number ? p->rule.accept : top->accept,
    };
    if (top->bits != inner.bits)
        top++;
    *top = inner;
    return top;
}

/* How many addresses are accepted for the port: one sweep over the address
 * space, with the networks around the present place on a stack. */
static uint64_t count_accepted(const GArray *placed, uint16_t port)
{
    Within stack[34] = {{ADDRESSES, -1, G_MAXUINT, true}}, *top = stack;
    uint64_t at = 0, accepted = 0;
    for (guint i = 0; i <= placed->len; i++) {
        const Placed *p =
            i < placed->len ? &g_array_index(placed, Placed, i) : NULL;
        if (p && (port < p->rule.low || port > p->rule.high))
            continue;
        uint64_t next = p ? p->rule.base : ADDRESSES;
        for (; top > stack && top->end <= next; top--) {
            accepted += top->accept ? top->end - at : 0;
            at = top->end;
        }
        accepted += top->accept ? next - at : 0;
        at = next;
        if (p)
            top = enter(top, p);
    }
    return accepted;
}

PortReach port_reach(const GArray *rules, const GArray *by_address,
                     uint16_t port)
{
    Walk walk = walk_rules(rules, port);
    if (walk.accepted)
        return (PortReach){REACH_MOST, false, walk.decided_by};
    uint64_t accepted = walk.has_accept ? count_accepted(by_address, port) : 0;
    if (accepted >= ADDRESSES / 2)
        return (PortReach){REACH_MOST, true, walk.last};
    return (PortReach){accepted > 0 ? REACH_FEW : REACH_NONE, false,
                       walk.decided_by};
}
