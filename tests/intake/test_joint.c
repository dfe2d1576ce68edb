/*
 * A mail about relays of several members: one letter of the desk, none of a
 * member's, and nothing that a member sees tells of another.
 */
#include "intake/joint.h"

#include "base/errors.h"
#include "demo_desk.h"
#include "handing.h"
#include "intake/apart.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <string.h>

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;
static Apart *apart;

static void set_up(void)
{
    g_autofree char *name = g_strdup_printf("joint%d", serial++);
    desk = demo_desk_with_store(name, key);
    store = desk.store;
    now = demo_desk.now;
    apart = apart_new(desk.settings->members, NULL, NULL);
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
    g_clear_pointer(&apart, apart_free);
}

static Judgement *file(const char *body)
{
    int number = serial++;
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=cert.example header.s=m header.b=Ab%06d;\r\n"
        " spf=pass smtp.mailfrom=cert@cert.example; dmarc=pass "
        "header.from=cert.example\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=cert.example; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06dAAAABBBB\r\n"
        "From: CERT <cert@cert.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Port scans\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@cert.example>\r\n"
        "Content-Type: text/plain\r\n\r\n"
        "Port scans from these hosts against our network (all times UTC), "
        "number %d:\r\n\r\n"
        "  Source IP       Time                  Destination port\r\n%s",
        number, number, number, number, body);
    return hand_over(&desk, "cert@cert.example", NULL, text, now);
}

#define LIBRARY "  192.0.2.77      2026-05-04 02:14:00   22\r\n"
#define HACKERS "  198.51.100.9    2026-05-04 02:16:00   22\r\n"
#define ONION   "  203.0.113.5     2026-05-04 02:20:30   443\r\n"

static const char *const CITED[] = {"192.0.2.77", "198.51.100.9",
                                    "203.0.113.5"};

/* The mails, how many members they touch, and whether one letter answers. */
static const struct {
    const char *body;
    guint members;
    bool joint;
} MAILS[] = {
    {LIBRARY, 1, false},        {HACKERS, 1, false},
    {LIBRARY HACKERS, 2, true}, {LIBRARY ONION, 2, true},
    {HACKERS ONION, 2, true},   {LIBRARY HACKERS ONION, 3, true},
};

static guint count_drafts(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) drafts = store_drafts(store, NULL, NULL, &error);
    g_assert_no_error(error);
    return drafts->len;
}

static void assert_members(const Judgement *judgement)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        g_autoptr(GError) error = NULL;
        if (!judged->member)
            continue;
        g_autoptr(Case) found = store_case(store, judged->case_id, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(found->row->state, ==, "filed");
        g_assert_null(judged->reply);
        for (guint j = 0; j < found->record->len; j++) {
            const RecordEntry *entry = found->record->pdata[j];
            g_assert_false(apart_names_another(apart, judged->ticket->member,
                                               entry->what));
        }
        g_assert_false(apart_names_another(apart, judged->ticket->member,
                                           found->matches_json));
    }
}

static void test_mails(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(MAILS); i++) {
        set_up();
        g_autoptr(Judgement) judgement = file(MAILS[i].body);
        g_test_message("%s", MAILS[i].body);
        g_assert_cmpuint(apart_member_count(judgement), ==, MAILS[i].members);
        const JudgedTicket *joint = joint_of(judgement);
        g_assert_cmpint(joint != NULL, ==, MAILS[i].joint);
        g_assert_cmpuint(count_drafts(), <=, 1);
        if (joint) {
            g_assert_cmpuint(count_drafts(), ==, 1);
            g_assert_cmpint(joint->decision->action, ==, ACTION_HOLD);
            assert_members(judgement);
        }
        tear_down();
    }
}

/* Without what it has to cite. */
static void assert_names_nobody(const char *text)
{
    g_autoptr(GString) left = g_string_new(text);
    for (guint i = 0; i < G_N_ELEMENTS(CITED); i++)
        g_string_replace(left, CITED[i], "", 0);
    g_assert_false(apart_names_another(apart, NULL, left->str));
}

/* It lists what was cited and names nobody; it comes from the desk. */
static void test_letter(void)
{
    set_up();
    g_autoptr(Judgement) judgement = file(LIBRARY HACKERS ONION);
    const JudgedTicket *joint = joint_of(judgement);
    g_assert_nonnull(joint->reply);
    g_assert_null(joint->member);
    const Reply *reply = joint->reply;
    assert_names_nobody(reply->text);
    assert_names_nobody(reply->subject);
    gsize length;
    const char *data = g_bytes_get_data(reply->bytes, &length);
    g_autofree char *bytes = g_strndup(data, length);
    assert_names_nobody(bytes);
    g_assert_cmpstr(reply->to, ==, "cert@cert.example");
    g_assert_nonnull(strstr(bytes, "<abuse@umbrella.example>"));
    for (guint i = 0; i < G_N_ELEMENTS(CITED); i++)
        g_assert_nonnull(strstr(reply->text, CITED[i]));
    g_assert_nonnull(strstr(reply->text, joint->case_id));
    tear_down();
}

/* ---- leaving ------------------------------------------------------------- */

static char *approved_objection(const Judgement *judgement)
{
    g_autoptr(GError) error = NULL;
    const char *id = joint_of(judgement)->case_id;
    g_assert_true(
        store_approve_draft(store, id, "anna", NULL, now, now, &error));
    g_assert_no_error(error);
    g_autoptr(GPtrArray) due = store_outbox_due(store, now, 10, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(due->len, ==, 1);
    char *why = NULL;
    g_assert_true(
        intake_still_may_leave(&desk, due->pdata[0], now, &why, &error));
    g_assert_no_error(error);
    return why;
}

static void test_leaves_once(void)
{
    g_autoptr(GError) error = NULL;
    set_up();
    g_autoptr(Judgement) judgement = file(LIBRARY HACKERS);
    g_autofree char *why = approved_objection(judgement);
    g_assert_cmpstr(why, ==, NULL);
    g_assert_false(store_approve_draft(store, joint_of(judgement)->case_id,
                                       "ben", NULL, now, now, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    tear_down();
}

static Member *member_of(const char *id)
{
    return (Member *)members_by_id(demo_desk.settings->members, id);
}

/* A member that ended after the yes holds it for all. */
static void test_no_of_one_holds_it(void)
{
    set_up();
    g_autoptr(Judgement) judgement = file(LIBRARY HACKERS);
    Member *hackers = member_of("hackerspace");
    hackers->ended = now - 1;
    g_autofree char *why = approved_objection(judgement);
    hackers->ended = INSTANT_NONE;
    g_assert_nonnull(why);
    g_assert_true(g_str_has_prefix(why, "one of its members") ||
                  g_str_has_prefix(why, "the mail is no longer") ||
                  g_str_has_prefix(why, "rule "));
    tear_down();
}

/* One without consent: no draft at all, and a person sees why. */
static void test_silent_member(void)
{
    set_up();
    Member *hackers = member_of("hackerspace");
    Instant kept = hackers->consent_given;
    hackers->consent_given = INSTANT_NONE;
    g_autoptr(Judgement) judgement = file(LIBRARY HACKERS);
    hackers->consent_given = kept;
    const JudgedTicket *joint = joint_of(judgement);
    g_assert_null(joint->reply);
    g_assert_cmpuint(count_drafts(), ==, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, joint->case_id, &error);
    g_assert_cmpstr(found->row->state, ==, "triage");
    g_assert_nonnull(strstr(joint->letter_why, "allows no letter"));
    tear_down();
}

/* Stopping it sends nothing for anybody. */
static void test_stop(void)
{
    g_autoptr(GError) error = NULL;
    set_up();
    g_autoptr(Judgement) judgement = file(LIBRARY ONION);
    g_assert_true(store_stop_draft(store, joint_of(judgement)->case_id, "anna",
                                   "no", now, &error));
    g_autoptr(GPtrArray) due =
        store_outbox_due(store, now + INSTANT_DAY_S, 10, &error);
    g_assert_cmpuint(due->len, ==, 0);
    g_autoptr(GPtrArray) waiting = store_drafts(store, "waiting", NULL, &error);
    g_assert_cmpuint(waiting->len, ==, 0);
    tear_down();
}

/* What people are told of is no letter: no joint case. */
static void test_authority(void)
{
    set_up();
    g_autoptr(Judgement) judgement =
        file(LIBRARY ONION "\r\nPolice department: a criminal investigation. "
                           "Disclose the subscriber.\r\n");
    g_assert_null(joint_of(judgement)->case_id);
    g_assert_cmpuint(count_drafts(), ==, 0);
    for (guint i = 0; i + 1 < judgement->tickets->len; i++)
        g_assert_nonnull(
            ((JudgedTicket *)judgement->tickets->pdata[i])->case_id);
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    g_test_add_func("/joint/mails", test_mails);
    g_test_add_func("/joint/letter", test_letter);
    g_test_add_func("/joint/leaves-once", test_leaves_once);
    g_test_add_func("/joint/no-of-one-holds-it", test_no_of_one_holds_it);
    g_test_add_func("/joint/silent-member", test_silent_member);
    g_test_add_func("/joint/stop", test_stop);
    g_test_add_func("/joint/authority", test_authority);
    int status = g_test_run();
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
