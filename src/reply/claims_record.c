/*
 * Claims about the address, from the complaint's own facts and the public
 * record of relays.
 *
 * A verdict is claimed only if every incident has it with certainty; it is
 * denied if one incident certainly has another. What holds today (rules,
 * being listed at all) is looked up in the newest list that we know, which
 * must be of the last day. Rejected: to call a packet forged because of its
 * flags or its number; a complaint does not show them reliably, its protocol
 * it does.
 */
#include "reply/claims.h"

#include <string.h>

/* Bytes after which no more incidents are shown: twenty thousand of them
 * would be searched again and again. */
#define EXHIBIT_MAX   16384
#define LOOKUPS_MAX   16 /* incidents; of more nothing is claimed of today */
#define LIST_MAX_AGE  INSTANT_DAY_S
#define PORT_OF_NAMES 53 /* an exit asks name servers by UDP itself */
#define ACCEPT        "accept "

/* ---- what is cited ----------------------------------------------------- */

const Incident *claims_incident(const ReplyContext *context, guint index)
{
    return context->findings->incidents
        ->pdata[g_array_index(context->ticket->incidents, guint, index)];
}

bool claims_possible_span(const Incident *incident, Interval *span)
{
    const GPtrArray *readings =
        incident->time ? incident->time->readings : NULL;
    if (!readings || readings->len == 0)
        return false;
    *span = (Interval){INT64_MAX, INT64_MIN};
    for (guint i = 0; i < readings->len; i++) {
        const Reading *reading = readings->pdata[i];
        span->from = MIN(span->from, reading->from);
        span->to = MAX(span->to, reading->to);
    }
    return span->from != INSTANT_NONE;
}

const char *claims_protocol(const ReplyContext *context)
{
    static const char *const WORDS[][2] = {{"udp", "UDP"}, {"icmp", "ICMP"}};
    const char *found = NULL;
    for (guint i = 0; i < context->ticket->incidents->len; i++) {
        const char *cited = claims_incident(context, i)->protocol;
        const char *word = NULL;
        for (guint k = 0; cited && k < G_N_ELEMENTS(WORDS); k++)
            if (g_str_equal(cited, WORDS[k][0]))
                word = WORDS[k][1];
        if (!word || (found && !g_str_equal(found, word)))
            return NULL;
        found = word;
    }
    return found;
}

/* Packets without a connection, whose source nobody checks, and none that
 * the relay would send itself. */
ClaimAnswer claim_spoof_likely(const ReplyContext *context, GString *exhibit)
{
    const char *protocol = claims_protocol(context);
    if (!protocol)
        return CLAIM_NO;
    for (guint i = 0; i < context->ticket->incidents->len; i++) {
        const Incident *incident = claims_incident(context, i);
        if (incident->port == PORT_OF_NAMES ||
            incident->target_port == PORT_OF_NAMES)
            return CLAIM_NO;
    }
    exhibit_add(exhibit, g_strdup_printf("cited protocol %s", protocol));
    return CLAIM_YES;
}

/* ---- the record of that time ------------------------------------------- */

static void show_document(const RelayDocument *document, GString *exhibit)
{
    char when[INSTANT_TEXT_MAX];
    exhibit_add(exhibit,
                g_strdup_printf("%s %s sha256 %s", document->type,
                                instant_text(document->when, when),
                                document->sha256 ? document->sha256 : "-"));
}

static void show_documents(const GPtrArray *documents, GString *exhibit)
{
    for (guint i = 0; documents && i < documents->len; i++)
        show_document(documents->pdata[i], exhibit);
}

static void show_match(const Match *match, GString *exhibit)
{
    show_documents(match->documents, exhibit);
    for (guint i = 0; match->relays && i < match->relays->len; i++) {
        const RelaySighting *relay = match->relays->pdata[i];
        if (relay->policy_text)
            exhibit_add(exhibit,
                        g_strdup_printf("policy %s: %s",
                                        policy_answer_word(relay->policy),
                                        relay->policy_text));
    }
}

/* A letter says of UDP and ICMP, too, that they were not let out; by which of
 * the two reasons the words of its texts tell (incident.protocol). */
static Verdict verdict_said(Verdict verdict)
{
    return verdict == VERDICT_NOT_TCP ? VERDICT_PORT_CLOSED : verdict;
}

ClaimAnswer claim_verdict(const ReplyContext *context, Verdict verdict,
                          GString *exhibit)
{
    ClaimAnswer answer = CLAIM_YES;
    guint count = context->ticket->incidents->len;
    for (guint i = 0; i < count; i++) {
        const Match *match = context->matches[i];
        if (!match || match->verdict == VERDICT_UNDECIDABLE ||
            !match->is_certain)
            answer = MAX(answer, CLAIM_UNKNOWN);
        else if (verdict_said(match->verdict) != verdict)
            return CLAIM_NO;
        if (match && exhibit->len < EXHIBIT_MAX)
            show_match(match, exhibit);
    }
    return count > 0 ? answer : CLAIM_UNKNOWN;
}

/* "accept 22,80,443" for the address then; NULL if not known. Without a
 * history the text of the sighting, unless it is a single rule. */
static char *summary_new(const ReplyContext *context, guint index)
{
    const Incident *incident = claims_incident(context, index);
    const Match *match = context->matches[index];
    const GPtrArray *relays = match ? match->relays : NULL;
    g_autoptr(Lookup) lookup = NULL;
    Interval span;
    if (context->history && claims_possible_span(incident, &span)) {
        lookup = history_lookup(context->history, &incident->address, span, -1,
                                NULL);
        relays = lookup->relays;
    }
    const char *found = NULL;
    for (guint i = 0; relays && i < relays->len; i++) {
        const RelaySighting *relay = relays->pdata[i];
        const char *text = relay->policy_text;
        if (!text || strpbrk(text, "*:/") ||
            relay->certainty != CERTAINTY_CERTAIN ||
            (found && !g_str_equal(found, text)))
            return NULL;
        found = text;
    }
    return g_strdup(found);
}

/* One summary throughout, or NULL. */
static char *only_summary_new(const ReplyContext *context)
{
    g_autofree char *found = NULL;
    guint count = context->ticket->incidents->len;
    for (guint i = 0; i < count && count <= LOOKUPS_MAX; i++) {
        g_autofree char *summary = summary_new(context, i);
        if (!summary || (found && !g_str_equal(found, summary)))
            return NULL;
        if (!found)
            found = g_steal_pointer(&summary);
    }
    return g_steal_pointer(&found);
}

static bool is_reduced(const char *summary)
{
    return g_str_has_prefix(summary, ACCEPT) &&
           !g_str_equal(summary, ACCEPT "1-65535");
}

/* Did the relay let out to listed ports only? */
ClaimAnswer claim_reduced_policy(const ReplyContext *context, GString *exhibit)
{
    g_autofree char *summary = only_summary_new(context);
    if (!summary)
        return CLAIM_UNKNOWN;
    exhibit_add(exhibit, g_strdup_printf("policy summary: %s", summary));
    return is_reduced(summary) ? CLAIM_YES : CLAIM_NO;
}

char *claims_ports_new(const ReplyContext *context)
{
    g_autofree char *summary = only_summary_new(context);
    return summary && is_reduced(summary) ? g_strdup(summary + strlen(ACCEPT))
                                          : NULL;
}

/* ---- the record of today ----------------------------------------------- */

Instant claims_newest_list(const ReplyContext *context)
{
    if (!context->history)
        return INSTANT_NONE;
    Instant newest = history_span(context->history).to;
    bool is_fresh = newest != INSTANT_NONE && newest <= context->now &&
                    context->now - newest <= LIST_MAX_AGE;
    return is_fresh ? newest : INSTANT_NONE;
}

/* Does each cited address have one of the verdicts (bits 1 << Verdict) in
 * the newest list, for the port cited with it? */
static ClaimAnswer answer_today(const ReplyContext *context, uint32_t verdicts,
                                bool for_port, GString *exhibit)
{
    Instant newest = claims_newest_list(context);
    guint count = context->ticket->incidents->len;
    if (newest == INSTANT_NONE || count == 0 || count > LOOKUPS_MAX)
        return CLAIM_UNKNOWN;
    ClaimAnswer answer = CLAIM_YES;
    for (guint i = 0; i < count; i++) {
        const Incident *incident = claims_incident(context, i);
        if (for_port && incident->target_port <= 0)
            return CLAIM_UNKNOWN;
        g_autoptr(Lookup) lookup = history_lookup(
            context->history, &incident->address, (Interval){newest, newest},
            for_port ? incident->target_port : -1, NULL);
        show_documents(lookup->documents, exhibit);
        if (lookup->verdict == VERDICT_UNDECIDABLE)
            answer = CLAIM_UNKNOWN;
        else if (!(verdicts & (1u << lookup->verdict)))
            return CLAIM_NO;
    }
    return answer;
}

static bool remedy_was_seen(const ReplyContext *context)
{
    const RelayDocument *remedy = context->remedy;
    return remedy && remedy->when != INSTANT_NONE &&
           remedy->when <= context->now;
}

/* A descriptor that was seen to have the rule, or today's policy for the
 * port. */
ClaimAnswer claim_destination_blocked(const ReplyContext *context,
                                      GString *exhibit)
{
    if (remedy_was_seen(context)) {
        show_document(context->remedy, exhibit);
        return CLAIM_YES;
    }
    return answer_today(context,
                        1u << VERDICT_PORT_CLOSED | 1u << VERDICT_NOT_EXIT,
                        true, exhibit);
}

Instant claims_remedy_seen(const ReplyContext *context)
{
    g_autoptr(GString) unused = g_string_new(NULL);
    if (claim_destination_blocked(context, unused) != CLAIM_YES)
        return INSTANT_NONE;
    return remedy_was_seen(context) ? context->remedy->when
                                    : claims_newest_list(context);
}

/* It was a relay then, and no list of today names one there. */
ClaimAnswer claim_relay_gone(const ReplyContext *context, GString *exhibit)
{
    for (guint i = 0; i < context->ticket->incidents->len; i++) {
        const Match *match = context->matches[i];
        if (!match || !match->relays || match->relays->len == 0)
            return CLAIM_NO;
    }
    return answer_today(context,
                        1u << VERDICT_NOT_LISTED | 1u << VERDICT_NEIGHBOUR,
                        false, exhibit);
}
