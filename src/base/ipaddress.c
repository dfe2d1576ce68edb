#include "base/ipaddress.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t V4_MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool has_leading_zero(const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == '0' && g_ascii_isdigit(at[1]) &&
            (at == text || at[-1] == '.'))
            return true;
    return false;
}

bool ip_parse(const char *text, size_t length, IpAddress *out)
{
    char copy[IP_TEXT_MAX];
    if (length == 0 || length >= sizeof copy || memchr(text, 0, length))
        return false;
    memcpy(copy, text, length);
    copy[length] = 0;

    if (memchr(copy, ':', length)) {
        IpAddress ip;
        if (inet_pton(AF_INET6, copy, ip.bytes) != 1)
            return false;
        *out = ip;
        return true;
    }
    struct in_addr v4;
    if (has_leading_zero(copy) || inet_pton(AF_INET, copy, &v4) != 1)
        return false;
    memcpy(out->bytes, V4_MAPPED, 12);
    memcpy(out->bytes + 12, &v4, 4);
    return true;
}

const char *ip_text(const IpAddress *ip, char buffer[IP_TEXT_MAX])
{
    if (ip_is_v4(ip))
        return inet_ntop(AF_INET, ip->bytes + 12, buffer, IP_TEXT_MAX);
    return inet_ntop(AF_INET6, ip->bytes, buffer, IP_TEXT_MAX);
}

char *ip_new_text(const IpAddress *ip)
{
    char buffer[IP_TEXT_MAX];
    return g_strdup(ip_text(ip, buffer));
}

bool ip_is_v4(const IpAddress *ip)
{
    return memcmp(ip->bytes, V4_MAPPED, 12) == 0;
}

bool ip_is_equal(const IpAddress *a, const IpAddress *b)
{
    return memcmp(a->bytes, b->bytes, 16) == 0;
}

int ip_compare(const IpAddress *a, const IpAddress *b)
{
    return memcmp(a->bytes, b->bytes, 16);
}

bool ip_is_public(const IpAddress *ip)
{
    static const char *const SPECIAL[] = {
        "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
        "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.168.0.0/16",
        "198.18.0.0/15",  "224.0.0.0/4",    "240.0.0.0/4",   "::/128",
        "::1/128",        "64:ff9b:1::/48", "100::/64",      "fc00::/7",
        "fe80::/10",      "fec0::/10",      "ff00::/8",
    };
    static IpPrefix prefixes[G_N_ELEMENTS(SPECIAL)];
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        for (size_t i = 0; i < G_N_ELEMENTS(SPECIAL); i++)
            g_assert(ip_prefix_parse(SPECIAL[i], &prefixes[i]));
        g_once_init_leave(&ready, 1);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(SPECIAL); i++)
        if (ip_prefix_contains(&prefixes[i], ip))
            return false;
    return true;
}

IpPrefix ip_prefix_of(const IpAddress *ip, uint8_t bits)
{
    g_assert(bits <= 128);
    IpPrefix prefix = {.base = *ip, .bits = bits};
    for (int i = 0; i < 16; i++) {
        int keep = CLAMP(bits - i * 8, 0, 8);
        prefix.base.bytes[i] &= (uint8_t)(0xff00 >> keep);
    }
    return prefix;
}

bool ip_prefix_parse(const char *text, IpPrefix *out)
{
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    IpAddress ip;
    if (!ip_parse(text, length, &ip))
        return false;
    /* "::ffff:192.0.2.0/120" keeps its own count; dotted IPv4 adds 96. */
    bool dotted = !memchr(text, ':', length);
    uint64_t bits = dotted ? 32 : 128;
    if (slash &&
        !g_ascii_string_to_unsigned(slash + 1, 10, 0, bits, &bits, NULL))
        return false;
    IpPrefix prefix = ip_prefix_of(&ip, (uint8_t)(bits + (dotted ? 96 : 0)));
    if (!ip_is_equal(&prefix.base, &ip))
        return false;
    *out = prefix;
    return true;
}

bool ip_prefix_contains(const IpPrefix *prefix, const IpAddress *ip)
{
    IpPrefix around = ip_prefix_of(ip, prefix->bits);
    return ip_is_equal(&around.base, &prefix->base);
}

char *ip_prefix_new_text(const IpPrefix *prefix)
{
    char buffer[IP_TEXT_MAX];
    bool v4 = ip_is_v4(&prefix->base) && prefix->bits >= 96;
    return g_strdup_printf("%s/%d", ip_text(&prefix->base, buffer),
                           v4 ? prefix->bits - 96 : prefix->bits);
}
