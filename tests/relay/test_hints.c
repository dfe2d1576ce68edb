/* Unsigned lists: what they say is kept beside, and no verdict rests on it. */
#include "network.h"

#include "relay/hints.h"
#include "relay/sources.h"

#include <glib/gstdio.h>
#include <string.h>

#define FP "0123456789ABCDEF0123456789ABCDEF01234567"
#define DETAILS                                                                \
    "{\"version\":\"10.0\",\n\"relays_published\":\"2026-02-22 13:00:00\",\n"  \
    "\"relays\":[\n"                                                           \
    "{\"nickname\":\"alpha\",\"fingerprint\":\"" FP "\",\"or_addresses\":["    \
    "\"192.0.2.1:9001\",\"[2001:db8::1]:9001\"],\"exit_addresses\":["          \
    "\"192.0.2.9\",\"192.0.2.1\"],\"last_seen\":\"2026-02-22 "                 \
    "13:00:00\",\"as\":\"AS64496\","                                           \
    "\"country\":\"de\",\"contact\":\"one\\ntwo\"},\n"                         \
    "{\"nickname\":\"nothing\"},\n"                                            \
    "],\n\"bridges\":[\n]}\n"

static ReadResult read_text(Hints *hints, const char *text, bool is_bulk)
{
    Records records = {.hints = hints, .fetched = 1771765200};
    Text document = text_of_bytes(text, strlen(text));
    return is_bulk ? source_bulk_read(&records, document, "test", NULL)
                   : source_onionoo_read(&records, document, "test", NULL);
}

static GArray *find(const Hints *hints, const char *address)
{
    IpAddress ip;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Hint));
    g_assert_true(ip_parse(address, strlen(address), &ip));
    hints_find(hints, &ip, found);
    return found;
}

static const Hint *only(const GArray *found)
{
    g_assert_cmpuint(found->len, ==, 1);
    return &g_array_index(found, Hint, 0);
}

static void check_all(const Hints *hints)
{
    IpAddress ip;
    g_autoptr(GArray) v4 = find(hints, "192.0.2.1");
    g_assert_cmpstr(only(v4)->nickname, ==, "alpha");
    g_assert_cmpstr(only(v4)->contact, ==, "one two");
    g_assert_cmpstr(only(v4)->as, ==, "AS64496");
    g_assert_true(only(v4)->is_exit_address);
    g_autoptr(GArray) v6 = find(hints, "2001:db8::1");
    g_assert_cmpstr(only(v6)->nickname, ==, "alpha");
    g_assert_false(only(v6)->is_exit_address);
    g_autoptr(GArray) exit = find(hints, "192.0.2.9");
    g_assert_true(only(exit)->is_exit_address);
    g_autoptr(GArray) bulk = find(hints, "198.51.100.7");
    g_assert_true(only(bulk)->is_bulk);
    g_assert_cmpint(only(bulk)->seen, ==, 1771765200);
    g_assert_cmpstr(only(bulk)->country, ==, "");
    g_assert_true(ip_parse("192.0.2.9", 9, &ip));
    g_assert_cmpstr(hints_country(hints, &ip), ==, "de");
    g_assert_cmpstr(hints_as(hints, &ip), ==, "AS64496");
    g_assert_true(ip_parse("198.51.100.7", 12, &ip));
    g_assert_null(hints_country(hints, &ip));
}

static void test_lists(void)
{
    g_autofree char *directory = network_new_directory();
    g_autoptr(Hints) hints = hints_load(directory, NULL);
    g_assert_cmpint(read_text(hints, DETAILS, false), ==, READ_NEW);
    g_assert_cmpint(read_text(hints, "198.51.100.7\n203.0.113.9\n", true), ==,
                    READ_NEW);
    check_all(hints);
    g_assert_true(hints_save(hints, directory, NULL));
    g_autoptr(Hints) again = hints_load(directory, NULL);
    check_all(again);
    g_assert_cmpuint(hints_count(again), ==, hints_count(hints));
    network_remove_directory(directory);
}

/* The newest word on a relay, in whichever order they come. */
static void test_newest(void)
{
    static const char OLD[] =
        "{\"version\":\"8.0\"\n{\"fingerprint\":\"" FP "\",\"or_addresses\":["
        "\"192.0.2.1:9001\"],\"last_seen\":\"2025-02-22 13:00:00\","
        "\"country\":\"fr\"}\n";
    for (guint order = 0; order < 2; order++) {
        g_autoptr(Hints) hints = hints_load("/nonexistent", NULL);
        read_text(hints, order ? OLD : DETAILS, false);
        read_text(hints, order ? DETAILS : OLD, false);
        IpAddress ip;
        g_assert_true(ip_parse("192.0.2.1", 9, &ip));
        g_assert_cmpstr(hints_country(hints, &ip), ==, "de");
    }
}

static void test_damaged(void)
{
    static const char *const TEXTS[] = {
        "",
        "{\"version\":\"8.0\",\"relays\":[]}",
        "{\"a\":",
        "{\"fingerprint\":\"" FP "\"}",
        "{\"fingerprint\":\"" FP "\",\"last_seen\":7}",
        "{\"fingerprint\":[],\"last_seen\":\"2025-02-22 13:00:00\"}",
        "{\"fingerprint\":\"0123\",\"last_seen\":\"2025-02-22 13:00:00\"}"};
    g_autoptr(Hints) hints = hints_load("/nonexistent", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        g_assert_cmpint(read_text(hints, TEXTS[i], false), ==, READ_DAMAGED);
    g_assert_cmpint(read_text(hints, "192.0.2.1\nhere\n", true), ==,
                    READ_DAMAGED);
    /* deep nesting is jansson's to refuse */
    g_autofree char *deep = g_strnfill(1 << 20, '[');
    g_autofree char *text = g_strdup_printf("{\"x\":%s\n", deep);
    g_assert_cmpint(read_text(hints, text, false), ==, READ_DAMAGED);
    g_assert_cmpint(read_text(NULL, DETAILS, false), ==, READ_SKIPPED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hints/lists", test_lists);
    g_test_add_func("/hints/newest", test_newest);
    g_test_add_func("/hints/damaged", test_damaged);
    return g_test_run();
}
