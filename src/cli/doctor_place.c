#include "cli/doctor.h"

#include "base/control_wire.h"
#include "base/errors.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ASK_TIMEOUT_S 5

bool doctor_say(DoctorFinding *out, DoctorResult result, const char *what_to_do,
                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    out->words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    out->result = result;
    out->what_to_do = g_strdup(what_to_do);
    return true;
}

bool doctor_settings(Doctor *doctor, DoctorFinding *out)
{
    g_autoptr(GError) error = NULL;
    doctor->settings = cli_settings(doctor->context, &error);
    if (doctor->settings)
        return doctor_say(out, DOCTOR_OK, NULL, "%s, mode %s",
                          doctor->settings->directory
                              ? doctor->settings->directory
                              : "no exitdesk.yaml, defaults",
                          doctor->settings->desk.mode == MODE_LIVE
                              ? "live"
                              : "observe (answers nobody)");
    bool missing = g_error_matches(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_autofree char *first =
        g_strndup(error->message, strcspn(error->message, "\n"));
    return doctor_say(out, DOCTOR_FAIL,
                      missing ? "exitdesk config --sample > "
                                "/etc/exitdesk/exitdesk.yaml, then edit it"
                              : "exitdesk config check",
                      "%s", first);
}

bool doctor_data_directory(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    const char *data = doctor->settings->data;
    if (!g_file_test(data, G_FILE_TEST_IS_DIR))
        return doctor_say(out, DOCTOR_FAIL,
                          "start the daemon once, or make the directory for "
                          "its user",
                          "%s does not exist", data);
    if (access(data, R_OK | X_OK) < 0)
        return doctor_say(out, DOCTOR_FAIL,
                          "run as the daemon's user or as root",
                          "%s cannot be read by %s", data, cli_user());
    return doctor_say(out, DOCTOR_OK, NULL, "%s%s", data,
                      access(data, W_OK) < 0 ? " (read-only for you)" : "");
}

bool doctor_database(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    g_autoptr(GError) error = NULL;
    doctor->store = cli_store(doctor->context, &error);
    if (doctor->store)
        return doctor_say(out, DOCTOR_OK, NULL, "opens, schema is current");
    bool missing = g_error_matches(error, DESK_ERROR, DESK_ERROR_MISSING);
    return doctor_say(out, missing ? DOCTOR_WARN : DOCTOR_FAIL,
                      missing ? "start the daemon: it makes the database"
                              : "keep a copy of the data directory, then look "
                                "at the daemon's log",
                      "%s", error->message);
}

bool doctor_daemon(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    g_autoptr(GError) error = NULL;
    ControlRequest request = {.kind = CONTROL_STATUS};
    if (control_ask(doctor->settings->control, &request, ASK_TIMEOUT_S, NULL,
                    &error))
        return doctor_say(out, DOCTOR_OK, NULL, "answers at %s",
                          doctor->settings->control);
    bool denied = g_error_matches(error, DESK_ERROR, DESK_ERROR_DENIED);
    return doctor_say(out, denied ? DOCTOR_WARN : DOCTOR_FAIL,
                      denied ? "run as root or as the daemon's user"
                             : "systemctl start exitdeskd, then journalctl -u "
                               "exitdeskd",
                      "%s", error->message);
}

static bool connects(const struct sockaddr *address, socklen_t length)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool good = connect(fd, address, length) == 0;
    close(fd);
    return good;
}

static bool connects_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return false;
    memcpy(address.sun_path, path, strlen(path));
    return connects((struct sockaddr *)&address, sizeof address);
}

/* "127.0.0.1:8024" or "[::1]:8024", as the settings let through. */
static bool connects_tcp(const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t skip = *text == '[';
    IpAddress ip;
    if (!colon ||
        !ip_parse(text + skip, (size_t)(colon - text) - 2 * skip, &ip))
        return false;
    uint16_t port = htons((uint16_t)g_ascii_strtoull(colon + 1, NULL, 10));
    if (ip_is_v4(&ip)) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = port};
        memcpy(&v4.sin_addr, ip.bytes + 12, 4);
        return connects((struct sockaddr *)&v4, sizeof v4);
    }
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = port};
    memcpy(&v6.sin6_addr, ip.bytes, 16);
    return connects((struct sockaddr *)&v6, sizeof v6);
}

bool doctor_lmtp(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    const char *socket_path = doctor->settings->receive.socket;
    const char *listen_at = doctor->settings->receive.listen;
    if (!socket_path && !listen_at)
        return doctor_say(out, DOCTOR_WARN,
                          "set receive.socket, or enable "
                          "exitdeskd-lmtp.socket; see exitdesk-postfix(7)",
                          "no socket in the settings; only one from systemd "
                          "can take mail");
    if (socket_path && !connects_unix(socket_path))
        return doctor_say(out, DOCTOR_FAIL,
                          "start the daemon, and see that Postfix may enter "
                          "the directory",
                          "nobody answers at %s", socket_path);
    if (listen_at && !connects_tcp(listen_at))
        return doctor_say(out, DOCTOR_FAIL, "start the daemon",
                          "nobody answers at %s", listen_at);
    return doctor_say(out, DOCTOR_OK, NULL, "%s",
                      socket_path ? socket_path : listen_at);
}

bool doctor_postfix(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    if (!g_file_test("/usr/sbin/postfix", G_FILE_TEST_IS_EXECUTABLE))
        return doctor_say(out, DOCTOR_WARN,
                          "apt install postfix, then see exitdesk-postfix(7); "
                          "another LMTP client will do as well",
                          "is not installed here");
    if (!g_file_test("/etc/postfix/main.cf", G_FILE_TEST_EXISTS))
        return doctor_say(out, DOCTOR_WARN, "see exitdesk-postfix(7)",
                          "is installed, but has no configuration");
    return doctor_say(out, DOCTOR_OK, NULL, "is installed and configured");
}
