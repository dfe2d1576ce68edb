/*
 * The page for a member: what it shows, and that it tells of no other member.
 */
#include "intake/briefing.h"

#include "demo_desk.h"
#include "intake/apart.h"
#include "store/cases.h"

#include <string.h>

static Desk desk;
static People *people;
static Instant now;

/* ---- mails --------------------------------------------------------------- */

static Judgement *read_mail(const char *subject, const char *body)
{
    g_autofree char *text = g_strdup_printf(
        "From: <office@sender.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: %s\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <1@sender.example>\r\nContent-Type: text/plain; "
        "charset=utf-8\r\n\r\n%s\r\n",
        subject, body);
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup("office@sender.example");
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    delivery->raw = g_bytes_new(text, strlen(text));
    delivery->received = now;
    Judgement *judgement = intake_read(&desk, delivery, now, &error);
    g_assert_no_error(error);
    return judgement;
}

#define POLICE                                                                 \
    "In a criminal investigation the police ask you who used 192.0.2.77 on "   \
    "2026-05-03 at\r\n14:02:00 UTC. Police department, Musterstadt. Answer "   \
    "by 2026-05-11."

/* ---- what a member reads --------------------------------------------------- */

#define TWO_MEMBERS                                                            \
    "Police department, criminal investigation. Who used these addresses?\r\n" \
    "192.0.2.77 2026-05-03 14:02:00 UTC\r\n"                                   \
    "203.0.113.5 2026-05-03 14:20:30 UTC\r\n\r\n"                              \
    "Disclose the identity of the subscriber for Example Onion.\r\n"           \
    "Please answer within 7 days for Example Onion, 203.0.113.5.\r\n"

static GPtrArray *record; /* of the case, or NULL */
static const char *state = "triage";

static char *page_for(const Judgement *judgement, const char *member)
{
    g_autoptr(GError) error = NULL;
    const BriefingQuestion question = {
        .settings = desk.settings,
        .policies = desk.policies,
        .history = desk.history,
        .people = people,
        .record = record,
        .state = state,
        .case_id = "UA-2026-00001-X",
        .received = now,
        .judgement = judgement,
        .judged = judgement_ticket(judgement, member),
    };
    g_assert_nonnull(question.judged);
    char *page = briefing_new(&question, &error);
    g_assert_no_error(error);
    return page;
}

static void assert_apart(const char *page, const char *member)
{
    g_autoptr(Apart) apart =
        apart_new(desk.settings->members, desk.history, people);
    if (apart_names_another(apart, member, page))
        g_error("%s reads of another: %s", member, page);
}

static void test_page_tells_of_no_other(void)
{
    g_autoptr(Judgement) judgement =
        read_mail("Example Onion and Stadtbibliothek Musterstadt", TWO_MEMBERS);
    g_autofree char *library = page_for(judgement, "stadtbibliothek");
    g_autofree char *onion = page_for(judgement, "example-onion");
    assert_apart(library, "stadtbibliothek");
    assert_apart(onion, "example-onion");
    g_assert_null(strstr(library, "203.0.113.5"));
    g_assert_null(strstr(onion, "192.0.2.77"));
    g_assert_nonnull(strstr(library, "192.0.2.77"));
    g_assert_null(strstr(library, "within 7 days"));
    g_assert_null(strstr(library, "Subject"));
}

/* Only one member's relay is cited, and the words name another member. */
static void test_page_hides_names(void)
{
    g_autoptr(Judgement) judgement = read_mail(
        "Example Onion", "Police department, criminal investigation.\r\n"
                         "192.0.2.77 2026-05-03 14:02:00 UTC\r\n"
                         "Please answer within 7 days to us and to "
                         "ops@onion.example.\r\n");
    g_autofree char *page = page_for(judgement, "stadtbibliothek");
    assert_apart(page, "stadtbibliothek");
}

static void test_page_of_one(void)
{
    g_autoptr(Judgement) judgement = read_mail("Investigation 4711", POLICE);
    g_autofree char *page = page_for(judgement, "stadtbibliothek");
    g_assert_nonnull(strstr(page, "Investigation 4711"));
    g_assert_nonnull(strstr(page, "for Stadtbibliothek Musterstadt (Germany)"));
    g_assert_nonnull(strstr(page, "deadline   2026-05-11"));
    g_assert_nonnull(strstr(page, "192.0.2.77: exit."));
    g_assert_nonnull(strstr(page, "\n    exitdesk relay prove 192.0.2.77 "
                                  "2026-05-03T14:02:00Z -o proof-1\n"));
    g_assert_null(strstr(page, "WHAT WAS ANSWERED"));
}

/* Words that a relay of another is called by are kept back, too. */
static void test_page_hides_nicknames(void)
{
    g_autoptr(Judgement) judgement =
        read_mail("ExempelSpace, investigation", POLICE);
    g_autofree char *page = page_for(judgement, "stadtbibliothek");
    g_assert_null(strstr(page, "ExempelSpace"));
    g_assert_nonnull(strstr(page, "subject    " APART_WITH_DESK));
    assert_apart(page, "stadtbibliothek");
}

static void test_page_of_answers(void)
{
    RecordEntry entry = {.at = now,
                         .kind = (char *)"sent",
                         .what = (char *)"Letter to office@sender.example "
                                         "handed over: 250 ok"};
    g_autoptr(Judgement) judgement = read_mail("Investigation 4711", POLICE);
    record = g_ptr_array_new();
    g_autofree char *none = page_for(judgement, "stadtbibliothek");
    g_assert_nonnull(strstr(none, "WHAT WAS ANSWERED\n  Nothing.\n"));
    state = "drafted";
    g_autofree char *drafted = page_for(judgement, "stadtbibliothek");
    g_assert_nonnull(strstr(drafted, "A draft waits for a person's yes."));
    g_ptr_array_add(record, &entry);
    g_autofree char *sent = page_for(judgement, "stadtbibliothek");
    g_assert_nonnull(strstr(sent, "Letter to office@sender.example"));
    entry.what = (char *)"Letter to ops@onion.example handed over: 250 ok";
    g_autofree char *other = page_for(judgement, "stadtbibliothek");
    assert_apart(other, "stadtbibliothek");
    g_clear_pointer(&record, g_ptr_array_unref);
}

static void test_names(void)
{
    g_autoptr(Apart) apart =
        apart_new(desk.settings->members, desk.history, NULL);
    static const struct {
        const char *text;
        bool names;
    } ROWS[] = {
        {"about Example Onion", true},
        {"about EXAMPLE ONION.", true},
        {"mail to ops@onion.example", true},
        {"at https://onion.example/x", true},
        {"example-onion", true},
        {"the hackerspaces of Europe", false},
        {"my-example-onion-soup", false},
        {"Stadtbibliothek Musterstadt", false},
        {"", false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_test_message("%s", ROWS[i].text);
        g_assert_cmpint(
            apart_names_another(apart, "stadtbibliothek", ROWS[i].text), ==,
            ROWS[i].names);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    desk = demo_desk.desk;
    now = demo_desk.now;
    g_autoptr(GError) error = NULL;
    people = people_open(desk.settings->relays.directory, &error);
    g_assert_no_error(error);
    g_test_add_func("/briefing/tells-of-no-other", test_page_tells_of_no_other);
    g_test_add_func("/briefing/hides-names", test_page_hides_names);
    g_test_add_func("/briefing/of-one", test_page_of_one);
    g_test_add_func("/briefing/hides-nicknames", test_page_hides_nicknames);
    g_test_add_func("/briefing/of-answers", test_page_of_answers);
    g_test_add_func("/briefing/names", test_names);
    int status = g_test_run();
    people_close(people);
    demo_desk_tear_down();
    return status;
}
