#include "receive/server.h"

#include "base/errors.h"
#include "receive/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A receiver on its own thread; deliveries wait until they are let go. */
typedef struct {
    char *directory, *path;
    Loop *loop;
    Receiver *receiver;
    GThread *thread;
    GMutex lock;
    GCond came;
    GPtrArray *waiting; /* of ReceiveSession */
    bool is_drained;
} Server;

static bool accepts(void *data, const char *address)
{
    return true;
}

static Instant fixed_now(void *data)
{
    return 0;
}

static void deliver(void *data, ReceiveSession *session, Delivery *delivery)
{
    Server *server = data;
    delivery_free(delivery);
    g_mutex_lock(&server->lock);
    g_ptr_array_add(server->waiting, session);
    g_cond_broadcast(&server->came);
    g_mutex_unlock(&server->lock);
}

static void *serve(void *data)
{
    loop_run(((Server *)data)->loop);
    return NULL;
}

static ReceiveConfig config_of(Server *server)
{
    return (ReceiveConfig){
        .hostname = "mx.desk.example",
        .socket = server->path,
        .listen = "127.0.0.1:0",
        .max_bytes = 100000,
        .max_sessions = 3,
        .idle_s = 1,
        .data_s = 2,
        .accepts = accepts,
        .now = fixed_now,
        .deliver = deliver,
        .data = server,
    };
}

static Server *begin(void)
{
    Server *server = g_new0(Server, 1);
    server->directory = g_dir_make_tmp("server-XXXXXX", NULL);
    server->path = g_build_filename(server->directory, "lmtp", NULL);
    server->loop = loop_new();
    server->waiting = g_ptr_array_new();
    ReceiveConfig config = config_of(server);
    g_autoptr(GError) error = NULL;
    server->receiver = receiver_start(server->loop, &config, &error);
    g_assert_no_error(error);
    server->thread = g_thread_new("server", serve, server);
    return server;
}

static void drained(void *data)
{
    Server *server = data;
    server->is_drained = true;
    receiver_free(server->receiver);
    loop_stop(server->loop);
}

static void drain(void *data)
{
    Server *server = data;
    receiver_drain(server->receiver, drained, server);
}

/* After it has been told to drain. */
static void wait_for_end(Server *server)
{
    g_thread_join(server->thread);
    g_assert_true(server->is_drained);
    loop_free(server->loop);
    g_assert_cmpint(g_rmdir(server->directory), ==, 0);
    g_ptr_array_unref(server->waiting);
    g_free(server->directory);
    g_free(server->path);
    g_free(server);
}

static void finish(Server *server)
{
    loop_post(server->loop, drain, server);
    wait_for_end(server);
}

/* Answer the oldest waiting delivery. */
static void answer_ok(void *data)
{
    receive_answer(data, "T1", NULL);
}

static void answer_broken(void *data)
{
    g_autoptr(GError) error =
        g_error_new(DESK_ERROR, DESK_ERROR_BROKEN, "disk");
    receive_answer(data, NULL, error);
}

static void answer_full(void *data)
{
    g_autoptr(GError) error = g_error_new(DESK_ERROR, DESK_ERROR_LIMIT, "full");
    receive_answer(data, NULL, error);
}

static void answer(Server *server, LoopCall *how)
{
    g_mutex_lock(&server->lock);
    while (server->waiting->len == 0)
        g_cond_wait(&server->came, &server->lock);
    ReceiveSession *session = g_ptr_array_remove_index(server->waiting, 0);
    g_mutex_unlock(&server->lock);
    loop_post(server->loop, how, session);
}

/* ---- the client ------------------------------------------------------- */

static int patient(int fd)
{
    struct timeval patience = {.tv_sec = 8};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static int call(const Server *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, server->path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address),
                    ==, 0);
    return patient(fd);
}

static void say(int fd, const char *text)
{
    g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==,
                    strlen(text));
}

/* Read until there are that many lines, or the end. */
static char *hear(int fd, guint lines)
{
    GString *heard = g_string_new(NULL);
    char c;
    while (lines > 0 && recv(fd, &c, 1, 0) == 1) {
        g_string_append_c(heard, c);
        lines -= c == '\n';
    }
    return g_string_free(heard, FALSE);
}

static void assert_hears(int fd, const char *expected)
{
    guint lines = 0;
    for (const char *at = expected; *at; at++)
        lines += *at == '\n';
    g_autofree char *heard = hear(fd, lines);
    g_assert_cmpstr(heard, ==, expected);
}

static void assert_ends(int fd)
{
    char c;
    g_assert_cmpint(recv(fd, &c, 1, 0), ==, 0);
    close(fd);
}

#define GREETING "220 mx.desk.example LMTP ready\r\n"

/* Up to the end of a mail. */
static int hand_in(const Server *server)
{
    int fd = call(server);
    say(fd, "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n");
    g_autofree char *heard = hear(fd, 10);
    g_assert_true(g_str_has_suffix(heard, "of its own\r\n"));
    return fd;
}

/* ---- tests ------------------------------------------------------------ */

static void test_answers(void)
{
    static const struct {
        LoopCall *how;
        const char *reply;
    } CASES[] = {
        {answer_ok, "250 2.0.0 Ok: kept as T1\r\n"},
        {answer_broken, "451 4.3.0 Cannot be stored now, try later\r\n"},
        {answer_full, "452 4.3.1 No room now, try later\r\n"},
    };
    Server *server = begin();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int fd = hand_in(server);
        answer(server, CASES[i].how);
        assert_hears(fd, CASES[i].reply);
        say(fd, "QUIT\r\n");
        assert_hears(fd, "221 2.0.0 Bye\r\n");
        assert_ends(fd);
    }
    finish(server);
}

/* Nothing is said, and no later command is heard, before the answer; the
 * wait is not cut short by the idle time. */
static void test_no_answer_no_reply(void)
{
    Server *server = begin();
    int fd = hand_in(server);
    say(fd, "NOOP\r\n");
    struct timeval short_time = {.tv_sec = 1, .tv_usec = 500000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time);
    char c;
    g_assert_cmpint(recv(fd, &c, 1, 0), ==, -1);
    patient(fd);
    answer(server, answer_ok);
    assert_hears(fd, "250 2.0.0 Ok: kept as T1\r\n250 2.0.0 Ok\r\n");
    close(fd);
    finish(server);
}

/* A client that left is no longer there to be answered; no harm done. */
static void test_client_gone(void)
{
    Server *server = begin();
    for (guint i = 0; i < 5; i++) {
        close(hand_in(server));
        answer(server, i % 2 ? answer_ok : answer_broken);
    }
    int fd = hand_in(server);
    answer(server, answer_ok);
    assert_hears(fd, "250 2.0.0 Ok: kept as T1\r\n");
    close(fd);
    finish(server);
}

static void test_too_many_sessions(void)
{
    Server *server = begin();
    int fds[3];
    for (guint i = 0; i < 3; i++) {
        fds[i] = call(server);
        assert_hears(fds[i], GREETING);
    }
    int fourth = call(server);
    assert_hears(fourth, "421 4.3.2 Too many sessions, try later\r\n");
    assert_ends(fourth);
    say(fds[0], "QUIT\r\n");
    assert_hears(fds[0], "221 2.0.0 Bye\r\n");
    assert_ends(fds[0]);
    int fifth = call(server);
    assert_hears(fifth, GREETING);
    close(fifth);
    close(fds[1]);
    close(fds[2]);
    finish(server);
}

static void test_timeouts(void)
{
    Server *server = begin();
    int idle = call(server);
    assert_hears(idle, GREETING);
    int slow = call(server);
    say(slow, "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx");
    g_free(hear(slow, 10)); /* up to the 354 */
    gint64 begun = g_get_monotonic_time();
    assert_hears(idle, "421 4.4.2 Timeout\r\n");
    assert_ends(idle);
    g_assert_cmpint(g_get_monotonic_time() - begun, >, 500 * 1000);
    assert_hears(slow, "421 4.4.2 Timeout\r\n");
    assert_ends(slow);
    g_assert_cmpint(g_get_monotonic_time() - begun, >, 1500 * 1000);
    finish(server);
}

static void test_drain(void)
{
    Server *server = begin();
    int idle = call(server);
    assert_hears(idle, GREETING);
    int busy = hand_in(server);
    int half = call(server);
    say(half, "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx");
    g_free(hear(half, 10)); /* up to the 354 */
    loop_post(server->loop, drain, server);
    assert_hears(idle, "421 4.3.2 Shutting down, try later\r\n");
    assert_ends(idle);
    g_assert_false(g_file_test(server->path, G_FILE_TEST_EXISTS));
    answer(server, answer_ok);
    assert_hears(busy, "250 2.0.0 Ok: kept as T1\r\n"
                       "421 4.3.2 Shutting down, try later\r\n");
    assert_ends(busy);
    say(half, "\r\n.\r\n");
    answer(server, answer_ok);
    assert_hears(half, "250 2.0.0 Ok: kept as T1\r\n"
                       "421 4.3.2 Shutting down, try later\r\n");
    assert_ends(half);
    wait_for_end(server);
}

/* A client that sends commands and reads no replies is not read from. */
static void test_back_pressure(void)
{
    Server *server = begin();
    int fd = call(server);
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    g_autoptr(GString) noops = g_string_new(NULL);
    while (noops->len < 60000)
        g_string_append(noops, "NOOP\r\n");
    size_t sent = 0;
    for (guint idle = 0; idle < 20 && sent < (64 << 20);) {
        ssize_t count = send(fd, noops->str, noops->len, MSG_NOSIGNAL);
        if (count > 0)
            sent += (size_t)count;
        idle = count > 0 ? 0 : idle + 1;
        if (count <= 0)
            g_usleep(10 * 1000);
    }
    g_assert_cmpuint(sent, <, 8 << 20);
    close(fd);
    finish(server);
}

static void test_tcp(void)
{
    Server *server = begin();
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(receiver_port(server->receiver)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = patient(socket(AF_INET, SOCK_STREAM, 0));
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address),
                    ==, 0);
    assert_hears(fd, GREETING);
    close(fd);
    finish(server);
}

static void assert_refused(const char *listen, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(listener_tcp(listen, &error), ==, -1);
    g_assert_error(error, DESK_ERROR, code);
}

static void test_addresses(void)
{
    assert_refused("0.0.0.0:2400", DESK_ERROR_CONFIG);
    assert_refused("192.0.2.1:2400", DESK_ERROR_CONFIG);
    assert_refused("[::]:2400", DESK_ERROR_CONFIG);
    assert_refused("[2001:db8::1]:2400", DESK_ERROR_CONFIG);
    assert_refused("localhost:2400", DESK_ERROR_CONFIG);
    assert_refused("127.0.0.1", DESK_ERROR_CONFIG);
    assert_refused("127.0.0.1:", DESK_ERROR_CONFIG);
    assert_refused("127.0.0.1:70000", DESK_ERROR_CONFIG);
    assert_refused("[::1:24", DESK_ERROR_CONFIG);
    assert_refused("", DESK_ERROR_CONFIG);
}

static void test_unix_socket(void)
{
    Server *server = begin();
    struct stat found;
    g_assert_cmpint(g_stat(server->path, &found), ==, 0);
    g_assert_cmpint(found.st_mode & 0777, ==, 0660);
    /* Somebody listens there: it is left alone. */
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(listener_unix(server->path, 0660, &error), ==, -1);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
    g_clear_error(&error);
    /* Left behind by a desk that was killed: it is replaced. */
    g_autofree char *old = g_build_filename(server->directory, "old", NULL);
    close(listener_unix(old, 0600, &error));
    g_assert_no_error(error);
    int fd = listener_unix(old, 0600, &error);
    g_assert_no_error(error);
    close(fd);
    g_unlink(old);
    /* Anything else there is not ours to remove. */
    g_assert_true(g_file_set_contents(old, "precious", -1, NULL));
    g_assert_cmpint(listener_unix(old, 0600, &error), ==, -1);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    g_unlink(old);
    finish(server);
}

/* What systemd hands over: descriptors from 3 on, their names in a list. */
static void test_inherited(void)
{
    pid_t child = fork();
    if (child == 0) {
        int pair[2];
        bool ok = socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 &&
                  dup2(pair[0], 10) == 10 && dup2(10, 3) == 3 &&
                  dup2(10, 4) == 4 && dup2(10, 5) == 5;
        g_autofree char *self = g_strdup_printf("%d", (int)getpid());
        g_setenv("LISTEN_PID", self, TRUE);
        g_setenv("LISTEN_FDS", "3", TRUE);
        g_setenv("LISTEN_FDNAMES", "lmtp:control:lmtp", TRUE);
        g_autoptr(GArray) lmtp = listener_inherited("lmtp");
        g_autoptr(GArray) control = listener_inherited("control");
        g_autoptr(GArray) other = listener_inherited("other");
        ok = ok && lmtp->len == 2 && g_array_index(lmtp, int, 0) == 3 &&
             g_array_index(lmtp, int, 1) == 5 && control->len == 1 &&
             g_array_index(control, int, 0) == 4 && other->len == 0;
        _exit(ok ? 0 : 1);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_autoptr(GArray) none = listener_inherited("lmtp");
    g_assert_cmpuint(none->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/answers", test_answers);
    g_test_add_func("/server/no-answer-no-reply", test_no_answer_no_reply);
    g_test_add_func("/server/client-gone", test_client_gone);
    g_test_add_func("/server/too-many-sessions", test_too_many_sessions);
    g_test_add_func("/server/timeouts", test_timeouts);
    g_test_add_func("/server/drain", test_drain);
    g_test_add_func("/server/back-pressure", test_back_pressure);
    g_test_add_func("/server/tcp", test_tcp);
    g_test_add_func("/server/addresses", test_addresses);
    g_test_add_func("/server/unix-socket", test_unix_socket);
    g_test_add_func("/server/inherited", test_inherited);
    return g_test_run();
}
