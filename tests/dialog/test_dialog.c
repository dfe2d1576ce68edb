/* Every dialogue of lmtp/, against the engine and against a real socket. */
#include "receive/lmtp.h"
#include "receive/server.h"
#include "transcript.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static bool accepts(void *data, const char *address)
{
    return transcript_accepts(address);
}

/* ---- against the engine ------------------------------------------------ */

typedef struct {
    Lmtp *lmtp;
    GString *replies, *mails;
    guint kept;
} EngineRun;

/* Feed a piece as the session does: again after each answer. */
static void feed(EngineRun *run, const uint8_t *data, size_t length)
{
    while (length > 0 && lmtp_state(run->lmtp) != LMTP_CLOSED) {
        size_t used = lmtp_feed(run->lmtp, data, length, run->replies);
        data += used;
        length -= used;
        if (lmtp_state(run->lmtp) != LMTP_WAITING)
            continue;
        g_autoptr(LmtpMail) mail = lmtp_take_mail(run->lmtp);
        transcript_add_mail(run->mails, mail->from, mail->recipients,
                            mail->raw);
        g_autofree char *answer =
            g_strdup_printf("250 2.0.0 Ok: kept as T%u", ++run->kept);
        lmtp_answer(run->lmtp, answer, run->replies);
    }
}

/* Feed client bytes in pieces of piece bytes, the first of first bytes. */
static void run_engine(const Transcript *transcript, size_t first, size_t piece)
{
    g_autoptr(Lmtp) lmtp = lmtp_new(&(LmtpConfig){
        .hostname = "mx.desk.example",
        .max_bytes = transcript->max_bytes,
        .accepts = accepts,
    });
    EngineRun run = {
        .lmtp = lmtp,
        .replies = g_string_new(NULL),
        .mails = g_string_new(NULL),
    };
    lmtp_greet(lmtp, run.replies);
    const GByteArray *client = transcript->client;
    for (size_t at = 0, next = first; at < client->len;
         at = next, next += piece) {
        next = MIN(next, client->len);
        feed(&run, client->data + at, next - at);
    }
    g_assert_cmpstr(run.replies->str, ==, transcript->replies->str);
    g_assert_cmpmem(run.mails->str, run.mails->len, transcript->mails->str,
                    transcript->mails->len);
    g_assert_cmpint(lmtp_state(lmtp) == LMTP_CLOSED, ==, transcript->ends);
    g_string_free(run.replies, TRUE);
    g_string_free(run.mails, TRUE);
}

static void test_engine(gconstpointer path)
{
    g_autoptr(Transcript) transcript = transcript_read(path);
    size_t length = transcript->client->len;
    run_engine(transcript, length, length);
    run_engine(transcript, 1, 1);
    run_engine(transcript, 2, 3);
    size_t step = 1 + length / 4000; /* long ones have long dull stretches */
    for (size_t split = 1; split < length; split += step)
        run_engine(transcript, split, length);
}

/* ---- against a socket -------------------------------------------------- */

typedef struct {
    Loop *loop;
    Receiver *receiver;
    GString *mails;
    guint kept;
} Server;

static Instant fixed_now(void *data)
{
    return INT64_C(1777816920);
}

static void deliver(void *data, ReceiveSession *session, Delivery *delivery)
{
    Server *server = data;
    transcript_add_mail(server->mails, delivery->envelope_from,
                        delivery->recipients, delivery->raw);
    g_assert_cmpint(delivery->received, ==, fixed_now(NULL));
    delivery_free(delivery);
    g_autofree char *id = g_strdup_printf("T%u", ++server->kept);
    receive_answer(session, id, NULL);
}

static void *serve(void *data)
{
    loop_run(((Server *)data)->loop);
    return NULL;
}

static void drained(void *data)
{
    Server *server = data;
    receiver_free(server->receiver);
    loop_stop(server->loop);
}

static void stop(void *data)
{
    Server *server = data;
    receiver_drain(server->receiver, drained, server);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address),
                    ==, 0);
    struct timeval patience = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

/* Say everything in pieces, listen until all that is expected has come. */
static void talk(int fd, const Transcript *transcript, size_t piece)
{
    const GByteArray *client = transcript->client;
    for (size_t at = 0; at < client->len; at += piece)
        if (send(fd, client->data + at, MIN(piece, client->len - at),
                 MSG_NOSIGNAL) < 0)
            break; /* closed on us; the replies tell */
    g_autoptr(GString) heard = g_string_new(NULL);
    char buffer[4096];
    ssize_t count = 1;
    while (count > 0 &&
           (heard->len < transcript->replies->len || transcript->ends)) {
        count = recv(fd, buffer, sizeof buffer, 0);
        if (count > 0)
            g_string_append_len(heard, buffer, count);
    }
    g_assert_cmpstr(heard->str, ==, transcript->replies->str);
    if (transcript->ends)
        g_assert_cmpint(count, ==, 0);
}

static void run_server(const Transcript *transcript, const char *directory,
                       size_t piece)
{
    g_autofree char *socket_path = g_build_filename(directory, "lmtp", NULL);
    Server server = {.loop = loop_new(), .mails = g_string_new(NULL)};
    g_autoptr(GError) error = NULL;
    server.receiver = receiver_start(server.loop,
                                     &(ReceiveConfig){
                                         .hostname = "mx.desk.example",
                                         .socket = socket_path,
                                         .max_bytes = transcript->max_bytes,
                                         .max_sessions = 10,
                                         .accepts = accepts,
                                         .now = fixed_now,
                                         .deliver = deliver,
                                         .data = &server,
                                     },
                                     &error);
    g_assert_no_error(error);
    GThread *thread = g_thread_new("server", serve, &server);
    int fd = connect_to(socket_path);
    talk(fd, transcript, piece);
    close(fd);
    loop_post(server.loop, stop, &server);
    g_thread_join(thread);
    loop_free(server.loop);
    g_assert_cmpmem(server.mails->str, server.mails->len,
                    transcript->mails->str, transcript->mails->len);
    g_string_free(server.mails, TRUE);
}

static void test_socket(gconstpointer path)
{
    g_autoptr(Transcript) transcript = transcript_read(path);
    g_autofree char *directory = g_dir_make_tmp("dialog-XXXXXX", NULL);
    run_server(transcript, directory, transcript->client->len);
    run_server(transcript, directory, 11);
    g_assert_cmpint(g_rmdir(directory), ==, 0); /* the socket is gone too */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_build_filename(TEST_DIR, "lmtp", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".txt"))
            continue;
        g_autofree char *engine = g_strdup_printf("/dialog/engine/%s", name);
        g_autofree char *wire = g_strdup_printf("/dialog/socket/%s", name);
        g_test_add_data_func_full(engine, g_build_filename(folder, name, NULL),
                                  test_engine, g_free);
        g_test_add_data_func_full(wire, g_build_filename(folder, name, NULL),
                                  test_socket, g_free);
    }
    return g_test_run();
}
