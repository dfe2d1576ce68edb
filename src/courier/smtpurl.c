#include "courier/smtpurl.h"

#include "base/errors.h"

#include <arpa/inet.h>
#include <string.h>

#define HOST_MAX 253 /* RFC 1035 2.3.4, without the last dot */

static bool fail(const char *text, const char *why, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "\"%s\": %s; write smtp://HOST:PORT, smtps://HOST or "
                "unix:/PATH",
                text, why);
    return false;
}

static bool is_host_name(const char *host)
{
    size_t length = strlen(host);
    if (length == 0 || length > HOST_MAX || *host == '-' || *host == '.')
        return false;
    for (const char *at = host; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '.')
            return false;
    return true;
}

/* Split "host:port" or "[v6]:port"; port_text is NULL if there is none. */
static bool split(const char *text, char **host, const char **port_text)
{
    const char *end;
    if (*text == '[') {
        end = strchr(text, ']');
        if (!end)
            return false;
        *host = g_strndup(text + 1, (gsize)(end - text - 1));
        end++;
    } else {
        end = text + strcspn(text, ":");
        *host = g_strndup(text, (gsize)(end - text));
    }
    *port_text = *end == ':' ? end + 1 : NULL;
    return *end == ':' || *end == '\0';
}

static void classify_host(SmtpUrl *url, bool in_brackets)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (in_brackets) {
        url->is_address = inet_pton(AF_INET6, url->host, &v6) == 1;
        url->is_loopback = url->is_address && IN6_IS_ADDR_LOOPBACK(&v6);
    } else if (inet_pton(AF_INET, url->host, &v4) == 1) {
        url->is_address = true;
        url->is_loopback = (ntohl(v4.s_addr) >> 24) == 127;
    } else {
        url->is_loopback = g_ascii_strcasecmp(url->host, "localhost") == 0;
    }
}

static bool parse_tcp(const char *text, const char *rest, SmtpUrl *url,
                      GError **error)
{
    const char *port_text;
    if (!split(rest, &url->host, &port_text))
        return fail(text, "the host cannot be read", error);
    classify_host(url, *rest == '[');
    if (*rest == '[' ? !url->is_address : !is_host_name(url->host))
        return fail(text, "the host cannot be read", error);
    url->port = url->is_smtps ? 465 : 25;
    guint64 port;
    if (!port_text)
        return true;
    if (!g_ascii_string_to_unsigned(port_text, 10, 1, UINT16_MAX, &port, NULL))
        return fail(text, "the port is not a number from 1 to 65535", error);
    url->port = (uint16_t)port;
    return true;
}

bool smtp_url_parse(const char *text, SmtpUrl *out, GError **error)
{
    *out = (SmtpUrl){0};
    g_auto(SmtpUrl) url = {0};
    bool done;
    if (g_str_has_prefix(text, "unix:")) {
        url.path = g_strdup(text + 5);
        done = *url.path == '/' ||
               fail(text, "the socket's path must begin with /", error);
    } else if (g_str_has_prefix(text, "smtp://")) {
        done = parse_tcp(text, text + 7, &url, error);
    } else if (g_str_has_prefix(text, "smtps://")) {
        url.is_smtps = true;
        done = parse_tcp(text, text + 8, &url, error);
    } else {
        done = fail(text, "not an address of a mail server", error);
    }
    if (done) {
        *out = url;
        url = (SmtpUrl){0};
    }
    return done;
}

void smtp_url_clear(SmtpUrl *url)
{
    g_clear_pointer(&url->host, g_free);
    g_clear_pointer(&url->path, g_free);
}
