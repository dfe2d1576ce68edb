#include "base/ipaddress.h"

#include <string.h>

/* text ==> canonical text (RFC 5952), or NULL if it must be refused. */
static const struct {
    const char *text, *means;
} ADDRESSES[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"2001:DB8::1", "2001:db8::1"},
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"::", "::"},
    {"::ffff:192.0.2.1", "192.0.2.1"}, /* mapped: it *is* the IPv4 */
    {"::ffff:c000:201", "192.0.2.1"},
    {"192.0.2.01", NULL}, /* octal for some, decimal for others */
    {"192.0.2.256", NULL},
    {"192.0.2", NULL},
    {"192.0.2.1.", NULL},
    {" 192.0.2.1", NULL},
    {"192.0.2.1 ", NULL},
    {"0xc0.0.2.1", NULL},
    {"3221225985", NULL},
    {"2001:db8::1::2", NULL},
    {"2001:db8:::1", NULL},
    {"fe80::1%eth0", NULL},
    {"[::1]", NULL},
    {"::ffff:192.0.2.01", NULL},
    {"", NULL},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999", NULL},
};

static void test_parse(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
        const char *text = ADDRESSES[i].text;
        IpAddress ip;
        bool parsed = ip_parse(text, strlen(text), &ip);
        g_assert_cmpint(parsed, ==, ADDRESSES[i].means != NULL);
        if (!parsed)
            continue;
        char buffer[IP_TEXT_MAX];
        g_assert_cmpstr(ip_text(&ip, buffer), ==, ADDRESSES[i].means);
    }
    /* Exactly that many bytes are read, NUL or not. */
    IpAddress ip;
    g_assert_true(ip_parse("192.0.2.123", 9, &ip));
    g_autofree char *text = ip_new_text(&ip);
    g_assert_cmpstr(text, ==, "192.0.2.1");
    g_assert_false(ip_parse("192.0.2.1\0", 10, &ip));
}

static IpAddress ip_of(const char *text)
{
    IpAddress ip;
    g_assert_true(ip_parse(text, strlen(text), &ip));
    return ip;
}

/* RFC 6890 and the registries; documentation ranges count as public. */
static void test_public(void)
{
    static const char *const PUBLIC[] = {
        "192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1",
        "8.8.8.8",   "172.32.0.1",   "100.128.0.1", "2606:4700::1",
    };
    static const char *const SPECIAL[] = {
        "10.0.0.1",     "127.0.0.1",   "169.254.1.1",     "172.16.0.1",
        "172.31.255.1", "192.168.1.1", "0.0.0.0",         "224.0.0.1",
        "240.0.0.1",    "100.64.0.1",  "255.255.255.255", "::",
        "::1",          "fe80::1",     "fd00::1",         "ff02::1",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(PUBLIC); i++) {
        IpAddress ip = ip_of(PUBLIC[i]);
        g_assert_true(ip_is_public(&ip));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(SPECIAL); i++) {
        IpAddress ip = ip_of(SPECIAL[i]);
        g_assert_false(ip_is_public(&ip));
    }
}

static void test_prefixes(void)
{
    static const struct {
        const char *text, *means;
    } PREFIXES[] = {
        {"192.0.2.0/24", "192.0.2.0/24"},
        {"192.0.2.7", "192.0.2.7/32"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"2001:db8::/32", "2001:db8::/32"},
        {"2001:db8::1", "2001:db8::1/128"},
        {"192.0.2.1/24", NULL},
        {"192.0.2.0/33", NULL},
        {"2001:db8::/129", NULL},
        {"192.0.2.0/", NULL},
        {"192.0.2.0/-1", NULL},
        {"192.0.2.0/24x", NULL},
        {"/24", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
        IpPrefix prefix;
        bool parsed = ip_prefix_parse(PREFIXES[i].text, &prefix);
        g_assert_cmpint(parsed, ==, PREFIXES[i].means != NULL);
        if (!parsed)
            continue;
        g_autofree char *text = ip_prefix_new_text(&prefix);
        g_assert_cmpstr(text, ==, PREFIXES[i].means);
    }
}

static void test_contains(void)
{
    IpPrefix prefix;
    g_assert_true(ip_prefix_parse("192.0.2.64/26", &prefix));
    IpAddress first = ip_of("192.0.2.64"), last = ip_of("192.0.2.127"),
              before = ip_of("192.0.2.63"), after = ip_of("192.0.2.128"),
              v6 = ip_of("2001:db8::1");
    g_assert_true(ip_prefix_contains(&prefix, &first));
    g_assert_true(ip_prefix_contains(&prefix, &last));
    g_assert_false(ip_prefix_contains(&prefix, &before));
    g_assert_false(ip_prefix_contains(&prefix, &after));
    g_assert_false(ip_prefix_contains(&prefix, &v6));
    IpPrefix around = ip_prefix_of(&v6, 48);
    g_autofree char *text = ip_prefix_new_text(&around);
    g_assert_cmpstr(text, ==, "2001:db8::/48");
    g_assert_cmpint(ip_compare(&first, &last), <, 0);
    g_assert_true(ip_is_equal(&first, &first));
    g_assert_true(ip_is_v4(&first));
    g_assert_false(ip_is_v4(&v6));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ipaddress/parse", test_parse);
    g_test_add_func("/ipaddress/public", test_public);
    g_test_add_func("/ipaddress/prefixes", test_prefixes);
    g_test_add_func("/ipaddress/contains", test_contains);
    return g_test_run();
}
