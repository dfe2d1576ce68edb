/*
 * The relays of joined histories, and how they were listed.
 *
 * Relays get their numbers first; then a relay is known by its number in every
 * source, without a look at its fingerprint.
 */
#include "relay/history_joining.h"

#include "relay/layer.h"

#include <string.h>

/* ---- numbers ------------------------------------------------------------- */

/* The next fingerprint of the source, or NULL. */
static const uint8_t *fingerprint_at(const JoinSource *s)
{
    return s->at < s->history->relay_count
               ? s->history->relays[s->at].fingerprint
               : NULL;
}

/* The least that a source but that one stands at, or NULL. */
static const uint8_t *next_fingerprint(const Join *join,
                                       const JoinSource *except)
{
    const uint8_t *least = NULL;
    for (guint i = 0; i < join->sources->len; i++) {
        const JoinSource *s = join_source(join, i);
        const uint8_t *one = s == except ? NULL : fingerprint_at(s);
        if (one && (!least || memcmp(one, least, 20) < 0))
            least = one;
    }
    return least;
}

static void add_relay(Join *join, const uint8_t fingerprint[20])
{
    Relay relay = {0};
    memcpy(relay.fingerprint, fingerprint, sizeof relay.fingerprint);
    g_array_append_val(join->rows->relays, relay);
}

/* The relay in all sources that have it; returns one that alone does. */
static JoinSource *number_relay(Join *join, const uint8_t fingerprint[20])
{
    uint32_t number = join->rows->relays->len, sources = 0;
    JoinSource *last = NULL;
    add_relay(join, fingerprint);
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        const uint8_t *one = fingerprint_at(s);
        if (!one || memcmp(one, fingerprint, 20) != 0)
            continue;
        s->relays[s->at++] = number;
        last = s;
        sources++;
    }
    return sources == 1 ? last : NULL;
}

/* Those that stand in that source before another has one. */
static void number_stretch(Join *join, JoinSource *s)
{
    const uint8_t *bound = next_fingerprint(join, s), *one;
    while ((one = fingerprint_at(s)) &&
           (!bound || memcmp(one, bound, 20) < 0)) {
        s->relays[s->at++] = join->rows->relays->len;
        add_relay(join, one);
    }
}

void join_relays(Join *join)
{
    join_rewind(join);
    for (const uint8_t *next; (next = next_fingerprint(join, NULL));) {
        JoinSource *only = number_relay(join, next);
        if (only)
            number_stretch(join, only);
    }
}

/* ---- periods --------------------------------------------------------------- */

static RunTable period_table(const JoinSource *s)
{
    return (RunTable){
        .runs = s->history->periods,
        .values = s->manners,
        .value_count = s->history->manner_count,
    };
}

/* The new number of the next relay of the source, or NO_INDEX. */
static uint32_t number_at(const JoinSource *s)
{
    return s->at < s->history->relay_count ? s->relays[s->at] : NO_INDEX;
}

/* The only source that has the relay; NULL: several do. bound: the next relay
 * that another has. */
static JoinSource *only_source(const Join *join, uint32_t relay,
                               uint32_t *bound)
{
    JoinSource *only = NULL;
    *bound = NO_INDEX;
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        uint32_t next = number_at(s);
        if (next != relay) {
            *bound = MIN(*bound, next);
            continue;
        }
        if (only)
            return NULL;
        only = s;
    }
    return only;
}

/* Copy the periods of relays that only the source has; returns how many. */
static uint32_t copy_stretch(Join *join, JoinSource *s, uint32_t relay,
                             uint32_t bound)
{
    const History *h = s->history;
    GArray *periods = join->rows->periods;
    guint before = periods->len;
    RunTable table = period_table(s);
    RowStarts starts = {&h->relays[0].first_period, sizeof(Relay)};
    size_t first = s->at, end = MIN(first + JOIN_STRETCH, h->relay_count);
    end = MIN(end, first + (bound - relay));
    end = rows_in_order(starts, first, end, h->period_count);
    Range range = {row_start(starts, first), row_start(starts, end)};
    end = rows_before(starts, first, end,
                      join_copy_runs(s, &table, range, periods));
    g_array_set_size(periods,
                     before + (guint)(row_start(starts, end) - range.first));
    for (size_t i = first; i < end; i++)
        g_array_index(join->rows->relays, Relay, relay + i - first)
            .first_period =
            before + (uint32_t)(row_start(starts, i) - range.first);
    s->at = end;
    return (uint32_t)(end - first);
}

static void put_periods(Join *join, uint32_t relay, GArray *pieces)
{
    GArray *out = join->rows->periods;
    g_array_index(join->rows->relays, Relay, relay).first_period = out->len;
    g_array_set_size(pieces, 0);
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (number_at(s) != relay)
            continue;
        RunTable table = period_table(s);
        join_add_runs(s, &table, map_periods(s->history, (uint32_t)s->at),
                      fact_hour_bits(FACT_STATUS), pieces, out);
        s->at++;
    }
    join_end_runs(join, UINT32_MAX, pieces, out);
}

void join_periods(Join *join)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(HourRun));
    join_rewind(join);
    for (uint32_t relay = 0; relay < join->rows->relays->len;) {
        uint32_t bound, copied = 0;
        JoinSource *only = only_source(join, relay, &bound);
        if (only)
            copied = copy_stretch(join, only, relay, bound);
        if (copied == 0)
            put_periods(join, relay, pieces);
        relay += MAX(copied, 1);
    }
}
