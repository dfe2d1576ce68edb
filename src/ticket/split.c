/*
 * One complaint, several members: which incident goes into whose ticket?
 *
 * 1. A mail that accuses nobody (bounce, auto-reply, acknowledgement, answer
 *    to us, newsletter, statistics) is never split: the addresses in it are
 *    quotations, and a member must not get a case because our own letter came
 *    back. It makes one staff ticket with whatever was matched.
 * 2. Otherwise each incident goes to the member its match names. If the match
 *    names none but all its readings that name a member name the same one, it
 *    is that member's too: the ticket is then undecidable for that incident,
 *    which keeps a program from answering, and the member's own case stays
 *    whole. Two members in the readings: staff must choose, neither sees it.
 * 3. What remains is somebody else's (not-ours, neighbour) or unknown. If a
 *    member was found, only the unknown part makes one more ticket, for staff:
 *    others' addresses in a hoster's list are no work of ours, but missing
 *    data never becomes "no". If no member was found, all of it is the one
 *    staff ticket, also when there is nothing in it.
 *
 * A ticket's verdict is the one of its incidents that lets us say least, so
 * that a letter which the verdict allows is true for all of them. Its category
 * is the one most of its incidents have, the report's if as many have that:
 * never that of others' rows. Each incident keeps its own, and of a ticket
 * with several no letter leaves by itself (policy/gate_rules.c, D16b).
 */
#include "ticket/ticket.h"

/* From what lets us say least to what lets us say most. */
static const Verdict BY_SAYING[VERDICT_COUNT] = {
    VERDICT_UNDECIDABLE, VERDICT_NEIGHBOUR, VERDICT_NOT_OURS,
    VERDICT_NOT_LISTED,  VERDICT_NOT_EXIT,  VERDICT_NOT_TCP,
    VERDICT_PORT_CLOSED, VERDICT_EXIT,
};

static guint saying_rank(Verdict verdict)
{
    for (guint i = 0; i < VERDICT_COUNT; i++)
        if (BY_SAYING[i] == verdict)
            return i;
    g_assert_not_reached();
}

void ticket_free(Ticket *ticket)
{
    if (!ticket)
        return;
    g_free(ticket->member);
    g_clear_pointer(&ticket->incidents, g_array_unref);
    g_free(ticket->category);
    g_free(ticket->why);
    g_free(ticket);
}

static Ticket *ticket_new(const char *member)
{
    Ticket *ticket = g_new0(Ticket, 1);
    ticket->member = g_strdup(member);
    ticket->incidents = g_array_new(FALSE, FALSE, sizeof(guint));
    return ticket;
}

static bool accuses_somebody(Disposition disposition)
{
    switch (disposition) {
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_QUESTION:
    case DISPOSITION_LEGAL:
    case DISPOSITION_UNREADABLE:
    case DISPOSITION_OTHER:
        return true;
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_REPLY:
    case DISPOSITION_NEWSLETTER:
    case DISPOSITION_AGGREGATE:
        return false;
    case DISPOSITION_COUNT:
        break;
    }
    g_assert_not_reached();
}

/* Whose incident it is (rule 2), or NULL. */
static const char *member_of(const Match *match)
{
    if (match->member)
        return match->member;
    const char *only = NULL;
    for (guint i = 0; match->readings && i < match->readings->len; i++) {
        const ReadingMatch *reading = match->readings->pdata[i];
        if (!reading->member)
            continue;
        if (only && !g_str_equal(only, reading->member))
            return NULL;
        only = reading->member;
    }
    return only;
}

static bool is_somebody_elses(const Match *match)
{
    return match->verdict == VERDICT_NOT_OURS ||
           match->verdict == VERDICT_NEIGHBOUR;
}

/* In the words of the match that lets us say least. */
static char *why_of(const Ticket *ticket, const Match *least,
                    const char *prefix)
{
    guint others = ticket->incidents->len - 1;
    g_autofree char *more =
        others > 0 ? g_strdup_printf(" (and %u more cited)", others) : NULL;
    return g_strconcat(prefix, least->why, more, NULL);
}

static const char *category_of(const Findings *findings, guint index)
{
    const Incident *incident = findings->incidents->pdata[index];
    return incident->category ? incident->category : findings->report->category;
}

static const char *most_frequent_category(const Ticket *ticket,
                                          const Findings *findings)
{
    const char *general = findings->report->category, *best = NULL;
    guint most = 0;
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ticket->incidents->len; i++) {
        const char *own =
            category_of(findings, g_array_index(ticket->incidents, guint, i));
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, own)) + 1;
        g_hash_table_insert(counts, (char *)own, GUINT_TO_POINTER(count));
        if (count > most || (count == most && g_str_equal(own, general))) {
            most = count;
            best = own;
        }
    }
    return best ? best : general;
}

/* The verdict, category and reason of a ticket whose incidents are known;
 * without any the reason is nothing_cited. */
static void conclude(Ticket *ticket, const Findings *findings,
                     const GPtrArray *matches, const char *prefix,
                     const char *nothing_cited)
{
    const Match *least = NULL;
    guint rank = VERDICT_COUNT;
    for (guint i = 0; i < ticket->incidents->len; i++) {
        guint index = g_array_index(ticket->incidents, guint, i);
        const Match *match = matches->pdata[index];
        if (saying_rank(match->verdict) < rank) {
            rank = saying_rank(match->verdict);
            least = match;
        }
    }
    ticket->verdict =
        rank < VERDICT_COUNT ? BY_SAYING[rank] : VERDICT_UNDECIDABLE;
    ticket->category = g_strdup(most_frequent_category(ticket, findings));
    ticket->why =
        least ? why_of(ticket, least, prefix) : g_strdup(nothing_cited);
}

/* The member's ticket, made when its first incident comes. by_member only
 * borrows: the array owns the tickets, a ticket owns its member's name. */
static Ticket *ticket_of_member(GPtrArray *tickets, GHashTable *by_member,
                                const char *member)
{
    Ticket *ticket = g_hash_table_lookup(by_member, member);
    if (ticket)
        return ticket;
    ticket = ticket_new(member);
    g_ptr_array_add(tickets, ticket);
    g_hash_table_insert(by_member, ticket->member, ticket);
    return ticket;
}

/* Give each incident that is a member's to that member's ticket. */
static GPtrArray *tickets_of_members(const GPtrArray *matches)
{
    GPtrArray *tickets =
        g_ptr_array_new_with_free_func((GDestroyNotify)ticket_free);
    g_autoptr(GHashTable) by_member = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < matches->len; i++) {
        const Match *match = matches->pdata[i];
        const char *member = match ? member_of(match) : NULL;
        if (!member)
            continue;
        Ticket *ticket = ticket_of_member(tickets, by_member, member);
        g_array_append_val(ticket->incidents, i);
    }
    return tickets;
}

/* What no member's ticket has; all of it, or only what is unknown. */
static Ticket *ticket_of_staff(const GPtrArray *matches, bool all,
                               bool with_members)
{
    Ticket *ticket = ticket_new(NULL);
    for (guint i = 0; i < matches->len; i++) {
        const Match *match = matches->pdata[i];
        if (!match || (!with_members && member_of(match)))
            continue;
        if (all || !is_somebody_elses(match))
            g_array_append_val(ticket->incidents, i);
    }
    return ticket;
}

GPtrArray *ticket_split(const Findings *findings, const GPtrArray *matches)
{
    g_assert(matches->len == findings->incidents->len);
    if (!accuses_somebody(findings->report->disposition)) {
        GPtrArray *single =
            g_ptr_array_new_with_free_func((GDestroyNotify)ticket_free);
        Ticket *ticket = ticket_of_staff(matches, true, true);
        conclude(ticket, findings, matches, "the mail accuses nobody; ",
                 "the mail accuses nobody");
        g_ptr_array_add(single, ticket);
        return single;
    }
    GPtrArray *tickets = tickets_of_members(matches);
    for (guint i = 0; i < tickets->len; i++)
        conclude(tickets->pdata[i], findings, matches, "", "");
    bool members_found = tickets->len > 0;
    Ticket *rest = ticket_of_staff(matches, !members_found, false);
    if (members_found && rest->incidents->len == 0) {
        ticket_free(rest);
        return tickets;
    }
    conclude(rest, findings, matches,
             members_found ? "cited beside members' relays: " : "",
             "no address is accused");
    g_ptr_array_add(tickets, rest);
    return tickets;
}

Ticket *ticket_new_joint(const GPtrArray *tickets, const Findings *findings,
                         const GPtrArray *matches)
{
    Ticket *joint = ticket_new(NULL);
    for (guint i = 0; i < tickets->len; i++) {
        const Ticket *ticket = tickets->pdata[i];
        g_array_append_vals(joint->incidents, ticket->incidents->data,
                            ticket->incidents->len);
    }
    conclude(joint, findings, matches, "one letter answers for all members; ",
             "no address is accused");
    return joint;
}
