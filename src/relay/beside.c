#include "relay/beside.h"

#include "relay/early_lookup.h"
#include "relay/hints.h"
#include "relay/history_map.h"
#include "relay/signed_hours.h"
#include "relay/traffic.h"

struct Beside {
    char *directory;
    EarlyMap *early[2]; /* version 2, then 1 */
    SignedHours *hours; /* or NULL */
    Traffic *traffic;   /* or NULL */
};

const char *lookup_basis_word(LookupBasis basis)
{
    switch (basis) {
    case BASIS_CONSENSUS:
        return "consensus";
    case BASIS_STATUSES:
        return "statuses";
    case BASIS_DIRECTORY:
        return "directory";
    case BASIS_WEAK:
        return "weak-consensus";
    }
    g_assert_not_reached();
}

Beside *beside_open(const char *directory)
{
    Beside *beside = g_new0(Beside, 1);
    beside->directory = g_strdup(directory);
    beside->early[0] = early_map_open(directory, 2);
    beside->early[1] = early_map_open(directory, 1);
    beside->hours = signed_hours_load(directory, NULL);
    /* Which there normally is none of: lookups need not search for it. */
    if (beside->hours && signed_hours_contradictions(beside->hours) == 0)
        g_clear_pointer(&beside->hours, signed_hours_free);
    beside->traffic = traffic_load(directory, NULL);
    return beside;
}

void beside_free(Beside *beside)
{
    if (!beside)
        return;
    early_map_free(beside->early[0]);
    early_map_free(beside->early[1]);
    signed_hours_free(beside->hours);
    traffic_free(beside->traffic);
    g_free(beside->directory);
    g_free(beside);
}

bool beside_is_stale(const Beside *beside)
{
    return early_map_is_stale(beside->early[0], beside->directory, 2) ||
           early_map_is_stale(beside->early[1], beside->directory, 1);
}

/* The hour is left out of the history, so its neighbours may still have
 * answered; what the moment itself was nobody can say. */
static bool say_contradiction(const Beside *beside, Interval when,
                              Lookup *lookup)
{
    Instant hour;
    if (!beside->hours || !signed_hours_contradict(beside->hours, when, &hour))
        return false;
    Civil c = civil_from_instant(hour, 0);
    lookup->verdict = VERDICT_UNDECIDABLE;
    g_free(lookup->why);
    lookup->why = g_strdup_printf(
        "consensuses that contradict each other were signed for %04d-%02d-%02d "
        "%02d:%02d UTC, so nothing can be said of that hour",
        c.year, c.month, c.day, c.hour, c.minute);
    return true;
}

/* What the relays themselves say of that day can only support a yes. */
static void add_traffic(const Beside *beside, Interval when, int port,
                        Lookup *lookup)
{
    bool is_said = false;
    for (guint i = 0; beside->traffic && i < lookup->relays->len; i++) {
        RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        s->own_ports =
            g_strdup(traffic_ports(beside->traffic, s->fingerprint, when));
        is_said |=
            s->own_ports && port > 0 && traffic_has_port(s->own_ports, port);
    }
    if (!is_said || lookup->verdict != VERDICT_EXIT)
        return;
    g_autofree char *before = lookup->why;
    lookup->why = g_strdup_printf("%s; its own statistics of that day show "
                                  "traffic to port %d",
                                  before, port);
}

/* What the consensuses of the first half-year say is said with a warning,
 * unless the servers' own lists, whose keys were sound, answer by themselves. */
static void replace_weak(const Beside *beside, const IpAddress *ip,
                         Interval when, int port, bool is_tcp, Lookup *lookup)
{
    g_autoptr(Lookup) other = lookup_new();
    if (early_map_answer(beside->early[0], ip, when, port, is_tcp, other) &&
        other->verdict != VERDICT_UNDECIDABLE) {
        Lookup weak = *lookup;
        *lookup = *other;
        *other = weak;
        return;
    }
    g_autofree char *before = lookup->why;
    lookup->basis = BASIS_WEAK;
    lookup->why = g_strdup_printf(
        "%s; but the keys that signed consensuses before 20 May 2008 can be "
        "guessed (CVE-2008-0166), so that this may be anybody's word",
        before);
}

void beside_answer(const Beside *beside, const IpAddress *ip, Interval when,
                   int port, bool is_tcp, bool knows_hour, Lookup *lookup)
{
    if (!beside || say_contradiction(beside, when, lookup))
        return;
    add_traffic(beside, when, port, lookup);
    bool is_decided = lookup->verdict != VERDICT_UNDECIDABLE;
    if (is_decided && when.from < BASIS_WEAK_UNTIL_S)
        replace_weak(beside, ip, when, port, is_tcp, lookup);
    if (knows_hour || is_decided)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(beside->early); i++)
        if (early_map_answer(beside->early[i], ip, when, port, is_tcp, lookup))
            return;
}

BesideFigures beside_figures(const char *directory)
{
    g_autoptr(Beside) beside = beside_open(directory);
    BesideFigures f = {0};
    f.status_hours = early_map_hours(beside->early[0], &f.statuses);
    f.directory_hours = early_map_hours(beside->early[1], &f.directories);
    f.contradictions =
        beside->hours ? signed_hours_contradictions(beside->hours) : 0;
    f.traffic_days = beside->traffic ? traffic_days(beside->traffic) : 0;
    g_autoptr(Hints) hints = hints_load(directory, NULL);
    f.hints = hints ? hints_count(hints) : 0;
    return f;
}
