#include "base/errors.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include "paper.h"

#include <string.h>

#define LATER (PAPER_NOW + 3600)

static Store *store;

/* Queue a letter and find its row. */
static int64_t queue(const char *tag, char **case_id)
{
    g_autofree char *id = paper_file(store, ACTION_SEND, tag);
    g_autoptr(GPtrArray) rows = store_outbox(store, "waiting", NULL);
    const OutboxRow *row = rows->pdata[rows->len - 1];
    g_assert_cmpstr(row->case_id, ==, id);
    if (case_id)
        *case_id = g_steal_pointer(&id);
    return row->id;
}

static OutboxRow *row_of(int64_t id)
{
    g_autoptr(GPtrArray) rows = store_outbox(store, NULL, NULL);
    for (guint i = 0; i < rows->len; i++)
        if (((OutboxRow *)rows->pdata[i])->id == id)
            return g_ptr_array_steal_index(rows, i);
    return NULL;
}

static void expect_row(int64_t id, const char *state, Instant next_at)
{
    OutboxRow *row = row_of(id);
    g_assert_cmpstr(row->state, ==, state);
    if (next_at != INSTANT_NONE)
        g_assert_cmpint(row->next_at, ==, next_at);
    outbox_row_free(row);
}

static void expect_ticket(const char *case_id, const char *state,
                          const char *last_entry)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, case_id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found->row->state, ==, state);
    const RecordEntry *last = found->record->pdata[found->record->len - 1];
    g_assert_nonnull(strstr(last->what, last_entry));
}

static void begin(int64_t id, Instant now)
{
    g_autoptr(GError) error = NULL;
    store_outbox_begin(store, id, now, &error);
    g_assert_no_error(error);
}

static void done(int64_t id, SentOutcome outcome, const char *reply,
                 Instant next_at)
{
    g_autoptr(GError) error = NULL;
    store_outbox_done(store, id, outcome, reply, LATER, next_at, &error);
    g_assert_no_error(error);
}

static bool is_due(int64_t id, Instant now)
{
    g_autoptr(GPtrArray) rows = store_outbox_due(store, now, 1000, NULL);
    for (guint i = 0; i < rows->len; i++)
        if (((OutboxRow *)rows->pdata[i])->id == id)
            return true;
    return false;
}

static void test_waits_out_its_delay(void)
{
    g_autoptr(GError) error = NULL;
    int64_t id = queue("delay", NULL);
    g_assert_false(is_due(id, PAPER_NOW + 599));
    g_assert_false(store_outbox_begin(store, id, PAPER_NOW + 599, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_true(is_due(id, PAPER_NOW + 600));
    g_assert_cmpint(store_outbox_next(store, NULL), ==, PAPER_NOW + 600);
    begin(id, PAPER_NOW + 600);
    g_assert_false(is_due(id, LATER));
}

static void test_sent(void)
{
    g_autofree char *case_id = NULL;
    int64_t id = queue("sent", &case_id);
    OutboxRow *row = row_of(id);
    g_assert_cmpstr(row->to, ==, "noc@shop.example");
    g_assert_cmpstr(row->envelope_from, ==, "bounce+sent@umbrella.example");
    g_assert_true(row->is_automatic);
    outbox_row_free(row);
    begin(id, LATER);
    done(id, SENT_OK, "250 2.0.0 queued as 8F2", LATER);
    expect_row(id, "sent", INSTANT_NONE);
    expect_ticket(case_id, "answered", "250 2.0.0 queued as 8F2");
    g_autoptr(GError) error = NULL;
    g_assert_false(store_outbox_done(store, id, SENT_FAILED, "late", LATER,
                                     LATER, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_false(store_outbox_begin(store, id, LATER, NULL));
}

static void test_retry(void)
{
    int64_t id = queue("retry", NULL);
    begin(id, LATER);
    done(id, SENT_RETRY, "451 later", LATER + 300);
    expect_row(id, "retry", LATER + 300);
    OutboxRow *row = row_of(id);
    g_assert_cmpuint(row->attempts, ==, 1);
    g_assert_false(row->outcome_unknown);
    outbox_row_free(row);
    begin(id, LATER + 300);
    /* a clock gone wrong cannot put a letter off for years */
    done(id, SENT_RETRY, "451 later", LATER + 400 * PAPER_DAY);
    expect_row(id, "retry", LATER + 4 * 3600);
}

static void test_refused(void)
{
    g_autofree char *case_id = NULL;
    int64_t id = queue("refused", &case_id);
    begin(id, LATER);
    done(id, SENT_FAILED, "550 5.1.1 no\r\nsuch\x1b[31m user", LATER);
    expect_row(id, "failed", INSTANT_NONE);
    expect_ticket(case_id, "triage", "refused: 550 5.1.1");
    OutboxRow *row = row_of(id);
    g_assert_null(strchr(row->last_reply, '\x1b'));
    g_assert_null(strchr(row->last_reply, '\n'));
    outbox_row_free(row);
    GateCounts counts;
    const CountKeys keys = {.address = "NOC+x@Shop.example"};
    g_assert_true(
        store_counts(store, &keys, LATER + 89 * PAPER_DAY, &counts, NULL));
    g_assert_true(counts.address_suppressed);
}

/* The next hop does not want the letter: that is not the address's fault. */
static void test_refused_for_our_fault(void)
{
    int64_t id = queue("ourfault", NULL);
    OutboxRow *row = row_of(id);
    g_autofree char *to = g_strdup(row->to);
    outbox_row_free(row);
    GateCounts before, after;
    const CountKeys keys = {.address = to};
    g_assert_true(store_counts(store, &keys, LATER, &before, NULL));
    begin(id, LATER);
    done(id, SENT_FAILED, "554 5.7.1 sender rejected", LATER);
    g_assert_true(store_counts(store, &keys, LATER, &after, NULL));
    g_assert_cmpint(after.address_suppressed, ==, before.address_suppressed);
}

/* The dot went out, no answer came: once more, then a person. */
static void test_unknown_outcome(void)
{
    g_autofree char *case_id = NULL;
    int64_t id = queue("unknown", &case_id);
    begin(id, LATER);
    g_assert_true(store_outbox_dot(store, id, NULL));
    done(id, SENT_UNKNOWN, "connection lost", LATER);
    expect_row(id, "retry", LATER + 900);
    OutboxRow *row = row_of(id);
    g_assert_true(row->outcome_unknown);
    outbox_row_free(row);
    begin(id, LATER + 900);
    done(id, SENT_UNKNOWN, "connection lost", LATER);
    expect_row(id, "held", INSTANT_NONE);
    expect_ticket(case_id, "triage", "unknown a second time");
}

static void test_recovery(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *held = NULL;
    int64_t early = queue("early", NULL);
    int64_t late = queue("late-one", NULL);
    int64_t twice = queue("twice", &held);
    begin(early, LATER);
    begin(late, LATER);
    g_assert_true(store_outbox_dot(store, late, &error));
    begin(twice, LATER);
    done(twice, SENT_UNKNOWN, "lost", LATER);
    begin(twice, LATER + 900);
    g_assert_true(store_outbox_dot(store, twice, &error));
    for (int i = 0; i < 2; i++) { /* doing it again is harmless */
        g_assert_true(store_outbox_recover(store, LATER, &error));
        expect_row(early, "retry", LATER);
        expect_row(late, "retry", LATER + 900);
        expect_row(twice, "held", INSTANT_NONE);
    }
    expect_ticket(held, "triage", "unknown a second time");
}

static void test_hold(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = NULL;
    int64_t id = queue("held-back", &case_id);
    g_assert_true(store_outbox_hold(store, id, "the membership has ended",
                                    LATER, &error));
    expect_row(id, "held", INSTANT_NONE);
    expect_ticket(case_id, "triage", "the membership has ended");
    g_assert_false(store_outbox_hold(store, id, "again", LATER, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(store_outbox_begin(store, id, LATER, &error));
    g_clear_error(&error);
    g_assert_false(store_outbox_hold(store, 999999, "none", LATER, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* The sender itself gives up in the middle of an attempt. */
static void test_hold_while_sending(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = NULL;
    int64_t id = queue("given-up", &case_id);
    begin(id, LATER);
    g_assert_true(store_outbox_hold(store, id, "the smarthost talks nonsense",
                                    LATER, &error));
    expect_row(id, "held", INSTANT_NONE);
    expect_ticket(case_id, "triage", "talks nonsense");
    g_assert_true(store_outbox_recover(store, LATER, &error));
    expect_row(id, "held", INSTANT_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/outbox/delay", test_waits_out_its_delay);
    g_test_add_func("/store/outbox/sent", test_sent);
    g_test_add_func("/store/outbox/retry", test_retry);
    g_test_add_func("/store/outbox/our-fault", test_refused_for_our_fault);
    g_test_add_func("/store/outbox/refused", test_refused);
    g_test_add_func("/store/outbox/unknown", test_unknown_outcome);
    g_test_add_func("/store/outbox/recovery", test_recovery);
    g_test_add_func("/store/outbox/hold", test_hold);
    g_test_add_func("/store/outbox/hold-sending", test_hold_while_sending);
    int status = g_test_run();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    store_close(store);
    paper_remove(directory);
    return status;
}
