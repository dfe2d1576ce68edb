/* Each kind of document in the forms that real files have. */
#include "relay/descriptor.h"
#include "relay/history_build.h"
#include "relay/portpolicy.h"
#include "relay/signer.h"
#include "relay/sources.h"
#include "relay/splitter.h"

#include "base/digest.h"
#include "base/errors.h"
#include "network.h"

#include <string.h>

#define IDENTITY "AAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define HEAD                                                                   \
    "network-status-version 3\nvote-status consensus\n"                        \
    "valid-after 2026-05-03 10:00:00\n"
#define RELAY                                                                  \
    "r nick " IDENTITY " " IDENTITY " 2026-05-03 09:00:00 192.0.2.1 9001 0\n"
#define TAIL "directory-footer\ndirectory-signature A B\n"

typedef ReadResult (*Reader)(Records *, Text, const char *, GError **);

/* The consensus with signatures that hold. */
static char *signed_new(const char *text)
{
    GString *document = g_string_new(text);
    g_string_append(document, "directory-footer\n");
    signer_sign(network_signer(), 3, document, 0);
    return g_string_free(document, FALSE);
}

/* Read one document; the facts for a look, or NULL with the reason. */
static Facts *read_one(Reader reader, const char *text, char **reason)
{
    g_autoptr(Facts) facts = facts_new(), unverified = facts_new();
    g_autoptr(GError) error = NULL;
    Records records = {
        .authorities = network_authorities(),
        .certificates = network_certificates(),
        .facts = facts,
        .unverified = unverified,
    };
    ReadResult result =
        reader(&records, text_of_bytes(text, strlen(text)), "test", &error);
    g_assert_cmpuint(unverified->documents->len, ==, 0);
    if (reason)
        *reason = error ? g_strdup(error->message) : NULL;
    if (result == READ_DAMAGED) {
        g_assert_cmpuint(facts->documents->len, ==, 0);
        return NULL;
    }
    facts_settle(facts);
    return g_steal_pointer(&facts);
}

static void refuses(Reader reader, const char *text, const char *wanted)
{
    g_autofree char *reason = NULL;
    g_assert_null(read_one(reader, text, &reason));
    g_assert_cmpstr(reason, ==, wanted);
}

static guint run_count(const Facts *facts, FactKind kind)
{
    return facts_layer(facts)->runs[kind]->len;
}

static void test_consensus(void)
{
    g_autofree char *text = signed_new(
        HEAD "consensus-method 28\nunknown line of tomorrow\n" RELAY
             "a [2001:db8::1]:9001\na 192.0.2.9:9001\n"
             "s Exit Running Valid\nv Tor 0.4\npr Cons=1-2\n"
             "w Bandwidth=3 Unmeasured=1\np accept 80,443\nid ed25519 x\n"
             "r second //////////////////////////8 " IDENTITY
             " 2026-05-03 09:00:00 192.0.2.2 9001 0 and more\n");
    g_autoptr(Facts) plain = read_one(source_consensus_read, text, NULL);
    g_assert_nonnull(plain);
    g_assert_cmpuint(run_count(plain, FACT_V4), ==, 2);
    g_assert_cmpuint(run_count(plain, FACT_V6), ==, 1);
    g_assert_cmpuint(run_count(plain, FACT_SUMMARY), ==, 1);
    g_assert_cmpuint(run_count(plain, FACT_ROUTER), ==, 2);
    g_assert_cmpuint(run_count(plain, FACT_MICRO), ==, 0);
}

static void test_consensus_micro(void)
{
    g_autofree char *text =
        signed_new("network-status-version 3 microdesc\nvote-status consensus\n"
                   "consensus-method 33\nvalid-after 2026-05-03 10:00:00\n"
                   "r nick " IDENTITY " 2038-01-01 00:00:00 192.0.2.1 9001 0\n"
                   "m AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    g_autoptr(Facts) facts = read_one(source_consensus_read, text, NULL);
    g_assert_nonnull(facts);
    g_assert_cmpuint(run_count(facts, FACT_MICRO), ==, 1);
    g_assert_cmpuint(run_count(facts, FACT_ROUTER), ==, 0);
}

static void test_consensus_damaged(void)
{
    Reader read = source_consensus_read;
    refuses(read, HEAD RELAY, "it ends before its signatures");
    refuses(read, HEAD TAIL, "it lists no relay");
    refuses(read, "network-status-version 3\n" RELAY TAIL,
            "it has no valid-after line");
    refuses(read, HEAD "r nick short\n" TAIL, "line 4 is malformed");
    refuses(read, HEAD RELAY "p accept everything\n" TAIL,
            "line 5 is malformed");
    refuses(read, HEAD RELAY "a [2001:db8::1\n" TAIL, "line 5 is malformed");
    refuses(read, "network-status-version 3\nvalid-after 2026-02-30 10:00:00\n",
            "line 2 is malformed");
    refuses(read, "", "it has no valid-after line");
    g_autoptr(Facts) vote = read_one(
        read, "network-status-version 3\nvote-status vote\nr x\n", NULL);
    g_assert_cmpuint(vote->documents->len, ==, 0);
}

static void test_exit_list(void)
{
    static const char NODE[] =
        "ExitNode 0123456789ABCDEF0123456789ABCDEF01234567\n";
    g_autofree char *list = g_strconcat(
        "Downloaded 2018-11-02 01:02:01\n", NODE,
        "Published 2018-11-01 17:08:26\nLastStatus 2018-11-02 00:03:25\n"
        "ExitAddress 192.0.2.1 2018-11-01 18:08:13\n"
        "ExitAddress 192.0.2.2 2018-11-01 19:08:13\n"
        "ExitNode ffffffffffffffffffffffffffffffffffffffff\n",
        NULL);
    g_autoptr(Facts) facts = read_one(source_exitlist_read, list, NULL);
    g_assert_cmpuint(facts->scans->len, ==, 2);
    g_assert_cmpuint(g_array_index(facts->documents, Document, 0).when, ==,
                     1541120521);
    g_autofree char *bad = g_strconcat(
        NODE, "ExitAddress 192.0.2.300 2018-11-01 18:08:13\n", NULL);
    refuses(source_exitlist_read, bad, "line 2 is malformed");
    refuses(source_exitlist_read, "ExitAddress 192.0.2.1 2018-11-01 18:08:13\n",
            "line 1 is malformed");
    refuses(source_exitlist_read, NODE, "it has no ExitAddress");
}

static const char *only_policy(const Facts *facts, bool is_micro)
{
    const GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    g_assert_cmpuint(all->len, ==, 1);
    return intern_at(facts->texts,
                     g_array_index(all, DescriptorFacts, 0).policy);
}

#define OLD_DESCRIPTOR                                                         \
    "router old 192.0.2.1 9001 0 9030\nopt published 2005-12-01 10:00:00\n"    \
    "opt fingerprint 0000\ncontact \xff\xfe somebody\n"                        \
    "reject 169.254.0.0/255.255.0.0:*\nreject *:25\naccept *:*\n"              \
    "router-signature\n"

static void test_descriptor(void)
{
    g_autoptr(Facts) facts =
        read_one(source_descriptor_read, OLD_DESCRIPTOR "rest", NULL);
    g_assert_cmpstr(only_policy(facts, false), ==,
                    "Faccept 1-24,26-65535\treject 1-65535\t"
                    "reject private:*,reject *:25,accept *:*");
    uint8_t digest[20];
    digest_sha1(OLD_DESCRIPTOR, strlen(OLD_DESCRIPTOR), digest);
    g_assert_cmpuint(intern_find(facts->routers, digest, 0), ==, 0);

    g_auto(GStrv) lines = g_strsplit(OLD_DESCRIPTOR, "\n", -1);
    g_autofree char *with_cr = g_strjoinv("\r\n", lines);
    size_t length;
    g_autofree char *without =
        source_without_cr(text_of_bytes(with_cr, strlen(with_cr)), &length);
    g_assert_cmpstr(without, ==, OLD_DESCRIPTOR);
    g_assert_cmpuint(length, ==, strlen(OLD_DESCRIPTOR));
}

static void test_descriptor_damaged(void)
{
    Reader read = source_descriptor_read;
    refuses(read, "router a 192.0.2.1 1 0 0\npublished 2026-05-03 10:00:00\n",
            "it ends before its signature");
    refuses(read, "router a 192.0.2.1 1 0 0\nrouter-signature\n",
            "it has no published line");
    refuses(read,
            "router a 192.0.2.1 1 0 0\naccept nonsense\nrouter-signature\n",
            "line 2 is malformed");
    refuses(read,
            "router a 192.0.2.1 1 0 0\nrouter b 192.0.2.1 1 0 0\n"
            "router-signature\n",
            "line 2 is malformed");
    refuses(read, "router a here 1 0 0\nrouter-signature\n",
            "line 1 is malformed");
}

static const char *random_rule(GRand *chance)
{
    static const char *const RULES[] = {
        "accept *:80\n",
        "opt accept *:80\n",
        "accept *:443\n",
        "reject 192.0.2.1:*\n",
        "reject 198.51.100.1:*\n",
        "reject 198.51.100.1:* 4 6\n",
        "reject 10.0.0.0/8:*\n",
        "reject *:25\n",
        "reject *:*\n",
        "accept *:*\n",
        "ipv6-policy accept 80,443\n",
        "ipv6-policy reject 25\n",
        "router nick 198.51.100.1 9001 0 0\n",
        "accept nonsense\n",
    };
    return RULES[g_rand_int_range(chance, 0, G_N_ELEMENTS(RULES))];
}

/* What is known of rules is what they would be made into. */
static void test_policies(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(9);
    g_autoptr(PolicyMemory) memory = policy_memory_new();
    guint good = 0;
    for (guint round = 0; round < 5000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (g_rand_int_range(chance, 0, 4))
            g_string_append(text, g_rand_int_range(chance, 0, 2)
                                      ? "router nick 192.0.2.1 9001 0 0\n"
                                      : "router nick 198.51.100.1 9001 0 0\n");
        g_string_append(text, "published 2026-05-03 10:00:00\n");
        for (int i = g_rand_int_range(chance, 0, 4); i > 0; i--)
            g_string_append(text, random_rule(chance));
        g_string_append(text, "router-signature\n");
        Text document = text_of_bytes(text->str, text->len);
        g_autoptr(GError) error = NULL;
        g_auto(DescriptorReading) with = {.policies = memory}, without = {0};
        bool is_good = descriptor_read(document, &with, NULL);
        g_assert_cmpint(descriptor_read(document, &without, &error), ==,
                        is_good);
        g_assert_cmpstr(with.policy, ==, without.policy);
        good += is_good;
    }
    g_assert_cmpuint(good, >, 2000);
}

/* More than is kept: what was forgotten is not known, what is kept is. */
static void test_policies_many(void)
{
    g_autoptr(PolicyMemory) memory = policy_memory_new();
    g_autofree char *policy = g_strnfill(10000, 'p');
    for (guint i = 0; i < 5000; i++) {
        g_autoptr(GString) rules = g_string_new(NULL);
        g_string_printf(rules, "%u", i);
        g_assert_null(policy_memory_find(memory, rules));
        policy_memory_put(memory, rules, policy);
        g_assert_cmpstr(policy_memory_find(memory, rules), ==, policy);
    }
    g_autoptr(GString) first = g_string_new("0");
    g_assert_null(policy_memory_find(memory, first));
}

static void test_micro(void)
{
    static const char TEXT[] = "onion-key\nntor-onion-key x\n"
                               "p accept 80,443\np6 accept 443\n";
    g_autoptr(Facts) facts = read_one(source_micro_read, TEXT, NULL);
    g_assert_cmpstr(only_policy(facts, true), ==,
                    "Saccept 80,443\taccept 443\t");
    g_autoptr(Facts) none =
        read_one(source_micro_read, "onion-key\nid ed25519 p\n", NULL);
    g_assert_cmpstr(only_policy(none, true), ==,
                    "Sreject 1-65535\treject 1-65535\t");
    refuses(source_micro_read, "onion-key\np accept 80",
            "it ends within a line");
    refuses(source_micro_read, "onion-key\np maybe 80\n",
            "line 2 is malformed");
}

/* "consensus:LENGTH vote:0 ..." of what the splitter finds. */
static void note_document(const Source *source, Text document, const char *flaw,
                          gpointer data)
{
    g_string_append_printf(data, "%s%s:%zu", ((GString *)data)->len ? " " : "",
                           flaw     ? flaw
                           : source ? source->word
                                    : "unknown",
                           text_length(&document));
}

static void check_split(const char *text, const char *wanted)
{
    /* in pieces of every size: the answer must not depend on them */
    for (size_t step = 1; step < 40; step += 6) {
        g_autoptr(GString) found = g_string_new(NULL);
        g_autoptr(Splitter) splitter = splitter_new(note_document, found);
        for (size_t at = 0; at < strlen(text); at += step)
            splitter_feed(splitter, text + at, MIN(step, strlen(text) - at));
        splitter_finish(splitter);
        g_assert_cmpstr(found->str, ==, wanted);
    }
}

static void test_splitter(void)
{
    check_split("", "");
    check_split("\n\n", "");
    check_split("onion-key\na\nonion-key\nbb\n",
                "microdescriptor:12 microdescriptor:13");
    check_split("@last-listed x\nonion-key\na\n@last-listed y\nonion-key\n",
                "microdescriptor:12 microdescriptor:10");
    check_split("@downloaded-at x\n@source \"y\"\nrouter a\nonion-key\nk\n"
                "router-signature\n-----BEGIN X-----\nz\n-----END X-----\n"
                "\nrouter b\nrouter-signature\n-----END X-----\nextra-info q\n"
                "router-signature\n-----END X-----\n",
                "server-descriptor:74 server-descriptor:42 extra-info:46");
    check_split("router a\nrouter b\n", "server-descriptor:9 "
                                        "server-descriptor:9");
    check_split("ExitNode A\nExitAddress 1\nExitNode B\n", "exit-list:36");
    check_split("@type tordnsel 1.0\nDownloaded x\nExitNode A\n"
                "@type tordnsel 1.0\nDownloaded y\n",
                "exit-list:24 exit-list:13");
    check_split("network-status-version 3\na\nnetwork-status-version 3\nb\n",
                "consensus:27 consensus:27");
    check_split("network-status-version 2\na\n", "v2-status:27");
    check_split("{\"version\":1}\nrouter a\n", "unknown:0");
    check_split("nonsense\n@type microdescriptor 1.0\nonion-key\n",
                "unknown:0 microdescriptor:10");
    check_split("@type bridge-server-descriptor 1.2\nrouter a\nrouter b\n",
                "bridge:0");
    check_split("@type something-new 1.0\nrouter a\n", "unknown:0");
    check_split("{\"version\":\"8.0\",\n\"relays\":[\n", "onionoo:29");
    check_split("{\"relays_published\":\"2013-05-03 10:00:00\",\n",
                "onionoo:43");
    check_split("192.0.2.1\n198.51.100.7\n", "bulk-exit-list:23");
    check_split("192.0.2.1 and more\n", "unknown:0");
    check_split("router a", "server-descriptor:8");
    check_split("network-status-version 3\nvote-status vote\na\n", "vote:44");
}

/* What people and other programs put before a document or around it. */
static void test_splitter_saved(void)
{
    check_split("\xef\xbb\xbfonion-key\na\n", "microdescriptor:12");
    check_split("\xef\xbb\xbf@type microdescriptor 1.0\nonion-key\n",
                "microdescriptor:10");
    check_split("# from a mirror\n#\n\nonion-key\na\n", "microdescriptor:12");
    check_split("# a list for 192.0.2.9 port 80 #\n#\n192.0.2.1\n",
                "bulk-exit-list:10");
    check_split("192.0.2.1\r\n# more\r\n192.0.2.2\r\n", "bulk-exit-list:30");
    check_split("# nothing but remarks\n", "");
}

/* Types as CollecTor's collector.html lists them, and what comes without. */
static void test_splitter_types(void)
{
    check_split("@type server-descriptor 1.7\nrouter a\n",
                "server-descriptor:9");
    check_split("@type server-descriptor 2.0\nrouter a\nrouter b\n"
                "@type server-descriptor 1.0\nrouter c\n",
                "its format has a version that is not known here:0 "
                "its format has a version that is not known here:0 "
                "server-descriptor:9");
    check_split("@type bridge-network-status 1.2\nr a\n"
                "@type bridge-pool-assignment 1.0\n"
                "bridge-pool-assignment 2026-05-03 10:00:00\nab https\n"
                "@type snowflake-stats 1.0\nsnowflake-stats-end x\n"
                "@type torperf 1.1\nSOURCE=a\n",
                "bridge:0 bridge:0 statistics:0 statistics:0");
    check_split("1546300800\nversion=1.4.0\n=====\nbw=1 node_id=$A\n",
                "bandwidth:0");
    check_split("0.0.0.0 - - [03/May/2026:00:00:00 +0000] \"GET / HTTP/1.1\" "
                "200 1\n",
                "web-log:0");
    check_split("hs-descriptor 3\na\n", "onion-service:0");
    check_split("rendezvous-service-descriptor a\nb\n", "onion-service:0");
    check_split("network-status-diff-version 1\nhash a b\n",
                "consensus-diff:0");
    check_split("compression deflate\ndocument-type consensus\n",
                "consensus-diff:0");
    check_split("network-status\npublished 2005-05-03 10:00:00\n",
                "v1-running-routers:0");
}

static void test_splitter_limits(void)
{
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(Splitter) splitter = splitter_new(note_document, found);
    g_autofree char *block = g_strnfill(1 << 20, 'x');
    splitter_feed(splitter, "network-status-version 3\n", 25);
    for (guint i = 0; i < 66; i++) {
        block[0] = '\n';
        splitter_feed(splitter, block, 1 << 20);
    }
    splitter_feed(splitter, "\n@type microdescriptor 1.0\nonion-key\n", 37);
    splitter_finish(splitter);
    g_assert_cmpstr(found->str, ==,
                    "it is larger than 64 MB:0 microdescriptor:10");
}

/* Anything at all: no crash, and time in proportion. */
static void test_garbage(void)
{
    static const char *const WORDS[] = {"network-status-version 3\n",
                                        "vote-status consensus\n",
                                        RELAY,
                                        "valid-after 2026-05-03 10:00:00\n",
                                        "p accept 1-2,3\n",
                                        "\r\n",
                                        "directory-signature A\n",
                                        "router x 192.0.2.1 1 0 0\n",
                                        "@type ",
                                        "router-signature\n",
                                        "-----END X-----\n",
                                        "ExitNode ",
                                        "m AAAA",
                                        "accept *:80\n",
                                        "onion-key\n",
                                        "\0",
                                        "a [",
                                        "s Exit\n",
                                        "\xff"};
    const Reader readers[] = {source_consensus_read, source_exitlist_read,
                              source_descriptor_read, source_micro_read};
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);
    for (guint round = 0; round < 400; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = g_rand_int_range(chance, 1, 60); i > 0; i--)
            g_string_append(
                text, WORDS[g_rand_int_range(chance, 0, G_N_ELEMENTS(WORDS))]);
        for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
            g_autofree char *reason = NULL;
            g_autoptr(Facts) facts = read_one(readers[i], text->str, &reason);
            g_assert_true(facts || reason);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/consensus/ns", test_consensus);
    g_test_add_func("/consensus/micro", test_consensus_micro);
    g_test_add_func("/consensus/damaged", test_consensus_damaged);
    g_test_add_func("/exitlist", test_exit_list);
    g_test_add_func("/descriptor/old", test_descriptor);
    g_test_add_func("/descriptor/damaged", test_descriptor_damaged);
    g_test_add_func("/descriptor/policies", test_policies);
    g_test_add_func("/descriptor/policies-many", test_policies_many);
    g_test_add_func("/microdescriptor", test_micro);
    g_test_add_func("/splitter/cuts", test_splitter);
    g_test_add_func("/splitter/saved", test_splitter_saved);
    g_test_add_func("/splitter/types", test_splitter_types);
    g_test_add_func("/splitter/limits", test_splitter_limits);
    g_test_add_func("/sources/garbage", test_garbage);
    return g_test_run();
}
