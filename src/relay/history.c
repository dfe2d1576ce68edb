/*
 * From sights to a verdict.
 *
 * At one moment: collect who used the address (sight.c), read each one's
 * policy for the cited port, and judge. What is certain or possible decides;
 * what is merely conceivable (only a client with a day-old consensus could
 * have used it) never makes a yes, and never lets a no stand that it would
 * contradict: both are "undecidable". A missing consensus is no "no" either,
 * but a relay that the last known consensus lists is a yes for as long as
 * clients use that consensus.
 *
 * Over a stretch of time: judge at its beginning and at every moment where
 * the evidence changes. All the same: that is the verdict. Else undecidable,
 * with the pieces said. Stepping by the hour was rejected: a complaint that
 * names a year would cost 8,766 looks and still miss a change within the hour.
 */
#include "relay/history_query.h"

#include "relay/beside.h"
#include "relay/evidence.h"
#include "relay/portpolicy.h"

#include <string.h>

#define BORDERS_MAX   20000 /* more changes than any real address has seen */
#define PIECES_MAX    6     /* that are said */
#define DOCUMENTS_MAX 64

/* The policy for the port, or what stands in for it: a relay with the Exit
 * flag, or seen by an exit scan, lets something out, though not to any port
 * that might be cited. */
static void read_sighting_policy(const Query *q, const Sight *sight,
                                 RelaySighting *out)
{
    const char *policy =
        sight->has_period ? map_text(q->history, sight->period.policy) : NULL;
    bool is_v6 = !ip_is_v4(q->ip);
    PolicyReading reading = policy_read(policy, is_v6, q->port);
    out->policy = reading.answer;
    out->policy_text = reading.text;
    out->allows_anything = reading.allows_anything;
    out->is_partial = reading.is_partial;
    if (reading.is_known || (!out->has_exit_flag && !sight->scan) || is_v6)
        return;
    out->allows_anything = true;
    out->rests_on_scan |= !out->has_exit_flag;
    if (q->port < 0)
        out->policy = POLICY_PROBABLY_ACCEPTED;
}

static RelaySighting *new_sighting(const Query *q, const Sight *sight)
{
    const History *h = q->history;
    RelaySighting *out = g_new0(RelaySighting, 1);
    memcpy(out->fingerprint, h->relays[sight->relay].fingerprint,
           FINGERPRINT_BYTES);
    out->listed = sight->listed;
    out->certainty = sight->certainty;
    out->by_exit_list = !sight->has_address;
    out->rests_on_scan =
        out->by_exit_list || sight->certainty < sight->by_record;
    out->ipv6_probable = sight->has_address && !ip_is_v4(q->ip);
    out->scanned = INSTANT_NONE;
    if (sight->scan)
        out->scanned = sight->scan->first;
    if (sight->has_period) {
        uint32_t status = sight->period.status;
        const char *nickname = map_text(h, status >> STATUS_SHIFT);
        g_strlcpy(out->nickname, nickname ? nickname : "",
                  sizeof out->nickname);
        out->has_exit_flag = status & STATUS_EXIT;
        out->is_bad_exit = status & STATUS_BAD_EXIT;
    }
    read_sighting_policy(q, sight, out);
    return out;
}

/* What one relay alone would make of it. */
static Cause sighting_cause(const Query *q, const RelaySighting *s)
{
    if (!q->is_tcp)
        return CAUSE_PROTOCOL;
    if (sighting_is_accepted(s))
        return CAUSE_EXIT;
    if (s->policy == POLICY_UNKNOWN)
        return CAUSE_UNKNOWN_POLICY;
    if (s->is_partial)
        return CAUSE_NARROW;
    if (!s->allows_anything)
        return s->scanned != INSTANT_NONE ? CAUSE_SCAN_DISAGREES
                                          : CAUSE_NO_EXIT;
    return CAUSE_PORT;
}

/* Of several relays the one that explains most decides: an exit, else a doubt,
 * else a closed port, else "no exit". */
static int cause_weight(Cause cause)
{
    switch (cause_verdict(cause)) {
    case VERDICT_EXIT:
        return 4;
    case VERDICT_UNDECIDABLE:
        return 3;
    case VERDICT_PORT_CLOSED:
    case VERDICT_NOT_TCP:
        return 2;
    case VERDICT_NOT_EXIT:
        return 1;
    case VERDICT_NOT_LISTED:
    case VERDICT_NEIGHBOUR:
    case VERDICT_NOT_OURS:
    case VERDICT_COUNT:
        return 0;
    }
    g_assert_not_reached();
}

static bool is_covered(const Query *q, Instant t)
{
    const Hour *hour = map_hour_at(q->history, t, map_hour_bits(q->ip));
    return hour && t - hour->valid_after < INSTANT_HOUR_S;
}

/* Judge a moment from its sightings. */
static Cause judge(const Query *q, const GPtrArray *sightings, Instant t)
{
    Cause best = CAUSE_NOT_LISTED;
    bool has_conceivable = false, conceivable_exit = false;
    for (guint i = 0; i < sightings->len; i++) {
        const RelaySighting *s = g_ptr_array_index(sightings, i);
        Cause cause = sighting_cause(q, s);
        if (s->certainty == CERTAINTY_CONCEIVABLE) {
            has_conceivable = true;
            conceivable_exit |= cause_weight(cause) >= 3;
        } else if (cause_weight(cause) > cause_weight(best)) {
            best = cause;
        }
    }
    if (best == CAUSE_NOT_LISTED && has_conceivable)
        return CAUSE_CONCEIVABLE;
    if (cause_weight(best) < 3 && conceivable_exit)
        return CAUSE_CONCEIVABLE;
    /* In a gap another relay may have come to the address: no "no". */
    if (cause_weight(best) < 3 && best != CAUSE_PROTOCOL && !is_covered(q, t))
        return CAUSE_NO_CONSENSUS;
    return best;
}

static RelaySighting *known_sighting(const GPtrArray *relays,
                                     const uint8_t *fingerprint)
{
    for (guint i = 0; i < relays->len; i++) {
        RelaySighting *s = g_ptr_array_index(relays, i);
        if (memcmp(s->fingerprint, fingerprint, FINGERPRINT_BYTES) == 0)
            return s;
    }
    return NULL;
}

/* Of two policy answers over a stretch only a shared one is stated. */
static void merge_sighting(GPtrArray *relays, RelaySighting *fresh)
{
    RelaySighting *known = known_sighting(relays, fresh->fingerprint);
    if (!known) {
        g_ptr_array_add(relays, fresh);
        return;
    }
    known->certainty = MAX(known->certainty, fresh->certainty);
    known->allows_anything |= fresh->allows_anything;
    known->is_partial |= fresh->is_partial;
    known->by_exit_list &= fresh->by_exit_list;
    known->rests_on_scan |= fresh->rests_on_scan;
    if (known->scanned == INSTANT_NONE)
        known->scanned = fresh->scanned;
    if (known->policy != fresh->policy)
        known->policy = POLICY_UNKNOWN;
    relay_sighting_free(fresh);
}

static void add_document(const RelayDocument *document, gpointer data)
{
    GPtrArray *documents = data;
    if (documents->len >= DOCUMENTS_MAX)
        return;
    for (guint i = 0; i < documents->len; i++) {
        const RelayDocument *known = g_ptr_array_index(documents, i);
        if (g_str_equal(known->sha256, document->sha256))
            return;
    }
    g_ptr_array_add(documents, relay_document_copy(document));
}

/* What the moment's answer rests on. */
static void add_documents(const Query *q, const GArray *sights, Instant t)
{
    const History *h = q->history;
    GPtrArray *documents = q->lookup->documents;
    const Hour *hour = map_hour_at(h, t, map_hour_bits(q->ip));
    if (hour && t - hour->valid_after < RUN_GAP_S)
        evidence_of_hour(h, hour, hour->bits, add_document, documents);
    for (guint i = 0; i < sights->len; i++)
        evidence_of_sight(h, q->ip, &g_array_index(sights, Sight, i), t,
                          add_document, documents);
}

static Cause look_at(const Query *q, Instant t)
{
    g_autoptr(GArray) sights = g_array_new(FALSE, FALSE, sizeof(Sight));
    sights_at(q->history, q->ip, t, sights);
    g_autoptr(GPtrArray) sightings = g_ptr_array_new();
    for (guint i = 0; i < sights->len; i++)
        g_ptr_array_add(sightings,
                        new_sighting(q, &g_array_index(sights, Sight, i)));
    Cause cause = judge(q, sightings, t);
    for (guint i = 0; i < sightings->len; i++)
        merge_sighting(q->lookup->relays, g_ptr_array_index(sightings, i));
    add_documents(q, sights, t);
    return cause;
}

static int compare_instants(gconstpointer a, gconstpointer b)
{
    Instant ia = *(const Instant *)a, ib = *(const Instant *)b;
    return (ia > ib) - (ia < ib);
}

/* Judge every piece of the stretch. The result is the cause of the first;
 * *pieces says them all if their verdicts differ. */
static Cause look_over(const Query *q, Interval when, GArray *borders,
                       GString *pieces)
{
    g_array_sort(borders, compare_instants);
    Cause first = look_at(q, when.from);
    Verdict previous = cause_verdict(first);
    guint said = 1;
    g_string_assign(pieces, verdict_word(previous));
    for (guint i = 0; i < borders->len && said <= PIECES_MAX; i++) {
        Instant t = g_array_index(borders, Instant, i);
        if (i > 0 && t == g_array_index(borders, Instant, i - 1))
            continue;
        Verdict verdict = cause_verdict(look_at(q, t));
        if (verdict == previous)
            continue;
        g_autofree char *at = clock_new_text(t);
        g_string_append_printf(pieces, ", from %s %s", at,
                               said == PIECES_MAX ? "..."
                                                  : verdict_word(verdict));
        previous = verdict;
        said++;
    }
    if (said == 1)
        g_string_truncate(pieces, 0);
    return first;
}

static void judge_stretch(const Query *q, Interval when)
{
    Lookup *lookup = q->lookup;
    g_autoptr(GArray) borders = g_array_new(FALSE, FALSE, sizeof(Instant));
    if (!sight_borders(q->history, q->ip, when, BORDERS_MAX, borders)) {
        lookup->why = g_strdup("the cited time spans too many changes of the "
                               "network to be judged as one");
        return;
    }
    g_autoptr(GString) pieces = g_string_new(NULL);
    Cause cause = look_over(q, when, borders, pieces);
    if (pieces->len == 0) {
        lookup->verdict = cause_verdict(cause);
        lookup->why = cause_new_why(q, cause, when);
        return;
    }
    g_autofree char *from = clock_new_text(when.from);
    lookup->why = g_strdup_printf(
        "the answer changes within the cited time: at %s UTC %s", from,
        pieces->str);
}

/* How far two addresses are apart, as far as it matters to choose. */
static uint64_t distance(const IpAddress *a, const IpAddress *b)
{
    uint64_t na = 0, nb = 0;
    for (int i = 6; i < 14; i++) {
        na = na << 8 | a->bytes[i + (ip_is_v4(a) ? 2 : 0)];
        nb = nb << 8 | b->bytes[i + (ip_is_v4(b) ? 2 : 0)];
    }
    return na > nb ? na - nb : nb - na;
}

/* Was the address a relay's within the stretch? */
static bool was_relay(const History *h, bool is_v6, size_t address,
                      Interval when)
{
    Range range = map_address_runs(&h->addresses[is_v6], address);
    for (size_t i = range.first; i < range.end; i++) {
        AnyInterval run = map_interval(h, is_v6, i);
        if (run.relay != NO_INDEX && (Instant)run.from <= when.to &&
            run.to + RUN_GAP_S > when.from)
            return true;
    }
    return false;
}

/* The nearest other address of the /24 or /48 that was a relay's within the
 * stretch. */
static bool find_neighbour(const Query *q, Interval when, IpAddress *out)
{
    bool found = false, is_v6 = !ip_is_v4(q->ip);
    Range range = map_neighbours(q->history, q->ip);
    for (size_t i = range.first; i < range.end; i++) {
        IpAddress ip = map_address(q->history, is_v6, i);
        if ((found && distance(&ip, q->ip) >= distance(out, q->ip)) ||
            !was_relay(q->history, is_v6, i, when))
            continue;
        *out = ip;
        found = true;
    }
    return found;
}

static void look_for_neighbour(const Query *q, Interval when)
{
    Lookup *lookup = q->lookup;
    if (lookup->verdict != VERDICT_NOT_LISTED ||
        !find_neighbour(q, when, &lookup->neighbour))
        return;
    g_autofree char *ip = ip_new_text(q->ip);
    g_autofree char *near = ip_new_text(&lookup->neighbour);
    g_autofree char *at = stretch_new_text(when);
    g_free(lookup->why);
    lookup->verdict = VERDICT_NEIGHBOUR;
    lookup->why =
        g_strdup_printf("%s was no Tor relay %s, but %s in the same /%d was",
                        ip, at, near, ip_is_v4(q->ip) ? 24 : 48);
}

static bool protocol_is_tcp(const char *protocol)
{
    static const char *const OTHERS[] = {"udp",    "icmp", "icmp6", "icmpv6",
                                         "icmp-6", "gre",  "esp",   "sctp"};
    for (size_t i = 0; protocol && i < G_N_ELEMENTS(OTHERS); i++)
        if (g_ascii_strcasecmp(protocol, OTHERS[i]) == 0)
            return false;
    return true;
}

static Lookup *lookup_in(const History *history, const IpAddress *ip,
                         Interval when, int port, const char *protocol)
{
    Lookup *lookup = lookup_new();
    Query query = {
        .history = history,
        .ip = ip,
        .port = port,
        .protocol = protocol,
        .is_tcp = protocol_is_tcp(protocol),
        .lookup = lookup,
    };
    judge_stretch(&query, when);
    look_for_neighbour(&query, when);
    return lookup;
}

/* What consensuses in quarantine would say, as words behind a doubt. */
static void say_unverified(const History *unverified, const IpAddress *ip,
                           Interval when, int port, const char *protocol,
                           Lookup *lookup)
{
    if (!map_hour_at(unverified, when.from, map_hour_bits(ip)))
        return;
    g_autoptr(Lookup) other = lookup_in(unverified, ip, when, port, protocol);
    g_autofree char *before = lookup->why;
    lookup->why = g_strdup_printf(
        "%s (a consensus in quarantine, whose signatures could not be "
        "checked, would say %s: %s)",
        before, verdict_word(other->verdict), other->why);
}

Lookup *history_lookup(const History *history, const IpAddress *ip,
                       Interval when, int port, const char *protocol)
{
    if (when.from == INSTANT_NONE || when.to == INSTANT_NONE ||
        when.from > when.to) {
        Lookup *lookup = lookup_new();
        lookup->why = g_strdup("no usable time is cited");
        return lookup;
    }
    if (port == 0) /* who writes that does not know it */
        port = -1;
    Lookup *lookup = lookup_in(history, ip, when, port, protocol);
    beside_answer(history->beside, ip, when, port, protocol_is_tcp(protocol),
                  map_hour_at(history, when.to, HOUR_NS | HOUR_MICRO) != NULL,
                  lookup);
    if (lookup->verdict == VERDICT_UNDECIDABLE && history->unverified)
        say_unverified(history->unverified, ip, when, port, protocol, lookup);
    return lookup;
}
