#include "reader/zygote.h"

#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NICENESS 5

bool descriptor_send(int socket, char byte, int fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
}

bool descriptor_receive(int socket, char *byte, int *fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {.iov_base = byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    *fd = -1;
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(fd, CMSG_DATA(header), sizeof *fd);
    return got == 1;
}

/* --- in a child ---------------------------------------------------------- */

static int child_socket = -1;

/* Say why and end: nothing that allocates, for it may be a signal. */
static _Noreturn void end_over_limit(void)
{
    static const char frame[] = {1, 0, 0, 0, CHILD_LIMIT};
    ssize_t sent = write(child_socket, frame, sizeof frame);
    _exit(sent == sizeof frame ? 0 : 1);
}

static void take_cpu_signal(int signal_number)
{
    end_over_limit();
}

/* GLib reports a failed allocation as a fatal message. */
static void take_log(const char *domain, GLogLevelFlags level,
                     const char *message, void *data)
{
    if ((level & G_LOG_LEVEL_ERROR) && message &&
        strstr(message, "failed to allocate"))
        end_over_limit();
}

static GBytes *new_frame(GBytes *answer)
{
    size_t length = g_bytes_get_size(answer);
    char *frame = g_malloc(length + 1);
    frame[0] = CHILD_ANSWER;
    if (length > 0)
        memcpy(frame + 1, g_bytes_get_data(answer, NULL), length);
    return g_bytes_new_take(frame, length + 1);
}

static _Noreturn void run_child(int socket, const PoolJob *job)
{
    child_socket = socket;
    signal(SIGXCPU, take_cpu_signal);
    g_log_set_default_handler(take_log, NULL);
    if (!sandbox_enter(&job->limits))
        _exit(1);
    for (;;) {
        g_autoptr(GBytes) request =
            wire_receive(socket, REQUEST_BYTES_MAX, NULL);
        if (!request)
            _exit(0);
        g_autoptr(GBytes) answer = job->answer(request);
        g_autoptr(GBytes) frame = new_frame(answer);
        if (!wire_send(socket, frame, NULL))
            _exit(0);
    }
}

/* --- in the zygote --------------------------------------------------------- */

/* Keep the control socket and, for what sanitizers say, standard error. */
static int close_the_rest(int control)
{
    control = fcntl(control, F_DUPFD_CLOEXEC, 10); /* out of the way */
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || control < 0)
        _exit(1);
    dup2(null, 0);
    dup2(null, 1);
    if (!SANDBOX_HAS_ASAN)
        dup2(null, 2);
    dup2(control, 3);
    syscall(SYS_close_range, 4u, ~0u, 0u);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    return 3;
}

/* Signals are meant for the caller, which ends us by closing the socket. */
static void set_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Reading can wait, a client that waits for its 250 should not. */
static void give_way(void)
{
    setpriority(PRIO_PROCESS, 0, NICENESS);
}

/* Fork a child on the socket and tell the pool; false if the pool is gone. Our
 * copy of the socket is closed before that, so that from the first moment the
 * child's death is the end of it. */
static bool fork_child(int control, int socket, const PoolJob *job)
{
    pid_t zygote = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        close(control);
        if (getppid() != zygote)
            _exit(0);
        run_child(socket, job);
    }
    close(socket);
    int pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    bool is_told = descriptor_send(control, pidfd >= 0 ? 'Y' : 'N', pidfd);
    if (pidfd >= 0)
        close(pidfd);
    return is_told;
}

_Noreturn void zygote_run(int control, const PoolJob *job)
{
    control = close_the_rest(control);
    set_signals();
    prctl(PR_SET_NAME, "exitdesk-reader", 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    give_way();
    job->prepare();
    if (!sandbox_prepare())
        _exit(1);
    for (;;) {
        char byte;
        int socket;
        if (!descriptor_receive(control, &byte, &socket))
            _exit(0);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        bool is_told = socket < 0 ? descriptor_send(control, 'N', -1)
                                  : fork_child(control, socket, job);
        if (!is_told)
            _exit(0);
    }
}
