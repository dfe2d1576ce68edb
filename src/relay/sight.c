/*
 * Who used an address at a moment.
 *
 * Three kinds of evidence, none of which is right alone:
 *
 * - The consensus lists the address as an OR address (r or a line). Exits
 *   mostly leave from there. A consensus of V is the network from V to V+1 h;
 *   clients use it until V+3 h, and tor clings to an expired one for a day.
 *   So a relay dropped at V was last certain before V, possible for two hours
 *   more, conceivable for a day.
 * - An exit scan at S saw the relay leave from the address, which is then
 *   often *not* an OR address. ExoneraTor attaches a scan to the consensuses
 *   of [S, S+24 h). That misses a relay in the hours before its first scan,
 *   so here the day before counts as well; the relay must be listed in the
 *   consensus then. Lists lag by half an hour and relays are scanned every
 *   few hours, so from S-30 min to S+3 h it is as certain as the listing, and
 *   "possible" at best further away.
 * - A scan with no consensus to go with it: the scan itself is proof for its
 *   own hour, and ages like a listing.
 *
 * Scans are kept as runs (history_file.h). Within a run no moment is more
 * than a day after a scan; only the run's ends are exact times, and only they
 * count as scans without a consensus.
 */
#include "relay/sight.h"

bool certainty_of_age(Instant seen, Instant t, Certainty *out)
{
    Instant age = t - seen;
    if (age >= INSTANT_DAY_S)
        return false;
    *out = age < INSTANT_HOUR_S ? CERTAINTY_CERTAIN
           : age < RUN_GAP_S    ? CERTAINTY_POSSIBLE
                                : CERTAINTY_CONCEIVABLE;
    return true;
}

/* The relay's sight, new or already there. */
static Sight *sight_of(GArray *sights, uint32_t relay)
{
    for (guint i = 0; i < sights->len; i++)
        if (g_array_index(sights, Sight, i).relay == relay)
            return &g_array_index(sights, Sight, i);
    Sight fresh = {
        .relay = relay,
        .certainty = CERTAINTY_CONCEIVABLE,
        .by_record = CERTAINTY_CONCEIVABLE,
        .listed = {INSTANT_NONE, INSTANT_NONE},
    };
    g_array_append_val(sights, fresh);
    return &g_array_index(sights, Sight, sights->len - 1);
}

/* A run that lists the relay until to, at a moment whose consensus is hour. */
static bool run_certainty(uint32_t from, uint32_t to, const Hour *hour,
                          Instant t, Certainty *certainty)
{
    if (!hour || from > hour->valid_after)
        return false;
    return certainty_of_age(MIN(to, hour->valid_after), t, certainty);
}

/* A moment among the known hours. */
typedef struct {
    Instant t;
    size_t end;       /* first hour after t */
    size_t fresh;     /* first hour less than a day before t */
    const Hour *hour; /* the last one of the wanted kind; or NULL */
} Moment;

static Moment moment_at(const History *h, Instant t, uint32_t hour_bits)
{
    Moment m = {.t = t, .end = map_hour_index(h, t)};
    m.fresh = m.end;
    while (m.fresh > 0 &&
           t - h->hours[m.fresh - 1].valid_after < INSTANT_DAY_S) {
        m.fresh--;
        if (!m.hour && h->hours[m.fresh].bits & hour_bits)
            m.hour = &h->hours[m.fresh];
    }
    return m;
}

static void add_listing(const History *h, HourRun run, const Moment *m,
                        GArray *sights)
{
    uint32_t from = h->hours[run.from].valid_after;
    uint32_t to = h->hours[run.to].valid_after;
    Certainty certainty;
    if (run.value >= h->relay_count ||
        !run_certainty(from, to, m->hour, m->t, &certainty))
        return;
    Sight *sight = sight_of(sights, run.value);
    if (sight->has_address && certainty > sight->certainty)
        return;
    sight->has_address = true;
    sight->certainty = sight->by_record = certainty;
    sight->listed = (Interval){from, to};
    /* Gone from there, it is told as it was when it was last there. */
    bool is_gone = to < m->hour->valid_after;
    sight->has_period = map_period_before(
        h, run.value, is_gone ? run.to + 1 : m->end, &sight->period);
}

/* Most runs of an address are of other years: their numbers of hours tell so,
 * without a look at the hours. */
static void add_listings(const History *h, const AddressTable *table,
                         size_t index, const Moment *m, GArray *sights)
{
    Range range = map_address_runs(table, index);
    for (size_t i = range.first; i < range.end; i++) {
        HourRun run = unpacked_run(table->runs[i]);
        if (run.from < m->end && run.to >= m->fresh && run.to < h->hour_count)
            add_listing(h, run, m, sights);
    }
}

/* How sure the scans alone make it. */
static bool scan_certainty(const Scan *scan, Instant t, Certainty *certainty)
{
    Instant seen = t >= (Instant)scan->last - LIST_LAG_S    ? scan->last
                   : t >= (Instant)scan->first - LIST_LAG_S ? scan->first
                                                            : INSTANT_NONE;
    return seen != INSTANT_NONE && certainty_of_age(MIN(seen, t), t, certainty);
}

static void add_scan(const History *h, const Scan *scan, const Hour *hour,
                     Instant t, GArray *sights)
{
    if (scan->relay >= h->relay_count ||
        t < (Instant)scan->first - INSTANT_DAY_S ||
        t >= (Instant)scan->last + INSTANT_DAY_S)
        return;
    Period period;
    Certainty certainty = CERTAINTY_CONCEIVABLE, alone;
    bool is_listed =
        map_period_before(h, scan->relay, map_hour_index(h, t), &period) &&
        run_certainty(period.from, period.to, hour, t, &certainty);
    if (is_listed && (t < (Instant)scan->first - LIST_LAG_S ||
                      t >= (Instant)scan->last + RUN_GAP_S))
        certainty = MAX(certainty, CERTAINTY_POSSIBLE);
    bool is_scanned = scan_certainty(scan, t, &alone);
    if (!is_listed && !is_scanned)
        return;
    if (is_scanned && (!is_listed || alone < certainty))
        certainty = alone;
    Sight *sight = sight_of(sights, scan->relay);
    if (!sight->scan || t >= (Instant)scan->first)
        sight->scan = scan;
    sight->certainty = MIN(sight->certainty, certainty);
    if (!sight->has_address && is_listed) {
        sight->has_period = true;
        sight->period = period;
        sight->listed = (Interval){period.from, period.to};
    }
}

void sights_at(const History *h, const IpAddress *ip, Instant t, GArray *sights)
{
    const AddressTable *table = &h->addresses[!ip_is_v4(ip)];
    size_t index;
    if (!map_find(h, ip, &index))
        return;
    Moment moment = moment_at(h, t, map_hour_bits(ip));
    add_listings(h, table, index, &moment, sights);
    Range range = map_address_scans(table, index);
    if (range.first == range.end)
        return;
    const Hour *hour = map_hour_before(h, moment.end, t, HOUR_NS | HOUR_MICRO);
    for (size_t i = range.first; i < range.end; i++)
        add_scan(h, &table->scans[i], hour, t, sights);
}

typedef struct {
    Interval within;
    GArray *borders;
} Collector;

static void add_border(Collector *c, Instant t)
{
    if (t > c->within.from && t <= c->within.to)
        g_array_append_val(c->borders, t);
}

/* Something last seen at t ages at these moments. */
static void add_ageing(Collector *c, Instant t)
{
    add_border(c, t + INSTANT_HOUR_S);
    add_border(c, t + RUN_GAP_S);
    add_border(c, t + INSTANT_DAY_S);
}

/* Where the known hours stop or begin again. Hours of any kind count: a few
 * borders too many cost a look each. */
static void add_hour_borders(const History *h, Collector *c)
{
    size_t first = map_hour_index(h, c->within.from - 2 * INSTANT_DAY_S);
    for (size_t i = first; i < h->hour_count; i++) {
        Instant at = h->hours[i].valid_after;
        if (at > c->within.to)
            return;
        bool is_last = i + 1 == h->hour_count;
        bool gap_after =
            is_last || h->hours[i + 1].valid_after > at + INSTANT_HOUR_S;
        bool gap_before =
            i == 0 || h->hours[i - 1].valid_after + INSTANT_HOUR_S < at;
        bool changes = !is_last && h->hours[i + 1].bits != h->hours[i].bits;
        if (gap_before || (i > 0 && h->hours[i - 1].bits != h->hours[i].bits))
            add_border(c, at);
        if (gap_after || changes)
            add_ageing(c, at);
    }
}

static void add_period_borders(const History *h, uint32_t relay, Collector *c)
{
    Range range = map_periods(h, relay);
    for (size_t i = range.first; i < range.end; i++) {
        Period period;
        if (!map_period(h, i, &period))
            continue;
        add_border(c, period.from);
        add_ageing(c, period.to);
    }
}

static void add_scan_borders(const Scan *scan, Collector *c)
{
    add_border(c, (Instant)scan->first - INSTANT_DAY_S);
    add_border(c, (Instant)scan->first - LIST_LAG_S);
    add_border(c, (Instant)scan->first);
    add_ageing(c, scan->first);
    add_border(c, (Instant)scan->last - LIST_LAG_S);
    add_border(c, (Instant)scan->last);
    add_ageing(c, scan->last);
}

bool sight_borders(const History *h, const IpAddress *ip, Interval within,
                   guint max, GArray *borders)
{
    if (within.from == within.to)
        return true;
    Collector c = {.within = within, .borders = borders};
    add_hour_borders(h, &c);
    const AddressTable *table = &h->addresses[!ip_is_v4(ip)];
    size_t index;
    if (!map_find(h, ip, &index))
        return true;
    Range range = map_address_runs(table, index);
    for (size_t i = range.first; i < range.end && borders->len <= max; i++) {
        AnyInterval run = map_interval(h, table->width == 16, i);
        if ((Instant)run.from > within.to ||
            run.to + INSTANT_DAY_S < within.from)
            continue;
        add_border(&c, run.from);
        add_ageing(&c, run.to);
        add_period_borders(h, run.relay, &c);
    }
    range = map_address_scans(table, index);
    for (size_t i = range.first; i < range.end && borders->len <= max; i++) {
        add_scan_borders(&table->scans[i], &c);
        add_period_borders(h, table->scans[i].relay, &c);
    }
    return borders->len <= max;
}
