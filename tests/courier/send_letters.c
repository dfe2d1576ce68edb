/*
 * Drives a Courier for test_submit.py: hands over letters read from files and
 * prints what the desk would be told.
 *
 *   send_letters VIA TLS CA USER PASSWORD_FILE WHAT LETTER...
 *
 * "-" stands for none. WHAT: yes (let every dot go), no (none), die (kill the
 * sending process when it asks), slow (think before the yes), answer-die (say
 * yes, then kill), pause (let a second pass between letters).
 * Time limits are one second each, so that nothing takes long.
 */
#include "base/files.h"
#include "courier/courier.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    Courier *courier;
    const char *what;
} Run;

static const char *const OUTCOMES[] = {"ok", "retry", "failed", "unknown",
                                       "held"};

/* The process that talks: the child of our child. */
static void kill_worker(void)
{
    g_autofree char *own =
        g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autoptr(GBytes) keeper = file_read(own, 100, NULL);
    g_assert_nonnull(keeper);
    g_autofree char *path = g_strdup_printf(
        "/proc/%d/task/%d/children", atoi(g_bytes_get_data(keeper, NULL)),
        atoi(g_bytes_get_data(keeper, NULL)));
    g_autoptr(GBytes) worker = file_read(path, 100, NULL);
    g_assert_nonnull(worker);
    kill(atoi(g_bytes_get_data(worker, NULL)), SIGKILL);
}

static void about_to_dot(void *data, int64_t id)
{
    Run *run = data;
    printf("dot %d\n", (int)id);
    if (g_str_equal(run->what, "slow"))
        g_usleep(300 * 1000);
    if (g_str_equal(run->what, "die"))
        kill_worker();
    else
        courier_dot(run->courier, !g_str_equal(run->what, "no"));
    if (g_str_equal(run->what, "answer-die")) {
        g_usleep(300 * 1000);
        kill_worker();
    }
}

static void done(void *data, const CourierOutcome *outcome)
{
    printf("done %d %s %s %s\n", (int)outcome->id, OUTCOMES[outcome->outcome],
           outcome->enhanced ? outcome->enhanced : "-", outcome->reply);
}

static const char *or_null(const char *argument)
{
    return g_str_equal(argument, "-") ? NULL : argument;
}

static bool carry(Run *run, int64_t id, const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = file_read(file, 1000000, &error);
    g_assert_no_error(error);
    CourierLetter letter = {
        .id = id,
        .envelope_from = "bounce+1@desk.example",
        .to = "reporter@example.org",
        .bytes = bytes,
    };
    if (!courier_send(run->courier, &letter, &error)) {
        printf("refused %d %s\n", (int)id, error->message);
        return true;
    }
    bool is_alive = true;
    while (courier_is_busy(run->courier) && is_alive) {
        struct pollfd fd = {.fd = courier_fd(run->courier), .events = POLLIN};
        if (poll(&fd, 1, 20000) == 0) {
            printf("hangs\n");
            return false;
        }
        is_alive = courier_dispatch(run->courier);
    }
    return is_alive;
}

int main(int argc, char **argv)
{
    g_assert_cmpint(argc, >, 7);
    setvbuf(stdout, NULL, _IOLBF, 0);
    CourierConfig config = {
        .via = argv[1],
        .tls = g_str_equal(argv[2], "starttls")   ? TLS_STARTTLS
               : g_str_equal(argv[2], "implicit") ? TLS_IMPLICIT
                                                  : TLS_NONE,
        .ca_file = or_null(argv[3]),
        .user = or_null(argv[4]),
        .password_file = or_null(argv[5]),
        .hostname = "desk.example",
        .timeouts = {1, 1, 1, 1, 1},
    };
    Run run = {.what = argv[6]};
    CourierEvents events = {
        .about_to_dot = about_to_dot, .done = done, .data = &run};
    g_autoptr(GError) error = NULL;
    run.courier = courier_start(&config, &events, &error);
    if (!run.courier) {
        printf("config %s\n", error->message);
        return 78;
    }
    for (int i = 7; i < argc && carry(&run, i - 6, argv[i]); i++)
        if (g_str_equal(run.what, "pause"))
            g_usleep(1000 * 1000);
    courier_stop(run.courier);
    return 0;
}
