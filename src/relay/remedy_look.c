/*
 * Does the newest public record show a relay closed to a destination?
 *
 * The history keeps for each run of consensuses the policy of the descriptor
 * they named. The newest run says how it is; walking back over the runs
 * before it, as long as they say the same and follow without a gap, says since
 * when. The descriptor itself is asked for as proof: what cannot be shown is
 * not claimed.
 */
#include "relay/remedy.h"

#include "relay/evidence.h"

#include <string.h>

void remedy_look_clear(RemedyLook *look)
{
    g_clear_pointer(&look->policy, g_free);
    g_clear_pointer(&look->sight.rule, g_free);
    g_clear_pointer(&look->document, relay_document_free);
}

static bool find_relay(const History *h,
                       const uint8_t fingerprint[FINGERPRINT_BYTES],
                       uint32_t *out)
{
    size_t low = 0, high = h->relay_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(h->relays[middle].fingerprint, fingerprint,
                           FINGERPRINT_BYTES);
        if (order == 0) {
            *out = (uint32_t)middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static const char *policy_of(const History *h, const Period *period)
{
    return period->policy == NO_INDEX ? NULL : map_text(h, period->policy);
}

/* First consensus of the run of periods that say CLOSED up to the last. */
static Instant closed_since(const History *h, uint32_t relay,
                            const RemedyTarget *target, const Period *last)
{
    Range range = map_periods(h, relay);
    Instant since = last->from;
    for (size_t i = range.end; i > range.first; i--) {
        Period period;
        if (!map_period(h, i - 1, &period) || period.from >= since)
            continue;
        if (period.to + (Instant)RUN_GAP_S < since)
            return since;
        RemedySight sight = remedy_see(policy_of(h, &period), target);
        g_free(sight.rule);
        if (sight.view != REMEDY_CLOSED)
            return since;
        since = period.from;
    }
    return since;
}

static void keep_descriptor(const RelayDocument *document, gpointer data)
{
    RelayDocument **kept = data;
    if (!g_str_equal(document->type, document_type_word(DOCUMENT_DESCRIPTOR)))
        return;
    if (*kept && (*kept)->when >= document->when)
        return;
    relay_document_free(*kept);
    *kept = relay_document_copy(document);
}

static void prove_closed(const History *h, uint32_t relay,
                         const RemedyTarget *target, const Period *period,
                         RemedyLook *out)
{
    const Sight sight = {.relay = relay, .has_period = true, .period = *period};
    const IpAddress none = {0};
    out->since = closed_since(h, relay, target, period);
    evidence_of_sight(h, &none, &sight, out->consensus, keep_descriptor,
                      &out->document);
    if (out->document)
        return;
    g_free(out->sight.rule);
    out->sight = (RemedySight){
        .view = REMEDY_UNSEEN,
        .rule = g_strdup("the descriptor that shows it is not at hand")};
    out->since = INSTANT_NONE;
}

/* The newest run of consensuses, if the newest names the relay. */
static bool find_newest(const History *h,
                        const uint8_t fingerprint[FINGERPRINT_BYTES],
                        uint32_t *relay, Period *period)
{
    Instant newest = h ? history_span(h).to : INSTANT_NONE;
    return newest != INSTANT_NONE && find_relay(h, fingerprint, relay) &&
           map_period_before(h, *relay, map_hour_index(h, newest), period) &&
           period->to + (Instant)RUN_GAP_S > newest;
}

char *remedy_newest_policy(const History *h,
                           const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    uint32_t relay;
    Period period;
    return find_newest(h, fingerprint, &relay, &period)
               ? g_strdup(policy_of(h, &period))
               : NULL;
}

void remedy_look(const History *h, const uint8_t fingerprint[FINGERPRINT_BYTES],
                 const RemedyTarget *target, RemedyLook *out)
{
    uint32_t relay;
    Period period;
    *out = (RemedyLook){.consensus = INSTANT_NONE, .since = INSTANT_NONE};
    if (h)
        out->consensus = history_span(h).to;
    out->is_listed = find_newest(h, fingerprint, &relay, &period);
    if (!out->is_listed) {
        out->sight.rule = g_strdup("the newest consensus does not list it");
        return;
    }
    out->policy = g_strdup(policy_of(h, &period));
    out->sight = remedy_see(out->policy, target);
    if (out->sight.view == REMEDY_CLOSED)
        prove_closed(h, relay, target, &period, out);
}
