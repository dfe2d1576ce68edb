/*
 * Whose was it?
 *
 * The public record (history.c) says which relays used the cited address at
 * the cited time; the members say which relays are theirs. A relay's
 * fingerprint is proof of whose it is; an address alone only says whose
 * network it stands in. So the relays decide where there are any, and a
 * member's prefix only where no relay was found at all.
 *
 * A time that can be read in several ways is asked for each reading. Only what
 * all readings agree on is stated: the same verdict of the same member.
 */
#include "relay/match.h"

#include "relay/history_map.h"

#include <string.h>

/* What one reading comes to. */
typedef struct {
    Verdict verdict;
    const Member *member;
    char *why;
    bool is_certain;
} Outcome;

static void reading_match_free(gpointer data)
{
    ReadingMatch *reading = data;
    g_free(reading->why);
    g_free(reading->member);
    g_free(reading);
}

void match_free(Match *match)
{
    if (!match)
        return;
    g_free(match->why);
    g_free(match->member);
    g_ptr_array_unref(match->relays);
    g_ptr_array_unref(match->documents);
    g_ptr_array_unref(match->readings);
    g_free(match);
}

static Match *match_new(void)
{
    Match *match = g_new0(Match, 1);
    match->relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_sighting_free);
    match->documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_document_free);
    match->readings = g_ptr_array_new_with_free_func(reading_match_free);
    return match;
}

/* Does the sighting count for the verdict, rather than stand beside it? On an
 * exit only the relays that would have connected do. */
static bool supports(const RelaySighting *s, Verdict verdict)
{
    if (s->certainty == CERTAINTY_CONCEIVABLE)
        return false;
    return verdict != VERDICT_EXIT || s->policy == POLICY_ACCEPTED ||
           s->policy == POLICY_PROBABLY_ACCEPTED;
}

/* Whose relays they were: of how many members, and how many of nobody's. */
typedef struct {
    const Member *first, *second;
    guint others;
} Owners;

/* A relay is its fingerprint's member's, else that of the member who holds
 * the network it stands in. */
static Owners owners_of(const Members *members, const IpAddress *ip,
                        Instant when, const Lookup *lookup)
{
    const Member *holder = members_by_address(members, ip, when);
    Owners owners = {0};
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        if (lookup->verdict != VERDICT_UNDECIDABLE &&
            !supports(s, lookup->verdict))
            continue;
        const Member *member = members_by_fingerprint(members, s->fingerprint);
        member = member ? member : holder;
        if (!member)
            owners.others++;
        else if (!owners.first)
            owners.first = member;
        else if (member != owners.first)
            owners.second = member;
    }
    return owners;
}

/* Had one of a member's relays ever that address? signed_only: what only exit
 * lists say, which anybody may have written, does not count. */
static const Member *past_owner(const History *history, const Members *members,
                                const IpAddress *ip, bool signed_only)
{
    const Member *found = NULL;
    g_autoptr(GPtrArray) relays = map_address_relays(history, ip, signed_only);
    for (guint i = 0; i < relays->len; i++) {
        const Member *member =
            members_by_fingerprint(members, g_ptr_array_index(relays, i));
        if (member && found && member != found)
            return NULL;
        found = member ? member : found;
    }
    return found;
}

static bool is_members(const History *history, const Members *members,
                       const IpAddress *ip, Instant when)
{
    return members_by_address(members, ip, when) ||
           past_owner(history, members, ip, false);
}

static void set_not_listed(const Lookup *lookup, const Member *member,
                           bool by_prefix, Outcome *out)
{
    out->member = member;
    out->verdict = lookup->verdict == VERDICT_UNDECIDABLE ? VERDICT_UNDECIDABLE
                                                          : VERDICT_NOT_LISTED;
    out->why = g_strdup_printf("%s; %s %s", lookup->why,
                               by_prefix ? "the address is in a prefix of"
                                         : "the address was once used by a "
                                           "relay of",
                               member->id);
}

/* No relay was found: the address itself may still be a member's. */
static void judge_address(const History *history, const Members *members,
                          const IpAddress *ip, Instant when,
                          const Lookup *lookup, Outcome *out)
{
    const Member *holder = members_by_address(members, ip, when);
    const Member *past =
        holder ? NULL : past_owner(history, members, ip, false);
    if (holder || past) {
        set_not_listed(lookup, holder ? holder : past, holder != NULL, out);
        out->is_certain &=
            holder || past_owner(history, members, ip, true) == past;
        return;
    }
    if (lookup->verdict == VERDICT_UNDECIDABLE ||
        (lookup->verdict == VERDICT_NEIGHBOUR &&
         is_members(history, members, &lookup->neighbour, when))) {
        out->why = g_strdup(lookup->why);
        return;
    }
    out->verdict = VERDICT_NOT_OURS;
    out->why =
        g_strdup_printf("%s, and the address is no member's", lookup->why);
}

static const char *nobody_reason(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_EXIT:
        return "it is a Tor exit of somebody else";
    case VERDICT_UNDECIDABLE:
    case VERDICT_PORT_CLOSED:
    case VERDICT_NOT_TCP:
    case VERDICT_NOT_EXIT:
    case VERDICT_NOT_LISTED:
    case VERDICT_NEIGHBOUR:
    case VERDICT_NOT_OURS:
    case VERDICT_COUNT:
        return "it is a Tor relay of somebody else";
    }
    g_assert_not_reached();
}

static void judge_relays(const Owners *owners, const Lookup *lookup,
                         Outcome *out)
{
    if (owners->second) {
        out->verdict = VERDICT_UNDECIDABLE;
        out->why = g_strdup_printf(
            "%s; relays of two members used the address: %s and %s",
            lookup->why, owners->first->id, owners->second->id);
        return;
    }
    if (owners->first && owners->others > 0) {
        out->verdict = VERDICT_UNDECIDABLE;
        out->why = g_strdup_printf(
            "%s; a relay of %s and one of nobody here used the address",
            lookup->why, owners->first->id);
        return;
    }
    if (owners->first) {
        out->member = owners->first;
        out->why = g_strdup(lookup->why);
        return;
    }
    if (out->verdict != VERDICT_UNDECIDABLE)
        out->verdict = VERDICT_NOT_OURS;
    out->why =
        g_strdup_printf("%s; %s", lookup->why, nobody_reason(lookup->verdict));
}

/* Nothing shows that an exit leaves from its IPv6 OR address: the lists of
 * scans have none, and it need not. And nobody signs those lists: what only
 * they say is one scanner's word, or that of whoever wrote the file. A summary
 * sums up: what it calls rejected may be open to some. What servers signed one
 * by one before there was a consensus is not enough either. */
static bool sighting_is_certain(const RelaySighting *s, Verdict verdict)
{
    bool is_closed =
        verdict == VERDICT_PORT_CLOSED || verdict == VERDICT_NOT_EXIT;
    return s->certainty == CERTAINTY_CERTAIN && s->policy != POLICY_UNKNOWN &&
           !s->rests_on_scan &&
           !(s->ipv6_probable && verdict == VERDICT_EXIT) &&
           !(is_closed && s->policy == POLICY_PROBABLY_REJECTED);
}

/* Would an exit that left from this address, but listens on another, show? */
static bool would_show(const History *history, const IpAddress *ip,
                       Interval when)
{
    return ip_is_v4(ip) && map_has_exit_list(history, when.from) &&
           map_has_exit_list(history, when.to);
}

static bool lookup_is_certain(const History *history, const IpAddress *ip,
                              Interval when, const Lookup *lookup)
{
    if (lookup->verdict == VERDICT_UNDECIDABLE ||
        lookup->basis != BASIS_CONSENSUS)
        return false;
    for (guint i = 0; i < lookup->relays->len; i++)
        if (!sighting_is_certain(g_ptr_array_index(lookup->relays, i),
                                 lookup->verdict))
            return false;
    return lookup->relays->len > 0 || would_show(history, ip, when);
}

static Outcome judge_reading(const History *history, const Members *members,
                             const Incident *incident, Interval when,
                             const Lookup *lookup)
{
    const IpAddress *ip = &incident->address;
    Outcome out = {
        .verdict = lookup->verdict,
        .is_certain = lookup_is_certain(history, ip, when, lookup),
    };
    if (!members || members_count(members) == 0) {
        out.why = g_strdup(lookup->why);
        return out;
    }
    Owners owners = owners_of(members, ip, when.from, lookup);
    if (owners.first || owners.others > 0)
        judge_relays(&owners, lookup, &out);
    else
        judge_address(history, members, ip, when.from, lookup, &out);
    out.is_certain &= out.verdict != VERDICT_UNDECIDABLE;
    return out;
}

static void take_evidence(Match *match, Lookup *lookup)
{
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        bool known = false;
        for (guint k = 0; k < match->relays->len; k++) {
            const RelaySighting *other = g_ptr_array_index(match->relays, k);
            known |= memcmp(other->fingerprint, s->fingerprint,
                            FINGERPRINT_BYTES) == 0;
        }
        if (!known)
            g_ptr_array_add(match->relays, relay_sighting_copy(s));
    }
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        bool known = false;
        for (guint k = 0; k < match->documents->len; k++) {
            const RelayDocument *other = g_ptr_array_index(match->documents, k);
            known |= g_str_equal(other->sha256, d->sha256);
        }
        if (!known)
            g_ptr_array_add(match->documents, relay_document_copy(d));
    }
}

static void add_reading(Match *match, guint index, Outcome *outcome)
{
    ReadingMatch *reading = g_new0(ReadingMatch, 1);
    reading->reading = index;
    reading->verdict = outcome->verdict;
    reading->why = g_steal_pointer(&outcome->why);
    reading->member = outcome->member ? g_strdup(outcome->member->id) : NULL;
    g_ptr_array_add(match->readings, reading);
    match->is_certain &= outcome->is_certain;
}

/* "exit of alpha" */
static char *reading_text(const ReadingMatch *reading)
{
    if (!reading->member)
        return g_strdup(verdict_word(reading->verdict));
    return g_strdup_printf("%s of %s", verdict_word(reading->verdict),
                           reading->member);
}

static bool is_same_answer(const ReadingMatch *a, const ReadingMatch *b)
{
    return a->verdict == b->verdict && g_strcmp0(a->member, b->member) == 0;
}

guint match_count_like(const Match *match, guint index)
{
    guint count = 0;
    for (guint i = 0; i < match->readings->len; i++) {
        if (!is_same_answer(match->readings->pdata[i],
                            match->readings->pdata[index]))
            continue;
        if (i < index)
            return 0;
        count++;
    }
    return count;
}

/* What the readings agree on; if they do not, the two first that differ. */
static void conclude(Match *match)
{
    const ReadingMatch *first = g_ptr_array_index(match->readings, 0);
    for (guint i = 1; i < match->readings->len; i++) {
        const ReadingMatch *other = g_ptr_array_index(match->readings, i);
        if (is_same_answer(other, first))
            continue;
        g_autofree char *a = reading_text(first);
        g_autofree char *b = reading_text(other);
        match->verdict = VERDICT_UNDECIDABLE;
        match->is_certain = false;
        match->why = g_strdup_printf("the cited time can be read in %u ways "
                                     "that give different answers: %s, or %s",
                                     match->readings->len, a, b);
        return;
    }
    match->verdict = first->verdict;
    match->member = g_strdup(first->member);
    match->why = g_strdup(first->why);
}

static Match *undecidable(const char *why)
{
    Match *match = match_new();
    match->verdict = VERDICT_UNDECIDABLE;
    match->why = g_strdup(why);
    return match;
}

Match *match_incident(const History *history, const Members *members,
                      const Incident *incident)
{
    const CitedTime *time = incident->time;
    if (!history)
        return undecidable("there is no relay data to ask");
    if (!time || !time->readings || time->readings->len == 0)
        return undecidable(time ? "the cited time cannot be read"
                                : "no time is cited");
    Match *match = match_new();
    match->is_certain = true;
    for (guint i = 0; i < time->readings->len; i++) {
        const Reading *reading = g_ptr_array_index(time->readings, i);
        Interval when = {reading->from, reading->to};
        g_autoptr(Lookup) lookup =
            history_lookup(history, &incident->address, when,
                           incident->target_port, incident->protocol);
        Outcome outcome =
            judge_reading(history, members, incident, when, lookup);
        take_evidence(match, lookup);
        add_reading(match, i, &outcome);
    }
    conclude(match);
    return match;
}
