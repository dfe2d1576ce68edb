#include "base/control_wire.h"

#include "base/errors.h"
#include "base/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

void control_request_clear(ControlRequest *request)
{
    g_clear_pointer(&request->subject, g_free);
    g_clear_pointer(&request->note, g_free);
}

void control_response_clear(ControlResponse *response)
{
    g_clear_pointer(&response->text, g_free);
}

GBytes *control_request_encode(const ControlRequest *request)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_u8(&out, (uint8_t)request->kind);
    wire_put_text(&out, request->subject);
    wire_put_text(&out, request->note);
    return wire_out_steal(&out);
}

bool control_request_decode(GBytes *record, ControlRequest *out, GError **error)
{
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    WireIn in = wire_in(data, length);
    *out = (ControlRequest){
        .kind = (ControlKind)wire_get_choice(&in, CONTROL_KINDS),
        .subject = wire_get_text(&in, CONTROL_TEXT_MAX),
        .note = wire_get_text(&in, CONTROL_TEXT_MAX),
    };
    if (wire_in_finish(&in))
        return true;
    control_request_clear(out);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the request is not one this desk understands");
    return false;
}

GBytes *control_response_encode(const ControlResponse *response)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_u8(&out, response->is_ok);
    wire_put_u32(&out, response->code);
    wire_put_text(&out, response->text);
    return wire_out_steal(&out);
}

bool control_response_decode(GBytes *record, ControlResponse *out,
                             GError **error)
{
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    WireIn in = wire_in(data, length);
    *out = (ControlResponse){
        .is_ok = wire_get_choice(&in, 2) == 1,
        .code = wire_get_u32(&in),
        .text = wire_get_text(&in, CONTROL_BYTES_MAX),
    };
    if (wire_in_finish(&in) && out->code <= DESK_ERROR_BROKEN)
        return true;
    control_response_clear(out);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the desk's answer is not one this program understands");
    return false;
}

static int connect_to(const char *path, uint32_t timeout_s, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
        sizeof address.sun_path) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "%s is too long for a socket", path);
        return -1;
    }
    struct timeval patience = {.tv_sec = timeout_s};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) ==
            0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) ==
            0 &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int code = errno;
    DeskErrorCode kind = DESK_ERROR_TEMPORARY;
    if (code == ENOENT || code == ECONNREFUSED)
        kind = DESK_ERROR_MISSING;
    else if (code == EACCES || code == EPERM)
        kind = DESK_ERROR_DENIED;
    g_set_error(error, DESK_ERROR, kind, "no desk answers at %s: %s", path,
                g_strerror(code));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The desk's no, as our own error. */
static bool is_yes(const ControlResponse *response, GError **error)
{
    if (response->is_ok)
        return true;
    g_set_error(error, DESK_ERROR, (int)response->code, "%s",
                response->text ? response->text : "the desk refused");
    return false;
}

bool control_ask(const char *socket_path, const ControlRequest *request,
                 uint32_t timeout_s, char **out_text, GError **error)
{
    int fd = connect_to(socket_path, timeout_s, error);
    if (fd < 0)
        return false;
    g_autoptr(GBytes) question = control_request_encode(request);
    g_autoptr(GBytes) answer = wire_send(fd, question, error)
                                   ? wire_receive(fd, CONTROL_BYTES_MAX, error)
                                   : NULL;
    close(fd);
    ControlResponse response = {0};
    bool done = answer && control_response_decode(answer, &response, error) &&
                is_yes(&response, error);
    if (done && out_text)
        *out_text = g_strdup(response.text ? response.text : "");
    control_response_clear(&response);
    return done;
}

/* ---- several values ------------------------------------------------------ */

char *control_fields_new_text(char *const *const *fields, guint count)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        g_autofree char *field = g_strdup(*fields[i] ? *fields[i] : "");
        g_strdelimit(field, "\t\r\n", ' ');
        g_string_append_printf(text, "%s%s", i ? "\t" : "", field);
    }
    return g_string_free(text, FALSE);
}

bool control_fields_read(const char *text, char **const *fields, guint count)
{
    g_auto(GStrv) parts = g_strsplit(text, "\t", (int)count + 1);
    if (g_strv_length(parts) != count)
        return false;
    for (guint i = 0; i < count; i++)
        *fields[i] = *parts[i] ? g_strdup(parts[i]) : NULL;
    return true;
}
