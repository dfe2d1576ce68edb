/*
 * One letter a day: what waits for it, what goes into it, and that there is
 * never a second one.
 */
#include "intake/digesting.h"

#include "base/errors.h"
#include "base/files.h"
#include "demo_desk.h"
#include "handing.h"
#include "store/cases.h"
#include "store/counts.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HACKERS "198.51.100.9"
#define LIBRARY "192.0.2.77"
#define TO      "desk@feed.example"

static Store *store;
static Desk desk;
static char *data, *policies;
static GBytes *key;
static Instant now;
static int serial, desks;
static int ticket_number; /* of the reporter, for the next; 0: a new one */

static void load_profile(void)
{
    static const char TEXT[] =
        "name: Example Feed\nkind: feed\n"
        "signs: {dkim: feed.example, from: abuse@feed.example, robot-path: "
        "yes}\nanswer: {automatic: digest-per-day, to: " TO ", "
        "reference: \"[T:{token}]\"}\n"
        "known: {source: [https://x.example/], reviewed: 2026-05-01 A. "
        "Beispiel, confidence: high}\n";
    g_autoptr(GError) error = NULL;
    policies = g_build_filename(demo_desk.directory, "own", NULL);
    g_autofree char *folder = g_build_filename(policies, "reporters", NULL);
    g_autofree char *path = g_build_filename(folder, "feed.yaml", NULL);
    g_assert_true(directory_ensure(folder, &error));
    g_assert_true(file_replace(path, TEXT, strlen(TEXT), 0644, &error));
    g_clear_pointer(&demo_desk.profiles, profiles_unref);
    demo_desk.profiles =
        profiles_load((const char *const[]){policies, NULL}, &error);
    g_assert_no_error(error);
}

static void open_store(void)
{
    g_autoptr(GError) error = NULL;
    store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    desk = demo_desk.desk;
    desk.profiles = demo_desk.profiles;
    desk.loop_key = key;
    desk.store = store;
}

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("digest%d", desks++);
    data = g_build_filename(demo_desk.directory, name, NULL);
    g_assert_true(directory_ensure(data, &error));
    now = demo_desk.now; /* 2026-05-04 09:00 UTC, 11:00 in Berlin */
    open_store();
    demo_desk_prove_border(&desk, now);
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
    g_clear_pointer(&data, g_free);
}

/* The desk at a later moment; its border is looked at daily. */
static void at(Instant moment)
{
    now = moment;
    demo_desk_prove_border(&desk, now);
}

/* A complaint about one address, of the day before or of today; the case. */
static char *file_about(const char *address, const char *port, Action action,
                        const char *rule)
{
    int number = 100 + serial++;
    char day[INSTANT_TEXT_MAX];
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example; dkim=pass "
        "header.d=feed.example header.s=k1 header.b=AbCd%04d; dmarc=none\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=feed.example; s=k1; "
        "h=from:to:date:subject:message-id; bh=x; b=AbCd%04dEfGhIjKlMn\r\n"
        "From: Abuse <abuse@feed.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Login attempts [T:%d]\r\n"
        "Date: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@feed.example>\r\nAuto-Submitted: auto-generated\r\n"
        "Content-Type: text/plain\r\n\r\n"
        "Dear abuse team,\r\n\r\nplease look into this attack and tell us "
        "what you have done about it.\r\n\r\n"
        "%s tried to log in to our server 203.0.113.61 port %s by brute "
        "force\r\nat 2026-05-04T07:%02d:10Z.\r\n",
        number, number, ticket_number ? ticket_number : number, number, address,
        port, number % 60);
    g_autoptr(Judgement) judgement =
        hand_over(&desk, "bounces@esp.example", NULL, text, now);
    g_assert_cmpuint(judgement->tickets->len, ==, 1);
    const JudgedTicket *judged = judgement->tickets->pdata[0];
    g_test_message("%s %s", instant_text(now, day), judged->decision->inputs);
    g_assert_cmpstr(judged->decision->rule, ==, rule);
    g_assert_cmpint(judged->decision->action, ==, action);
    g_assert_true((judged->reply != NULL) ==
                  (action >= ACTION_HOLD && !judged->waits));
    return g_strdup(judged->case_id);
}

static guint run(void)
{
    g_autoptr(GError) error = NULL;
    guint written;
    bool more;
    g_assert_true(digesting_run(&desk, now, &written, &more, &error));
    g_assert_no_error(error);
    g_assert_false(more);
    return written;
}

static void assert_state(const char *case_id, const char *state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, case_id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found->row->state, ==, state);
}

static void assert_says(const char *case_id, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *says = NULL;
    g_assert_true(
        digesting_says(store, desk.settings, case_id, now, &says, &error));
    g_assert_cmpstr(says, ==, words);
}

static bool has_entry(const char *case_id, const char *words)
{
    g_autoptr(Case) found = store_case(store, case_id, NULL);
    for (guint i = 0; i < found->record->len; i++)
        if (strstr(((RecordEntry *)found->record->pdata[i])->what, words))
            return true;
    return false;
}

static GPtrArray *outbox(void)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *rows = store_outbox(store, NULL, &error);
    g_assert_no_error(error);
    return rows;
}

static Draft *draft_of(const char *case_id)
{
    g_autoptr(GError) error = NULL;
    Draft *draft = store_draft(store, case_id, &error);
    g_assert_no_error(error);
    return draft;
}

static void send_all(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = outbox();
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        if (!g_str_equal(row->state, "waiting"))
            continue;
        g_assert_true(store_outbox_begin(store, row->id, now, &error) &&
                      store_outbox_dot(store, row->id, &error) &&
                      store_outbox_done(store, row->id, SENT_OK, "250 ok", now,
                                        now, &error));
        g_assert_no_error(error);
    }
}

static char *why_not(const OutboxRow *row)
{
    g_autoptr(GError) error = NULL;
    char *why;
    g_assert_true(intake_still_may_leave(&desk, row, now, &why, &error));
    g_assert_no_error(error);
    return why;
}

/* ---- the day ------------------------------------------------------------ */

static void test_one_a_day(void)
{
    set_up();
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    char *cases[3];
    for (int i = 0; i < 3; i++)
        cases[i] = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(now + 600);
    send_all();
    assert_says(first, NULL);
    assert_says(cases[0],
                "waits for the digest to feed, at 2026-05-05 06:00 UTC");
    for (int i = 0; i < 3; i++) {
        assert_state(cases[i], "triage");
        g_assert_null(store_draft(store, cases[i], NULL));
    }
    g_assert_cmpuint(run(), ==, 0); /* not today */
    at(demo_desk.now + 21 * INSTANT_HOUR_S - 60);
    g_assert_cmpuint(run(), ==, 0); /* 07:59 in Berlin */
    at(demo_desk.now + 21 * INSTANT_HOUR_S);
    g_assert_cmpuint(run(), ==, 1);
    g_assert_cmpuint(run(), ==, 0);
    g_autoptr(GPtrArray) rows = outbox();
    g_assert_cmpuint(rows->len, ==, 2);
    const OutboxRow *row = rows->pdata[1];
    g_assert_cmpstr(row->to, ==, TO);
    g_assert_cmpstr(row->case_id, ==, cases[0]);
    g_assert_true(row->is_automatic);
    Draft *letter = draft_of(cases[0]);
    g_assert_nonnull(strstr(letter->text, "These were Tor exits at"));
    for (int i = 0; i < 3; i++) {
        g_assert_nonnull(strstr(letter->text, cases[i]));
        assert_state(cases[i], "sending");
        assert_says(cases[i], NULL);
        g_assert_true(has_entry(cases[i], "Answered by the digest on"));
    }
    g_assert_nonnull(strstr(letter->text, "[T:101]: 198.51.100.9, "
                                          "2026-05-04 07:41:10 UTC"));
    g_assert_null(strstr(letter->text, first));
    draft_free(letter);
    g_autofree char *why = why_not(row);
    g_assert_cmpstr(why, ==, NULL);
    at(now + 600);
    send_all();
    for (int i = 0; i < 3; i++) {
        assert_state(cases[i], "answered");
        g_assert_true(has_entry(cases[i], "anded over"));
        g_free(cases[i]);
    }
    /* the next one of that day waits until the next */
    g_autofree char *late = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_assert_cmpuint(run(), ==, 0);
    at(demo_desk.now); /* a clock that is put back */
    g_assert_cmpuint(run(), ==, 0);
    at(demo_desk.now + 45 * INSTANT_HOUR_S);
    g_assert_cmpuint(run(), ==, 1);
    /* a case alone has its own letter */
    Draft *own = draft_of(late);
    g_assert_null(strstr(own->template_id, DIGEST_TEMPLATE));
    draft_free(own);
    tear_down();
}

/* One letter takes 20; what is behind them is told so. */
static void test_backlog(void)
{
    set_up();
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    char *cases[22];
    for (int i = 0; i < 22; i++)
        cases[i] = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(now + 600);
    send_all();
    assert_says(cases[19],
                "waits for the digest to feed, at 2026-05-05 06:00 UTC");
    assert_says(cases[20], "waits for a later digest to feed, not before "
                           "2026-05-06 06:00 UTC: 20 cases wait before it, and "
                           "one letter a day answers 20");
    at(demo_desk.now + 21 * INSTANT_HOUR_S);
    assert_says(cases[20], "waits for a later digest to feed, not before "
                           "2026-05-06 06:00 UTC: 20 cases wait before it, and "
                           "one letter a day answers 20");
    g_assert_cmpuint(run(), ==, 1);
    assert_says(cases[19], NULL);
    assert_says(cases[20],
                "waits for the digest to feed, at 2026-05-06 06:00 UTC");
    for (int i = 0; i < 22; i++)
        g_free(cases[i]);
    tear_down();
}

/* ---- what stops it ------------------------------------------------------ */

static void test_stop_and_hold(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    g_autofree char *a = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_autofree char *b = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(demo_desk.now + 25 * INSTANT_HOUR_S);
    send_all();
    g_assert_cmpuint(run(), ==, 1);
    g_autoptr(GPtrArray) rows = outbox();
    const OutboxRow *row = rows->pdata[1];
    /* what no longer holds for one of them holds the letter */
    const History *history = desk.history;
    desk.history = NULL;
    g_autofree char *why = why_not(row);
    g_assert_nonnull(why);
    desk.history = history;
    g_assert_true(
        store_outbox_hold(store, row->id, "it was asked", now, &error));
    assert_state(a, "triage");
    assert_state(b, "triage");
    g_assert_true(has_entry(b, "with the digest on"));
    g_assert_cmpuint(run(), ==, 0); /* people have them now */
    tear_down();
}

/* A reminder of the reporter's own case is answered by the same letter. */
static void test_reminder(void)
{
    set_up();
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    ticket_number = 4711;
    g_autofree char *a = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_autofree char *b = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(demo_desk.now + 25 * INSTANT_HOUR_S);
    send_all();
    g_assert_cmpuint(run(), ==, 1);
    g_autoptr(GPtrArray) rows = outbox();
    g_assert_cmpuint(rows->len, ==, 2);
    g_autofree char *why = why_not(rows->pdata[1]);
    g_assert_cmpstr(why, ==, NULL);
    at(now + 600);
    send_all();
    assert_state(a, "answered");
    assert_state(b, "answered");
    /* and after it by none */
    g_autofree char *c = file_about(HACKERS, "22", ACTION_FILE, "D17e");
    ticket_number = 0;
    tear_down();
}

/* What could not be answered by itself is in no digest: it has a draft of its
 * own, or is filed, with its own rule. */
static void test_apart(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    g_autofree char *closed = file_about(HACKERS, "25", ACTION_HOLD, "D15b");
    g_autofree char *a = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_autofree char *b = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(demo_desk.now + 25 * INSTANT_HOUR_S);
    send_all();
    g_assert_cmpuint(run(), ==, 1);
    Draft *letter = draft_of(a);
    g_assert_nonnull(strstr(letter->text, b));
    g_assert_null(strstr(letter->text, closed));
    draft_free(letter);
    g_autofree char *c = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_autofree char *d = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(now + 600);
    send_all();
    at(demo_desk.now + 49 * INSTANT_HOUR_S);
    g_assert_true(
        counts_suppress(store, TO, now + INSTANT_DAY_S, "it bounced", &error));
    g_assert_cmpuint(run(), ==, 0);
    g_autoptr(Case) filed = store_case(store, c, &error);
    g_assert_cmpstr(filed->row->rule, ==, "D19");
    assert_state(c, "filed");
    assert_state(d, "filed");
    assert_says(d, NULL);
    tear_down();
}

/* ---- a member that wants to see each letter ----------------------------- */

static void test_held_member(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *a = file_about(LIBRARY, "22", ACTION_HOLD, "D01d");
    g_autofree char *b = file_about(LIBRARY, "22", ACTION_HOLD, "D17f");
    g_autofree char *c = file_about(LIBRARY, "22", ACTION_HOLD, "D17f");
    g_assert_cmpuint(run(), ==, 1); /* past the hour, and no letter yet */
    g_autoptr(GPtrArray) rows = outbox();
    g_assert_cmpuint(rows->len, ==, 0);
    g_autoptr(GPtrArray) drafts = store_drafts(store, "waiting", NULL, &error);
    g_assert_cmpuint(drafts->len, ==, 1);
    const Draft *draft = drafts->pdata[0];
    g_assert_cmpstr(draft->case_id, ==, a);
    g_assert_nonnull(strstr(draft->text, b));
    g_assert_nonnull(strstr(draft->text, c));
    assert_state(c, "drafted");
    /* while it waits there is no other */
    g_autofree char *late = file_about(LIBRARY, "22", ACTION_HOLD, "D17f");
    at(demo_desk.now + 25 * INSTANT_HOUR_S);
    g_assert_cmpuint(run(), ==, 0);
    g_autofree char *says = g_strdup_printf(
        "waits for the digest to feed, which is written once the letter on %s "
        "is decided",
        a);
    assert_says(late, says);
    g_assert_true(
        store_approve_draft(store, a, "anna", NULL, now, now, &error));
    assert_state(b, "sending");
    g_autoptr(GPtrArray) queued = outbox();
    g_autofree char *why = why_not(queued->pdata[0]);
    g_assert_cmpstr(why, ==, NULL);
    send_all();
    assert_state(c, "answered");
    g_assert_cmpuint(run(), ==, 0); /* one letter went to it today */
    at(demo_desk.now + 49 * INSTANT_HOUR_S);
    g_assert_cmpuint(run(), ==, 1);
    tear_down();
}

/* ---- never twice -------------------------------------------------------- */

/* A desk that is killed after the digest was written and before it is
 * durable, and one killed right after. */
static void test_killed(void)
{
    set_up();
    g_autofree char *first = file_about(HACKERS, "22", ACTION_SEND, "D20");
    g_autofree char *a = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    g_autofree char *b = file_about(HACKERS, "22", ACTION_HOLD, "D17f");
    at(demo_desk.now + 25 * INSTANT_HOUR_S);
    for (int durable = 0; durable < 2; durable++) {
        g_clear_pointer(&store, store_close);
        pid_t child = fork();
        if (child == 0) {
            open_store();
            if (!durable)
                store_group_begin(store, NULL);
            guint written;
            bool more;
            digesting_run(&desk, now, &written, &more, NULL);
            kill(getpid(), SIGKILL);
        }
        int status;
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFSIGNALED(status));
        open_store();
        g_autoptr(GPtrArray) rows = outbox();
        g_assert_cmpuint(rows->len, ==, durable ? 2 : 1);
        assert_state(b, durable ? "sending" : "triage");
    }
    g_assert_cmpuint(run(), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    demo_desk.settings->send.limits.first_letters = 0;
    demo_desk.settings->send.limits.first_of_template = 0;
    demo_desk.settings->relays.max_age_s = 30 * INSTANT_DAY_S;
    g_free(demo_desk.settings->notices.zone);
    demo_desk.settings->notices.zone = g_strdup("Europe/Berlin");
    load_profile();
    key = g_bytes_new_static("0123456789abcdef", 16);
    g_test_add_func("/intake/digesting/one-a-day", test_one_a_day);
    g_test_add_func("/intake/digesting/backlog", test_backlog);
    g_test_add_func("/intake/digesting/stop-and-hold", test_stop_and_hold);
    g_test_add_func("/intake/digesting/reminder", test_reminder);
    g_test_add_func("/intake/digesting/apart", test_apart);
    g_test_add_func("/intake/digesting/held-member", test_held_member);
    g_test_add_func("/intake/digesting/killed", test_killed);
    int status = g_test_run();
    g_bytes_unref(key);
    g_free(policies);
    demo_desk_tear_down();
    return status;
}
