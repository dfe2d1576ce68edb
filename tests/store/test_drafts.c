#include "base/errors.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include "paper.h"

#include <string.h>

#define NOON (PAPER_NOW + 3600)

static Store *store;

static void expect_state(const char *case_id, const char *ticket,
                         const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, case_id, &error);
    g_autoptr(Draft) draft = store_draft(store, case_id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found->row->state, ==, ticket);
    g_assert_cmpstr(draft->state, ==, letter);
}

static OutboxRow *only_row(const char *case_id)
{
    g_autoptr(GPtrArray) rows = store_outbox(store, NULL, NULL);
    OutboxRow *found = NULL;
    for (guint i = 0; i < rows->len; i++) {
        OutboxRow *row = rows->pdata[i];
        if (!g_str_equal(row->case_id, case_id))
            continue;
        g_assert_null(found);
        found = row;
        rows->pdata[i] = g_new0(OutboxRow, 1);
    }
    return found;
}

static void test_approve(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_file(store, ACTION_HOLD, "approve");
    g_assert_true(store_approve_draft(store, id, "anna", "phoned", NOON,
                                      NOON + 900, &error));
    expect_state(id, "sending", "approved");
    OutboxRow *row = only_row(id);
    g_assert_cmpint(row->next_at, ==, NOON + 900);
    g_assert_false(row->is_automatic);
    g_assert_cmpstr(row->category, ==, "connection/login_attack");
    outbox_row_free(row);
    g_autoptr(Draft) draft = store_draft(store, id, &error);
    g_assert_cmpstr(draft->decided_by, ==, "anna");
    g_assert_cmpstr(draft->note, ==, "phoned");
    /* a second yes makes no second letter, and says whose the first was */
    g_assert_false(store_approve_draft(store, id, "bert", NULL, NOON + 1,
                                       NOON + 900, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "anna"));
    outbox_row_free(only_row(id));
}

static void test_stop_before_approval(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_file(store, ACTION_HOLD, "stop1");
    g_assert_true(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    expect_state(id, "triage", "stopped");
    g_assert_false(
        store_approve_draft(store, id, "bert", NULL, NOON, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_null(only_row(id));
}

static void test_stop_in_the_delay(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_file(store, ACTION_SEND, "stop2");
    g_assert_true(store_stop_draft(store, id, "anna", "no", NOON, &error));
    expect_state(id, "triage", "stopped");
    OutboxRow *row = only_row(id);
    g_assert_cmpstr(row->state, ==, "stopped");
    g_assert_false(store_outbox_begin(store, row->id, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    outbox_row_free(row);
}

static void test_too_late_to_stop(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_file(store, ACTION_SEND, "late");
    OutboxRow *row = only_row(id);
    g_assert_true(store_outbox_begin(store, row->id, NOON, &error));
    g_assert_false(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(store_outbox_done(store, row->id, SENT_OK, "250 ok", NOON,
                                    NOON, &error));
    outbox_row_free(row);
    g_assert_false(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "2026-05-03T15:02:00Z"));
    expect_state(id, "answered", "sent");
}

static void test_no_address_no_letter(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "no address");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, "noaddress");
    g_clear_pointer(&paper.reply.to, g_free);
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_false(store_approve_draft(store, paper.filed.case_id, "anna", NULL,
                                       NOON, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_DENIED);
    expect_state(paper.filed.case_id, "drafted", "waiting");
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(store_approve_draft(store, "UA-1999-00001-A", "anna", NULL,
                                       NOON, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_false(
        store_stop_draft(store, "UA-1999-00001-A", "anna", NULL, NOON, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

static guint count_drafts(const char *state, const char *member)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) drafts = store_drafts(store, state, member, &error);
    g_assert_no_error(error);
    return drafts->len;
}

static void test_lists(void)
{
    guint all = count_drafts(NULL, NULL);
    guint waiting = count_drafts("waiting", NULL);
    g_autofree char *id = paper_file(store, ACTION_HOLD, "listed");
    g_assert_cmpuint(count_drafts(NULL, NULL), ==, all + 1);
    g_assert_cmpuint(count_drafts("waiting", NULL), ==, waiting + 1);
    g_assert_cmpuint(count_drafts("waiting", "bib"), ==, waiting + 1);
    g_assert_cmpuint(count_drafts("waiting", "club"), ==, 0);
    g_assert_cmpuint(count_drafts(NULL, "club"), ==, 0);
    g_autoptr(GPtrArray) drafts = store_drafts(store, NULL, "bib", NULL);
    const Draft *last = drafts->pdata[drafts->len - 1];
    g_assert_cmpstr(last->case_id, ==, id);
}

static void test_pause(void)
{
    g_autoptr(GError) error = NULL;
    PauseState pause;
    g_assert_true(store_pause_state(store, &pause, &error));
    g_assert_false(pause.is_paused);
    g_autofree char *id = paper_file(store, ACTION_SEND, "paused");
    OutboxRow *row = only_row(id);
    g_assert_true(
        store_set_paused(store, true, "anna", "looks odd", NOON, &error));
    g_assert_true(store_pause_state(store, &pause, &error));
    g_assert_true(pause.is_paused);
    g_assert_cmpint(pause.since, ==, NOON);
    g_assert_cmpstr(pause.by, ==, "anna");
    g_assert_cmpstr(pause.why, ==, "looks odd");
    pause_state_clear(&pause);
    g_autoptr(GPtrArray) due =
        store_outbox_due(store, NOON + PAPER_DAY, 100, &error);
    g_assert_cmpuint(due->len, ==, 0);
    g_assert_cmpint(store_outbox_next(store, &error), ==, INSTANT_NONE);
    g_assert_false(
        store_outbox_begin(store, row->id, NOON + PAPER_DAY, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(store_set_paused(store, false, "anna", NULL, NOON, &error));
    g_assert_true(store_outbox_begin(store, row->id, NOON + PAPER_DAY, &error));
    outbox_row_free(row);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/drafts/approve", test_approve);
    g_test_add_func("/store/drafts/stop", test_stop_before_approval);
    g_test_add_func("/store/drafts/stop-delay", test_stop_in_the_delay);
    g_test_add_func("/store/drafts/too-late", test_too_late_to_stop);
    g_test_add_func("/store/drafts/no-address", test_no_address_no_letter);
    g_test_add_func("/store/drafts/missing", test_missing);
    g_test_add_func("/store/drafts/lists", test_lists);
    g_test_add_func("/store/drafts/pause", test_pause);
    int status = g_test_run();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    store_close(store);
    paper_remove(directory);
    return status;
}
