#include "receive/session.h"

#include "base/errors.h"
#include "receive/lmtp.h"
#include "receive/loop_uv.h"

#include <string.h>
#include <uv.h>

#define UNREAD_REPLIES_MAX (64 * 1024) /* then the client must read first */
#define DRAIN_S            30          /* for a mail under way */
#define FAREWELL_S         10          /* for taking our last words */

struct ReceiveSession {
    SessionHost *host;
    union {
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } peer;
    uv_timer_t timer;
    Lmtp *lmtp;
    GByteArray *rest; /* read, but not to be looked at before an answer */
    GString *out;
    uint64_t begun_ms; /* of the mail under way; 0: none */
    uint32_t writes;   /* under way */
    bool is_closing;
    bool is_waiting;      /* for receive_answer */
    bool is_handing_over; /* inside the deliver callback */
    bool is_reading;
    uint8_t open_handles;
};

static void go_on(ReceiveSession *session);

/* ---- end -------------------------------------------------------------- */

static void free_if_over(ReceiveSession *session)
{
    if (session->open_handles > 0 || session->is_waiting)
        return;
    SessionHost *host = session->host;
    g_ptr_array_remove_fast(host->sessions, session);
    lmtp_free(session->lmtp);
    g_byte_array_unref(session->rest);
    g_string_free(session->out, TRUE);
    g_free(session);
    host->ended(host->ended_data);
}

static void handle_closed(uv_handle_t *handle)
{
    ReceiveSession *session = handle->data;
    session->open_handles--;
    free_if_over(session);
}

void session_close(ReceiveSession *session)
{
    if (session->is_closing)
        return;
    session->is_closing = true;
    uv_close((uv_handle_t *)&session->peer, handle_closed);
    uv_close((uv_handle_t *)&session->timer, handle_closed);
}

/* ---- time ------------------------------------------------------------- */

static bool is_stressed(const SessionHost *host)
{
    return host->sessions->len * 5 > host->config.max_sessions * 4;
}

static void time_is_up(uv_timer_t *timer)
{
    ReceiveSession *session = timer->data;
    if (lmtp_state(session->lmtp) == LMTP_CLOSED || session->writes > 0) {
        session_close(session);
        return;
    }
    lmtp_abort(session->lmtp, "421 4.4.2 Timeout", session->out);
    go_on(session);
}

static uint64_t patience_ms(const ReceiveSession *session)
{
    const SessionHost *host = session->host;
    uint32_t seconds = 0;
    switch (lmtp_state(session->lmtp)) {
    case LMTP_COMMAND:
        seconds = host->config.idle_s;
        break;
    case LMTP_DATA:
        seconds = host->config.data_s;
        break;
    case LMTP_WAITING:
        return 0;
    case LMTP_CLOSED:
        return FAREWELL_S * 1000;
    }
    if (is_stressed(host))
        seconds = MIN(seconds, RECEIVE_STRESSED_S);
    if (host->is_draining)
        seconds = MIN(seconds, DRAIN_S);
    uint64_t patience = (uint64_t)seconds * 1000;
    if (session->begun_ms == 0)
        return patience;
    uint64_t end = session->begun_ms + (uint64_t)RECEIVE_TOTAL_S * 1000;
    uint64_t now = loop_now_ms();
    return MIN(patience, end > now ? end - now : 1);
}

static void wind_timer(ReceiveSession *session)
{
    uint64_t patience = patience_ms(session);
    if (patience == 0)
        uv_timer_stop(&session->timer);
    else
        uv_timer_start(&session->timer, time_is_up, patience, 0);
}

/* ---- writing ---------------------------------------------------------- */

typedef struct {
    uv_write_t request;
    ReceiveSession *session;
    char *bytes;
} Write;

static void written(uv_write_t *request, int status)
{
    Write *write = request->data;
    ReceiveSession *session = write->session;
    g_free(write->bytes);
    g_free(write);
    session->writes--;
    if (session->is_closing)
        return;
    if (status < 0)
        session_close(session);
    else
        go_on(session);
}

/* Write what the engine said: at once if the socket takes it. */
static void flush(ReceiveSession *session)
{
    GString *out = session->out;
    if (out->len == 0 || session->is_closing)
        return;
    uv_buf_t now = uv_buf_init(out->str, (unsigned)out->len);
    int sent =
        session->writes > 0 ? 0 : uv_try_write(&session->peer.stream, &now, 1);
    if (sent < 0 && sent != UV_EAGAIN) {
        session_close(session);
        return;
    }
    g_string_erase(out, 0, MAX(sent, 0));
    if (out->len == 0)
        return;
    Write *write = g_new0(Write, 1);
    write->session = session;
    write->request.data = write;
    uv_buf_t later = uv_buf_init(NULL, (unsigned)out->len);
    later.base = write->bytes = g_string_free(out, FALSE);
    session->out = g_string_new(NULL);
    session->writes++;
    if (uv_write(&write->request, &session->peer.stream, &later, 1, written) <
        0)
        session_close(session);
}

/* ---- reading ---------------------------------------------------------- */

static void lend_buffer(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
    ReceiveSession *session = handle->data;
    *out = uv_buf_init(session->host->buffer, sizeof session->host->buffer);
}

static bool wants_bytes(const ReceiveSession *session)
{
    LmtpState state = lmtp_state(session->lmtp);
    return (state == LMTP_COMMAND || state == LMTP_DATA) &&
           uv_stream_get_write_queue_size(&session->peer.stream) <
               UNREAD_REPLIES_MAX;
}

/* Give the finished mail away; the answer may come before this returns. */
static void hand_over(ReceiveSession *session)
{
    SessionHost *host = session->host;
    g_autoptr(LmtpMail) mail = lmtp_take_mail(session->lmtp);
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_steal_pointer(&mail->from);
    delivery->recipients = g_ptr_array_ref(mail->recipients);
    delivery->raw = g_bytes_ref(mail->raw);
    delivery->received = host->config.now(host->config.data);
    delivery->way = "lmtp";
    host->mails++;
    session->is_waiting = true;
    session->is_handing_over = true;
    host->config.deliver(host->config.data, session, delivery);
    session->is_handing_over = false;
}

/* Feed bytes until they are used up or an answer must come first. */
static void feed(ReceiveSession *session, const void *data, size_t length)
{
    size_t used = lmtp_feed(session->lmtp, data, length, session->out);
    g_byte_array_append(session->rest, (const uint8_t *)data + used,
                        (guint)(length - used));
    LmtpState state = lmtp_state(session->lmtp);
    if (state != LMTP_DATA)
        session->begun_ms = 0;
    else if (session->begun_ms == 0)
        session->begun_ms = loop_now_ms();
    if (state == LMTP_WAITING) {
        flush(session);
        hand_over(session);
    }
}

static void bytes_came(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    ReceiveSession *session = stream->data;
    if (count < 0) {
        session_close(session);
        return;
    }
    if (count == 0)
        return;
    feed(session, buf->base, (size_t)count);
    go_on(session);
}

static void set_reading(ReceiveSession *session, bool wanted)
{
    if (session->is_reading == wanted || session->is_closing)
        return;
    session->is_reading = wanted;
    if (!wanted)
        uv_read_stop(&session->peer.stream);
    else if (uv_read_start(&session->peer.stream, lend_buffer, bytes_came) < 0)
        session_close(session);
}

/* After anything has happened: use the bytes kept back, write, read on or
 * not, set the clock, or say goodbye. */
static void go_on(ReceiveSession *session)
{
    while (session->rest->len > 0 && wants_bytes(session)) {
        g_autoptr(GByteArray) rest = session->rest;
        session->rest = g_byte_array_new();
        feed(session, rest->data, rest->len);
    }
    flush(session);
    if (session->is_closing)
        return;
    if (lmtp_state(session->lmtp) == LMTP_CLOSED && session->writes == 0) {
        session_close(session);
        return;
    }
    set_reading(session, wants_bytes(session));
    wind_timer(session);
}

/* ---- for server.c and the desk ---------------------------------------- */

static bool accepts(void *data, const char *address)
{
    const SessionHost *host = data;
    return host->config.accepts(host->config.data, address);
}

static bool reserve(void *data, int64_t delta)
{
    SessionHost *host = data;
    if (delta > 0 && host->buffered + delta > RECEIVE_BUFFERED_BYTES_MAX)
        return false;
    host->buffered += delta;
    return true;
}

static ReceiveSession *session_new(SessionHost *host, bool is_tcp)
{
    ReceiveSession *session = g_new0(ReceiveSession, 1);
    uv_loop_t *loop = loop_uv(host->loop);
    session->host = host;
    session->lmtp = lmtp_new(&(LmtpConfig){
        .hostname = host->hostname,
        .max_bytes = host->config.max_bytes,
        .accepts = accepts,
        .reserve = reserve,
        .data = host,
    });
    session->rest = g_byte_array_new();
    session->out = g_string_new(NULL);
    if (is_tcp)
        uv_tcp_init(loop, &session->peer.tcp);
    else
        uv_pipe_init(loop, &session->peer.pipe, 0);
    uv_timer_init(loop, &session->timer);
    session->peer.stream.data = session;
    session->timer.data = session;
    session->open_handles = 2;
    g_ptr_array_add(host->sessions, session);
    return session;
}

void session_accept(SessionHost *host, struct uv_stream_s *listener,
                    bool is_tcp)
{
    ReceiveSession *session = session_new(host, is_tcp);
    if (uv_accept(listener, &session->peer.stream) < 0) {
        session_close(session);
        return;
    }
    if (is_tcp)
        uv_tcp_nodelay(&session->peer.tcp, 1);
    if (host->sessions->len > host->config.max_sessions) {
        host->refused++;
        lmtp_abort(session->lmtp, "421 4.3.2 Too many sessions, try later",
                   session->out);
    } else {
        lmtp_greet(session->lmtp, session->out);
    }
    go_on(session);
}

void session_drain(ReceiveSession *session)
{
    lmtp_drain(session->lmtp, session->out);
    go_on(session);
}

static char *answer_line(const char *inbox_id, const GError *error)
{
    if (!error)
        return g_strdup_printf("250 2.0.0 Ok: kept as %s", inbox_id);
    if (g_error_matches(error, DESK_ERROR, DESK_ERROR_LIMIT))
        return g_strdup("452 4.3.1 No room now, try later");
    return g_strdup("451 4.3.0 Cannot be stored now, try later");
}

void receive_answer(ReceiveSession *session, const char *inbox_id,
                    const GError *error)
{
    g_assert(session->is_waiting);
    session->is_waiting = false;
    if (session->is_closing) {
        free_if_over(session);
        return;
    }
    g_autofree char *line = answer_line(inbox_id, error);
    lmtp_answer(session->lmtp, line, session->out);
    if (!session->is_handing_over)
        go_on(session);
}
