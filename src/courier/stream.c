#include "courier/stream.h"

#include "base/errors.h"

#include <errno.h>
#include <libetpan/mailstream_low.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define WRITE_MAX 16384 /* one TLS record */
#define ADDRESS_S 30    /* a dead address must not cost the living one */

struct Stream {
    int fd, cancel_fd;
    int64_t deadline_ms;
    uint32_t patience_s; /* what the deadline was set to, for the flaw */
    SSL_CTX *context;
    SSL *tls;
    Guard guard;
    char *flaw;
    uint64_t sent;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The first flaw is the cause; what follows from it is not told. */
static void spoil(Stream *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void spoil(Stream *stream, const char *format, ...)
{
    if (stream->flaw)
        return;
    va_list arguments;
    va_start(arguments, format);
    stream->flaw = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

const char *stream_flaw(const Stream *stream)
{
    return stream->flaw ? stream->flaw : stream->guard.flaw;
}

void stream_set_deadline(Stream *stream, uint32_t seconds)
{
    stream->patience_s = seconds;
    stream->deadline_ms = now_ms() + (int64_t)seconds * 1000;
}

/* Wait for events on the socket. False, and a flaw: the time is over, or
 * the desk has hung up. */
static bool wait_for(Stream *stream, short events)
{
    for (;;) {
        int64_t left = stream->deadline_ms - now_ms();
        if (left <= 0) {
            spoil(stream, "no answer within %u s", stream->patience_s);
            return false;
        }
        struct pollfd fds[] = {
            {.fd = stream->fd, .events = events},
            {.fd = stream->cancel_fd, .events = 0}, /* -1 is passed over */
        };
        int ready = poll(fds, 2, (int)MIN(left, INT32_MAX));
        if (ready < 0 && errno != EINTR) {
            spoil(stream, "cannot wait: %s", g_strerror(errno));
            return false;
        }
        if (ready > 0 && fds[1].revents) {
            spoil(stream, "the desk is gone");
            return false;
        }
        if (ready > 0 && fds[0].revents)
            return true;
    }
}

/* ---- TLS -------------------------------------------------------------- */

static const char *tls_reason(const Stream *stream)
{
    long verdict = SSL_get_verify_result(stream->tls);
    if (verdict != X509_V_OK)
        return X509_verify_cert_error_string(verdict);
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    return reason ? reason : "connection closed";
}

/* After an SSL_* call that returned result: true if it may be repeated. */
static bool tls_wait(Stream *stream, int result)
{
    switch (SSL_get_error(stream->tls, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_for(stream, POLLIN);
    case SSL_ERROR_WANT_WRITE:
        return wait_for(stream, POLLOUT);
    case SSL_ERROR_ZERO_RETURN:
        spoil(stream, "the server closed the connection");
        return false;
    default:
        spoil(stream, "TLS: %s", tls_reason(stream));
        return false;
    }
}

static bool tls_prepare(Stream *stream, const SmtpUrl *url, const char *ca_file)
{
    stream->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX *context = stream->context;
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        return false;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    int trusted = ca_file
                      ? SSL_CTX_load_verify_locations(context, ca_file, NULL)
                      : SSL_CTX_set_default_verify_paths(context);
    stream->tls = trusted == 1 ? SSL_new(context) : NULL;
    if (!stream->tls || SSL_set_fd(stream->tls, stream->fd) != 1)
        return false;
    if (url->is_address)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream->tls),
                                             url->host) == 1;
    SSL_set_hostflags(stream->tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(stream->tls, url->host) == 1 &&
           SSL_set_tlsext_host_name(stream->tls, url->host) == 1;
}

static bool temporary(GError **error, const char *what)
{
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_TEMPORARY, what);
    return false;
}

bool stream_start_tls(Stream *stream, const SmtpUrl *url, const char *ca_file,
                      uint32_t timeout_s, GError **error)
{
    /* What was said in the clear after the 220 could be anybody's. */
    if (stream->guard.raw->len > 0 || stream->guard.clean->len > 0)
        return temporary(error, "the server spoke before TLS began");
    if (!tls_prepare(stream, url, ca_file))
        return temporary(error, "TLS cannot be set up (is the file of "
                                "certificate authorities readable?)");
    stream_set_deadline(stream, timeout_s);
    for (;;) {
        ERR_clear_error();
        int result = SSL_connect(stream->tls);
        if (result == 1)
            return true;
        if (!tls_wait(stream, result))
            return temporary(error, stream_flaw(stream));
    }
}

bool stream_is_tls(const Stream *stream)
{
    return stream->tls != NULL;
}

/* ---- bytes ------------------------------------------------------------ */

/* One attempt; -1 and errno EAGAIN, or 0 at the end, or -1 and a flaw. */
static ssize_t plain_try(Stream *stream, void *buffer, size_t size)
{
    ssize_t count;
    do
        count = recv(stream->fd, buffer, size, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0 && errno != EAGAIN)
        spoil(stream, "connection lost: %s", g_strerror(errno));
    return count;
}

/* Read what there is. False with a flaw: nothing more will come. */
static bool read_some(Stream *stream)
{
    char buffer[4096];
    for (;;) {
        ERR_clear_error();
        ssize_t count = stream->tls
                            ? SSL_read(stream->tls, buffer, sizeof buffer)
                            : plain_try(stream, buffer, sizeof buffer);
        if (count > 0)
            return guard_feed(&stream->guard, buffer, (size_t)count);
        if (stream->tls && !tls_wait(stream, (int)count))
            return false;
        if (stream->tls)
            continue;
        if (count == 0)
            spoil(stream, "the server closed the connection");
        if (stream_flaw(stream) || !wait_for(stream, POLLIN))
            return false;
    }
}

bool stream_is_quiet(Stream *stream)
{
    char buffer[4096];
    if (stream_flaw(stream) || stream->guard.raw->len > 0 ||
        stream->guard.clean->len > 0)
        return false;
    ERR_clear_error();
    ssize_t count = stream->tls ? SSL_read(stream->tls, buffer, sizeof buffer)
                                : plain_try(stream, buffer, sizeof buffer);
    if (count > 0) {
        guard_feed(&stream->guard, buffer, (size_t)count);
        return false;
    }
    if (stream->tls)
        return SSL_get_error(stream->tls, (int)count) == SSL_ERROR_WANT_READ;
    return count < 0 && !stream_flaw(stream);
}

static ssize_t write_some(Stream *stream, const void *data, size_t length)
{
    for (;;) {
        ERR_clear_error();
        ssize_t count =
            stream->tls
                ? SSL_write(stream->tls, data, (int)MIN(length, WRITE_MAX))
                : send(stream->fd, data, length, MSG_NOSIGNAL);
        if (count > 0) {
            stream->sent += (uint64_t)count;
            return count;
        }
        if (!stream->tls && errno == EINTR)
            continue;
        if (!stream->tls && errno != EAGAIN)
            spoil(stream, "connection lost: %s", g_strerror(errno));
        if (stream_flaw(stream) || !(stream->tls ? tls_wait(stream, (int)count)
                                                 : wait_for(stream, POLLOUT)))
            return -1;
    }
}

/* ---- libetpan's driver ------------------------------------------------ */

static ssize_t driver_read(mailstream_low *low, void *buffer, size_t size)
{
    Stream *stream = low->data;
    while (!stream_flaw(stream)) {
        size_t count = guard_take(&stream->guard, buffer, size);
        if (count > 0)
            return (ssize_t)count;
        if (!read_some(stream))
            break;
    }
    return -1; /* never 0: libetpan would take half a line for a reply */
}

static ssize_t driver_write(mailstream_low *low, const void *data,
                            size_t length)
{
    Stream *stream = low->data;
    if (stream_flaw(stream) || !guard_expect(&stream->guard))
        return -1;
    return write_some(stream, data, length);
}

static int driver_close(mailstream_low *low)
{
    return 0;
}

static int driver_fd(mailstream_low *low)
{
    return ((Stream *)low->data)->fd;
}

static void driver_free(mailstream_low *low)
{
    free(low);
}

static mailstream_low_driver DRIVER = {
    .mailstream_read = driver_read,
    .mailstream_write = driver_write,
    .mailstream_close = driver_close,
    .mailstream_get_fd = driver_fd,
    .mailstream_free = driver_free,
};

struct _mailstream_low *stream_low(Stream *stream)
{
    return mailstream_low_new(stream, &DRIVER);
}

int stream_code(const Stream *stream)
{
    if (stream_flaw(stream) || !stream->guard.is_complete)
        return 0;
    return stream->guard.code;
}

const char *stream_words(const Stream *stream)
{
    return stream->guard.text->str;
}

uint64_t stream_sent(const Stream *stream)
{
    return stream->sent;
}

/* ---- connecting ------------------------------------------------------- */

/* Connect fd within what is left of the deadline. */
static bool connect_fd(Stream *stream, const struct sockaddr *address,
                       socklen_t length)
{
    if (connect(stream->fd, address, length) == 0)
        return true;
    if (errno != EINPROGRESS)
        return false;
    int code = ETIMEDOUT;
    socklen_t size = sizeof code;
    if (wait_for(stream, POLLOUT))
        getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &code, &size);
    errno = code;
    return code == 0;
}

static bool try_address(Stream *stream, const struct sockaddr *address,
                        socklen_t length)
{
    stream->fd = socket(address->sa_family,
                        SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->fd < 0)
        return false;
    if (connect_fd(stream, address, length))
        return true;
    int code = errno;
    close(stream->fd);
    stream->fd = -1;
    errno = code;
    return false;
}

static bool connect_unix(Stream *stream, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
        sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    return try_address(stream, (struct sockaddr *)&address, sizeof address);
}

/* Every address of the name in turn. */
static bool connect_tcp(Stream *stream, const SmtpUrl *url, uint32_t timeout_s)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV};
    g_autofree char *port = g_strdup_printf("%u", url->port);
    struct addrinfo *found = NULL;
    int code = getaddrinfo(url->host, port, &hints, &found);
    if (code != 0) {
        spoil(stream, "%s: %s", url->host, gai_strerror(code));
        return false;
    }
    bool done = false;
    for (struct addrinfo *at = found; at && !done; at = at->ai_next) {
        g_clear_pointer(&stream->flaw, g_free);
        stream_set_deadline(stream, MIN(timeout_s, ADDRESS_S));
        done = try_address(stream, at->ai_addr, at->ai_addrlen);
    }
    int saved = errno;
    freeaddrinfo(found);
    errno = saved;
    int yes = 1;
    if (done)
        setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return done;
}

Stream *stream_connect(const SmtpUrl *url, uint32_t timeout_s, int cancel_fd,
                       GError **error)
{
    g_autoptr(Stream) stream = g_new0(Stream, 1);
    stream->fd = -1;
    stream->cancel_fd = cancel_fd;
    guard_init(&stream->guard);
    stream_set_deadline(stream, timeout_s);
    if (url->path ? connect_unix(stream, url->path)
                  : connect_tcp(stream, url, timeout_s))
        return g_steal_pointer(&stream);
    spoil(stream, "cannot connect to %s: %s", url->path ? url->path : url->host,
          g_strerror(errno));
    temporary(error, stream_flaw(stream));
    return NULL;
}

void stream_free(Stream *stream)
{
    SSL_free(stream->tls);
    SSL_CTX_free(stream->context);
    if (stream->fd >= 0)
        close(stream->fd);
    guard_clear(&stream->guard);
    g_free(stream->flaw);
    g_free(stream);
}
