/*
 * What a line closes besides what was complained of.
 *
 * The desk asks no name server and keeps no list of who hosts what; all it
 * knows are ranges that their operators publish as shared by their customers.
 * So mostly the answer is that it is not known, and it is said so: that an
 * address is in no range here does not make it one site's.
 *
 * To add one: a row with the range; its operator's page must name it.
 */
#include "relay/remedy.h"

#include <string.h>

#define GRAVE_BITS_V4 (96 + 24) /* shorter: more than 256 addresses */
#define GRAVE_BITS_V6 64        /* shorter: more than one network */
#define PORT_MAX      65535

/* https://www.cloudflare.com/ips/ and https://api.fastly.com/public-ip-list,
 * as of 2025. */
static const struct {
    const char *operator, * range;
} SHARED[] = {
    {"Cloudflare", "103.21.244.0/22"}, {"Cloudflare", "103.22.200.0/22"},
    {"Cloudflare", "103.31.4.0/22"},   {"Cloudflare", "104.16.0.0/13"},
    {"Cloudflare", "104.24.0.0/14"},   {"Cloudflare", "108.162.192.0/18"},
    {"Cloudflare", "131.0.72.0/22"},   {"Cloudflare", "141.101.64.0/18"},
    {"Cloudflare", "162.158.0.0/15"},  {"Cloudflare", "172.64.0.0/13"},
    {"Cloudflare", "173.245.48.0/20"}, {"Cloudflare", "188.114.96.0/20"},
    {"Cloudflare", "190.93.240.0/20"}, {"Cloudflare", "197.234.240.0/22"},
    {"Cloudflare", "198.41.128.0/17"}, {"Cloudflare", "2400:cb00::/32"},
    {"Cloudflare", "2405:8100::/32"},  {"Cloudflare", "2405:b500::/32"},
    {"Cloudflare", "2606:4700::/32"},  {"Cloudflare", "2803:f800::/32"},
    {"Cloudflare", "2a06:98c0::/29"},  {"Cloudflare", "2c0f:f248::/32"},
    {"Fastly", "23.235.32.0/20"},      {"Fastly", "43.249.72.0/22"},
    {"Fastly", "103.244.50.0/24"},     {"Fastly", "103.245.222.0/23"},
    {"Fastly", "103.245.224.0/24"},    {"Fastly", "104.156.80.0/20"},
    {"Fastly", "140.248.64.0/18"},     {"Fastly", "140.248.128.0/17"},
    {"Fastly", "146.75.0.0/17"},       {"Fastly", "151.101.0.0/16"},
    {"Fastly", "157.52.64.0/18"},      {"Fastly", "167.82.0.0/17"},
    {"Fastly", "172.111.64.0/18"},     {"Fastly", "185.31.16.0/22"},
    {"Fastly", "199.27.72.0/21"},      {"Fastly", "199.232.0.0/16"},
    {"Fastly", "2a04:4e40::/32"},      {"Fastly", "2a04:4e42::/32"},
};

const char *remedy_shared_by(const RemedyTarget *target)
{
    const IpPrefix *wanted = &target->destination;
    for (guint i = 0; i < G_N_ELEMENTS(SHARED); i++) {
        IpPrefix range;
        bool is_range = ip_prefix_parse(SHARED[i].range, &range);
        g_assert(is_range);
        if (ip_prefix_contains(&range, &wanted->base) ||
            ip_prefix_contains(wanted, &range.base))
            return SHARED[i].operator;
    }
    return NULL;
}

void remedy_warning_free(RemedyWarning *warning)
{
    g_free(warning->text);
    g_free(warning);
}

static void warn(GPtrArray *list, bool is_grave, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void warn(GPtrArray *list, bool is_grave, const char *format, ...)
{
    RemedyWarning *warning = g_new0(RemedyWarning, 1);
    va_list values;
    va_start(values, format);
    warning->text = g_strdup_vprintf(format, values);
    va_end(values);
    warning->is_grave = is_grave;
    g_ptr_array_add(list, warning);
}

GPtrArray *remedy_warnings(const RemedyTarget *target)
{
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)remedy_warning_free);
    bool is_v4 = ip_is_v4(&target->destination.base);
    uint8_t bits = target->destination.bits;
    const char *shared = remedy_shared_by(target);
    g_autofree char *text = bits == 128
                                ? ip_new_text(&target->destination.base)
                                : ip_prefix_new_text(&target->destination);
    if (shared)
        warn(list, true,
             "%s is of the addresses of %s, which a great many sites share",
             text, shared);
    else
        warn(list, false,
             "it is not known here which other names or hosts use %s", text);
    if (bits < (is_v4 ? GRAVE_BITS_V4 : GRAVE_BITS_V6))
        warn(list, true, "%s is a whole network: everybody in it is closed off",
             text);
    else if (is_v4 && bits < 128)
        warn(list, false, "%s holds %u addresses", text, 1u << (128 - bits));
    if (target->low == 1 && target->high == PORT_MAX)
        warn(list, false, "every port is closed, not only a complaint's");
    return list;
}
