/*
 * Flows that are shown both ways.
 *
 * Problem: the answer to a packet stands in a log as a flow of its own, from
 * the harmed to the accused, and would accuse the harmed.
 *
 * Approach: where a page shows A -> B and B -> A, one of them opened. The side
 * with the lower port is the service, if exactly one side has a port of a
 * service; else the first line shows who opened. The other direction's roles
 * are turned round. A flow that is shown one way only is left alone: reflectors
 * send from a service's port and are accused all the same.
 */
#include "incident/role_log.h"

#include "incident/target_port.h"

#include <string.h>

#define SERVICE_PORTS 1024 /* from here on systems choose their own ports */

typedef struct {
    IpAddress from, to;
    guint source, target; /* mentions */
    int from_port, to_port;
} Flow;

static const AddressHit *hit_of(const Sheet *sheet, const Mention *mention)
{
    return page_address(sheet_page(sheet, mention->page), mention->address);
}

/* The flow that begins at a mention: a source, then a harmed on its line. */
static bool flow_at(const Sheet *sheet, const GArray *mentions, guint index,
                    Flow *flow)
{
    if (index + 1 >= mentions->len)
        return false;
    const Mention *source = &g_array_index(mentions, Mention, index);
    const Mention *target = &g_array_index(mentions, Mention, index + 1);
    if (source->role != ROLE_OFFENDER || target->role != ROLE_VICTIM ||
        source->page != target->page || source->line != target->line ||
        (source->told_by != TOLD_BY_LOG && source->told_by != TOLD_BY_COLUMN &&
         strcmp(source->why, "label") != 0))
        return false;
    const AddressHit *a = hit_of(sheet, source), *b = hit_of(sheet, target);
    const Page *page = sheet_page(sheet, source->page);
    const Line *line = page_line(page, source->line);
    *flow = (Flow){a->ip,
                   b->ip,
                   index,
                   index + 1,
                   a->port >= 0 ? a->port : port_of_line(page, line, false),
                   b->port >= 0 ? b->port : port_of_line(page, line, true)};
    return true;
}

static char *flow_key(const IpAddress *from, const IpAddress *to)
{
    char a[IP_TEXT_MAX], b[IP_TEXT_MAX];
    return g_strdup_printf("%s %s", ip_text(from, a), ip_text(to, b));
}

/* Is the later of two flows the opening one? */
static bool later_opened(const Flow *first, const Flow *later)
{
    bool from_service =
        first->from_port > 0 && first->from_port < SERVICE_PORTS;
    bool to_service = first->to_port > 0 && first->to_port < SERVICE_PORTS;
    if (later->to_port > 0 && later->to_port < SERVICE_PORTS)
        from_service = true;
    return from_service && !to_service;
}

static void turn(GArray *mentions, const Flow *flow)
{
    Mention *source = &g_array_index(mentions, Mention, flow->source);
    Mention *target = &g_array_index(mentions, Mention, flow->target);
    source->role = ROLE_VICTIM;
    target->role = ROLE_OFFENDER;
    source->why = target->why = WHY_ANSWER;
    source->words = target->words = NULL;
}

void flows_turn(const Sheet *sheet, GArray *mentions)
{
    g_autoptr(GArray) flows = g_array_new(FALSE, FALSE, sizeof(Flow));
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    /* Each direction of each pair, where it is first shown. */
    for (guint i = 0; i < mentions->len; i++) {
        Flow flow;
        if (!flow_at(sheet, mentions, i, &flow))
            continue;
        g_array_append_val(flows, flow);
        g_autofree char *key = flow_key(&flow.from, &flow.to);
        if (!g_hash_table_contains(known, key))
            g_hash_table_insert(known, g_steal_pointer(&key),
                                GUINT_TO_POINTER(flows->len));
    }
    for (guint i = 0; i < flows->len; i++) {
        const Flow *flow = &g_array_index(flows, Flow, i);
        g_autofree char *back = flow_key(&flow->to, &flow->from);
        guint other = GPOINTER_TO_UINT(g_hash_table_lookup(known, back));
        if (other == 0)
            continue;
        g_autofree char *key = flow_key(&flow->from, &flow->to);
        guint same = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
        const Flow *ours = &g_array_index(flows, Flow, same - 1);
        const Flow *theirs = &g_array_index(flows, Flow, other - 1);
        bool is_answer = same < other ? later_opened(ours, theirs)
                                      : !later_opened(theirs, ours);
        if (is_answer)
            turn(mentions, flow);
    }
}
