/*
 * Is there somebody who takes our letters?
 *
 * The doctor connects to send.via as the courier would, waits for the greeting
 * and says QUIT. No more: whether a letter would be taken only a letter shows.
 */
#include "cli/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_MS      5000
#define GREETING_MAX 512 /* RFC 5321 4.5.3.1.5 */

/* ---- connecting --------------------------------------------------------- */

/* Until the socket can be read or written; false: not in time. */
static bool wait_for(int fd, short events)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    int ready;
    do
        ready = poll(&wanted, 1, WAIT_MS);
    while (ready < 0 && errno == EINTR);
    return ready == 1;
}

/* A connected socket, or -1 with why in errno. */
static int connect_to(const struct sockaddr *address, socklen_t length)
{
    int fd = socket(address->sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int problem = connect(fd, address, length) == 0 ? 0 : errno;
    if (problem == EINPROGRESS) {
        socklen_t size = sizeof problem;
        problem = ETIMEDOUT;
        if (wait_for(fd, POLLOUT) &&
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) < 0)
            problem = errno;
    }
    if (problem == 0)
        return fd;
    close(fd);
    errno = problem;
    return -1;
}

static int connect_unix(const char *path, char **why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    errno = ENAMETOOLONG;
    int fd = -1;
    if (strlen(path) < sizeof address.sun_path) {
        memcpy(address.sun_path, path, strlen(path));
        fd = connect_to((struct sockaddr *)&address, sizeof address);
    }
    if (fd < 0)
        *why = g_strdup(g_strerror(errno));
    return fd;
}

/* The first of the host's addresses that answers. */
static int connect_host(const char *host, int port, char **why)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    g_autofree char *service = g_strdup_printf("%d", port);
    int problem = getaddrinfo(host, service, &hints, &all);
    if (problem != 0) {
        *why = g_strdup_printf("the name %s has no address: %s", host,
                               gai_strerror(problem));
        return -1;
    }
    int fd = -1;
    for (struct addrinfo *one = all; one && fd < 0; one = one->ai_next)
        fd = connect_to(one->ai_addr, one->ai_addrlen);
    if (fd < 0)
        *why = g_strdup(g_strerror(errno));
    freeaddrinfo(all);
    return fd;
}

/* ---- the greeting ------------------------------------------------------- */

/* NULL: it greets as a mail server that takes mail. */
static char *greeting_flaw(int fd)
{
    char line[GREETING_MAX + 1] = "";
    size_t have = 0;
    while (have < GREETING_MAX && !strchr(line, '\n')) {
        if (!wait_for(fd, POLLIN))
            return g_strdup("it takes connections, but says nothing");
        ssize_t got = read(fd, line + have, GREETING_MAX - have);
        if (got <= 0)
            return g_strdup("it hangs up without a greeting");
        have += (size_t)got;
        line[have] = '\0';
    }
    if (g_str_has_prefix(line, "220"))
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    g_autofree char *safe = g_str_to_ascii(line, "C");
    return g_strdup_printf("it greets with \"%.80s\"", safe);
}

/* Why letters cannot leave by it; NULL: they can. Over TLS from the first
 * byte the greeting is not looked at. */
static char *hop_flaw(const char *via)
{
    char *why = NULL;
    int fd = -1;
    if (g_str_has_prefix(via, "unix:")) {
        fd = connect_unix(via + strlen("unix:"), &why);
    } else {
        bool is_smtps = g_str_has_prefix(via, "smtps:");
        g_autofree char *host = NULL;
        int port = -1;
        if (!g_uri_split_network(via, G_URI_FLAGS_NONE, NULL, &host, &port,
                                 NULL) ||
            !host)
            return g_strdup("it cannot be read");
        fd = connect_host(host, port > 0 ? port : is_smtps ? 465 : 25, &why);
        if (fd >= 0 && is_smtps) {
            close(fd);
            return NULL;
        }
    }
    if (fd < 0)
        return why;
    why = greeting_flaw(fd);
    if (!why && write(fd, "QUIT\r\n", 6) < 0)
        why = g_strdup("it hangs up after its greeting");
    close(fd);
    return why;
}

bool doctor_sending(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    const Settings *settings = doctor->settings;
    bool is_observing = settings->desk.mode == MODE_OBSERVE;
    const char *via = settings->send.via;
    if (!via && is_observing)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "mode observe: drafts everything, answers nobody");
    if (!via)
        return doctor_say(out, DOCTOR_FAIL,
                          "set send.via, for example smtp://127.0.0.1:25",
                          "mode live, but no next hop for letters");
    g_autofree char *flaw = hop_flaw(via);
    if (flaw)
        return doctor_say(out, is_observing ? DOCTOR_WARN : DOCTOR_FAIL,
                          "start the mail server there, or set send.via to "
                          "where it listens; until then all mail of the desk "
                          "waits, alerts and questions to members, too",
                          "nobody takes mail at %s: %s", via, flaw);
    if (is_observing)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "mode observe: drafts everything, answers nobody; "
                          "%s answers",
                          via);
    if (!settings->receive.authserv_id)
        return doctor_say(out, DOCTOR_WARN,
                          "set receive.authserv-id to what your mail server "
                          "writes into Authentication-Results",
                          "no sender counts as authenticated, so no letter "
                          "leaves by itself");
    return doctor_say(out, DOCTOR_OK, NULL, "via %s, which answers", via);
}
