#include "store/breaker.h"
#include "store/outbox.h"

#include "paper.h"

#define BURST 3

static Store *store;
static char *directory;

static bool check(Instant now)
{
    bool is_open;
    g_autoptr(GError) error = NULL;
    store_breaker_check(store, BURST, now, &is_open, &error);
    g_assert_no_error(error);
    g_auto(BreakerState) state = {0};
    g_assert_true(store_breaker_state(store, &state, NULL));
    g_assert_cmpint(state.is_open, ==, is_open);
    return is_open;
}

static void close_it(Instant now)
{
    g_autoptr(GError) error = NULL;
    store_breaker_close(store, "anna", "looked", now, &error);
    g_assert_no_error(error);
}

/* A store that is closed and opened again knows what it knew. */
static void open_again(void)
{
    g_autoptr(GError) error = NULL;
    store_close(store);
    store = store_open(directory, STORE_WRITE, &error);
    g_assert_no_error(error);
}

static void set_up(void)
{
    g_autoptr(GError) error = NULL;
    directory = paper_directory();
    store = store_open(directory, STORE_WRITE, &error);
    g_assert_no_error(error);
}

static void tear_down(void)
{
    store_close(store);
    paper_remove(directory);
    g_free(directory);
}

static void file_letters(guint count, const char *tag)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("%s%u", tag, i);
        g_free(paper_file(store, ACTION_SEND, name));
    }
}

static void test_rate(void)
{
    set_up();
    file_letters(BURST, "rate");
    g_assert_false(check(PAPER_NOW));
    file_letters(1, "more");
    g_assert_true(check(PAPER_NOW));
    open_again();
    g_assert_true(check(PAPER_NOW + 400 * PAPER_DAY));
    g_assert_true(check(0));
    close_it(PAPER_NOW + 60);
    g_assert_false(check(PAPER_NOW + 60));
    file_letters(BURST, "after");
    g_assert_false(check(PAPER_NOW + 60));
    file_letters(1, "afterwards");
    g_assert_true(check(PAPER_NOW + 60));
    tear_down();
}

/* Only a person closes it, and only an open one. */
static void test_closing(void)
{
    g_autoptr(GError) nobody = NULL;
    g_autoptr(GError) twice = NULL;
    set_up();
    g_assert_true(store_breaker_open(store, "the clock jumped", 5, NULL));
    g_assert_true(store_breaker_open(store, "again", 6, NULL));
    g_assert_false(store_breaker_close(store, "", NULL, 7, &nobody));
    g_assert_nonnull(nobody);
    g_assert_true(check(7));
    g_auto(BreakerState) state = {0};
    g_assert_true(store_breaker_state(store, &state, NULL));
    g_assert_cmpstr(state.why, ==, "the clock jumped");
    close_it(8);
    g_assert_false(check(9));
    g_assert_false(store_breaker_close(store, "anna", NULL, 9, &twice));
    g_assert_nonnull(twice);
    tear_down();
}

/* Complaints about our letters: what was seen before it was closed does not
 * open it again, what comes later does. */
static void test_complaints(void)
{
    set_up();
    for (guint i = 0; i < BREAKER_COMPLAINTS_MAX; i++)
        g_assert_true(store_breaker_complaint(store, PAPER_NOW, NULL));
    g_assert_false(check(PAPER_NOW));
    g_assert_true(store_breaker_complaint(store, PAPER_NOW, NULL));
    g_assert_true(check(PAPER_NOW));
    close_it(PAPER_NOW + 60);
    g_assert_false(check(PAPER_NOW + 60));
    for (guint i = 0; i <= BREAKER_COMPLAINTS_MAX; i++)
        g_assert_true(store_breaker_complaint(store, PAPER_NOW + 1200, NULL));
    g_assert_true(check(PAPER_NOW + 1200));
    tear_down();
}

static void fail_letters(guint count, Instant now)
{
    for (guint i = 0; i < count; i++) {
        g_autoptr(GPtrArray) due = store_outbox_due(store, now, 1, NULL);
        g_assert_cmpuint(due->len, ==, 1);
        int64_t id = ((OutboxRow *)due->pdata[0])->id;
        g_assert_true(store_outbox_begin(store, id, now, NULL));
        g_assert_true(store_outbox_done(store, id, SENT_FAILED, "550 5.7.1 no",
                                        now, now, NULL));
    }
}

static void test_bounces(void)
{
    const Instant later = PAPER_NOW + 7200;
    set_up();
    file_letters(BREAKER_BOUNCES_MAX + 1, "bounce");
    fail_letters(BREAKER_BOUNCES_MAX, later);
    g_assert_false(check(later));
    fail_letters(1, later);
    g_assert_true(check(later));
    close_it(later);
    g_assert_false(check(later));
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/breaker/rate", test_rate);
    g_test_add_func("/store/breaker/closing", test_closing);
    g_test_add_func("/store/breaker/complaints", test_complaints);
    g_test_add_func("/store/breaker/bounces", test_bounces);
    return g_test_run();
}
