#include "receive/listener.h"

#include "base/errors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* Short, so that a flood is refused and not queued in the kernel. */
#define BACKLOG 128

static int fail(GError **error, int fd, const char *doing, const char *where)
{
    int code = errno;
    bool is_denied = code == EACCES || code == EPERM;
    g_set_error(error, DESK_ERROR,
                is_denied ? DESK_ERROR_DENIED : DESK_ERROR_TEMPORARY,
                "cannot %s %s: %s", doing, where, g_strerror(code));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int complain(GError **error, DeskErrorCode kind, const char *what,
                    const char *where)
{
    g_set_error(error, DESK_ERROR, (int)kind, "%s: %s", where, what);
    return -1;
}

/* Remove what a killed desk left behind. False with error if something else
 * is there, or somebody listens on it. */
static bool clear_stale(const struct sockaddr_un *address, GError **error)
{
    const char *path = address->sun_path;
    struct stat found;
    if (lstat(path, &found) < 0)
        return true;
    if (!S_ISSOCK(found.st_mode)) {
        complain(error, DESK_ERROR_CONFIG, "is in the way, not a socket", path);
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_alive =
        connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ||
        errno != ECONNREFUSED;
    close(fd);
    if (is_alive) {
        complain(error, DESK_ERROR_TEMPORARY, "another process listens there",
                 path);
        return false;
    }
    if (unlink(path) == 0)
        return true;
    fail(error, -1, "remove the old", path);
    return false;
}

int listener_unix(const char *path, mode_t mode, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
        sizeof address.sun_path)
        return complain(error, DESK_ERROR_CONFIG, "too long for a socket",
                        path);
    if (!clear_stale(&address, error))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* The mode before bind, so that it is never wider than asked for. */
    if (fd < 0 || fchmod(fd, mode) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        chmod(path, mode) < 0 || listen(fd, BACKLOG) < 0)
        return fail(error, fd, "listen on", path);
    return fd;
}

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} TcpAddress;

/* "127.0.0.1:8024" or "[::1]:24"; the length of the socket address, or 0. */
static socklen_t parse_address(const char *text, TcpAddress *out)
{
    const char *colon = strrchr(text, ':');
    if (!colon)
        return 0;
    guint64 port;
    if (!g_ascii_string_to_unsigned(colon + 1, 10, 0, UINT16_MAX, &port, NULL))
        return 0;
    g_autofree char *host = g_strndup(text, (gsize)(colon - text));
    size_t length = strlen(host);
    *out = (TcpAddress){0};
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        return inet_pton(AF_INET6, host + 1, &out->v6.sin6_addr) == 1
                   ? sizeof out->v6
                   : 0;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &out->v4.sin_addr) == 1 ? sizeof out->v4
                                                            : 0;
}

static bool is_loopback(const TcpAddress *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    return (ntohl(address->v4.sin_addr.s_addr) >> 24) == 127;
}

int listener_tcp(const char *text, GError **error)
{
    TcpAddress address;
    socklen_t length = parse_address(text, &address);
    if (length == 0)
        return complain(error, DESK_ERROR_CONFIG,
                        "not an address like 127.0.0.1:8024 or [::1]:8024",
                        text);
    if (!is_loopback(&address))
        return complain(error, DESK_ERROR_CONFIG,
                        "not a loopback address: LMTP has no passwords, "
                        "anybody could hand in mail",
                        text);
    int fd = socket(address.any.sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        bind(fd, &address.any, length) < 0 || listen(fd, BACKLOG) < 0)
        return fail(error, fd, "listen on", text);
    return fd;
}

GArray *listener_inherited(const char *name)
{
    GArray *found = g_array_new(false, false, sizeof(int));
    char **names = NULL;
    int count = sd_listen_fds_with_names(0, &names);
    for (int i = 0; i < count; i++) {
        int fd = SD_LISTEN_FDS_START + i;
        if (g_str_equal(names[i], name))
            g_array_append_val(found, fd);
    }
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return found;
}
