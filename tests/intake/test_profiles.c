/*
 * Known reporters through the pipeline into a real store: a hoster that is
 * proven gets its letter, once a case, at the profile's address and with its
 * number; a feed gets one a day; a web form is a person's; and a profile made
 * from a case is nothing until two people approved it.
 */
#include "intake/why.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"
#include "store/probe.h"
#include "store/reporters.h"

#include "base/errors.h"
#include "base/files.h"
#include "demo_desk.h"
#include "handing.h"
#include "policy/profile_make.h"

#include <string.h>

static Store *store;
static Desk desk;
static char *policies; /* a directory with reporters of our own */

#define KNOWN                                                                  \
    "known: {source: [https://x.example/], reviewed: 2026-05-01 A. Beispiel, " \
    "confidence: high}\n"

static void write_profile(const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path =
        g_strdup_printf("%s/reporters/%s.yaml", policies, name);
    g_assert_true(file_replace(path, text, strlen(text), 0644, &error));
    g_assert_no_error(error);
    g_clear_pointer(&demo_desk.profiles, profiles_unref);
    demo_desk.profiles =
        profiles_load((const char *const[]){policies, NULL}, &error);
    g_assert_no_error(error);
    desk.profiles = demo_desk.profiles;
}

/* A complaint of abuse@DOMAIN, signed by it; number makes mail and text new. */
static Judgement *file_mail(const char *domain, const char *subject, int number)
{
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example; dkim=pass "
        "header.d=%s header.s=k1 header.b=AbCd%04d; dmarc=none\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=k1; "
        "h=from:to:date:subject:message-id; bh=x; b=AbCd%04dEfGhIjKlMn\r\n"
        "From: Abuse <abuse@%s>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: %s\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@%s>\r\nAuto-Submitted: auto-generated\r\n"
        "Content-Type: text/plain\r\n\r\n"
        "198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 "
        "by brute force\r\nat 2026-05-04T07:%02d:10Z.\r\n",
        domain, number, domain, number, domain, subject, number, domain,
        number);
    Judgement *judgement =
        hand_over(&desk, "bounces@esp.example", NULL, text, demo_desk.now);
    g_assert_cmpuint(judgement->tickets->len, ==, 1);
    return judgement;
}

static const JudgedTicket *ticket_of(const Judgement *judgement)
{
    return judgement->tickets->pdata[0];
}

static void assert_rule(const Judgement *judgement, Action action,
                        const char *rule)
{
    const Decision *decision = ticket_of(judgement)->decision;
    g_test_message("%s", decision->inputs);
    g_assert_cmpstr(decision->rule, ==, rule);
    g_assert_cmpint(decision->action, ==, action);
}

#define HOSTER                                                                 \
    "name: Example Hosting\nkind: hoster\n%s"                                  \
    "signs: {dkim: hoster.example, from: abuse@hoster.example, robot-path: "   \
    "yes}\nanswer: {automatic: once-per-case, to: desk@hoster.example, "       \
    "reference: \"[T:{token}]\", deadline: 24h}\n" KNOWN

static void test_once_per_case(void)
{
    g_autofree char *yaml = g_strdup_printf(HOSTER, "");
    write_profile("hoster", yaml);
    g_autoptr(Judgement) first = file_mail("hoster.example", "x [T:17]", 1);
    assert_rule(first, ACTION_SEND, "D20");
    const Reply *reply = ticket_of(first)->reply;
    g_assert_cmpstr(reply->to, ==, "desk@hoster.example");
    g_assert_nonnull(strstr(reply->subject, "[T:17]"));
    g_assert_nonnull(strstr(reply->text, "[T:17]"));
    g_autoptr(Judgement) again = file_mail("hoster.example", "y [T:17]", 2);
    assert_rule(again, ACTION_FILE, "D17e");
    g_autoptr(Judgement) other = file_mail("hoster.example", "x [T:18]", 3);
    assert_rule(other, ACTION_SEND, "D20");
    g_assert_cmpuint(first->authentication->level, ==, AUTH_S3);
    /* due when the hoster wants it */
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found =
        store_case(store, ticket_of(first)->case_id, &error);
    g_assert_cmpint(found->row->due, <=, demo_desk.now + INSTANT_DAY_S);
}

static void test_one_a_day(void)
{
    write_profile("feed",
                  "name: Example Feed\nkind: feed\n"
                  "signs: {dkim: feed.example, from: abuse@feed.example, "
                  "robot-path: yes}\nanswer: {automatic: digest-per-day, to: "
                  "desk@feed.example}\n" KNOWN);
    g_autoptr(Judgement) first = file_mail("feed.example", "x", 11);
    assert_rule(first, ACTION_SEND, "D20");
    for (int i = 12; i < 15; i++) {
        g_autoptr(Judgement) next = file_mail("feed.example", "x", i);
        assert_rule(next, ACTION_HOLD, "D17f");
        g_assert_true(ticket_of(next)->waits); /* test_digesting.c */
        g_assert_null(ticket_of(next)->reply);
    }
}

static void test_form(void)
{
    g_autoptr(GError) error = NULL;
    write_profile("form",
                  "name: Example Portal\nkind: hoster\n"
                  "signs: {dkim: form.example, from: abuse@form.example, "
                  "robot-path: yes}\nanswer: {automatic: form-only, form: "
                  "\"https://portal.example/\"}\n" KNOWN);
    g_autoptr(Judgement) mail =
        file_mail("form.example", "answer at https://evil.example/form", 21);
    assert_rule(mail, ACTION_HOLD, "D13b");
    const char *id = ticket_of(mail)->case_id;
    Draft *draft = store_draft(store, id, &error);
    g_assert_no_error(error);
    g_assert_null(draft->to);
    g_assert_cmpuint(strlen(draft->text), >, 50);
    draft_free(draft);
    g_assert_false(store_approve_draft(store, id, "anna", NULL, demo_desk.now,
                                       demo_desk.now, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_DENIED);
    g_clear_error(&error);
    g_autoptr(Case) found = store_case(store, id, &error);
    bool is_told = false;
    for (guint i = 0; i < found->record->len; i++) {
        const char *what = ((RecordEntry *)found->record->pdata[i])->what;
        is_told |= strstr(what, "https://portal.example/") != NULL;
        g_assert_null(strstr(what, "evil"));
    }
    g_assert_true(is_told);
}

/* From a case to a letter, by way of two people. */
static void test_make_and_approve(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) before = file_mail("new.example", "x\n", 31);
    assert_rule(before, ACTION_FILE, "D08");
    const ProfileSample sample = {.header = before->strict,
                                  .authserv_id = "mx.umbrella.example",
                                  .envelope_from = "bounces@esp.example",
                                  .to = "desk@new.example",
                                  .case_id = "UA-1",
                                  .subject = "evil\nstate: active",
                                  .answer = ANSWER_CASE};
    g_autofree char *text = profile_make(&sample, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(text, "dkim: [new.example]"));
    g_assert_null(strstr(text, "\nstate: active"));
    write_profile("new", text);
    const Profile *made = profiles_by_id(demo_desk.profiles, "new");
    g_assert_true(made->proposed);
    static const char *const PEOPLE[] = {NULL, "Anna", "Bert"};
    for (int i = 0; i < 3; i++) {
        if (PEOPLE[i])
            g_assert_true(store_approve_profile(store, "new", made->sha256,
                                                PEOPLE[i], "staff",
                                                demo_desk.now, &error));
        g_autoptr(Judgement) mail = file_mail("new.example", "x", 32 + i);
        assert_rule(mail, i < 2 ? ACTION_FILE : ACTION_SEND,
                    i < 2 ? "D08" : "D20");
        g_assert_true((mail->profile == made) == (i == 2));
    }
    /* a changed file starts anew */
    g_autofree char *changed = g_strconcat(text, "# changed\n", NULL);
    write_profile("new", changed);
    g_autoptr(Judgement) after = file_mail("new.example", "x", 36);
    assert_rule(after, ACTION_FILE, "D08");
}

static void test_make_needs_a_signature(void)
{
    static const char MAIL[] =
        "Authentication-Results: mx.umbrella.example; dkim=fail "
        "header.d=new.example; dmarc=pass header.from=new.example\r\n"
        "From: abuse@new.example\r\n\r\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(StrictHeader) header = strict_header_scan(MAIL, sizeof MAIL - 1);
    ProfileSample sample = {.header = header,
                            .authserv_id = "mx.umbrella.example",
                            .to = "desk@new.example",
                            .answer = ANSWER_CASE};
    g_assert_null(profile_make(&sample, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
}

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    demo_desk_set_up();
    g_autofree char *data =
        g_build_filename(demo_desk.directory, "profiles", NULL);
    policies = g_build_filename(demo_desk.directory, "own", NULL);
    g_autofree char *folder = g_build_filename(policies, "reporters", NULL);
    g_assert_true(directory_ensure(data, &error) &&
                  directory_ensure(folder, &error));
    store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    demo_desk.settings->send.limits.first_letters = 0;
    demo_desk.settings->send.limits.first_of_template = 0;
    desk = demo_desk.desk;
    desk.store = store;
    demo_desk_prove_border(&desk, demo_desk.now);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    set_up();
    g_test_add_func("/intake/profiles/once-per-case", test_once_per_case);
    g_test_add_func("/intake/profiles/one-a-day", test_one_a_day);
    g_test_add_func("/intake/profiles/form", test_form);
    g_test_add_func("/intake/profiles/make-and-approve", test_make_and_approve);
    g_test_add_func("/intake/profiles/no-signature",
                    test_make_needs_a_signature);
    int status = g_test_run();
    store_close(store);
    demo_desk_tear_down();
    g_free(policies);
    return status;
}
