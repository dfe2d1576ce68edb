#include "receive/control.h"

#include "base/errors.h"
#include "base/wire.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char *directory, *path;
    Loop *loop;
    ControlServer *server;
    GThread *thread;
} Bench;

/* Tells back what it was asked; stops of "late" cases are too late. */
static void handle(void *data, ControlCall *call, const ControlRequest *request,
                   const char *user)
{
    const struct passwd *self = getpwuid(geteuid());
    g_assert_cmpstr(user, ==, self->pw_name);
    if (request->kind == CONTROL_STOP) {
        g_autoptr(GError) error = g_error_new(DESK_ERROR, DESK_ERROR_CONFLICT,
                                              "%s has left", request->subject);
        control_answer(call, NULL, error);
        return;
    }
    g_autofree char *text = g_strdup_printf(
        "%d %s %s", request->kind, request->subject ? request->subject : "-",
        request->note ? request->note : "-");
    control_answer(call, text, NULL);
}

static void *serve(void *data)
{
    loop_run(((Bench *)data)->loop);
    return NULL;
}

static Bench *begin(void)
{
    Bench *bench = g_new0(Bench, 1);
    bench->directory = g_dir_make_tmp("control-XXXXXX", NULL);
    bench->path = g_build_filename(bench->directory, "control", NULL);
    bench->loop = loop_new();
    g_autoptr(GError) error = NULL;
    bench->server = control_start(bench->loop, bench->path, 0600, NULL, handle,
                                  bench, &error);
    g_assert_no_error(error);
    bench->thread = g_thread_new("control", serve, bench);
    return bench;
}

static void stop(void *data)
{
    Bench *bench = data;
    control_free(bench->server);
    loop_stop(bench->loop);
}

static void finish(Bench *bench)
{
    loop_post(bench->loop, stop, bench);
    g_thread_join(bench->thread);
    loop_free(bench->loop);
    g_assert_cmpint(g_rmdir(bench->directory), ==, 0);
    g_free(bench->directory);
    g_free(bench->path);
    g_free(bench);
}

static void test_ask(void)
{
    Bench *bench = begin();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    ControlRequest approve = {.kind = CONTROL_APPROVE,
                              .subject = (char *)"EX-2026-0001",
                              .note = (char *)"Grüße"};
    g_assert_true(control_ask(bench->path, &approve, 5, &text, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "4 EX-2026-0001 Grüße");
    ControlRequest reload = {.kind = CONTROL_RELOAD};
    g_assert_true(control_ask(bench->path, &reload, 5, NULL, &error));
    ControlRequest late = {.kind = CONTROL_STOP, .subject = (char *)"X"};
    g_assert_false(control_ask(bench->path, &late, 5, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_cmpstr(error->message, ==, "X has left");
    finish(bench);
}

static void test_nobody_there(void)
{
    ControlRequest request = {.kind = CONTROL_STATUS};
    g_autoptr(GError) error = NULL;
    g_assert_false(
        control_ask("/nonexistent/control", &request, 1, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_autofree char *directory = g_dir_make_tmp("control-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "dead", NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==,
                    0);
    g_assert_false(control_ask(path, &request, 1, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    /* One that listens and never answers. */
    g_assert_cmpint(listen(fd, 1), ==, 0);
    g_assert_false(control_ask(path, &request, 1, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
    close(fd);
    g_unlink(path);
    g_rmdir(directory);
}

static void test_mode(void)
{
    Bench *bench = begin();
    struct stat found;
    g_assert_cmpint(g_stat(bench->path, &found), ==, 0);
    g_assert_cmpint(found.st_mode & 0777, ==, 0600);
    finish(bench);
}

/* Only root can be somebody else for a moment. */
static void test_stranger(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    if (geteuid() != 0 || !nobody) {
        g_test_skip("not root");
        return;
    }
    Bench *bench = begin();
    g_chmod(bench->directory, 0755);
    g_chmod(bench->path, 0666);
    pid_t child = fork();
    if (child == 0) {
        ControlRequest request = {.kind = CONTROL_PAUSE};
        g_autoptr(GError) error = NULL;
        bool ok = setuid(nobody->pw_uid) == 0 &&
                  !control_ask(bench->path, &request, 5, NULL, &error) &&
                  g_error_matches(error, DESK_ERROR, DESK_ERROR_DENIED);
        _exit(ok ? 0 : 1);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    finish(bench);
}

static void send_raw(const Bench *bench, const void *data, size_t length)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, bench->path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address),
                    ==, 0);
    g_assert_cmpint(send(fd, data, length, MSG_NOSIGNAL), ==, length);
    shutdown(fd, SHUT_WR);
    char buffer[1000];
    while (recv(fd, buffer, sizeof buffer, 0) > 0)
        continue;
    close(fd);
}

static void test_noise(void)
{
    Bench *bench = begin();
    static const uint8_t HUGE_FRAME[] = {0xff, 0xff, 0xff, 0x7f, 0};
    send_raw(bench, HUGE_FRAME, sizeof HUGE_FRAME);
    send_raw(bench, "", 0);
    send_raw(bench, "\x01\0\0", 3);
    send_raw(bench, "\x01\0\0\0\x63", 5);
    for (guint i = 0; i < 300; i++) {
        uint8_t noise[40] = {0};
        noise[0] = (uint8_t)(sizeof noise - 4);
        for (guint j = 4; j < sizeof noise; j++)
            noise[j] = (uint8_t)g_test_rand_int_range(0, j % 3 ? 8 : 256);
        send_raw(bench, noise, sizeof noise);
    }
    ControlRequest request = {.kind = CONTROL_STATUS};
    g_assert_true(control_ask(bench->path, &request, 5, NULL, NULL));
    finish(bench);
}

static void test_users(void)
{
    Loop *loop = loop_new();
    static const char *const NAMES[] = {"no-such-user-here", NULL};
    g_autoptr(GError) error = NULL;
    g_assert_null(
        control_start(loop, "/tmp/none", 0600, NAMES, handle, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    loop_free(loop);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/control/ask", test_ask);
    g_test_add_func("/control/nobody-there", test_nobody_there);
    g_test_add_func("/control/mode", test_mode);
    g_test_add_func("/control/stranger", test_stranger);
    g_test_add_func("/control/noise", test_noise);
    g_test_add_func("/control/users", test_users);
    return g_test_run();
}
