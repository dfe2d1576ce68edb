#include "ticket/ticket.h"

static void test_words_read_back(void)
{
    for (guint i = 0; i < TICKET_STATE_COUNT; i++) {
        TicketState state;
        g_assert_true(
            ticket_state_parse(ticket_state_word((TicketState)i), &state));
        g_assert_cmpuint(state, ==, i);
    }
    TicketState untouched = TICKET_CLOSED;
    g_assert_false(ticket_state_parse("open", &untouched));
    g_assert_false(ticket_state_parse(NULL, &untouched));
    g_assert_cmpuint(untouched, ==, TICKET_CLOSED);
}

/* Every ticket can be brought back to a person, and only by moving. */
static void test_triage_is_always_reachable(void)
{
    for (guint i = 0; i < TICKET_STATE_COUNT; i++) {
        g_assert_false(ticket_may_become((TicketState)i, (TicketState)i));
        g_assert_cmpint(ticket_may_become((TicketState)i, TICKET_TRIAGE), ==,
                        i != TICKET_TRIAGE);
    }
}

/* What is over is never answered without a person. */
static void test_nothing_is_sent_for_what_is_over(void)
{
    static const TicketState OVER[] = {TICKET_ANSWERED, TICKET_FILED,
                                       TICKET_CLOSED};
    for (guint i = 0; i < G_N_ELEMENTS(OVER); i++) {
        g_assert_false(ticket_may_become(OVER[i], TICKET_DRAFTED));
        g_assert_false(ticket_may_become(OVER[i], TICKET_SENDING));
    }
    g_assert_false(ticket_may_become(TICKET_SENDING, TICKET_CLOSED));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ticket/state/words", test_words_read_back);
    g_test_add_func("/ticket/state/triage", test_triage_is_always_reachable);
    g_test_add_func("/ticket/state/over",
                    test_nothing_is_sent_for_what_is_over);
    return g_test_run();
}
