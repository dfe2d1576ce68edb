/*
 * What ends automatic letters, through the real desk: a letter is decided and
 * waits in the outbox, then something changes before it leaves.
 */
#include "intake/trusting.h"

#include "demo_desk.h"
#include "handing.h"
#include "intake/noticing.h"
#include "store/drafts.h"
#include "store/notices.h"

#include <string.h>

#define MEMBER   "hackerspace"
#define CATEGORY "connection/login_attack"
#define MINUTE   60

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;

static Member *member(void)
{
    return (Member *)members_by_id(demo_desk.settings->members, MEMBER);
}

/* The desk promoted the category with the texts and the policy of now. */
static void promote(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PolicyRule) rule = policy_explain(desk.policies, "NL", CATEGORY);
    g_autofree char *texts = trusting_texts(desk.templates);
    g_autofree char *hash = trusting_rule_hash(rule);
    TrustLevel level = {.category = (char *)CATEGORY,
                        .level = AUTOMATION_AUTO,
                        .by = (char *)"desk",
                        .why = (char *)"every condition holds",
                        .texts = texts,
                        .rule = hash};
    g_assert_true(store_trust_set(store, MEMBER, &level, now, &error));
    g_assert_no_error(error);
}

static void set_up(void)
{
    g_autofree char *name = g_strdup_printf("trust%d", serial++);
    desk = demo_desk_with_store(name, key);
    store = desk.store;
    now = demo_desk.now;
    demo_desk_prove_border(&desk, now);
    promote();
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
}

/* A mail that is answered by itself; its action. */
static Action file(void)
{
    int number = serial++;
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=shop.example header.s=m header.b=Ab%06d;\r\n"
        " spf=pass smtp.mailfrom=noc@shop.example; dmarc=pass "
        "header.from=shop.example\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06dAAAABBBB\r\n"
        "From: Shop <noc@shop.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Failed logins\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@shop.example>\r\nContent-Type: text/plain\r\n\r\n"
        "Hello, your host 198.51.100.9 tried to log in to our SSH server\r\n"
        "203.0.113.61 port 22 at 2026-05-04 02:16:00 UTC and failed.\r\n",
        number, number, number);
    g_autoptr(Judgement) judgement =
        hand_over(&desk, "noc@shop.example", NULL, text, now);
    const JudgedTicket *judged = judgement->tickets->pdata[0];
    g_test_message("rule %s", judged->decision->rule);
    return judged->decision->action;
}

/* Why the letter in the outbox may not leave then; NULL: it may. */
static char *objection(Instant when)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) due = store_outbox_due(store, when, 10, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(due->len, ==, 1);
    char *why = NULL;
    g_assert_true(
        intake_still_may_leave(&desk, due->pdata[0], when, &why, &error));
    g_assert_no_error(error);
    return why;
}

/* Staff have a notice of it, the member an event that waits to be told. */
static void assert_stepped_back(const char *cause)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events =
        store_trust_events(store, MEMBER, false, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(events->len, ==, cause ? 1 : 0);
    g_autoptr(GPtrArray) notices = store_notices(store, MEMBER, false, &error);
    guint told = 0;
    for (guint i = 0; i < notices->len; i++)
        told +=
            g_str_equal(((NoticeRow *)notices->pdata[i])->kind, "stepped-back");
    g_assert_cmpuint(told, ==, cause ? 1 : 0);
    if (!cause)
        return;
    const TrustEvent *event = events->pdata[0];
    g_assert_cmpstr(event->cause, ==, cause);
    g_assert_cmpstr(event->category, ==, CATEGORY);
    g_assert_cmpint(event->told, ==, INSTANT_NONE);
    g_autoptr(TrustState) state = store_trust(store, MEMBER, false, &error);
    g_assert_cmpint(trust_answer(member(), state, CATEGORY, now).level, ==,
                    AUTOMATION_HOLD);
}

static void test_leaves(void)
{
    set_up();
    g_assert_cmpint(file(), ==, ACTION_SEND);
    g_autofree char *why = objection(now + 20 * MINUTE);
    g_assert_cmpstr(why, ==, NULL);
    assert_stepped_back(NULL);
    tear_down();
}

/* ---- a claim's proof disappears ---------------------------------------------- */

static void set_statement(Instant until)
{
    MemberStatement *said = g_new0(MemberStatement, 1);
    said->name = g_strdup("no-logs");
    said->text = g_strdup("We keep no logs of connections.");
    said->by = g_strdup("board");
    said->said = now - INSTANT_DAY_S;
    said->until = until;
    g_ptr_array_add(member()->statements, said);
}

/* The statement adds a sentence only: the letter that waits has it, one that
 * was written now would not. */
static void test_statement_runs_out(void)
{
    for (guint late = 0; late < 2; late++) {
        g_autoptr(GError) error = NULL;
        set_up();
        set_statement(now + 15 * MINUTE);
        g_assert_cmpint(file(), ==, ACTION_SEND);
        g_autoptr(GPtrArray) drafts = store_drafts(store, NULL, MEMBER, &error);
        g_assert_cmpuint(drafts->len, ==, 1);
        const Draft *draft = drafts->pdata[0];
        g_assert_nonnull(strstr(draft->claims_json,
                                "{\"name\":\"no-logs\",\"answer\":\"yes\""));
        g_autofree char *why = objection(now + (late ? 20 : 12) * MINUTE);
        if (late)
            g_assert_nonnull(strstr(why, "no-logs"));
        else
            g_assert_cmpstr(why, ==, NULL);
        assert_stepped_back(late ? "claim-gone" : NULL);
        g_ptr_array_set_size(member()->statements, 0);
        tear_down();
    }
}

/* ---- the review date passes --------------------------------------------------- */

/* The letters' reviews end so; the texts are those that were agreed to. */
static void set_review_again(const char *day)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder =
        g_build_filename(demo_desk.directory, "templates", NULL);
    g_autofree char *line = g_strdup_printf(
        "sed -i \"s/^Review-again: .*/Review-again: %s/\" %s/XX/*.txt", day,
        folder);
    const char *argv[] = {"sh", "-c", line, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, NULL, NULL, NULL, &error));
    g_assert_no_error(error);
    templates_unref(demo_desk.templates);
    demo_desk.templates = templates_load(
        (const char *const *)demo_desk.settings->template_directories->pdata,
        &error);
    g_assert_no_error(error);
    demo_desk.desk.templates = demo_desk.templates;
}

static void test_review_runs_out(void)
{
    uint32_t kept = demo_desk.settings->relays.max_age_s;
    demo_desk.settings->relays.max_age_s = 10 * 86400;
    set_review_again("2026-05-06");
    set_up();
    g_assert_cmpint(file(), ==, ACTION_SEND);
    g_autofree char *early = objection(now + INSTANT_HOUR_S);
    g_assert_cmpstr(early, ==, NULL);
    assert_stepped_back(NULL);
    demo_desk_prove_border(&desk, now + 3 * INSTANT_DAY_S);
    g_autofree char *why = objection(now + 3 * INSTANT_DAY_S);
    g_assert_nonnull(why);
    assert_stepped_back("review-passed");
    tear_down();
    demo_desk.settings->relays.max_age_s = kept;
    set_review_again("2027-05-01");
}

/* ---- the relay lets out something else ---------------------------------------- */

/* The desk looks, then finds its relay as if it had let out less before. */
static void look_twice(void)
{
    static const char BEFORE[] = "Freject 25,80\t\treject *:25,reject *:80";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    guint noticed;
    g_assert_true(noticing_look(store, desk.settings, now, &noticed, &error));
    g_assert_no_error(error);
    g_autoptr(GPtrArray) look = store_watched(store, MEMBER, &error);
    bool found = false;
    for (guint i = 0; i < look->len; i++) {
        WatchedRelay *relay = look->pdata[i];
        if (!g_str_has_prefix(relay->fingerprint, "2222"))
            continue;
        found = true;
        g_assert_nonnull(strstr(relay->policy, "reject *:25,accept *:*"));
        g_free(relay->policy);
        relay->policy = g_strdup(BEFORE);
    }
    g_assert_true(found);
    g_assert_true(store_notice(store, MEMBER, look, none, now, now, &error));
    g_assert_true(noticing_look(store, desk.settings, now, &noticed, &error));
    g_assert_no_error(error);
}

static void test_exit_policy_changes(void)
{
    g_autoptr(GError) error = NULL;
    set_up();
    now += MINUTE;
    look_twice();
    g_autoptr(GPtrArray) notices = store_notices(store, MEMBER, false, &error);
    const NoticeRow *row = notices->pdata[0];
    g_assert_cmpstr(row->kind, ==, "policy-changed");
    g_assert_cmpstr(row->what, ==,
                    "Its exit policy was \"reject *:25,reject *:80\" and is "
                    "\"reject *:25,accept *:*\".");
    g_assert_cmpint(file(), ==, ACTION_HOLD);
    assert_stepped_back("relays-changed");
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    g_test_add_func("/trusting/leaves", test_leaves);
    g_test_add_func("/trusting/statement-runs-out", test_statement_runs_out);
    g_test_add_func("/trusting/review-runs-out", test_review_runs_out);
    g_test_add_func("/trusting/exit-policy", test_exit_policy_changes);
    int status = g_test_run();
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
