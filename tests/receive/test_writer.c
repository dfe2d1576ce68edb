#include "receive/writer.h"

#include "base/errors.h"
#include "fake_store.h"

#include <string.h>

typedef struct {
    Loop *loop;
    Store *store;
    Writer *writer;
    GString *events; /* one word an event, in the order they came */
    guint left;      /* events until the loop is stopped */
} Bench;

static void note(Bench *bench, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(Bench *bench, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(bench->events, format, arguments);
    va_end(arguments);
    g_string_append_c(bench->events, ' ');
    if (--bench->left == 0)
        loop_stop(bench->loop);
}

static void fatal(void *data, const GError *error)
{
    g_assert_error(error, DESK_ERROR, DESK_ERROR_BROKEN);
    note(data, "fatal");
}

static Bench *begin(void)
{
    Bench *bench = g_new0(Bench, 1);
    bench->loop = loop_new();
    bench->store = fake_store_new();
    bench->events = g_string_new(NULL);
    bench->writer = writer_start(bench->loop, bench->store, fatal, bench);
    return bench;
}

static void wait_for(Bench *bench, guint events)
{
    bench->left = events;
    loop_run(bench->loop);
}

static void finish(Bench *bench)
{
    writer_stop(bench->writer);
    g_assert_true(fake_store_is_closed(bench->store));
    loop_free(bench->loop);
    fake_store_free(bench->store);
    g_string_free(bench->events, TRUE);
    g_free(bench);
}

static void accepted(void *data, const Delivery *delivery, const GError *error)
{
    if (error)
        note(data, "%s!%d", delivery->envelope_from, error->code);
    else
        note(data, "%s=%s", delivery->envelope_from, delivery->id);
}

static void hand_in(Bench *bench, const char *sender)
{
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup(sender);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    delivery->raw = g_bytes_new_static("x", 1);
    writer_accept(bench->writer, delivery, accepted, bench);
}

static const char *transaction(const Bench *bench, guint i)
{
    return fake_store_transactions(bench->store)->pdata[i];
}

/* Let the writer take the one that was handed in and come to a halt. */
static void let_it_begin(void)
{
    g_usleep(30 * 1000);
}

/* What comes while a commit runs is committed together. */
static void test_batching(void)
{
    Bench *bench = begin();
    fake_store_block(bench->store, true);
    hand_in(bench, "a");
    let_it_begin();
    hand_in(bench, "b");
    hand_in(bench, "c");
    hand_in(bench, "d");
    fake_store_block(bench->store, false);
    wait_for(bench, 4);
    g_assert_cmpstr(bench->events->str, ==, "a=F1 b=F2 c=F3 d=F4 ");
    g_assert_cmpuint(fake_store_transactions(bench->store)->len, ==, 2);
    g_assert_cmpstr(transaction(bench, 0), ==, "a");
    g_assert_cmpstr(transaction(bench, 1), ==, "b c d");
    finish(bench);
}

/* A mail the store does not take is refused alone. */
static void test_poison(void)
{
    Bench *bench = begin();
    fake_store_poison(bench->store, "bad", DESK_ERROR_LIMIT);
    fake_store_block(bench->store, true);
    hand_in(bench, "a");
    let_it_begin();
    hand_in(bench, "b");
    hand_in(bench, "bad");
    hand_in(bench, "c");
    fake_store_block(bench->store, false);
    wait_for(bench, 4);
    g_autofree char *expected =
        g_strdup_printf("a=F1 b=F2 bad!%d c=F3 ", DESK_ERROR_LIMIT);
    g_assert_cmpstr(bench->events->str, ==, expected);
    finish(bench);
}

static bool work(Store *store, void *data, GError **error)
{
    return true;
}

static bool refuse(Store *store, void *data, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "no");
    return false;
}

static void worked(void *data, const GError *error)
{
    note(data, error ? "job!%d" : "job", error ? error->code : 0);
}

/* Nobody gets a 250 after an I/O error, and nothing is tried again. */
static void test_broken(void)
{
    Bench *bench = begin();
    fake_store_poison(bench->store, "bad", DESK_ERROR_BROKEN);
    fake_store_block(bench->store, true);
    hand_in(bench, "a");
    let_it_begin();
    hand_in(bench, "b");
    hand_in(bench, "bad");
    hand_in(bench, "c");
    writer_run(bench->writer, work, worked, bench);
    fake_store_block(bench->store, false);
    wait_for(bench, 6);
    const int code = DESK_ERROR_BROKEN;
    g_autofree char *expected = g_strdup_printf(
        "a=F1 fatal b!%d bad!%d c!%d job!%d ", code, code, code, code);
    g_assert_cmpstr(bench->events->str, ==, expected);
    g_string_truncate(bench->events, 0);
    hand_in(bench, "d");
    wait_for(bench, 1);
    g_autofree char *later = g_strdup_printf("d!%d ", code);
    g_assert_cmpstr(bench->events->str, ==, later);
    g_assert_cmpuint(fake_store_transactions(bench->store)->len, ==, 1);
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_call(bench->writer, work, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_BROKEN);
    finish(bench);
}

static void test_jobs(void)
{
    Bench *bench = begin();
    writer_run(bench->writer, work, worked, bench);
    writer_run(bench->writer, refuse, worked, bench);
    writer_run(bench->writer, work, NULL, NULL);
    writer_run(bench->writer, work, worked, bench);
    wait_for(bench, 3);
    g_autofree char *expected =
        g_strdup_printf("job job!%d job ", DESK_ERROR_CONFLICT);
    g_assert_cmpstr(bench->events->str, ==, expected);
    finish(bench);
}

/* The jobs of a slice are one commit: if it fails, none has happened. */
static void test_commit_of_jobs_fails(void)
{
    Bench *bench = begin();
    fake_store_poison(bench->store, "group", DESK_ERROR_TEMPORARY);
    writer_run(bench->writer, work, worked, bench);
    writer_run(bench->writer, work, worked, bench);
    wait_for(bench, 2);
    g_autofree char *expected = g_strdup_printf(
        "job!%d job!%d ", DESK_ERROR_TEMPORARY, DESK_ERROR_TEMPORARY);
    g_assert_cmpstr(bench->events->str, ==, expected);
    finish(bench);
}

static bool dawdle(Store *store, void *data, GError **error)
{
    g_usleep(2000);
    return true;
}

/* A mail does not wait for a hundred jobs that came before it. */
static void test_jobs_let_mail_pass(void)
{
    Bench *bench = begin();
    for (guint i = 0; i < 100; i++)
        writer_run(bench->writer, dawdle, worked, bench);
    let_it_begin();
    hand_in(bench, "a");
    wait_for(bench, 101);
    const char *mail = strstr(bench->events->str, "a=F1");
    g_assert_nonnull(mail);
    g_assert_cmpint(mail - bench->events->str, <, 60 * strlen("job "));
    finish(bench);
}

typedef struct {
    Bench *bench;
    bool result;
} Caller;

static bool count_up(Store *store, void *data, GError **error)
{
    (*(guint *)data)++;
    return true;
}

static void *call_often(void *data)
{
    Bench *bench = data;
    guint *count = g_new0(guint, 1);
    for (guint i = 0; i < 200; i++)
        g_assert_true(writer_call(bench->writer, count_up, count, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_false(writer_call(bench->writer, refuse, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    return count;
}

static void test_calls(void)
{
    Bench *bench = begin();
    GThread *threads[4];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("caller", call_often, bench);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree guint *count = g_thread_join(threads[i]);
        g_assert_cmpuint(*count, ==, 200);
    }
    finish(bench);
}

static void ask_again(void *data, const GError *error)
{
    Bench *bench = data;
    note(bench, "first");
    hand_in(bench, "late");
    writer_run(bench->writer, work, worked, bench);
}

/* A completion that comes during the stop may ask for more: it is told no. */
static void test_late_requests(void)
{
    Bench *bench = begin();
    writer_run(bench->writer, work, ask_again, bench);
    bench->left = 100;
    writer_stop(bench->writer);
    g_autofree char *expected = g_strdup_printf(
        "first late!%d job!%d ", DESK_ERROR_TEMPORARY, DESK_ERROR_TEMPORARY);
    g_assert_cmpstr(bench->events->str, ==, expected);
    loop_free(bench->loop);
    fake_store_free(bench->store);
    g_string_free(bench->events, TRUE);
    g_free(bench);
}

/* What is queued when it is told to stop is still done, and reported. */
static void test_stop(void)
{
    Bench *bench = begin();
    fake_store_block(bench->store, true);
    hand_in(bench, "a");
    let_it_begin();
    hand_in(bench, "b");
    writer_run(bench->writer, work, worked, bench);
    g_assert_cmpuint(writer_backlog(bench->writer), ==, 2);
    fake_store_block(bench->store, false);
    bench->left = 100;
    writer_stop(bench->writer);
    loop_free(bench->loop);
    g_assert_cmpstr(bench->events->str, ==, "a=F1 b=F2 job ");
    fake_store_free(bench->store);
    g_string_free(bench->events, TRUE);
    g_free(bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/writer/batching", test_batching);
    g_test_add_func("/writer/poison", test_poison);
    g_test_add_func("/writer/broken", test_broken);
    g_test_add_func("/writer/jobs", test_jobs);
    g_test_add_func("/writer/jobs-commit-fails", test_commit_of_jobs_fails);
    g_test_add_func("/writer/jobs-let-mail-pass", test_jobs_let_mail_pass);
    g_test_add_func("/writer/calls", test_calls);
    g_test_add_func("/writer/stop", test_stop);
    g_test_add_func("/writer/late-requests", test_late_requests);
    return g_test_run();
}
