#include "receive/server.h"

#include "base/log.h"
#include "receive/listener.h"
#include "receive/loop_uv.h"
#include "receive/session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#define BACKLOG 128

typedef struct {
    union {
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    bool is_tcp;
} Listener;

struct Receiver {
    SessionHost host;
    char *socket;         /* path to remove at the end, or NULL */
    GPtrArray *listeners; /* of Listener; they free themselves */
    uint16_t port;
    LoopCall *drained;
    void *drained_data;
    bool is_freed; /* as soon as the last session is gone */
};

static void session_ended(void *data);

static void connection_came(uv_stream_t *stream, int status)
{
    Receiver *receiver = stream->data;
    if (status < 0) {
        log_warning(NULL, "lmtp: cannot accept: %s", uv_strerror(status));
        return;
    }
    session_accept(&receiver->host, stream, stream->type == UV_TCP);
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
}

static bool is_tcp_socket(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
           address.ss_family != AF_UNIX;
}

/* Wait for connections on a socket that is bound already. */
static void listen_on(Receiver *receiver, int fd)
{
    Listener *listener = g_new0(Listener, 1);
    listener->is_tcp = is_tcp_socket(fd);
    uv_loop_t *loop = loop_uv(receiver->host.loop);
    int status;
    if (listener->is_tcp) {
        receiver->port = port_of(fd);
        uv_tcp_init(loop, &listener->handle.tcp);
        status = uv_tcp_open(&listener->handle.tcp, fd);
    } else {
        uv_pipe_init(loop, &listener->handle.pipe, 0);
        status = uv_pipe_open(&listener->handle.pipe, fd);
    }
    listener->handle.stream.data = receiver;
    if (status == 0)
        status = uv_listen(&listener->handle.stream, BACKLOG, connection_came);
    if (status < 0)
        g_error("cannot listen on descriptor %d: %s", fd, uv_strerror(status));
    g_ptr_array_add(receiver->listeners, listener);
}

static bool listen_everywhere(Receiver *receiver, const ReceiveConfig *config,
                              GError **error)
{
    g_autoptr(GArray) inherited = listener_inherited("lmtp");
    for (guint i = 0; i < inherited->len; i++)
        listen_on(receiver, g_array_index(inherited, int, i));
    if (inherited->len > 0)
        return true;
    if (config->socket) {
        int fd = listener_unix(config->socket, 0660, error);
        if (fd < 0)
            return false;
        receiver->socket = g_strdup(config->socket);
        listen_on(receiver, fd);
    }
    if (config->listen) {
        int fd = listener_tcp(config->listen, error);
        if (fd < 0)
            return false;
        listen_on(receiver, fd);
    }
    return true;
}

Receiver *receiver_start(Loop *loop, const ReceiveConfig *config,
                         GError **error)
{
    Receiver *receiver = g_new0(Receiver, 1);
    receiver->host.loop = loop;
    receiver->host.config = *config;
    receiver->host.hostname = g_strdup(config->hostname);
    receiver->host.sessions = g_ptr_array_new();
    receiver->host.ended = session_ended;
    receiver->host.ended_data = receiver;
    if (config->idle_s == 0)
        receiver->host.config.idle_s = RECEIVE_IDLE_S;
    if (config->data_s == 0)
        receiver->host.config.data_s = RECEIVE_DATA_S;
    receiver->listeners = g_ptr_array_new();
    if (listen_everywhere(receiver, config, error))
        return receiver;
    receiver_free(receiver);
    return NULL;
}

ReceiveNumbers receiver_numbers(const Receiver *receiver)
{
    return (ReceiveNumbers){
        .sessions = receiver->host.sessions->len,
        .mails = receiver->host.mails,
        .refused_sessions = receiver->host.refused,
    };
}

uint16_t receiver_port(const Receiver *receiver)
{
    return receiver->port;
}

/* ---- end -------------------------------------------------------------- */

static void free_listener(uv_handle_t *handle)
{
    /* The handle is the first member of its Listener. */
    g_free(handle);
}

static void stop_listening(Receiver *receiver)
{
    for (guint i = 0; i < receiver->listeners->len; i++) {
        Listener *listener = receiver->listeners->pdata[i];
        uv_close((uv_handle_t *)&listener->handle, free_listener);
    }
    g_ptr_array_set_size(receiver->listeners, 0);
    if (receiver->socket)
        unlink(receiver->socket);
    g_clear_pointer(&receiver->socket, g_free);
}

static void destroy(Receiver *receiver)
{
    g_ptr_array_unref(receiver->listeners);
    g_ptr_array_unref(receiver->host.sessions);
    g_free(receiver->host.hostname);
    g_free(receiver);
}

static void session_ended(void *data)
{
    Receiver *receiver = data;
    if (receiver->host.sessions->len > 0)
        return;
    if (receiver->is_freed) {
        destroy(receiver);
        return;
    }
    LoopCall *drained = g_steal_pointer(&receiver->drained);
    if (drained)
        drained(receiver->drained_data);
}

void receiver_drain(Receiver *receiver, LoopCall *drained, void *data)
{
    stop_listening(receiver);
    receiver->host.is_draining = true;
    receiver->drained = drained;
    receiver->drained_data = data;
    if (receiver->host.sessions->len == 0) {
        session_ended(receiver);
        return;
    }
    /* A session may end at once: go through a copy. */
    g_autoptr(GPtrArray) sessions =
        g_ptr_array_copy(receiver->host.sessions, NULL, NULL);
    for (guint i = 0; i < sessions->len; i++)
        session_drain(sessions->pdata[i]);
}

void receiver_free(Receiver *receiver)
{
    stop_listening(receiver);
    receiver->drained = NULL;
    receiver->is_freed = true;
    if (receiver->host.sessions->len == 0) {
        destroy(receiver);
        return;
    }
    g_autoptr(GPtrArray) sessions =
        g_ptr_array_copy(receiver->host.sessions, NULL, NULL);
    for (guint i = 0; i < sessions->len; i++)
        session_close(sessions->pdata[i]);
}
