/*
 * The pool with children that misbehave on request: each costs its own
 * request and nothing else.
 */
#include "reader/pool.h"

#include "base/errors.h"
#include "reader/zygote.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB (1024u * 1024)

static int prepared; /* set in the zygote, inherited by children */

static void prepare(void)
{
    prepared = 42;
}

static GBytes *new_text(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static GBytes *eat_memory(void)
{
    for (int i = 0; i < 1000; i++) {
        char *memory = g_malloc(16 * MIB);
        memset(memory, 1, 16 * MIB);
    }
    return NULL;
}

static void spin(void)
{
    volatile unsigned i = 0;
    while (i < 2)
        i = (i + 1) % 2;
}

/* What a child does with a request. */
static GBytes *answer(GBytes *request)
{
    gsize length;
    const char *words = g_bytes_get_data(request, &length);
    if (length != 1)
        return g_bytes_ref(request);
    switch (words[0]) {
    case 'p':
        return new_text(prepared == 42 ? "prepared" : "not prepared");
    case 'i': {
        g_autofree char *id = g_strdup_printf("%d", (int)getpid());
        return new_text(id);
    }
    case 'm':
        return eat_memory();
    case 's':
        spin();
        return NULL;
    case 'c':
        abort();
    case 'o':
        return new_text(open("/etc/passwd", O_RDONLY) < 0 ? "no" : "yes");
    case 'n':
        socket(AF_INET, SOCK_STREAM, 0);
        return new_text("a socket");
    case 'b':
        return g_bytes_new_take(g_malloc0(2 * MIB), 2 * MIB);
    default:
        return new_text("");
    }
}

static Pool *start(unsigned seconds, unsigned cpu_seconds)
{
    const PoolJob job = {
        .prepare = prepare,
        .answer = answer,
        .limits = {.cpu_seconds = cpu_seconds, .memory_bytes = 256 * MIB},
        .seconds_max = seconds,
        .answer_bytes_max = MIB,
    };
    g_autoptr(GError) error = NULL;
    Pool *pool = pool_start(&job, &error);
    g_assert_no_error(error);
    return pool;
}

/* The answer as text; the child is handed back. NULL with an error code. */
static char *ask(Pool *pool, const char *words, bool is_odd, int *code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = new_text(words);
    PoolChild *child = NULL;
    g_autoptr(GBytes) reply = pool_ask(pool, request, &child, &error);
    *code = error ? error->code : -1;
    if (!reply) {
        g_assert_null(child);
        return NULL;
    }
    pool_release(pool, child, is_odd);
    gsize length;
    const char *text = g_bytes_get_data(reply, &length);
    return g_strndup(text ? text : "", length);
}

static void check_answer(Pool *pool, const char *words, const char *expected)
{
    int code;
    g_autofree char *text = ask(pool, words, false, &code);
    g_assert_cmpint(code, ==, -1);
    g_assert_cmpstr(text, ==, expected);
}

static void check_fails(Pool *pool, const char *words, int expected)
{
    int code;
    g_autofree char *text = ask(pool, words, false, &code);
    g_assert_null(text);
    g_assert_cmpint(code, ==, expected);
    check_answer(pool, "p", "prepared");
}

static void test_answers(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    check_answer(pool, "p", "prepared");
    check_answer(pool, "words in, words out", "words in, words out");
    check_answer(pool, "", "");
}

static void test_sandboxed(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    check_answer(pool, "o", "no");
    check_fails(pool, "n", DESK_ERROR_INVALID);
}

static void test_failures(void)
{
    g_autoptr(Pool) pool = start(2, 10);
    if (!SANDBOX_HAS_ASAN)
        check_fails(pool, "m", DESK_ERROR_LIMIT);
    check_fails(pool, "s", DESK_ERROR_LIMIT); /* wall clock */
    check_fails(pool, "c", DESK_ERROR_INVALID);
    check_fails(pool, "b", DESK_ERROR_INVALID); /* answers too much */
}

static void test_cpu_time(void)
{
    g_autoptr(Pool) pool = start(10, 1);
    check_fails(pool, "s", DESK_ERROR_LIMIT);
}

static int child_id(Pool *pool, bool is_odd)
{
    int code;
    g_autofree char *id = ask(pool, "i", is_odd, &code);
    g_assert_nonnull(id);
    return atoi(id);
}

/* A child serves a few requests, and none after an odd one. */
static void test_replacement(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    int first = child_id(pool, false);
    for (int i = 1; i < CHILD_REQUESTS_MAX; i++)
        g_assert_cmpint(child_id(pool, false), ==, first);
    int second = child_id(pool, true);
    g_assert_cmpint(second, !=, first);
    g_assert_cmpint(child_id(pool, false), !=, second);
}

/* Until the process is a zombie (its parent reaps it later) or gone. */
static void wait_for_death(int id)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", id);
    for (int i = 0; i < 5000; i++) {
        g_autofree char *stat = NULL;
        if (!g_file_get_contents(path, &stat, NULL, NULL) ||
            strstr(stat, ") Z"))
            return;
        g_usleep(1000);
    }
    g_assert_not_reached();
}

/* Idle children that are killed cost no request. */
static void test_killed_idle(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    for (int i = 0; i < 20; i++) {
        int id = child_id(pool, false);
        g_assert_cmpint(kill(id, SIGKILL), ==, 0);
        wait_for_death(id);
        check_answer(pool, "p", "prepared");
    }
}

typedef struct {
    Pool *pool;
    int answers, failures;
} Asker;

static void *ask_often(void *data)
{
    Asker *asker = data;
    for (int i = 0; i < 100; i++) {
        int code;
        g_autofree char *text =
            ask(asker->pool, i % 10 ? "words in" : "c", false, &code);
        asker->answers += text && strcmp(text, "words in") == 0;
        asker->failures += code == DESK_ERROR_INVALID;
    }
    return NULL;
}

static void test_threads(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    Asker askers[4];
    GThread *threads[4];
    for (int i = 0; i < 4; i++) {
        askers[i] = (Asker){.pool = pool};
        threads[i] = g_thread_new("asker", ask_often, &askers[i]);
    }
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
        g_assert_cmpint(askers[i].answers, ==, 90);
        g_assert_cmpint(askers[i].failures, ==, 10);
    }
}

/* A request as big as a mail may be goes both ways without a deadlock. */
static void test_big(void)
{
    g_autoptr(Pool) pool = start(10, 10);
    g_autofree char *words = g_strnfill(MIB, 'x');
    check_answer(pool, words, words);
    g_autofree char *huge = g_strnfill(REQUEST_BYTES_MAX + 1u, 'x');
    check_fails(pool, huge, DESK_ERROR_LIMIT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pool/answers", test_answers);
    g_test_add_func("/pool/sandboxed", test_sandboxed);
    g_test_add_func("/pool/failures", test_failures);
    g_test_add_func("/pool/cpu-time", test_cpu_time);
    g_test_add_func("/pool/replacement", test_replacement);
    g_test_add_func("/pool/killed-idle", test_killed_idle);
    g_test_add_func("/pool/threads", test_threads);
    g_test_add_func("/pool/big", test_big);
    return g_test_run();
}
