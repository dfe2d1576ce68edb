#include "receive/control.h"

#include "base/errors.h"
#include "base/log.h"
#include "receive/listener.h"
#include "receive/loop_uv.h"

#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#define REQUEST_S 10 /* to say what is wanted */
#define CALLS_MAX 32 /* at once; more are closed */

struct ControlServer {
    Loop *loop;
    uv_pipe_t listener;
    char *path;    /* to remove at the end, or NULL */
    GArray *users; /* of uid_t: who may */
    ControlHandler *handler;
    void *data;
    GPtrArray *calls; /* of ControlCall */
    bool is_freed;
};

struct ControlCall {
    ControlServer *server;
    uv_pipe_t pipe;
    uv_timer_t timer;
    uv_write_t write;
    char buffer[4096];
    GByteArray *bytes; /* the frame, as far as it came */
    char *answer;
    uint8_t open_handles;
    bool is_closing;
    bool is_waiting; /* for control_answer */
};

static void destroy(ControlServer *server)
{
    g_free(server->path);
    g_ptr_array_unref(server->calls);
    g_array_unref(server->users);
    g_free(server);
}

static void free_if_over(ControlCall *call)
{
    if (call->open_handles > 0 || call->is_waiting)
        return;
    ControlServer *server = call->server;
    g_ptr_array_remove_fast(server->calls, call);
    g_byte_array_unref(call->bytes);
    g_free(call->answer);
    g_free(call);
    if (server->is_freed && server->calls->len == 0)
        destroy(server);
}

static void handle_closed(uv_handle_t *handle)
{
    ControlCall *call = handle->data;
    call->open_handles--;
    free_if_over(call);
}

static void call_close(ControlCall *call)
{
    if (call->is_closing)
        return;
    call->is_closing = true;
    uv_close((uv_handle_t *)&call->pipe, handle_closed);
    uv_close((uv_handle_t *)&call->timer, handle_closed);
}

static void written(uv_write_t *write, int status)
{
    call_close(write->data);
}

void control_answer(ControlCall *call, const char *text, const GError *error)
{
    call->is_waiting = false;
    if (call->is_closing) {
        free_if_over(call);
        return;
    }
    ControlResponse response = {.is_ok = !error};
    if (error) {
        bool is_ours = error->domain == DESK_ERROR;
        response.code = is_ours ? (uint32_t)error->code : DESK_ERROR_TEMPORARY;
        text = error->message;
    }
    response.text = g_utf8_make_valid(text ? text : "", -1);
    g_autoptr(GBytes) record = control_response_encode(&response);
    control_response_clear(&response);
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    uint32_t prefix = GUINT32_TO_LE((uint32_t)length);
    call->answer = g_malloc(length + sizeof prefix);
    memcpy(call->answer, &prefix, sizeof prefix);
    memcpy(call->answer + sizeof prefix, data, length);
    uv_buf_t buf =
        uv_buf_init(call->answer, (unsigned)(length + sizeof prefix));
    call->write.data = call;
    if (uv_write(&call->write, (uv_stream_t *)&call->pipe, &buf, 1, written) <
        0)
        call_close(call);
}

/* ---- who asks --------------------------------------------------------- */

static bool peer_of(const ControlCall *call, uid_t *uid)
{
    uv_os_fd_t fd;
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (uv_fileno((const uv_handle_t *)&call->pipe, &fd) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return false;
    *uid = peer.uid;
    return true;
}

static bool may_ask(const ControlServer *server, uid_t uid)
{
    for (guint i = 0; i < server->users->len; i++)
        if (g_array_index(server->users, uid_t, i) == uid)
            return true;
    return false;
}

static char *name_of(uid_t uid)
{
    const struct passwd *entry = getpwuid(uid);
    return entry ? g_strdup(entry->pw_name)
                 : g_strdup_printf("%u", (unsigned)uid);
}

/* ---- the request ------------------------------------------------------ */

static void refuse(ControlCall *call, DeskErrorCode code, const char *why)
{
    g_autoptr(GError) error = g_error_new(DESK_ERROR, (int)code, "%s", why);
    control_answer(call, NULL, error);
}

static void obey(ControlCall *call)
{
    ControlServer *server = call->server;
    uid_t uid;
    if (!peer_of(call, &uid) || !may_ask(server, uid)) {
        refuse(call, DESK_ERROR_DENIED, "you are not allowed to ask this");
        return;
    }
    g_autoptr(GBytes) record =
        g_bytes_new(call->bytes->data + 4, call->bytes->len - 4);
    g_autoptr(GError) error = NULL;
    ControlRequest request;
    if (!control_request_decode(record, &request, &error)) {
        control_answer(call, NULL, error);
        return;
    }
    g_autofree char *user = name_of(uid);
    call->is_waiting = true;
    server->handler(server->data, call, &request, user);
    control_request_clear(&request);
}

/* True: the frame is whole. A frame that is too long closes the call. */
static bool is_whole(ControlCall *call)
{
    uint32_t length;
    if (call->bytes->len < sizeof length)
        return false;
    memcpy(&length, call->bytes->data, sizeof length);
    length = GUINT32_FROM_LE(length);
    if (length > CONTROL_BYTES_MAX || call->bytes->len - 4 > length) {
        call_close(call);
        return false;
    }
    return call->bytes->len - 4 == length;
}

static void bytes_came(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    ControlCall *call = stream->data;
    if (count < 0) {
        call_close(call);
        return;
    }
    g_byte_array_append(call->bytes, (const uint8_t *)buf->base, (guint)count);
    if (!is_whole(call))
        return;
    uv_read_stop(stream);
    uv_timer_stop(&call->timer);
    obey(call);
}

static void lend_buffer(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
    ControlCall *call = handle->data;
    *out = uv_buf_init(call->buffer, sizeof call->buffer);
}

static void time_is_up(uv_timer_t *timer)
{
    call_close(timer->data);
}

static void connection_came(uv_stream_t *stream, int status)
{
    ControlServer *server = stream->data;
    if (status < 0)
        return;
    ControlCall *call = g_new0(ControlCall, 1);
    call->server = server;
    call->bytes = g_byte_array_new();
    call->pipe.data = call->timer.data = call;
    call->open_handles = 2;
    g_ptr_array_add(server->calls, call);
    uv_pipe_init(loop_uv(server->loop), &call->pipe, 0);
    uv_timer_init(loop_uv(server->loop), &call->timer);
    if (uv_accept(stream, (uv_stream_t *)&call->pipe) < 0 ||
        server->calls->len > CALLS_MAX ||
        uv_read_start((uv_stream_t *)&call->pipe, lend_buffer, bytes_came) < 0)
        call_close(call);
    else
        uv_timer_start(&call->timer, time_is_up, REQUEST_S * 1000, 0);
}

/* ---- start and end ---------------------------------------------------- */

static bool allow(ControlServer *server, const char *const *names,
                  GError **error)
{
    uid_t own[] = {0, geteuid()};
    g_array_append_vals(server->users, own, G_N_ELEMENTS(own));
    for (guint i = 0; names && names[i]; i++) {
        const struct passwd *entry = getpwnam(names[i]);
        if (!entry) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                        "there is no user %s", names[i]);
            return false;
        }
        g_array_append_val(server->users, entry->pw_uid);
    }
    return true;
}

static int open_listener(ControlServer *server, const char *path, int mode,
                         GError **error)
{
    g_autoptr(GArray) inherited = listener_inherited("control");
    if (inherited->len > 0)
        return g_array_index(inherited, int, 0);
    int fd = listener_unix(path, (mode_t)mode, error);
    if (fd >= 0)
        server->path = g_strdup(path);
    return fd;
}

ControlServer *control_start(Loop *loop, const char *path, int mode,
                             const char *const *allowed_users,
                             ControlHandler *handler, void *data,
                             GError **error)
{
    ControlServer *server = g_new0(ControlServer, 1);
    server->loop = loop;
    server->handler = handler;
    server->data = data;
    server->users = g_array_new(false, false, sizeof(uid_t));
    server->calls = g_ptr_array_new();
    int fd = allow(server, allowed_users, error)
                 ? open_listener(server, path, mode, error)
                 : -1;
    if (fd < 0) {
        destroy(server);
        return NULL;
    }
    uv_pipe_init(loop_uv(loop), &server->listener, 0);
    server->listener.data = server;
    if (uv_pipe_open(&server->listener, fd) != 0 ||
        uv_listen((uv_stream_t *)&server->listener, CALLS_MAX,
                  connection_came) != 0)
        g_error("cannot listen on the control socket");
    return server;
}

static void listener_closed(uv_handle_t *handle)
{
    ControlServer *server = handle->data;
    server->is_freed = true;
    if (server->calls->len == 0)
        destroy(server);
}

void control_free(ControlServer *server)
{
    if (server->path)
        unlink(server->path);
    /* Half a request must not keep the desk from ending. */
    for (guint i = 0; i < server->calls->len; i++)
        call_close(server->calls->pdata[i]);
    uv_close((uv_handle_t *)&server->listener, listener_closed);
}
