#include "mail/anchors.h"

#include <stdbool.h>

GArray *anchors_new(void)
{
    return g_array_new(false, false, sizeof(Anchor));
}

void anchors_add(GArray *anchors, size_t at, size_t from)
{
    Anchor next = {.at = (uint32_t)at, .from = (uint32_t)from};
    if (anchors->len > 0) {
        Anchor *last = &g_array_index(anchors, Anchor, anchors->len - 1);
        if (next.at - last->at == next.from - last->from)
            return;
        if (next.at == last->at) {
            *last = next;
            return;
        }
    }
    g_array_append_val(anchors, next);
}

/* The input byte of output byte `at`, given that anchor i is the last one at
 * or before it. */
static uint32_t step_from(const GArray *anchors, guint i, uint32_t at)
{
    const Anchor *anchor = &g_array_index(anchors, Anchor, i);
    uint32_t from = anchor->from + (at - anchor->at);
    if (i + 1 < anchors->len) {
        uint32_t next = anchor[1].from;
        if (from >= next)
            from = next > anchor->from ? next - 1 : anchor->from;
    }
    return from;
}

uint32_t anchors_find(const GArray *anchors, uint32_t at)
{
    guint low = 0, high = anchors->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(anchors, Anchor, middle).at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return anchors->len > 0 ? g_array_index(anchors, Anchor, 0).from : 0;
    return step_from(anchors, low - 1, at);
}

/* Within one outer stretch, from anchor o on, the breaks of the inner anchors
 * count too. *i is the last inner anchor at or before the stretch. */
static void chain_stretch(GArray *chain, const GArray *outer, guint o,
                          const GArray *inner, guint *i)
{
    const Anchor *anchor = &g_array_index(outer, Anchor, o);
    Anchor end = {.at = UINT32_MAX, .from = UINT32_MAX};
    if (o + 1 < outer->len)
        end = anchor[1];
    anchors_add(chain, anchor->at, step_from(inner, *i, anchor->from));
    for (guint next = *i + 1; next < inner->len; next++) {
        const Anchor *turn = &g_array_index(inner, Anchor, next);
        uint32_t at = anchor->at + (turn->at - anchor->from);
        if (at >= end.at || turn->at >= end.from)
            break;
        anchors_add(chain, at, turn->from);
        *i = next;
    }
}

GArray *anchors_chain(const GArray *outer, const GArray *inner)
{
    GArray *chain = anchors_new();
    guint i = 0;
    for (guint o = 0; o < outer->len && inner->len > 0; o++) {
        uint32_t from = g_array_index(outer, Anchor, o).from;
        while (i + 1 < inner->len &&
               g_array_index(inner, Anchor, i + 1).at <= from)
            i++;
        chain_stretch(chain, outer, o, inner, &i);
    }
    return chain;
}
