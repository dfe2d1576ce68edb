/*
 * The life of a ticket as a table: row = from, column = to. A state never
 * becomes itself, so "did it change?" and "may it?" are the same question.
 * What was over (answered, filed, closed) is looked at by a person in triage
 * before anything else happens to it. A letter on its way must be stopped
 * before its ticket can be closed.
 */
#include "ticket/ticket.h"

static const char *const WORDS[TICKET_STATE_COUNT] = {
    [TICKET_TRIAGE] = "triage",   [TICKET_DRAFTED] = "drafted",
    [TICKET_SENDING] = "sending", [TICKET_ANSWERED] = "answered",
    [TICKET_FILED] = "filed",     [TICKET_CLOSED] = "closed",
};

/* clang-format off */
static const bool MAY_BECOME[TICKET_STATE_COUNT][TICKET_STATE_COUNT] = {
    /*                   triage drafted sending answered filed closed */
    [TICKET_TRIAGE]   = { false, true,  true,   true,    true,  true  },
    [TICKET_DRAFTED]  = { true,  false, true,   true,    true,  true  },
    [TICKET_SENDING]  = { true,  false, false,  true,    false, false },
    [TICKET_ANSWERED] = { true,  false, false,  false,   false, true  },
    [TICKET_FILED]    = { true,  false, false,  false,   false, true  },
    [TICKET_CLOSED]   = { true,  false, false,  false,   false, false },
};
/* clang-format on */

const char *ticket_state_word(TicketState state)
{
    g_assert(state < TICKET_STATE_COUNT);
    return WORDS[state];
}

bool ticket_state_parse(const char *word, TicketState *out)
{
    for (guint i = 0; i < TICKET_STATE_COUNT; i++)
        if (g_strcmp0(word, WORDS[i]) == 0) {
            *out = (TicketState)i;
            return true;
        }
    return false;
}

bool ticket_may_become(TicketState from, TicketState to)
{
    g_assert(from < TICKET_STATE_COUNT && to < TICKET_STATE_COUNT);
    return MAY_BECOME[from][to];
}
