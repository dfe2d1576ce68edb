#include "base/errors.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include "paper.h"

#include <string.h>

static Store *store;

static Case *read_case(const char *id)
{
    g_autoptr(GError) error = NULL;
    Case *found = store_case(store, id, &error);
    g_assert_no_error(error);
    return found;
}

static guint outbox_count(const char *case_id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store_outbox(store, NULL, &error);
    g_assert_no_error(error);
    guint count = 0;
    for (guint i = 0; i < rows->len; i++)
        count += g_str_equal(((OutboxRow *)rows->pdata[i])->case_id, case_id);
    return count;
}

static void test_send(void)
{
    g_autofree char *id = paper_file(store, ACTION_SEND, "send1");
    g_autoptr(Case) found = read_case(id);
    g_assert_cmpstr(found->row->state, ==, "sending");
    g_assert_cmpstr(found->row->member, ==, "bib");
    g_assert_cmpstr(found->row->verdict, ==, "exit");
    g_assert_cmpstr(found->row->rule, ==, "D20");
    g_assert_cmpstr(found->row->subject, ==, "Login attempts");
    g_assert_cmpstr(found->row->reporter, ==, "noc@shop.example");
    g_assert_cmpstr(
        found->decision_json, ==,
        "{\"action\":\"send\",\"rule\":\"D20\",\"version\":\"" EXITDESK_VERSION
        "\",\"hits\":[{\"rule\":\"D20\",\"action\":\"send\",\"why\":\"nothing "
        "speaks against\"}],\"inputs\":{\"member\":\"bib\"}}");
    static const char *const KINDS[] = {"received", "computed", "public-record",
                                        "decided", "computed"};
    g_assert_cmpuint(found->record->len, ==, G_N_ELEMENTS(KINDS));
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        const RecordEntry *entry = found->record->pdata[i];
        g_assert_cmpstr(entry->kind, ==, KINDS[i]);
        g_assert_cmpint(entry->number, ==, i + 1);
        g_assert_true(entry->is_unbroken);
    }
    g_assert_cmpuint(outbox_count(id), ==, 1);
    g_autoptr(Draft) draft = store_draft(store, id, NULL);
    g_assert_cmpstr(draft->state, ==, "approved");
    g_assert_cmpstr(draft->decided_by, ==, "policy");
    g_assert_cmpint(draft->send_at, ==, PAPER_NOW + 600);
}

static void test_hold(void)
{
    g_autofree char *id = paper_file(store, ACTION_HOLD, "hold1");
    g_autoptr(Case) found = read_case(id);
    g_assert_cmpstr(found->row->state, ==, "drafted");
    g_assert_cmpuint(outbox_count(id), ==, 0);
    g_autoptr(Draft) draft = store_draft(store, id, NULL);
    g_assert_cmpstr(draft->state, ==, "waiting");
    g_assert_cmpstr(draft->to, ==, "noc@shop.example");
    g_assert_cmpstr(draft->claims_json, ==, "[]");
}

/* A letter that the decision does not ask for is not even kept. */
static void test_other_actions_keep_no_letter(void)
{
    g_autofree char *escalated = paper_file(store, ACTION_ESCALATE, "esc1");
    g_autofree char *filed = paper_file(store, ACTION_FILE, "file1");
    g_autoptr(Case) first = read_case(escalated);
    g_autoptr(Case) second = read_case(filed);
    g_assert_cmpstr(first->row->state, ==, "triage");
    g_assert_cmpstr(second->row->state, ==, "filed");
    g_autoptr(GError) error = NULL;
    g_assert_null(store_draft(store, filed, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

static void test_noise_makes_no_case(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "noise1");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_NOISE, "noise1");
    paper.report.disposition = DISPOSITION_NEWSLETTER;
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_null(paper.filed.case_id);
    g_autoptr(Case) found = read_case(inbox_id);
    g_assert_null(found->row->case_id);
    g_assert_cmpstr(found->row->state, ==, "decided");
    g_assert_cmpstr(found->row->why, ==, "newsletter");
    g_assert_cmpuint(found->record->len, ==, 2);
}

/* Filing twice: the second changes nothing at all. */
static void test_twice_is_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "twice");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_SEND, "twice");
    g_assert_true(store_file(store, &paper.filing, &error));
    StoreNumbers before, after;
    g_assert_true(store_numbers(store, &before, &error));
    g_auto(Paper) again = {0};
    paper_init(&again, inbox_id, ACTION_SEND, "twice-again");
    g_assert_false(store_file(store, &again.filing, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_true(store_numbers(store, &after, NULL));
    g_assert_cmpint(before.cases, ==, after.cases);
    g_assert_cmpint(before.outbox_waiting, ==, after.outbox_waiting);
    g_autoptr(GPtrArray) left = store_undecided(store, 1000, NULL);
    g_assert_false(
        g_ptr_array_find_with_equal_func(left, inbox_id, g_str_equal, NULL));
}

/* The second of two tickets fails: neither is there, the mail is undecided. */
static void test_all_or_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "both or none");
    g_auto(Paper) first = {0}, second = {0};
    paper_init(&first, inbox_id, ACTION_SEND, "both1");
    paper_init(&second, inbox_id, ACTION_SEND, "both2");
    g_free(second.reply.message_id);
    second.reply.message_id = g_strdup(first.reply.message_id);
    g_ptr_array_add(first.filing.tickets, &second.filed);
    g_assert_false(store_file(store, &first.filing, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_autoptr(GPtrArray) left = store_undecided(store, 1000, NULL);
    g_assert_true(
        g_ptr_array_find_with_equal_func(left, inbox_id, g_str_equal, NULL));
    g_clear_error(&error);
    g_autoptr(Case) found = store_case(store, first.filed.case_id, &error);
    g_assert_null(found);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

static void test_a_letter_to_nobody_is_not_sent(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "to nobody");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_SEND, "nobody");
    g_clear_pointer(&paper.reply.to, g_free);
    g_assert_false(store_file(store, &paper.filing, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
}

static void test_case_ids(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) ids =
        store_reserve_case_ids(store, "UA", 2031, 2, &error);
    g_assert_cmpstr(ids->pdata[0], ==, "UA-2031-00001-A");
    g_assert_true(g_str_has_prefix(ids->pdata[1], "UA-2031-00002-"));
    g_autofree char *inbox_id = paper_accept(store, "reserved");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, "reserved");
    paper.filed.case_id = g_strdup(ids->pdata[1]);
    g_assert_true(store_file(store, &paper.filing, &error));
    g_autoptr(Case) found = read_case(ids->pdata[1]);
    g_assert_cmpstr(found->row->inbox_id, ==, inbox_id);
    g_autoptr(GPtrArray) more =
        store_reserve_case_ids(store, "UA", 2031, 1, &error);
    g_assert_true(g_str_has_prefix(more->pdata[0], "UA-2031-00003-"));
}

/* ---- mails that belong together --------------------------------------- */

static void file_joining(const char *text, const char *tag, const char *case_id,
                         Disposition disposition)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, text);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, tag);
    paper.report.disposition = disposition;
    paper.filing.joins_case = case_id;
    g_ptr_array_set_size(paper.filing.tickets, 0);
    store_file(store, &paper.filing, &error);
    g_assert_no_error(error);
}

static void expect_state(const char *case_id, const char *state, guint entries)
{
    g_autoptr(Case) found = read_case(case_id);
    g_assert_cmpstr(found->row->state, ==, state);
    g_assert_cmpuint(found->record->len, ==, entries);
}

static void test_same_mail_again(void)
{
    g_autofree char *id = paper_file(store, ACTION_FILE, "seen");
    g_auto(Paper) paper = {0};
    paper_init(&paper, "", ACTION_FILE, "seen");
    g_autofree char *found = store_case_of_mail(
        store, paper.filing.mail_key, PAPER_NOW + 13 * PAPER_DAY, NULL);
    g_assert_cmpstr(found, ==, id);
    g_assert_null(store_case_of_mail(store, paper.filing.mail_key,
                                     PAPER_NOW + 15 * PAPER_DAY, NULL));
    /* a clock set back does not forget it */
    g_autofree char *early = store_case_of_mail(
        store, paper.filing.mail_key, PAPER_NOW - 400 * PAPER_DAY, NULL);
    g_assert_cmpstr(early, ==, id);
    expect_state(id, "filed", 4);
    file_joining("seen, by another path", "seen", id, DISPOSITION_COMPLAINT);
    expect_state(id, "filed", 6);
}

/* A mail that could not be read has no key, which is like no other key. */
static void test_unread_mails_are_not_the_same(void)
{
    static const uint8_t NONE[32];
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "no key");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_ESCALATE, "no key");
    memset(paper.filing.mail_key, 0, sizeof paper.filing.mail_key);
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_null(store_case_of_mail(store, NONE, PAPER_NOW, &error));
    g_assert_no_error(error);
}

static void test_answers_wake_a_case(void)
{
    g_autofree char *id = paper_file(store, ACTION_FILE, "woken");
    file_joining("out of office", "w1", id, DISPOSITION_AUTO_REPLY);
    expect_state(id, "filed", 6);
    file_joining("but who was it?", "w2", id, DISPOSITION_REPLY);
    expect_state(id, "triage", 8);
}

static void test_joining_what_is_not_there(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "lost");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, "lost");
    paper.filing.joins_case = "UA-1999-00001-A";
    g_assert_false(store_file(store, &paper.filing, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

static void test_letters_lead_to_their_case(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_file(store, ACTION_SEND, "leads");
    g_autofree char *by_token = store_case_of_token(store, "leads", &error);
    g_assert_cmpstr(by_token, ==, id);
    g_assert_null(store_case_of_token(store, "leads2", &error));
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_assert_null(store_case_of_message_ids(store, ids, &error));
    g_ptr_array_add(ids, (char *)"<t.leads@umbrella.example>");
    g_ptr_array_add(ids, (char *)"<unknown@shop.example>");
    g_autofree char *by_id = store_case_of_message_ids(store, ids, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(by_id, ==, id);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/filing/send", test_send);
    g_test_add_func("/store/filing/hold", test_hold);
    g_test_add_func("/store/filing/others", test_other_actions_keep_no_letter);
    g_test_add_func("/store/filing/noise", test_noise_makes_no_case);
    g_test_add_func("/store/filing/twice", test_twice_is_once);
    g_test_add_func("/store/filing/all-or-nothing", test_all_or_nothing);
    g_test_add_func("/store/filing/nobody",
                    test_a_letter_to_nobody_is_not_sent);
    g_test_add_func("/store/filing/case-ids", test_case_ids);
    g_test_add_func("/store/filing/same-mail", test_same_mail_again);
    g_test_add_func("/store/filing/unread", test_unread_mails_are_not_the_same);
    g_test_add_func("/store/filing/answers", test_answers_wake_a_case);
    g_test_add_func("/store/filing/not-there", test_joining_what_is_not_there);
    g_test_add_func("/store/filing/letters", test_letters_lead_to_their_case);
    int status = g_test_run();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    store_close(store);
    paper_remove(directory);
    return status;
}
