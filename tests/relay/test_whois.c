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

/* The e-mail of an RPSL object stands before its handle: the next object's is
 * not the first one's. Of a role with both, complaints go to abuse-mailbox. */
static void test_handles(void)
{
    g_autoptr(Whois) whois = whois_new();
    take(whois, "inetnum: 192.0.2.0 - 192.0.2.255\norg: ORG-X\n\n"
                "organisation: ORG-X\nabuse-c: AR1-X\n\n"
                "role: Abuse\ne-mail: abuse@example.net\nnic-hdl: AR1-X\n\n"
                "person: Bob\ne-mail: bob@example.net\nnic-hdl: B1-X\n");
    check(whois, "192.0.2.1", "abuse@example.net", "abuse-c");
    take(whois, "inetnum: 198.51.100.0 - 198.51.100.255\nabuse-c: AR1-X\n\n"
                "role: Other\nabuse-mailbox: other@example.net\n"
                "nic-hdl: O1-X\n\n"
                "role: Abuse\ne-mail: noc@example.net\nnic-hdl: AR1-X\n"
                "abuse-mailbox: abuse@example.net\n");
    check(whois, "198.51.100.1", "abuse@example.net", "abuse-c");
}

/* LACNIC's lines end with CR CR LF. */
static void test_line_ends(void)
{
    g_autoptr(Whois) whois = whois_new();
    g_autoptr(GString) text = g_string_new(LACNIC);
    g_string_replace(text, "\n", "\r\r\n", 0);
    g_assert_cmpuint(take(whois, text->str), ==, 1);
    check(whois, "203.0.113.9", "abuso@exemplo.example", "abuse-c");
}

/* IANA, ARIN and a hoster's own server, as "whois" puts them together; the
 * customer has no contact, so complaints go to the hoster. */
static void test_hosters(void)
{
    g_autoptr(Whois) whois = whois_new();
    g_assert_cmpuint(
        take(whois, "inetnum:      192.0.0.0 - 192.255.255.255\n"
                    "organisation: Administered by ARIN\nsource:       IANA\n\n"
                    "# whois.arin.net\n\n"
                    "NetRange:       192.0.2.0 - 192.0.2.255\n\n"
                    "ReferralServer:  rwhois://rwhois.example.net:4321\n\n"
                    "OrgAbuseEmail:  abuse@example.net\n\n"
                    "%rwhois V-1.0,V-1.5:00090h:00 rwhois.example.net\n"
                    "autharea=192.0.2.0/24\n"
                    "network:Class-Name:network\n"
                    "network:IP-Network:192.0.2.64/29\n"
                    "network:IP-Network-Block:192.0.2.64 - 192.0.2.71\n"
                    "network:Tech-Contact;I:tech@example.net\n\n"
                    "network:Class-Name:network\n"
                    "network:IP-Network:192.0.2.72/29\n"
                    "network:Abuse-Contact;I:Abuse@customer.example\n%ok\n"
                    "network:IP-Network:192.0.2.80/29\n"
                    "contact:Tech-Email:tech@example.net\n"
                    "contact:Abuse-Email:abuse@other.example\n"),
        ==, 5);
    check(whois, "192.0.2.1", "abuse@example.net", "OrgAbuseEmail");
    check(whois, "192.0.2.65", "abuse@example.net", "OrgAbuseEmail");
    check(whois, "192.0.2.73", "abuse@customer.example", "Abuse-Contact");
    check(whois, "192.0.2.81", "abuse@other.example", "Abuse-Email");
    take(whois, "NetRange: 198.51.100.0 - 198.51.100.255\n"
                "NetType: Early Registrations, Transferred to RIPE NCC\n"
                "OrgAbuseEmail: abuse@registry.example\n");
    check(whois, "198.51.100.1", NULL, "");
    g_assert_cmpuint(take(whois, "Network Information:\n"
                                 "a. [Network Number]   203.0.113.0/24\n"
                                 "b. [Network Name]     EXAMPLE\n"
                                 "m. [Administrative Contact]  EX1JP\n"
                                 "o. [Abuse]            abuse@example.jp\n"),
                     ==, 1);
    check(whois, "203.0.113.1", "abuse@example.jp", "[Abuse]");
}

/* Where a registry says that there is none, the network around it is not
 * asked; but a mailbox that a role publishes counts. */
static void test_denied(void)
{
    g_autoptr(Whois) whois = whois_new();
    take(whois, "NetRange: 192.0.0.0 - 192.255.255.255\n"
                "OrgAbuseEmail: abuse@example.net\n");
    take(whois, "% No abuse contact registered for 192.0.2.0 - 192.0.2.127\n\n"
                "inetnum: 192.0.2.0 - 192.0.2.127\n"
                "remarks: abuse to abuse@example.org\n\n"
                "% No abuse contact registered for 192.0.2.128 - 192.0.2.255\n"
                "\ninetnum: 192.0.2.128 - 192.0.2.255\n\n"
                "role: X\nabuse-mailbox: abuse@example.com\n");
    check(whois, "192.0.2.1", NULL, "No abuse contact registered");
    check(whois, "192.0.2.129", "abuse@example.com", "abuse-mailbox");
    check(whois, "192.0.3.1", "abuse@example.net", "OrgAbuseEmail");
}

/* RIPE's jCard has the role's e-mail, too; older servers pad addresses. */
static void test_rdap_details(void)
{
    static const char FORMAT[] =
        "{\"startAddress\":\"%s\",\"endAddress\":\"%s\",\"entities\":[{"
        "\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",["
        "[\"email\",{\"type\":\"email\"},\"text\",\"noc@example.net\"],"
        "[\"email\",%s,\"text\",\"abuse@example.net\"]]]}]}";
    static const char *const PARAMETERS[] = {"{\"type\":\"abuse\"}",
                                             "{\"type\":[\"work\",\"abuse\"]}",
                                             "{\"pref\":\"1\"}"};
    for (size_t i = 0; i < G_N_ELEMENTS(PARAMETERS); i++) {
        g_autoptr(Whois) whois = whois_new();
        g_autofree char *text =
            g_strdup_printf(FORMAT, "192.0.2.0", "192.0.2.255", PARAMETERS[i]);
        g_assert_cmpuint(take(whois, text), ==, 1);
        check(whois, "192.0.2.1", "abuse@example.net", "RDAP abuse");
    }
    static const char *const WAYS[][2] = {
        {"192.0.2.0/32", "192.0.2.255/32"},
        {"192.000.002.000", "192.000.002.255"}};
    for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        g_autoptr(Whois) whois = whois_new();
        g_autofree char *text =
            g_strdup_printf(FORMAT, WAYS[i][0], WAYS[i][1], "{}");
        g_assert_cmpuint(take(whois, text), ==, 1);
        check(whois, "192.0.2.254", NULL, ""); /* one of two, unmarked */
    }
    g_autoptr(Whois) whois = whois_new();
    g_autofree char *odd =
        g_strdup_printf(FORMAT, "192.00.2.0", "192.0.2.255", "{}");
    g_assert_cmpuint(take(whois, odd), ==, 0);
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
    g_test_add_func("/whois/handles", test_handles);
    g_test_add_func("/whois/line-ends", test_line_ends);
    g_test_add_func("/whois/hosters", test_hosters);
    g_test_add_func("/whois/denied", test_denied);
    g_test_add_func("/whois/rdap", test_rdap_details);
    g_test_add_func("/whois/again", test_again);
    g_test_add_func("/whois/file", test_file);
    return g_test_run();
}
