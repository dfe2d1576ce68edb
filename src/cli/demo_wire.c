#include "cli/demo_wire.h"

#include "base/errors.h"
#include "base/files.h"
#include "cli/demo_border.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_BYTES    2048
#define ANSWER_WAIT_S 30

/* One connection; reading and writing have a stream each. */
typedef struct {
    FILE *in, *out;
} Wire;

static Wire wire_open(int fd)
{
    return (Wire){.in = fdopen(fd, "r"), .out = fdopen(dup(fd), "w")};
}

static void wire_close(Wire *wire)
{
    fclose(wire->in);
    fclose(wire->out);
}

static bool fill_address(const char *path, struct sockaddr_un *address,
                         GError **error)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (g_strlcpy(address->sun_path, path, sizeof address->sun_path) <
        sizeof address->sun_path)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is too long for the name of a socket", path);
    return false;
}

static bool connect_to(const char *path, Wire *wire, GError **error)
{
    struct sockaddr_un address;
    if (!fill_address(path, &address, error))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval wait = {.tv_sec = ANSWER_WAIT_S};
    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        *wire = wire_open(fd);
        return true;
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "cannot reach the daemon at %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

bool demo_lmtp_answers(const char *socket_path)
{
    Wire wire;
    if (!connect_to(socket_path, &wire, NULL))
        return false;
    wire_close(&wire);
    return true;
}

/* The last line of one reply; NULL if it is not one, or is a refusal. */
static char *read_reply(FILE *stream, GError **error)
{
    char text[LINE_BYTES];
    while (fgets(text, sizeof text, stream)) {
        g_strchomp(text);
        if (strlen(text) > 3 && text[3] == '-')
            continue;
        if (text[0] == '2' || text[0] == '3')
            return g_strdup(text);
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "the daemon said: %s", text);
        return NULL;
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "the daemon closed the connection");
    return NULL;
}

static bool say(Wire *wire, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static bool say(Wire *wire, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(wire->out, format, arguments);
    va_end(arguments);
    fflush(wire->out);
    g_autofree char *reply = read_reply(wire->in, error);
    return reply != NULL;
}

/* The message with CRLF line ends and dots stuffed, then the final dot. */
static void write_message(FILE *stream, GBytes *message)
{
    gsize length;
    const char *data = g_bytes_get_data(message, &length);
    bool at_line_start = true;
    for (gsize i = 0; i < length; i++) {
        if (at_line_start && data[i] == '.')
            fputc('.', stream);
        if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
            fputc('\r', stream);
        fputc(data[i], stream);
        at_line_start = data[i] == '\n';
    }
    fputs(at_line_start ? ".\r\n" : "\r\n.\r\n", stream);
    fflush(stream);
}

char *demo_lmtp_send(const char *socket_path, const char *from, const char *to,
                     GBytes *message, GError **error)
{
    Wire wire;
    if (!connect_to(socket_path, &wire, error))
        return NULL;
    g_autofree char *greeting = read_reply(wire.in, error);
    char *answer = NULL;
    if (greeting && say(&wire, error, "LHLO demo.example\r\n") &&
        say(&wire, error, "MAIL FROM:<%s>\r\n", from) &&
        say(&wire, error, "RCPT TO:<%s>\r\n", to) &&
        say(&wire, error, "DATA\r\n")) {
        write_message(wire.out, message);
        answer = read_reply(wire.in, error);
    }
    wire_close(&wire);
    return answer;
}

/* ---- the sink --------------------------------------------------------- */

typedef struct {
    int listener;
    char *directory, *lmtp;
    char *recipient; /* of the letter under way */
    guint count;
} Sink;

/* "RCPT TO:<a@b>" */
static void note_recipient(Sink *sink, const char *command)
{
    const char *open = strchr(command, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    g_free(sink->recipient);
    sink->recipient =
        close ? g_strndup(open + 1, (size_t)(close - open - 1)) : NULL;
}

/* The desk's own return paths are the only ones at home here: as Postfix
 * would, hand it back to the desk through the border. */
static bool comes_home(const Sink *sink)
{
    return sink->recipient && g_str_has_prefix(sink->recipient, "bounce+") &&
           g_str_has_suffix(sink->recipient, "@umbrella.example");
}

static bool bring_home(const Sink *sink, const GString *letter)
{
    g_autoptr(GBytes) sent = g_bytes_new(letter->str, letter->len);
    g_autoptr(GBytes) mail = demo_border_pass(sent);
    g_autofree char *answer =
        demo_lmtp_send(sink->lmtp, "", sink->recipient, mail, NULL);
    return answer != NULL;
}

/* Lines to the lone dot, unstuffed, into the next file. */
static bool take_letter(Sink *sink, FILE *in)
{
    g_autoptr(GString) letter = g_string_new(NULL);
    char text[LINE_BYTES];
    while (fgets(text, sizeof text, in) && strcmp(text, ".\r\n") != 0)
        g_string_append(letter, text[0] == '.' ? text + 1 : text);
    if (comes_home(sink))
        return bring_home(sink, letter);
    g_autofree char *name = g_strdup_printf("letter-%02u.eml", ++sink->count);
    g_autofree char *path = g_build_filename(sink->directory, name, NULL);
    return file_replace(path, letter->str, letter->len, 0600, NULL);
}

/* The reply to one command line. */
static const char *obey(Sink *sink, Wire *wire, const char *command)
{
    if (g_ascii_strncasecmp(command, "QUIT", 4) == 0)
        return "221 2.0.0 bye\r\n";
    if (g_ascii_strncasecmp(command, "RCPT", 4) == 0)
        note_recipient(sink, command);
    if (g_ascii_strncasecmp(command, "DATA", 4) != 0)
        return "250 2.0.0 ok\r\n";
    fputs("354 go ahead\r\n", wire->out);
    fflush(wire->out);
    return take_letter(sink, wire->in) ? "250 2.0.0 kept\r\n"
                                       : "451 4.3.0 not kept\r\n";
}

static gpointer run_sink(gpointer data)
{
    Sink *sink = data;
    for (int fd; (fd = accept(sink->listener, NULL, NULL)) >= 0;) {
        Wire wire = wire_open(fd);
        char text[LINE_BYTES];
        fputs("220 sink.example\r\n", wire.out);
        while (fflush(wire.out) == 0 && fgets(text, sizeof text, wire.in))
            fputs(obey(sink, &wire, text), wire.out);
        wire_close(&wire);
    }
    return NULL;
}

bool demo_sink_start(const char *socket_path, const char *directory,
                     const char *lmtp, GError **error)
{
    struct sockaddr_un address;
    if (!fill_address(socket_path, &address, error) ||
        !directory_ensure(directory, error))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, 8) < 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "cannot listen at %s: %s", socket_path, g_strerror(errno));
        return false;
    }
    /* The courier does not wait for the answer to its QUIT. */
    signal(SIGPIPE, SIG_IGN);
    Sink *sink = g_new0(Sink, 1);
    sink->listener = fd;
    sink->directory = g_strdup(directory);
    sink->lmtp = g_strdup(lmtp);
    g_thread_unref(g_thread_new("sink", run_sink, sink));
    return true;
}
