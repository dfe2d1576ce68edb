/*
 * What binds a person, too.
 *
 * Most rules of the gate say that no program may answer: a person may. Of the
 * whole table three things stay. D01: without consent nothing is written in a
 * member's name. The matters of D00, D00a and D00b: authorities, courts,
 * threats, abuse of children; they need the word of somebody who has gone
 * through the country's checklist. And the address: rules about the sender
 * (stop list, ourselves, bounced) are asked of whom the person chose instead.
 */
#include "intake/rewriting.h"

#include "intake/joining.h"
#include "intake/joint.h"
#include "reply/letter.h"

#include <string.h>

JudgedTicket *rewriting_ticket(const Judgement *judgement, const Case *filed)
{
    if (joint_is_case(filed))
        return joint_of(judgement);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!judged->is_joint &&
            g_strcmp0(judged->ticket->member, filed->row->member) == 0)
            return judged;
    }
    return NULL;
}

/* ---- the gate -------------------------------------------------------------- */

static char *hit_objection(const GateHit *hit, const char *checked_by)
{
    if (g_str_equal(hit->id, "D01"))
        return g_strdup_printf("rule %s: %s", hit->id, hit->why);
    if (hit->action == ACTION_ESCALATE && !checked_by)
        return g_strdup_printf("rule %s: %s Nobody went through the checklist",
                               hit->id, hit->why);
    return NULL;
}

static char *ticket_objection(const JudgedTicket *judged,
                              const char *checked_by)
{
    const GArray *hits = judged->decision ? judged->decision->hits : NULL;
    for (guint i = 0; hits && i < hits->len; i++) {
        char *why = hit_objection(&g_array_index(hits, GateHit, i), checked_by);
        if (why)
            return why;
    }
    return NULL;
}

char *rewriting_objection(const Judgement *judgement,
                          const JudgedTicket *judged, const char *checked_by)
{
    char *why = ticket_objection(judged, checked_by);
    /* One letter for several members: a no of any is enough. */
    for (guint i = 0; !why && judged->is_joint && i < judgement->tickets->len;
         i++) {
        const JudgedTicket *other = judgement->tickets->pdata[i];
        if (other->member)
            why = ticket_objection(other, checked_by);
    }
    return why;
}

/* ---- the address ------------------------------------------------------------ */

static bool is_same(const char *a, const char *b)
{
    return a && b && *a && g_ascii_strcasecmp(a, b) == 0;
}

static bool is_of_member(const Settings *settings, const char *to)
{
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++) {
        const Member *member = members_at(settings->members, i);
        if (is_same(member->address, to))
            return true;
        for (guint k = 0; member->contacts && k < member->contacts->len; k++)
            if (is_same(member->contacts->pdata[k], to))
                return true;
    }
    return false;
}

static const char *plain_objection(const Desk *desk, const char *to)
{
    if (!letter_address_is_plain(to))
        return "it is not one plain mail address";
    if (address_is_ours(desk->settings, to) || is_of_member(desk->settings, to))
        return "it is one of our own or a member's addresses";
    if (gate_address_is_stopped(to))
        return "it belongs to a program that nobody reads";
    return NULL;
}

bool rewriting_may_reach(const Desk *desk, const char *to, Instant now,
                         char **why, GError **error)
{
    *why = g_strdup(plain_objection(desk, to));
    if (*why || !desk->store)
        return true;
    const CountKeys keys = {.address = to};
    GateCounts counts = {0};
    if (!store_counts(desk->store, &keys, now, &counts, error))
        return false;
    if (counts.address_suppressed)
        *why = g_strdup("letters to it came back, or it asked for none");
    return true;
}

static void add_source(GString *sources, const char *words)
{
    g_string_append_printf(sources, "%s%s", sources->len > 0 ? " and " : "",
                           words);
}

char *rewriting_source(const Delivery *delivery, const Judgement *judgement,
                       const char *to, const char *by)
{
    const Authentication *sender = judgement->authentication;
    g_autoptr(GString) sources = g_string_new(NULL);
    if (!to)
        return NULL;
    if (is_same(delivery->envelope_from, to))
        add_source(sources, "the envelope sender");
    if (is_same(judgement->strict->from, to))
        add_source(sources, "From");
    if (sources->len > 0)
        g_string_append(sources, is_same(sender->destination, to) &&
                                         sender->level > AUTH_S0
                                     ? ", proven"
                                     : ", not proven");
    else if (is_same(sender->destination, to))
        add_source(sources, "the reporter's profile");
    else if (is_same(judgement->findings->report->claimed_address, to))
        add_source(sources, "the inner mail, not proven");
    else
        g_string_append_printf(sources, "typed by %s", by);
    return g_string_free(g_steal_pointer(&sources), FALSE);
}

char *rewriting_offers(const Delivery *delivery, const Judgement *judgement)
{
    const char *const OFFERS[] = {
        judgement->authentication->destination, judgement->strict->from,
        delivery->envelope_from, judgement->findings->report->claimed_address};
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(OFFERS); i++) {
        bool is_new = OFFERS[i] && letter_address_is_plain(OFFERS[i]);
        for (guint k = 0; is_new && k < i; k++)
            is_new = !is_same(OFFERS[k], OFFERS[i]);
        if (!is_new)
            continue;
        g_autofree char *source =
            rewriting_source(delivery, judgement, OFFERS[i], "nobody");
        g_string_append_printf(out, "%s%s (%s)", out->len > 0 ? ", " : "",
                               OFFERS[i], source);
    }
    if (out->len == 0)
        g_string_append(out, "none");
    return g_string_free(g_steal_pointer(&out), FALSE);
}
