/*
 * The first row that applies gives the letter. To add one: a function, a row
 * in ROUTES, and a case in tests/reply/routes.table.
 */
#include "reply/route.h"

#include <string.h>

static const Incident *incident_at(const RouteQuestion *question, guint index)
{
    return question->findings->incidents
        ->pdata[g_array_index(question->ticket->incidents, guint, index)];
}

static bool wants_none(const RouteQuestion *question)
{
    return question->policy == NULL;
}

static bool is_not_ours(const RouteQuestion *question)
{
    return question->ticket->verdict == VERDICT_NOT_OURS ||
           question->ticket->verdict == VERDICT_NEIGHBOUR;
}

static bool is_not_listed(const RouteQuestion *question)
{
    return question->ticket->verdict == VERDICT_NOT_LISTED;
}

/* Tor carries neither, whatever the relay's rules are. */
static bool is_without_connection(const RouteQuestion *question)
{
    guint count = question->ticket->incidents->len;
    for (guint i = 0; i < count; i++) {
        const char *protocol = incident_at(question, i)->protocol;
        if (!protocol ||
            (!g_str_equal(protocol, "udp") && !g_str_equal(protocol, "icmp")))
            return false;
    }
    return count > 0;
}

static bool is_not_exit(const RouteQuestion *question)
{
    return question->ticket->verdict == VERDICT_NOT_EXIT;
}

/* Undecided for want of a time that has one meaning: the reporter can help.
 * Where relay data are missing nobody is asked for anything. */
static bool lacks_time(const RouteQuestion *question)
{
    if (question->ticket->verdict != VERDICT_UNDECIDABLE)
        return false;
    for (guint i = 0; i < question->ticket->incidents->len; i++) {
        const CitedTime *time = incident_at(question, i)->time;
        if (!time || !time->certain)
            return true;
    }
    return false;
}

static bool has_reporters(const RouteQuestion *question)
{
    return question->reporter != NULL;
}

static bool is_port_closed(const RouteQuestion *question)
{
    return question->ticket->verdict == VERDICT_PORT_CLOSED ||
           question->ticket->verdict == VERDICT_NOT_TCP;
}

static bool came_by_hoster(const RouteQuestion *question)
{
    return question->findings->report->sender_class == SENDER_HOSTER;
}

static bool is_copyright_by_hoster(const RouteQuestion *question)
{
    return came_by_hoster(question) &&
           g_str_has_prefix(question->ticket->category, "copyright/");
}

static bool always(const RouteQuestion *question)
{
    return true;
}

#define NONE        "(none)"
#define OF_REPORTER "(the reporter's)"
#define OF_POLICY   "(the policy's)"

static const struct {
    const char *letter;
    bool (*applies)(const RouteQuestion *question);
    const char *why;
} ROUTES[] = {
    {NONE, wants_none, "the policy wants no letter for this category"},
    {"not-ours", is_not_ours, "it was no member's address"},
    {"not-listed", is_not_listed,
     "a member's address, but no relay was listed there"},
    {"spoofed", is_without_connection, "UDP or ICMP, which Tor does not carry"},
    {"not-exit", is_not_exit, "the relay was no exit"},
    {"please-send", lacks_time,
     "undecided, and the cited time has no one meaning"},
    {OF_REPORTER, has_reporters, "the reporter's profile names it"},
    {"port-closed", is_port_closed,
     "the relay let nothing out to the cited port"},
    {"copyright-isp", is_copyright_by_hoster,
     "a hoster passed a copyright notice on"},
    {"upstream", came_by_hoster, "a hoster passed it on"},
    {OF_POLICY, always, "the policy names it for the category"},
};

guint route_count(void)
{
    return G_N_ELEMENTS(ROUTES);
}

const char *route_text(guint index, const char **why)
{
    *why = ROUTES[index].why;
    return ROUTES[index].letter;
}

const char *route_letter(const RouteQuestion *question, const char **why)
{
    guint i = 0;
    while (!ROUTES[i].applies(question))
        i++;
    if (why)
        *why = ROUTES[i].why;
    const char *letter = ROUTES[i].letter;
    return g_str_equal(letter, NONE)          ? NULL
           : g_str_equal(letter, OF_REPORTER) ? question->reporter
           : g_str_equal(letter, OF_POLICY)   ? question->policy
                                              : letter;
}
