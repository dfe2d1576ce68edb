/*
 * lmtp_load - how fast does an LMTP server take mail?
 *
 *   lmtp_load (--unix PATH | --tcp HOST:PORT) [--sessions N] [--messages M]
 *             [--size BYTES] [--to ADDRESS] [--lockstep]
 *
 * N sessions hand in M distinct messages in all, as fast as they are taken:
 * MAIL, RCPT and DATA in one write (with --lockstep each by itself), the text
 * after the 354. Prints accepted messages a second and the time from the dot
 * to its reply. Works against any LMTP server; for a comparison run both in
 * turn on the same machine, several times, and take the medians:
 *
 *   exitdeskd -C DIR & lmtp_load --unix DIR/lmtp.sock --sessions 50
 *   lmtp_floor /tmp/floor.db /tmp/floor.sock & lmtp_load --unix ...
 */
#include <errno.h>
#include <getopt.h>
#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
    const char *unix_path, *tcp, *to;
    guint sessions, messages;
    size_t size;
    bool lockstep;
} Options;

typedef struct {
    const Options *options;
    guint number, count; /* of the session; messages it sends */
    GArray *dot_us;      /* of int64_t: from dot to reply, microseconds */
    guint refused;
    char *first_refusal;
    char unread[4096]; /* what came after the last line */
    size_t unread_length;
    int fd;
} Session;

static void die(const char *what)
{
    fprintf(stderr, "lmtp_load: %s: %s\n", what, g_strerror(errno));
    exit(1);
}

static int connect_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die(path);
    return fd;
}

static int connect_tcp(const char *where)
{
    g_auto(GStrv) parts = g_strsplit(where, ":", 2);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    if (!parts[0] || !parts[1] ||
        getaddrinfo(parts[0], parts[1], &hints, &found) != 0)
        die(where);
    int fd = socket(found->ai_family, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, found->ai_addr, found->ai_addrlen) < 0)
        die(where);
    freeaddrinfo(found);
    return fd;
}

static void say(Session *session, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(session->fd, text, length, MSG_NOSIGNAL);
        if (sent < 0)
            die("send");
        text += sent;
        length -= (size_t)sent;
    }
}

/* The last line of the next reply, without its end. */
static void hear(Session *session, char *line, size_t size)
{
    for (;;) {
        char *lf = memchr(session->unread, '\n', session->unread_length);
        if (!lf) {
            ssize_t got =
                recv(session->fd, session->unread + session->unread_length,
                     sizeof session->unread - session->unread_length, 0);
            if (got <= 0)
                die("the server went away");
            session->unread_length += (size_t)got;
            continue;
        }
        size_t length = (size_t)(lf + 1 - session->unread);
        g_strlcpy(line, session->unread, MIN(size, length));
        session->unread_length -= length;
        memmove(session->unread, lf + 1, session->unread_length);
        if (strlen(line) < 4 || line[3] != '-')
            return;
    }
}

/* A message like no other, of about the size asked for. */
static GString *compose(const Session *session, guint i)
{
    guint64 stamp = (guint64)g_get_real_time();
    GString *text = g_string_sized_new(session->options->size + 500);
    g_string_printf(text,
                    "From: load@example.org\r\nTo: %s\r\n"
                    "Subject: login attempts %u.%u\r\n"
                    "Message-ID: <%u.%u.%" G_GUINT64_FORMAT "@example.org>\r\n"
                    "\r\n",
                    session->options->to, session->number, i, session->number,
                    i, stamp);
    for (guint line = 0; text->len + 5 < session->options->size; line++)
        g_string_append_printf(
            text,
            "2026-05-03T14:%02u:%02uZ sshd[%u]: Failed password for root "
            "from 192.0.2.%u port %u\r\n",
            line / 60 % 60, line % 60, g_random_int_range(1, 32768), line % 256,
            g_random_int_range(1024, 65536));
    g_string_append(text, ".\r\n");
    return text;
}

static bool hear_code(Session *session, char code)
{
    char line[512];
    hear(session, line, sizeof line);
    if (line[0] == code)
        return true;
    if (!session->first_refusal)
        session->first_refusal = g_strdup(line);
    return false;
}

static bool open_message(Session *session, guint i)
{
    g_autofree char *mail = g_strdup_printf(
        "MAIL FROM:<load-%u-%u@example.org>\r\n", session->number, i);
    g_autofree char *rcpt =
        g_strdup_printf("RCPT TO:<%s>\r\n", session->options->to);
    const char *lines[] = {mail, rcpt, "DATA\r\n"};
    const char codes[] = {'2', '2', '3'};
    bool is_open = true;
    if (!session->options->lockstep) {
        g_autofree char *all = g_strconcat(mail, rcpt, "DATA\r\n", NULL);
        say(session, all, strlen(all));
    }
    for (guint step = 0; step < 3; step++) {
        if (session->options->lockstep)
            say(session, lines[step], strlen(lines[step]));
        is_open &= hear_code(session, codes[step]);
    }
    return is_open;
}

static void *run_session(void *data)
{
    Session *session = data;
    const Options *options = session->options;
    session->fd = options->unix_path ? connect_unix(options->unix_path)
                                     : connect_tcp(options->tcp);
    hear_code(session, '2');
    say(session, "LHLO load.example\r\n", 19);
    hear_code(session, '2');
    for (guint i = 0; i < session->count; i++) {
        g_autoptr(GString) text = compose(session, i);
        if (!open_message(session, i)) {
            session->refused++;
            say(session, "RSET\r\n", 6);
            hear_code(session, '2');
            continue;
        }
        say(session, text->str, text->len);
        int64_t begun = g_get_monotonic_time();
        bool taken = hear_code(session, '2');
        int64_t took = g_get_monotonic_time() - begun;
        if (taken)
            g_array_append_val(session->dot_us, took);
        else
            session->refused++;
    }
    say(session, "QUIT\r\n", 6);
    close(session->fd);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static double percentile_ms(const GArray *sorted, double share)
{
    if (sorted->len == 0)
        return 0;
    guint at = (guint)((double)(sorted->len - 1) * share);
    return (double)g_array_index(sorted, int64_t, at) / 1000;
}

static int run(const Options *options)
{
    g_autofree Session *sessions = g_new0(Session, options->sessions);
    g_autofree GThread **threads = g_new0(GThread *, options->sessions);
    int64_t begun = g_get_monotonic_time();
    for (guint i = 0; i < options->sessions; i++) {
        sessions[i] = (Session){
            .options = options,
            .number = i,
            .count = (options->messages + i) / options->sessions,
            .dot_us = g_array_new(FALSE, FALSE, sizeof(int64_t)),
        };
        threads[i] = g_thread_new("session", run_session, &sessions[i]);
    }
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(int64_t));
    guint refused = 0;
    for (guint i = 0; i < options->sessions; i++) {
        g_thread_join(threads[i]);
        g_array_append_vals(all, sessions[i].dot_us->data,
                            sessions[i].dot_us->len);
        g_array_unref(sessions[i].dot_us);
        refused += sessions[i].refused;
        if (sessions[i].first_refusal)
            fprintf(stderr, "refused: %s\n", sessions[i].first_refusal);
        g_free(sessions[i].first_refusal);
    }
    double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    qsort(all->data, all->len, sizeof(int64_t), compare);
    printf("sessions=%u messages=%u size=%zu refused=%u: %.0f/s, dot to "
           "reply p50 %.2f ms, p99 %.2f ms, max %.2f ms\n",
           options->sessions, all->len, options->size, refused,
           (double)all->len / seconds, percentile_ms(all, 0.50),
           percentile_ms(all, 0.99), percentile_ms(all, 1.0));
    return refused > 0;
}

int main(int argc, char **argv)
{
    static const struct option LONG[] = {
        {"unix", required_argument, NULL, 'u'},
        {"tcp", required_argument, NULL, 't'},
        {"sessions", required_argument, NULL, 's'},
        {"messages", required_argument, NULL, 'm'},
        {"size", required_argument, NULL, 'z'},
        {"to", required_argument, NULL, 'o'},
        {"lockstep", no_argument, NULL, 'l'},
        {0},
    };
    Options options = {.to = "abuse@umbrella.example",
                       .sessions = 10,
                       .messages = 5000,
                       .size = 4096};
    for (int c; (c = getopt_long(argc, argv, "", LONG, NULL)) != -1;)
        switch (c) {
        case 'u':
            options.unix_path = optarg;
            break;
        case 't':
            options.tcp = optarg;
            break;
        case 's':
            options.sessions = (guint)atoi(optarg);
            break;
        case 'm':
            options.messages = (guint)atoi(optarg);
            break;
        case 'z':
            options.size = (size_t)atoi(optarg);
            break;
        case 'o':
            options.to = optarg;
            break;
        case 'l':
            options.lockstep = true;
            break;
        default:
            return 64;
        }
    if (!options.unix_path == !options.tcp || options.sessions == 0) {
        fputs("usage: lmtp_load (--unix PATH | --tcp HOST:PORT) "
              "[--sessions N] [--messages M]\n"
              "                 [--size BYTES] [--to ADDRESS] "
              "[--lockstep]\n",
              stderr);
        return 64;
    }
    return run(&options);
}
