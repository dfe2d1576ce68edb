#include "base/errors.h"
#include "base/files.h"
#include "courier/submit.h"

#include <string.h>

#define CREDENTIAL_MAX 500

const CourierTimeouts COURIER_TIMEOUTS = {
    .connect_s = 300,
    .command_s = 300,
    .data_s = 120,
    .block_s = 180,
    .dot_s = 600,
};

static bool fail(const char *why, GError **error)
{
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFIG, why);
    return false;
}

/* A domain or an address literal: nothing that could end the EHLO line. */
static bool is_hello_name(const char *name)
{
    if (!name || !*name || strlen(name) > 253)
        return false;
    for (const char *at = name; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr(".-_[]:", *at))
            return false;
    return true;
}

static bool read_password(const char *path, char **out, GError **error)
{
    g_autoptr(GBytes) bytes = file_read(path, 4096, error);
    if (!bytes)
        return false;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    while (length > 0 && strchr("\r\n", data[length - 1]))
        length--;
    if (length == 0 || length > CREDENTIAL_MAX || memchr(data, '\0', length))
        return fail("send.password_file must hold one password", error);
    *out = g_strndup(data, length);
    return true;
}

static bool check(const SubmitConfig *config, GError **error)
{
    bool is_tls = config->tls != TLS_NONE;
    if (config->url.path && is_tls)
        return fail("send.tls has no meaning for a Unix socket", error);
    if (!is_tls && !config->url.path && !config->url.is_loopback)
        return fail("send.via leaves this machine: set send.tls to starttls "
                    "or use smtps://",
                    error);
    if (config->user && !is_tls)
        return fail("send.user needs TLS: a password is not sent in the "
                    "clear",
                    error);
    if (config->user && strlen(config->user) > CREDENTIAL_MAX)
        return fail("send.user is too long", error);
    if (!is_hello_name(config->hostname))
        return fail("the host name to introduce us with is no host name",
                    error);
    return true;
}

bool submit_config_read(const CourierConfig *from, SubmitConfig *out,
                        GError **error)
{
    *out = (SubmitConfig){
        .tls = from->tls,
        .user = g_strdup(from->user),
        .ca_file = g_strdup(from->ca_file),
        .hostname = g_strdup(from->hostname),
        .timeouts = from->timeouts.dot_s ? from->timeouts : COURIER_TIMEOUTS,
    };
    bool done = smtp_url_parse(from->via, &out->url, error);
    if (done && out->url.is_smtps)
        out->tls = TLS_IMPLICIT;
    done = done && check(out, error);
    if (done && out->user)
        done = from->password_file
                   ? read_password(from->password_file, &out->password, error)
                   : fail("send.user needs send.password_file", error);
    if (done)
        done = (out->sealer = sealer_new(from, error)) != NULL;
    if (!done)
        submit_config_clear(out);
    return done;
}

void submit_config_clear(SubmitConfig *config)
{
    smtp_url_clear(&config->url);
    g_clear_pointer(&config->user, g_free);
    if (config->password)
        explicit_bzero(config->password, strlen(config->password));
    g_clear_pointer(&config->password, g_free);
    g_clear_pointer(&config->ca_file, g_free);
    g_clear_pointer(&config->hostname, g_free);
    g_clear_pointer(&config->sealer, sealer_free);
}
