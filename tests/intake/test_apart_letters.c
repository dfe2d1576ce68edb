/*
 * A letter in a person's own words may name another member; the member it was
 * written for learns nothing of that from what it takes home.
 */
#include "intake/apart_case.h"

#include "demo_desk.h"

static const struct {
    const char *subject, *text, *by;
    bool is_shown;
} ROWS[] = {
    {"Your report", "192.0.2.77 was a Tor exit.", "anna", true},
    {"Your report", "Hackerspace Exempel had the same.", "anna", false},
    {"Your report", "As 198.51.100.9, it was a Tor exit.", "anna", false},
    {"Your report", "Ask board@hackerspace.example.", "anna", false},
    {"198.51.100.9, too", "It was a Tor exit.", "anna", false},
    /* the desk's own texts name nobody */
    {"Your report", "198.51.100.9", NULL, true},
};

static void test_rows(void)
{
    g_autoptr(Apart) apart =
        apart_new(demo_desk.settings->members, demo_desk.desk.history, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        const Draft letter = {.member = (char *)"stadtbibliothek",
                              .subject = (char *)ROWS[i].subject,
                              .text = (char *)ROWS[i].text,
                              .changed_by = (char *)ROWS[i].by};
        g_test_message("%s / %s", ROWS[i].subject, ROWS[i].text);
        g_assert_true(member_case_may_have_letter(apart, &letter) ==
                      ROWS[i].is_shown);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    g_test_add_func("/apart/letters", test_rows);
    int status = g_test_run();
    demo_desk_tear_down();
    return status;
}
