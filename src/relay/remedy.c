/*
 * The line that closes an exit to a destination.
 *
 * Tor takes the first rule that matches, so the line has an effect only
 * before every "accept" that holds the destination: the lines go in front of
 * the relay's own policy, where nothing has to be known of it. IPv6 has a
 * word of its own ("reject6"), which tor ignores for IPv4.
 *
 * A relay that lets nothing out gets no line: where torrc has neither
 * ExitRelay nor ExitPolicy, the first ExitPolicy line makes it an exit.
 */
#include "relay/remedy.h"

#include "base/errors.h"

#include <string.h>

#define PORT_MAX 65535

static bool take_port(const char **at, uint16_t *out)
{
    uint32_t value = 0;
    const char *start = *at;
    while (g_ascii_isdigit(**at) && value <= PORT_MAX)
        value = value * 10 + (uint32_t)(*(*at)++ - '0');
    *out = (uint16_t)value;
    return *at > start && value >= 1 && value <= PORT_MAX;
}

static bool read_ports(const char *text, RemedyTarget *out)
{
    out->low = 1;
    out->high = PORT_MAX;
    if (!text || g_str_equal(text, "*"))
        return true;
    if (!take_port(&text, &out->low))
        return false;
    out->high = out->low;
    if (*text == '-') {
        text++;
        if (!take_port(&text, &out->high))
            return false;
    }
    return !*text && out->low <= out->high;
}

/* A network that holds private space only is none of the Internet. The
 * network of all addresses is refused here: who wants it closes the port. */
static bool read_destination(const char *text, RemedyTarget *out)
{
    return ip_prefix_parse(text, &out->destination) &&
           ip_is_public(&out->destination.base) &&
           (!ip_is_v4(&out->destination.base) || out->destination.bits >= 104);
}

bool remedy_target_parse(const char *destination, const char *ports,
                         RemedyTarget *out, GError **error)
{
    RemedyTarget target;
    if (!read_destination(destination, &target)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no public address or network like "
                    "198.51.100.7 or 198.51.100.0/24",
                    destination);
        return false;
    }
    if (!read_ports(ports, &target)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no port like 443 or 80-90; * is every port",
                    ports);
        return false;
    }
    *out = target;
    return true;
}

char *remedy_target_new_text(const RemedyTarget *target)
{
    bool is_v4 = ip_is_v4(&target->destination.base);
    g_autofree char *prefix = ip_prefix_new_text(&target->destination);
    char *slash = strchr(prefix, '/');
    GString *text = g_string_new(NULL);
    if (target->destination.bits == 128 && slash)
        *slash = '\0';
    if (is_v4 || !slash || target->destination.bits == 128)
        g_string_append_printf(text, is_v4 ? "%s" : "[%s]", prefix);
    else
        g_string_append_printf(text, "[%.*s]%s", (int)(slash - prefix), prefix,
                               slash);
    if (target->low == 1 && target->high == PORT_MAX)
        g_string_append(text, ":*");
    else if (target->low == target->high)
        g_string_append_printf(text, ":%u", target->low);
    else
        g_string_append_printf(text, ":%u-%u", target->low, target->high);
    return g_string_free(text, FALSE);
}

char *remedy_target_new_line(const RemedyTarget *target)
{
    g_autofree char *text = remedy_target_new_text(target);
    bool is_v4 = ip_is_v4(&target->destination.base);
    return g_strconcat("ExitPolicy ", is_v4 ? "reject " : "reject6 ", text,
                       NULL);
}
