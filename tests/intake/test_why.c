/* What "exitdesk why" tells of the answers that lost. */
#include "intake/why.h"

#include "demo_desk.h"

#include <string.h>

static char *why_of(const char *body, bool as_json)
{
    g_autofree char *text = g_strconcat(
        "From: Ann <ann@shop.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Attack\r\nDate: Mon, 04 May 2026 08:12:40 +0000\r\n\r\n",
        body, NULL);
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    g_autoptr(GPtrArray) recipients = g_ptr_array_new();
    Delivery delivery = {.id = "TEST",
                         .envelope_from = (char *)"ann@shop.example",
                         .recipients = recipients,
                         .raw = raw,
                         .received = demo_desk.now,
                         .way = "lmtp"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement =
        intake_read(&demo_desk.desk, &delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_decide(&demo_desk.desk, &delivery, judgement,
                                demo_desk.now, &error));
    return as_json ? judgement_new_json(judgement)
                   : judgement_new_text(judgement);
}

static void assert_has(const char *text, const char *words)
{
    if (!strstr(text, words))
        g_test_message("%s", text);
    g_assert_nonnull(strstr(text, words));
}

/* Two places of one address say different things. */
static void test_places(void)
{
    g_autofree char *text =
        why_of("Attacker: 192.0.2.7\r\nTarget: 203.0.113.4\r\n"
               "traceroute to 192.0.2.7, 30 hops max\r\n",
               false);
    assert_has(text, "192.0.2.7 (line 6, column 11): offender, label "
                     "\"attacker\"");
    assert_has(text, "not bystander: sentence \"traceroute to\", weight 60 "
                     "against ");
    assert_has(text, "by \"192.0.2.7\" (line 8, column 15)");
}

/* A member's address stays the accused whatever else is said of it. */
static void test_overruled(void)
{
    static const char BODY[] =
        "Our logs: traceroute to 198.51.100.9, and attacker: 192.0.2.7 at "
        "2026-05-04 07:41:10 UTC\r\n";
    g_autofree char *text = why_of(BODY, false);
    assert_has(text, "offender, a member's address");
    assert_has(text, "not bystander: sentence \"traceroute to\", overruled, by "
                     "\"198.51.100.9\" (line 6, column 25)");
    g_autofree char *json = why_of(BODY, true);
    assert_has(json, "\"role_over\":[{\"answer\":\"bystander\",\"why\":"
                     "\"sentence \\\"traceroute to\\\", overruled\",\"words\":"
                     "[{\"text\":\"198.51.100.9\"");
}

/* Nothing competes: nothing is said. */
static void test_alone(void)
{
    g_autofree char *json = why_of("Attacker: 192.0.2.7\r\n", true);
    assert_has(json, "\"role_over\":[]");
    g_assert_null(strstr(json, "\"role_over\":[{"));
}

/* A value without words says why it has none. */
static void test_no_words(void)
{
    g_autofree char *json = why_of("Attacker: 192.0.2.7\r\n", true);
    assert_has(json, "\"value\":\"reporter\",\"answer\":\"ann@shop.example\","
                     "\"rule\":\"the one mailbox of the From field\","
                     "\"words\":[],\"no_words\":\"it is a header field as a "
                     "whole\"");
    assert_has(json, "\"value\":\"deadline\",\"answer\":null,\"rule\":\"no "
                     "demand has a time to it\",\"words\":[],\"no_words\":"
                     "\"there is none\"");
    for (const char *at = json; (at = strstr(at, "\"words\":[],\"no_words\":"));
         at++)
        g_assert_cmpint(at[strlen("\"words\":[],\"no_words\":")], ==, '"');
}

/* Where readings disagree, what each of them comes to stands beside. */
static void test_readings(void)
{
    static const char BODY[] = "Our logs: 192.0.2.77 tried to log in to our "
                               "server on 02/05/2026 14:02.\r\n";
    g_autofree char *text = why_of(BODY, false);
    assert_has(text, "verdict    undecidable: the cited time can be read in 54 "
                     "ways");
    assert_has(text, "  exit of stadtbibliothek: 15 of 54 readings, best "
                     "2026-05-02T14:02:00Z (no zone stated");
    assert_has(text, "  undecidable of stadtbibliothek: 39 of 54 readings, "
                     "best 2026-02-05T14:02:00Z");
    g_autofree char *json = why_of(BODY, true);
    assert_has(json, "day before month\",\"verdict\":\"exit\",\"member\":"
                     "\"stadtbibliothek\"}");
    assert_has(json, "\"verdict\":\"undecidable\",\"member\":"
                     "\"stadtbibliothek\"}");
    /* where they agree, the verdict says it */
    g_autofree char *one = why_of("Our logs: 192.0.2.77 tried to log in at "
                                  "2026-05-02 14:02 UTC.\r\n",
                                  false);
    g_assert_null(strstr(one, " readings, best"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    demo_desk_set_up();
    g_test_add_func("/why/roles/places", test_places);
    g_test_add_func("/why/roles/overruled", test_overruled);
    g_test_add_func("/why/roles/alone", test_alone);
    g_test_add_func("/why/no-words", test_no_words);
    g_test_add_func("/why/readings", test_readings);
    int failed = g_test_run();
    demo_desk_tear_down();
    return failed;
}
