#include "mail/dsn.h"

#include <string.h>

static void test_status_in_prose(void)
{
    static const struct {
        const char *text, *status;
    } CASES[] = {
        {"(#5.1.1)", "5.1.1"},
        {"said: 550 5.7.1 <x>: no", "5.7.1"},
        {"550 no such user", "5.0.0"},
        {"550-no such user\n550 really", "5.0.0"},
        {"451 later", "4.0.0"},
        {"451 4.7.1 greylisted; then 550 5.1.1 unknown", "5.1.1"},
        {"host 192.0.2.5 said 421 later", "4.0.0"},
        {"host 5.4.3.2 is down", ""},
        {"version 5.10", ""},
        {"at 5.1.1.", "5.1.1"},
        {"x5.1.1", ""},
        {"5.1.1234", ""},
        {"2.0.0 ok", ""},
        {"all 550", ""},
        {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char status[DSN_STATUS_SIZE];
        const char *text = CASES[i].text;
        g_test_message("%s", text);
        bool found = dsn_status_in(text, strlen(text), status);
        g_assert_cmpstr(status, ==, CASES[i].status);
        g_assert_true(found == (*status != 0));
    }
}

static void test_fields(void)
{
    static const char TEXT[] = "Reporting-MTA: dns; mx\r\n"
                               "Original-Envelope-Id : 17\r\n"
                               "\r\n"
                               "Final-Recipient: rfc822; a@b.example\r\n"
                               "Action: delayed\r\n"
                               "Status: 4.2.2\r\n"
                               "Diagnostic-Code: smtp; 452 full,\r\n"
                               "\ttry later\r\n";
    g_auto(Dsn) dsn = {0};
    g_assert_true(dsn_read(TEXT, strlen(TEXT), &dsn));
    g_assert_cmpint(dsn.action, ==, DSN_DELAYED);
    g_assert_cmpstr(dsn.status, ==, "4.2.2");
    g_assert_cmpstr(dsn.recipient, ==, "a@b.example");
    g_assert_cmpstr(dsn.envelope_id, ==, "17");
    g_assert_true(g_str_has_prefix(dsn.diagnostic, "452 full,"));
    g_assert_null(strpbrk(dsn.diagnostic, "\r\n\t"));
}

static void test_no_group_is_no_report(void)
{
    static const char *const TEXTS[] = {"", "\n\n", "Reporting-MTA: dns; mx\n",
                                        "Status: 5.1.1\n", "no field at all"};
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_auto(Dsn) dsn = {0};
        g_assert_false(dsn_read(TEXTS[i], strlen(TEXTS[i]), &dsn));
    }
}

/* Time and memory stay linear whatever comes. */
static void test_long_input(void)
{
    static const char *const PIECES[] = {"Final-Recipient: x\n\n",
                                         "Action: failed\n",
                                         ":",
                                         "\n ",
                                         "5.",
                                         "Diagnostic-Code: ",
                                         "550 "};
    for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 4 << 20)
            g_string_append(text, PIECES[i]);
        g_auto(Dsn) dsn = {0};
        char status[DSN_STATUS_SIZE];
        gint64 begun = g_get_monotonic_time();
        dsn_read(text->str, text->len, &dsn);
        dsn_status_in(text->str, text->len, status);
        g_assert_cmpint(g_get_monotonic_time() - begun, <, G_USEC_PER_SEC);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dsn/status-in-prose", test_status_in_prose);
    g_test_add_func("/dsn/fields", test_fields);
    g_test_add_func("/dsn/no-group", test_no_group_is_no_report);
    g_test_add_func("/dsn/long", test_long_input);
    return g_test_run();
}
