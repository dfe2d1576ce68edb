/*
 * The words of a lookup: names of enumerations, and the one sentence that says
 * why. The documents and relays beside it are data; the sentence is for people
 * and says in particular what is *not* known.
 */
#include "relay/history_query.h"

#include "base/digest.h"

const char *verdict_word(Verdict verdict)
{
    static const char *const WORDS[VERDICT_COUNT] = {
        [VERDICT_UNDECIDABLE] = "undecidable",
        [VERDICT_EXIT] = "exit",
        [VERDICT_PORT_CLOSED] = "port-closed",
        [VERDICT_NOT_EXIT] = "not-exit",
        [VERDICT_NOT_LISTED] = "not-listed",
        [VERDICT_NEIGHBOUR] = "neighbour",
        [VERDICT_NOT_OURS] = "not-ours",
        [VERDICT_NOT_TCP] = "not-tcp",
    };
    g_assert(verdict < VERDICT_COUNT);
    return WORDS[verdict];
}

const char *certainty_word(Certainty certainty)
{
    switch (certainty) {
    case CERTAINTY_CERTAIN:
        return "certain";
    case CERTAINTY_POSSIBLE:
        return "possible";
    case CERTAINTY_CONCEIVABLE:
        return "conceivable";
    }
    g_assert_not_reached();
}

const char *policy_answer_word(PolicyAnswer answer)
{
    switch (answer) {
    case POLICY_UNKNOWN:
        return "unknown";
    case POLICY_ACCEPTED:
        return "accepted";
    case POLICY_PROBABLY_ACCEPTED:
        return "probably-accepted";
    case POLICY_PROBABLY_REJECTED:
        return "probably-rejected";
    case POLICY_REJECTED:
        return "rejected";
    }
    g_assert_not_reached();
}

void relay_sighting_free(RelaySighting *sighting)
{
    if (!sighting)
        return;
    g_free(sighting->policy_text);
    g_free(sighting->own_ports);
    g_free(sighting);
}

RelaySighting *relay_sighting_copy(const RelaySighting *sighting)
{
    RelaySighting *copy = g_memdup2(sighting, sizeof *sighting);
    copy->policy_text = g_strdup(sighting->policy_text);
    copy->own_ports = g_strdup(sighting->own_ports);
    return copy;
}

void relay_document_free(RelayDocument *document)
{
    if (!document)
        return;
    g_free(document->sha256);
    g_free(document->name);
    g_free(document);
}

RelayDocument *relay_document_copy(const RelayDocument *document)
{
    RelayDocument *copy = g_memdup2(document, sizeof *document);
    copy->sha256 = g_strdup(document->sha256);
    copy->name = g_strdup(document->name);
    return copy;
}

Lookup *lookup_new(void)
{
    Lookup *lookup = g_new0(Lookup, 1);
    lookup->relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_sighting_free);
    lookup->documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_document_free);
    return lookup;
}

void lookup_free(Lookup *lookup)
{
    if (!lookup)
        return;
    g_free(lookup->why);
    g_ptr_array_unref(lookup->relays);
    g_ptr_array_unref(lookup->documents);
    g_free(lookup);
}

Verdict cause_verdict(Cause cause)
{
    switch (cause) {
    case CAUSE_NO_CONSENSUS:
    case CAUSE_CONCEIVABLE:
    case CAUSE_UNKNOWN_POLICY:
    case CAUSE_NARROW:
    case CAUSE_SCAN_DISAGREES:
        return VERDICT_UNDECIDABLE;
    case CAUSE_EXIT:
        return VERDICT_EXIT;
    case CAUSE_PORT:
        return VERDICT_PORT_CLOSED;
    case CAUSE_PROTOCOL:
        return VERDICT_NOT_TCP;
    case CAUSE_NO_EXIT:
        return VERDICT_NOT_EXIT;
    case CAUSE_NOT_LISTED:
        return VERDICT_NOT_LISTED;
    }
    g_assert_not_reached();
}

bool sighting_is_accepted(const RelaySighting *s)
{
    return s->policy == POLICY_ACCEPTED ||
           s->policy == POLICY_PROBABLY_ACCEPTED;
}

char *clock_new_text(Instant t)
{
    Civil c = civil_from_instant(t, 0);
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
                           c.hour, c.minute);
}

char *stretch_new_text(Interval when)
{
    g_autofree char *from = clock_new_text(when.from);
    g_autofree char *to = clock_new_text(when.to);
    return when.to - when.from < 60
               ? g_strdup_printf("at %s UTC", from)
               : g_strdup_printf("from %s to %s UTC", from, to);
}

static char *stored_text(const History *h)
{
    Interval span = history_span(h);
    if (span.from == INSTANT_NONE)
        return g_strdup("Stored: none");
    g_autofree char *from = clock_new_text(span.from);
    g_autofree char *to = clock_new_text(span.to);
    return g_strdup_printf("Stored: %s .. %s", from, to);
}

/* "relay alpha", "relay alpha and 2 more". */
static char *relays_text(const Query *q, bool decided_only)
{
    const GPtrArray *relays = q->lookup->relays;
    const RelaySighting *first = NULL;
    guint count = 0;
    for (guint i = 0; i < relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(relays, i);
        if (decided_only &&
            (!sighting_is_accepted(s) || s->certainty == CERTAINTY_CONCEIVABLE))
            continue;
        first = first ? first : s;
        count++;
    }
    if (!first)
        return g_strdup("a relay");
    g_autofree char *hex = hex_new(first->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *name = *first->nickname
                                ? g_strdup_printf("%s ", first->nickname)
                                : g_strdup("");
    if (count == 1)
        return g_strdup_printf("relay %s(%.8s)", name, hex);
    return g_strdup_printf("relay %s(%.8s) and %u more", name, hex, count - 1);
}

/* How it is known that the first exit relay used the address. */
static const char *evidence_text(const Query *q)
{
    for (guint i = 0; i < q->lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(q->lookup->relays, i);
        if (!sighting_is_accepted(s))
            continue;
        if (s->by_exit_list && s->listed.from == INSTANT_NONE)
            return "; an exit scan saw it leave from there, no consensus "
                   "lists it";
        if (s->by_exit_list)
            return "; exit scans within a day saw it leave from there (lists "
                   "lag up to 30 minutes)";
        if (s->rests_on_scan)
            return "; only an exit scan shows that it still was, or let "
                   "anything out";
        if (s->ipv6_probable)
            return "; its IPv6 address is probably the one it leaves from";
        if (s->certainty != CERTAINTY_CERTAIN)
            return "; possible: last listed over an hour before, clients use "
                   "a consensus for 3 hours";
        return "";
    }
    return "";
}

static char *port_text(const Query *q)
{
    return q->port < 0 ? g_strdup("") : g_strdup_printf(" %d", q->port);
}

/* Does only a summary speak for the port? It says what most addresses get. */
static bool is_by_summary(const Query *q)
{
    for (guint i = 0; i < q->lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(q->lookup->relays, i);
        if (s->policy == POLICY_ACCEPTED &&
            s->certainty != CERTAINTY_CONCEIVABLE)
            return false;
    }
    return true;
}

static char *exit_why(const Query *q, const char *ip, const char *when)
{
    g_autofree char *relays = relays_text(q, true);
    const char *evidence = evidence_text(q);
    if (q->port < 0)
        return g_strdup_printf("%s was a Tor exit %s: %s%s", ip, when, relays,
                               evidence);
    return g_strdup_printf(
        "%s was a Tor exit %s and its policy%s allowed port %d: %s%s", ip, when,
        is_by_summary(q) ? " as summed up" : "", q->port, relays, evidence);
}

static char *undecided_why(const Query *q, Cause cause, Interval stretch,
                           const char *ip, const char *when)
{
    g_autofree char *relays = relays_text(q, false);
    g_autofree char *port = port_text(q);
    if (cause == CAUSE_CONCEIVABLE)
        return g_strdup_printf(
            "%s is not known as a relay %s, but %s was within the day "
            "before; a client with an old consensus could have used it",
            ip, when, relays);
    if (cause == CAUSE_UNKNOWN_POLICY)
        return g_strdup_printf(
            "%s was a Tor relay %s (%s), but its exit policy%s%s then "
            "is not stored",
            ip, when, relays, *port ? " for port" : "", port);
    if (cause == CAUSE_NARROW)
        return g_strdup_printf(
            "%s was a Tor relay %s (%s) that let out%s%s to a few "
            "addresses only",
            ip, when, relays, *port ? " on port" : "", port);
    if (cause == CAUSE_SCAN_DISAGREES)
        return g_strdup_printf(
            "%s was a Tor relay %s (%s) whose policy let nothing out, "
            "yet exit scans saw it leave",
            ip, when, relays);
    Instant t = stretch.from;
    g_autofree char *hour = clock_new_text(t - ((t % 3600) + 3600) % 3600);
    g_autofree char *moment = clock_new_text(t);
    g_autofree char *stored = stored_text(q->history);
    return g_strdup_printf("no consensus stored for %s UTC%s, so nothing can "
                           "be said about %s at %s. %s",
                           hour, ip_is_v4(q->ip) ? "" : " with IPv6 addresses",
                           ip, moment + 11, stored);
}

/* The sentence for a cause that holds all that time. */
char *cause_new_why(const Query *q, Cause cause, Interval stretch)
{
    g_autofree char *ip = ip_new_text(q->ip);
    g_autofree char *when = stretch_new_text(stretch);
    g_autofree char *relays = relays_text(q, false);
    switch (cause) {
    case CAUSE_EXIT:
        return exit_why(q, ip, when);
    case CAUSE_PORT:
        return g_strdup_printf("%s was a Tor relay %s (%s), but its "
                               "exit policy rejected port %d",
                               ip, when, relays, q->port);
    case CAUSE_PROTOCOL:
        return g_strdup_printf("%s was a Tor relay %s (%s), but %s "
                               "never leaves through Tor",
                               ip, when, relays, q->protocol);
    case CAUSE_NO_EXIT:
        return g_strdup_printf(
            "%s was a Tor relay %s (%s) that lets nothing out", ip, when,
            relays);
    case CAUSE_NOT_LISTED:
        return g_strdup_printf(
            "%s was no Tor relay %s: the consensus then does not list "
            "it%s",
            ip, when,
            map_has_exit_list(q->history, stretch.from)
                ? ""
                : " (no exit list is stored for that time, so an exit address "
                  "apart from the relay's own would not show)");
    case CAUSE_NO_CONSENSUS:
    case CAUSE_CONCEIVABLE:
    case CAUSE_UNKNOWN_POLICY:
    case CAUSE_NARROW:
    case CAUSE_SCAN_DISAGREES:
        return undecided_why(q, cause, stretch, ip, when);
    }
    g_assert_not_reached();
}
