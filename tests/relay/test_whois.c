/* Answers of registries, in the shapes that each of them writes. */
#include "relay/whois.h"

#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW 1777000000

static const char RIPE[] =
    "% This is a shape of the RIPE database.\n\n"
    "% Information related to '192.0.2.0 - 192.0.2.255'\n\n"
    "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'abuse@Example.NET'\n\n"
    "inetnum:        192.0.2.0 - 192.0.2.255\n"
    "netname:        EXAMPLE\nadmin-c:        EX1-EXAMPLE\n\n"
    "role:           Somebody\nnic-hdl:        EX1-EXAMPLE\n"
    "abuse-mailbox:  other@example.net\n";

static const char APNIC[] =
    "inet6num:       2001:db8:5::/48\nmnt-irt:        IRT-EXAMPLE\n\n"
    "irt:            IRT-EXAMPLE\ne-mail:         noc@example.org\n"
    "abuse-mailbox:  abuse@example.org\n";

static const char ARIN[] =
    "#\n# start\nNetRange:       198.51.100.0 - 198.51.100.255\n"
    "CIDR:           198.51.100.0/24\nOrgName:        Example\n"
    "OrgAbuseEmail:  abuse@holder.example\nOrgTechEmail:   x@holder.example\n"
    "RAbuseEmail:    abuse@umbrella.example\n# end\n\n"
    "NetRange:       198.51.100.128 - 198.51.100.143\n"
    "OrgAbuseEmail:  abuse@customer.example\n";

static const char LACNIC[] =
    "inetnum:     203.0.113/24\nabuse-c:     XYZ\nowner:       Exemplo\n\n"
    "nic-hdl:     ABC\ne-mail:      someone@exemplo.example\n\n"
    "nic-hdl:     XYZ\nperson:      Abuso\ne-mail:      "
    "abuso@exemplo.example\n";

static const char RDAP[] =
    "{\"objectClassName\":\"ip network\",\"startAddress\":\"192.0.2.64\","
    "\"endAddress\":\"192.0.2.127\",\"entities\":[{\"roles\":[\"registrant\"],"
    "\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"no@example.com\"]]],"
    "\"entities\":[{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\","
    "[[\"fn\",{},\"text\",\"Abuse\"],[\"email\",{},\"text\","
    "\"abuse@inner.example\"]]]}]}]}";

static guint take(Whois *whois, const char *text)
{
    return whois_read(whois, text, strlen(text), NOW);
}

static void check(const Whois *whois, const char *address, const char *wanted,
                  const char *where)
{
    IpAddress ip;
    g_assert_true(ip_parse(address, strlen(address), &ip));
    const WhoisRange *range = whois_find(whois, &ip);
    g_assert_cmpstr(range ? range->address : "nothing", ==, wanted);
    if (where)
        g_assert_cmpstr(range->where, ==, where);
}

static void test_registries(void)
{
    g_autoptr(Whois) whois = whois_new();
    g_assert_cmpuint(take(whois, RIPE), ==, 1);
    check(whois, "192.0.2.77", "abuse@example.net", "Abuse contact for");
    g_assert_cmpuint(take(whois, APNIC), ==, 1);
    check(whois, "2001:db8:5::1", "abuse@example.org", "abuse-mailbox");
    check(whois, "2001:db8:6::1", "nothing", NULL);
    g_assert_cmpuint(take(whois, ARIN), ==, 2);
    check(whois, "198.51.100.9", "abuse@umbrella.example", "RAbuseEmail");
    check(whois, "198.51.100.130", "abuse@customer.example", "OrgAbuseEmail");
    g_assert_cmpuint(take(whois, LACNIC), ==, 1);
    check(whois, "203.0.113.255", "abuso@exemplo.example", "abuse-c");
    g_assert_cmpuint(take(whois, RDAP), ==, 1);
    check(whois, "192.0.2.100", "abuse@inner.example", "RDAP abuse");
    check(whois, "192.0.2.128", "abuse@example.net", NULL);
}

/* What names no contact, or none that mail could go to. */
static void test_no_contact(void)
{
    g_autoptr(Whois) whois = whois_new();
    g_assert_cmpuint(take(whois, "inetnum: 192.0.2.0/24\nnetname: X\n"), ==, 1);
    check(whois, "192.0.2.1", NULL, NULL);
    g_assert_cmpuint(take(whois, "NetRange: 198.51.100.0 - 198.51.100.255\n"
                                 "OrgAbuseEmail: see <https://x.example>\n"),
                     ==, 1);
    check(whois, "198.51.100.1", NULL, NULL);
    static const char *const NOTHING[] = {
        "",
        "no match\n",
        "{\"a\":1}",
        "[1,2",
        "inetnum: 192.0.2.9 - 192.0.2.1",
        "inetnum: 192.0.2.0 - 2001:db8::1\n",
        "inetnum: 192.0.2/240\n",
        "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'unfinished"};
    for (size_t i = 0; i < G_N_ELEMENTS(NOTHING); i++)
        g_assert_cmpuint(take(whois, NOTHING[i]), ==, 0);
    g_assert_cmpuint(whois_count(whois), ==, 2);
}

/* A new answer takes the old one's place. */
static void test_again(void)
{
    g_autoptr(Whois) whois = whois_new();
    take(whois, RIPE);
    take(whois, "inetnum: 192.0.2.0 - 192.0.2.255\n"
                "abuse-mailbox: abuse@umbrella.example\n");
    check(whois, "192.0.2.1", "abuse@umbrella.example", "abuse-mailbox");
    g_assert_cmpuint(whois_count(whois), ==, 1);
}

static void test_file(void)
{
    g_autofree char *directory = network_new_directory();
    g_autoptr(Whois) none = whois_load(directory, NULL);
    g_assert_cmpuint(whois_count(none), ==, 0);
    g_autoptr(Whois) whois = whois_new();
    take(whois, RIPE);
    take(whois, ARIN);
    take(whois, "inet6num: 2001:db8::/32\n");
    g_assert_true(whois_save(whois, directory, NULL));
    g_autoptr(Whois) again = whois_load(directory, NULL);
    g_assert_cmpuint(whois_count(again), ==, 4);
    check(again, "198.51.100.130", "abuse@customer.example", "OrgAbuseEmail");
    check(again, "2001:db8::1", NULL, NULL);
    g_autofree char *path = g_build_filename(directory, "whois", NULL);
    g_assert_true(g_file_set_contents(path, "192.0.2.1\tnonsense\n", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(whois_load(directory, &error));
    g_assert_nonnull(strstr(error->message, "whois:1: not a line of ours"));
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/whois/registries", test_registries);
    g_test_add_func("/whois/no-contact", test_no_contact);
    g_test_add_func("/whois/again", test_again);
    g_test_add_func("/whois/file", test_file);
    return g_test_run();
}
