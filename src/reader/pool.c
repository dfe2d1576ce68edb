/*
 * The caller's side: keeps idle children, asks the zygote for new ones, and
 * enforces the wall clock. A child is killed through its pidfd, so a process
 * number that was given to somebody else cannot be hit.
 *
 * Children are the other side of a trust boundary: reads and writes wait at
 * most until the deadline, lengths are checked before memory is reserved.
 */
#include "reader/pool.h"

#include "base/errors.h"
#include "base/wire.h"
#include "reader/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE_CHILDREN_MAX 8
#define FORK_SECONDS_MAX  10 /* the zygote prepares before its first answer */

struct PoolChild {
    int socket, pidfd;
    unsigned requests; /* answered so far */
};

struct Pool {
    PoolJob job;
    pid_t zygote;
    int control;     /* socket to the zygote; -1 if it is lost */
    GMutex lock;     /* of control and idle */
    GPtrArray *idle; /* of PoolChild */
};

static bool fail(GError **error, DeskErrorCode code, const char *words)
{
    g_set_error_literal(error, DESK_ERROR, (int)code, words);
    return false;
}

static void child_free(PoolChild *child)
{
    syscall(SYS_pidfd_send_signal, child->pidfd, SIGKILL, NULL, 0);
    close(child->pidfd);
    close(child->socket);
    g_free(child);
}

Pool *pool_start(const PoolJob *job, GError **error)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
        fail(error, DESK_ERROR_TEMPORARY, "no socket for the reader");
        return NULL;
    }
    pid_t pid = fork();
    if (pid == 0)
        zygote_run(sockets[1], job);
    close(sockets[1]);
    if (pid < 0) {
        close(sockets[0]);
        fail(error, DESK_ERROR_TEMPORARY, "no process for the reader");
        return NULL;
    }
    struct timeval patience = {.tv_sec = FORK_SECONDS_MAX};
    setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    Pool *pool = g_new0(Pool, 1);
    pool->job = *job;
    pool->zygote = pid;
    pool->control = sockets[0];
    g_mutex_init(&pool->lock);
    pool->idle = g_ptr_array_new_with_free_func((GDestroyNotify)child_free);
    return pool;
}

void pool_stop(Pool *pool)
{
    if (!pool)
        return;
    g_ptr_array_unref(pool->idle);
    if (pool->control >= 0)
        close(pool->control);
    while (waitpid(pool->zygote, NULL, 0) < 0 && errno == EINTR)
        continue;
    g_mutex_clear(&pool->lock);
    g_free(pool);
}

/* Under the lock. A lost reply would shift all later ones, so the zygote is
 * given up then. */
static int fork_on(Pool *pool, int socket)
{
    char byte = 'F';
    int pidfd = -1;
    if (pool->control < 0)
        return -1;
    if (descriptor_send(pool->control, byte, socket) &&
        descriptor_receive(pool->control, &byte, &pidfd))
        return pidfd;
    close(pool->control);
    pool->control = -1;
    return -1;
}

static PoolChild *child_new(Pool *pool)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
        return NULL;
    g_mutex_lock(&pool->lock);
    int pidfd = fork_on(pool, sockets[1]);
    g_mutex_unlock(&pool->lock);
    close(sockets[1]);
    if (pidfd < 0) {
        close(sockets[0]);
        return NULL;
    }
    PoolChild *child = g_new0(PoolChild, 1);
    child->socket = sockets[0];
    child->pidfd = pidfd;
    return child;
}

/* Is it still there, and silent as an idle child must be? */
static bool is_alive(const PoolChild *child)
{
    struct pollfd wait = {.fd = child->socket, .events = POLLIN};
    return poll(&wait, 1, 0) == 0;
}

static PoolChild *take_child(Pool *pool)
{
    for (;;) {
        PoolChild *child = NULL;
        g_mutex_lock(&pool->lock);
        if (pool->idle->len > 0)
            child = g_ptr_array_steal_index(pool->idle, pool->idle->len - 1);
        g_mutex_unlock(&pool->lock);
        if (!child)
            return child_new(pool);
        if (is_alive(child))
            return child;
        child_free(child);
    }
}

void pool_release(Pool *pool, PoolChild *child, bool is_odd)
{
    bool is_kept = !is_odd && child->requests < CHILD_REQUESTS_MAX;
    g_mutex_lock(&pool->lock);
    is_kept = is_kept && pool->idle->len < IDLE_CHILDREN_MAX;
    if (is_kept)
        g_ptr_array_add(pool->idle, child);
    g_mutex_unlock(&pool->lock);
    if (!is_kept)
        child_free(child);
}

/* --- one exchange ---------------------------------------------------------- */

/* Wait until the socket is ready. LIMIT when the time is up. */
static bool wait_for(int socket, short events, gint64 deadline_us,
                     GError **error)
{
    struct pollfd wait = {.fd = socket, .events = events};
    for (;;) {
        gint64 left_us = deadline_us - g_get_monotonic_time();
        if (left_us <= 0)
            return fail(error, DESK_ERROR_LIMIT,
                        "reading the mail takes too long");
        int ready = poll(&wait, 1, (int)(left_us / 1000) + 1);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return fail(error, DESK_ERROR_TEMPORARY, "poll failed");
    }
}

static bool send_all(int socket, const void *data, size_t length,
                     gint64 deadline_us, GError **error)
{
    for (const char *at = data; length > 0;) {
        ssize_t sent = send(socket, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_for(socket, POLLOUT, deadline_us, error))
                return false;
        } else if (errno != EINTR) {
            return fail(error, DESK_ERROR_INVALID,
                        "the reader died on this mail");
        }
    }
    return true;
}

static bool receive_all(int socket, void *data, size_t length,
                        gint64 deadline_us, GError **error)
{
    for (char *at = data; length > 0;) {
        ssize_t got = recv(socket, at, length, MSG_DONTWAIT);
        if (got > 0) {
            at += got;
            length -= (size_t)got;
        } else if (got < 0 && errno == EAGAIN) {
            if (!wait_for(socket, POLLIN, deadline_us, error))
                return false;
        } else if (got == 0 || errno != EINTR) {
            return fail(error, DESK_ERROR_INVALID,
                        "the reader died on this mail");
        }
    }
    return true;
}

static GBytes *receive_answer(const Pool *pool, int socket, gint64 deadline_us,
                              GError **error)
{
    struct {
        uint32_t length;
        char kind;
    } __attribute__((packed)) head;
    if (!receive_all(socket, &head, sizeof head, deadline_us, error))
        return NULL;
    size_t length = GUINT32_FROM_LE(head.length);
    if (head.kind == CHILD_LIMIT) {
        fail(error, DESK_ERROR_LIMIT,
             "reading the mail takes too much memory or time");
        return NULL;
    }
    if (head.kind != CHILD_ANSWER || length < 1 ||
        length - 1 > pool->job.answer_bytes_max) {
        fail(error, DESK_ERROR_INVALID, "the reader answered nonsense");
        return NULL;
    }
    g_autofree char *data = g_malloc(length);
    if (!receive_all(socket, data, length - 1, deadline_us, error))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), length - 1);
}

static GBytes *exchange(const Pool *pool, const PoolChild *child,
                        GBytes *request, GError **error)
{
    gint64 deadline_us =
        g_get_monotonic_time() + (gint64)pool->job.seconds_max * G_USEC_PER_SEC;
    gsize length;
    const void *data = g_bytes_get_data(request, &length);
    uint32_t head = GUINT32_TO_LE((uint32_t)length);
    if (!send_all(child->socket, &head, sizeof head, deadline_us, error) ||
        !send_all(child->socket, data, length, deadline_us, error))
        return NULL;
    return receive_answer(pool, child->socket, deadline_us, error);
}

bool pool_is_lost(Pool *pool)
{
    g_mutex_lock(&pool->lock);
    struct pollfd peer = {.fd = pool->control, .events = 0};
    bool is_lost = pool->control < 0 || poll(&peer, 1, 0) != 0;
    g_mutex_unlock(&pool->lock);
    return is_lost;
}

/* A child dies with the zygote: then it was not the request that killed it. */
static GBytes *blame(Pool *pool, GError **error, GError *cause)
{
    if (pool_is_lost(pool)) {
        g_error_free(cause);
        fail(error, DESK_ERROR_TEMPORARY, "the reader's parent is gone");
    } else {
        g_propagate_error(error, cause);
    }
    return NULL;
}

GBytes *pool_ask(Pool *pool, GBytes *request, PoolChild **child, GError **error)
{
    if (g_bytes_get_size(request) > REQUEST_BYTES_MAX) {
        fail(error, DESK_ERROR_LIMIT, "the mail is too big for the reader");
        return NULL;
    }
    *child = take_child(pool);
    if (!*child) {
        fail(error, DESK_ERROR_TEMPORARY, "no process to read the mail");
        return NULL;
    }
    GError *cause = NULL;
    GBytes *answer = exchange(pool, *child, request, &cause);
    if (answer) {
        (*child)->requests++;
        return answer;
    }
    g_clear_pointer(child, child_free);
    return blame(pool, error, cause);
}
