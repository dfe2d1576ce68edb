/* A letter that people change: versions, who may approve which, what counts
 * for a promotion. */
#include "base/errors.h"
#include "policy/trust.h"
#include "store/cases.h"
#include "store/filing.h"
#include "store/outbox.h"
#include "store/trust.h"
#include "store/versions.h"

#include "paper.h"

#include <string.h>

#define NOON (PAPER_NOW + 3600)
#define KIND "connection/login_attack"

static Store *store;

/* A letter like the paper's, of another making. */
static Reply *reply_new(const char *tag, const char *to)
{
    Reply *reply = g_new0(Reply, 1);
    reply->bytes = g_bytes_new(tag, strlen(tag));
    reply->text = g_strdup_printf("Hello,\n\n%s\n", tag);
    reply->subject = g_strdup("[case] about it");
    reply->envelope_from = g_strdup("bounce@umbrella.example");
    reply->to = g_strdup(to);
    reply->message_id = g_strdup_printf("<%s@umbrella.example>", tag);
    reply->token = g_strdup_printf("%s0token0", tag);
    reply->template_id = g_strdup("own-words");
    reply->template_version = g_strdup("1");
    return reply;
}

static bool put(const char *id, guint seen, const char *tag, guint *version,
                GError **error)
{
    g_autoptr(Reply) reply = reply_new(tag, "noc@shop.example");
    const NewVersion new_version = {.case_id = id,
                                    .seen = seen,
                                    .reply = reply,
                                    .by = "Anna",
                                    .login = "anna",
                                    .change = "text (1 line)",
                                    .source = "typed by Anna"};
    return store_put_version(store, &new_version, NOON, version, error);
}

static void expect_conflict(bool done, GError **error, const char *words)
{
    g_assert_false(done);
    g_assert_error(*error, DESK_ERROR, DESK_ERROR_CONFLICT);
    if (!strstr((*error)->message, words))
        g_error("\"%s\" lacks \"%s\"", (*error)->message, words);
    g_clear_error(error);
}

static void expect_record(const char *id, const char *words)
{
    g_autoptr(Case) found = store_case(store, id, NULL);
    const RecordEntry *last = found->record->pdata[found->record->len - 1];
    g_assert_true(last->is_unbroken);
    if (!strstr(last->what, words))
        g_error("\"%s\" lacks \"%s\"", last->what, words);
}

static void test_change(void)
{
    g_autoptr(GError) error = NULL;
    guint version = 0;
    g_autofree char *id = paper_file(store, ACTION_HOLD, "change");
    g_assert_true(store_expect_version(store, id, 1, &error));
    g_assert_true(store_expect_version(store, id, 0, &error));
    g_assert_true(put(id, 1, "changed", &version, &error));
    g_assert_cmpuint(version, ==, 2);
    expect_record(id, "Letter changed by Anna (login anna): text (1 line). "
                      "Version 2, to noc@shop.example (typed by Anna)");
    g_autoptr(GPtrArray) all = store_versions(store, id, &error);
    g_assert_cmpuint(all->len, ==, 2);
    const Draft *old = all->pdata[0], *young = all->pdata[1];
    g_assert_cmpstr(old->state, ==, "replaced");
    g_assert_cmpstr(old->decided_by, ==, "Anna");
    g_assert_null(old->changed_by);
    g_assert_cmpstr(young->state, ==, "waiting");
    g_assert_cmpstr(young->changed_by, ==, "Anna");
    g_assert_cmpstr(young->source, ==, "typed by Anna");
    g_assert_cmpuint(young->replaces, ==, 1);
    g_autoptr(Draft) newest = store_draft(store, id, &error);
    g_assert_cmpuint(newest->version, ==, 2);
    g_autoptr(Draft) first = store_version(store, id, 1, &error);
    g_assert_cmpstr(first->text, ==, old->text);
    g_autoptr(GPtrArray) waiting = store_drafts(store, "waiting", NULL, &error);
    for (guint i = 0; i < waiting->len; i++)
        g_assert_true(((Draft *)waiting->pdata[i])->version == 2 ||
                      !g_str_equal(((Draft *)waiting->pdata[i])->case_id, id));
    g_autoptr(GPtrArray) listed = store_drafts(store, NULL, NULL, &error);
    for (guint i = 0; i < listed->len; i++)
        g_assert_cmpstr(((Draft *)listed->pdata[i])->state, !=, "replaced");
    g_assert_null(store_version(store, id, 3, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* Who saw the old one approves nothing, and changes nothing. */
static void test_seen(void)
{
    g_autoptr(GError) error = NULL;
    guint version = 0;
    g_autofree char *id = paper_file(store, ACTION_HOLD, "seen");
    g_assert_true(put(id, 1, "seenone", &version, &error));
    expect_conflict(put(id, 1, "seentwo", &version, &error), &error,
                    "there is version 2 (by Anna)");
    expect_conflict(store_expect_version(store, id, 1, &error), &error,
                    "there is version 2");
    g_assert_true(store_expect_version(store, id, 2, &error));
    expect_conflict(store_expect_version(store, id, 0, &error), &error,
                    "Anna changed the letter");
    g_assert_true(
        store_approve_draft(store, id, "bert", NULL, NOON, NOON, &error));
    expect_record(id, "approved changed (version 2, by Anna) by bert");
    expect_conflict(put(id, 2, "seenthree", &version, &error), &error,
                    "the letter is approved");
    expect_conflict(put(id, 0, "seenfour", &version, &error), &error,
                    "on its way");
    g_autoptr(GPtrArray) rows = store_outbox(store, NULL, &error);
    guint count = 0;
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        if (!g_str_equal(row->case_id, id))
            continue;
        count++;
        g_assert_cmpstr(row->to, ==, "noc@shop.example");
        g_assert_cmpstr(row->message_id, ==, "<seenone@umbrella.example>");
    }
    g_assert_cmpuint(count, ==, 1);
}

/* Where there is none: in triage, filed, or after a no. */
static void test_write(void)
{
    g_autoptr(GError) error = NULL;
    guint version = 0;
    g_autofree char *id = paper_file(store, ACTION_HOLD, "write");
    expect_conflict(put(id, 0, "writeone", &version, &error), &error,
                    "a letter waits already");
    g_assert_true(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    expect_conflict(put(id, 1, "writetwo", &version, &error), &error,
                    "the letter is stopped");
    g_assert_true(put(id, 0, "writethree", &version, &error));
    g_assert_cmpuint(version, ==, 2); /* no number twice in a case */
    g_autoptr(Draft) draft = store_draft(store, id, &error);
    g_assert_cmpuint(draft->replaces, ==, 0);
    g_assert_cmpstr(draft->state, ==, "waiting");
    expect_record(id, "Letter written by Anna");
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_cmpstr(found->row->state, ==, "drafted");
    g_autofree char *filed = paper_file(store, ACTION_FILE, "writefiled");
    g_assert_true(put(filed, 0, "writefour", &version, &error));
    g_autoptr(Case) taken_up = store_case(store, filed, &error);
    g_assert_cmpstr(taken_up->row->state, ==, "drafted");
    g_assert_false(put("UA-1999-00001-A", 0, "none", &version, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* A changed letter speaks for nobody's promotion. */
static void test_promotion(void)
{
    g_autoptr(GError) error = NULL;
    guint decided, approved, version;
    g_autoptr(Draft) any = NULL;
    guint decided_before, approved_before;
    g_autofree char *first = paper_file(store, ACTION_HOLD, "trustone");
    any = store_draft(store, first, &error);
    g_assert_true(store_trust_drafts(store, any->member, KIND, 100,
                                     &decided_before, &approved_before,
                                     &error));
    g_assert_true(
        store_approve_draft(store, first, "anna", NULL, NOON, NOON, &error));
    g_autofree char *second = paper_file(store, ACTION_HOLD, "trusttwo");
    g_assert_true(put(second, 1, "trustchanged", &version, &error));
    g_assert_true(store_trust_drafts(store, any->member, KIND, 100, &decided,
                                     &approved, &error));
    g_assert_cmpuint(decided, ==, decided_before + 1); /* one waits */
    g_assert_true(
        store_approve_draft(store, second, "anna", NULL, NOON, NOON, &error));
    g_assert_true(store_trust_drafts(store, any->member, KIND, 100, &decided,
                                     &approved, &error));
    g_assert_cmpuint(decided, ==, decided_before + 2);
    g_assert_cmpuint(approved, ==, approved_before + 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    g_autoptr(GError) error = NULL;
    store = store_open(directory, STORE_WRITE, &error);
    g_assert_no_error(error);
    g_test_add_func("/versions/change", test_change);
    g_test_add_func("/versions/seen", test_seen);
    g_test_add_func("/versions/write", test_write);
    g_test_add_func("/versions/promotion", test_promotion);
    int status = g_test_run();
    g_assert_true(store_verify_record(store, &error));
    store_close(store);
    paper_remove(directory);
    return status;
}
