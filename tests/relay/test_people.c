/* Contact and family of a relay at a moment, since when, and by which
 * document; nothing of descriptors that no verified consensus names. */
#include "network.h"

#include "relay/import.h"
#include "relay/people.h"
#include "relay/people_file.h"

#include "base/errors.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>

static char *documents;
static GPtrArray *paths;

static Fingerprint relay_named(const char *nickname)
{
    Fingerprint relay;
    network_fingerprint(nickname, relay.bytes);
    return relay;
}

static Instant moment(const char *text)
{
    Instant instant;
    g_assert_true(instant_parse(text, &instant));
    return instant;
}

static void import_into(const char *into, const char *const *all)
{
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import(into, all, network_authorities(), NULL, NULL, NULL, &summary,
                 &error);
    g_assert_no_error(error);
    import_summary_clear(&summary);
}

static People *import_all(char **directory)
{
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    *directory = network_new_directory();
    import_into(*directory, all);
    People *people = people_open(*directory, &error);
    g_assert_no_error(error);
    return people;
}

/* "CONTACT FROM TO" then, or "-". */
static char *contact_of(const People *people, const char *nickname,
                        const char *when)
{
    Fingerprint relay = relay_named(nickname);
    Said said;
    char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];
    if (!people_contact(people, &relay, moment(when), &said))
        return g_strdup("-");
    return g_strdup_printf("%s %.13s %.13s", said.text,
                           instant_text(said.named.from, from),
                           instant_text(said.named.to, to));
}

static void assert_contact(const People *people, const char *nickname,
                           const char *when, const char *expected)
{
    g_autofree char *found = contact_of(people, nickname, when);
    g_assert_cmpstr(found, ==, expected);
}

static void test_contacts(void)
{
    g_autofree char *directory = NULL;
    g_autoptr(People) people = import_all(&directory);
    const char *first = "ops@umbrella.example 2026-05-01T10 2026-05-02T11";
    assert_contact(people, "alpha", "2026-05-01T09:59", "-");
    assert_contact(people, "alpha", "2026-05-01T10:00", first);
    assert_contact(people, "alpha", "2026-05-02T09:00", first);
    /* what was said in between, as long as it was said */
    assert_contact(people, "alpha", "2026-05-02T10:30", first);
    assert_contact(people, "alpha", "2026-05-02T10:00",
                   "new owner 2026-05-02T10 2026-05-02T10");
    assert_contact(people, "alpha", "2026-05-20", first);
    assert_contact(people, "alpha", "2026-06-01T10:00",
                   "ops@umbrella.example 2026-06-01T10 2026-06-01T10");
    assert_contact(people, "beta", "2026-05-01T12:00",
                   " 2026-05-01T10 2026-05-02T11");
    assert_contact(people, "gamma", "2026-05-02",
                   "stranger 2026-05-01T10 2026-05-01T10");
    /* its descriptor is known, but no consensus names it */
    assert_contact(people, "delta", "2026-06-02", "-");
    /* a microdescriptor tells no contact */
    assert_contact(people, "epsilon", "2026-06-02", "-");
    network_remove_directory(directory);
}

static void test_documents(void)
{
    g_autofree char *directory = NULL;
    g_autoptr(People) people = import_all(&directory);
    Fingerprint alpha = relay_named("alpha"), epsilon = relay_named("epsilon");
    Said contact, family;
    Instant when = moment("2026-05-01T12:00");
    g_assert_true(people_contact(people, &alpha, when, &contact));
    g_assert_cmpuint(strlen(contact.first), ==, 40);
    g_assert_cmpstr(contact.first, !=, contact.last);
    /* of both kinds the server descriptor, which also tells the contact */
    g_assert_true(people_family(people, &alpha, when, &family));
    g_assert_false(family.is_micro);
    g_assert_cmpstr(family.first, ==, contact.last);
    g_assert_true(people_family(people, &epsilon, when, &family));
    g_assert_cmpuint(strlen(family.first), ==, 64);
    network_remove_directory(directory);
}

static void test_roster(void)
{
    g_autofree char *directory = NULL;
    g_autoptr(People) people = import_all(&directory);
    Fingerprint alpha = relay_named("alpha"), delta = relay_named("delta");
    Roster roster;
    g_assert_cmpint(people_newest(people), ==, moment("2026-06-01T10:00"));
    g_assert_true(people_roster(people, &alpha, moment("2026-05-03"), &roster));
    g_assert_cmpstr(roster.nickname, ==, "alpha");
    g_assert_cmpuint(roster.count, ==, 2);
    char text[IP_TEXT_MAX];
    g_assert_cmpstr(ip_text(&roster.addresses[0], text), ==, "192.0.2.10");
    g_assert_cmpstr(ip_text(&roster.addresses[1], text), ==, "2001:db8::10");
    g_assert_true(roster.is_exit);
    g_assert_false(roster.is_bad_exit);
    g_assert_cmpint(roster.listed.from, ==, moment("2026-05-01T10:00"));
    g_assert_cmpint(roster.listed.to, ==, moment("2026-05-02T11:00"));
    g_assert_true(people_roster(people, &alpha, moment("2026-06-02"), &roster));
    g_assert_cmpstr(ip_text(&roster.addresses[0], text), ==, "192.0.2.99");
    g_assert_false(roster.is_exit);
    g_assert_false(
        people_roster(people, &delta, moment("2026-06-02"), &roster));
    network_remove_directory(directory);
}

static FamilyRelation relation(const People *people, const char *when,
                               const char *a, const char *b)
{
    g_autoptr(Families) families = people_families(people, moment(when));
    Fingerprint of_a = relay_named(a), of_b = relay_named(b);
    return families_relation(families, &of_a, &of_b);
}

static void test_families(void)
{
    g_autofree char *directory = NULL;
    g_autoptr(People) people = import_all(&directory);
    const char *early = "2026-05-01T10:00";
    g_assert_cmpint(relation(people, early, "alpha", "beta"), ==,
                    RELATION_MUTUAL);
    g_assert_cmpint(relation(people, early, "alpha", "gamma"), ==,
                    RELATION_CLAIMED);
    g_assert_cmpint(relation(people, early, "beta", "gamma"), ==,
                    RELATION_NONE);
    /* alpha names beta no more */
    g_assert_cmpint(relation(people, "2026-05-02T10:00", "alpha", "beta"), ==,
                    RELATION_CLAIMED);
    /* nothing that was current then is known */
    g_assert_cmpint(relation(people, "2026-05-20", "alpha", "beta"), ==,
                    RELATION_NONE);
    g_autoptr(Families) none = people_families(NULL, moment(early));
    g_assert_nonnull(none);
    network_remove_directory(directory);
}

static GBytes *file_of(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, PEOPLE_NAME, NULL);
    g_autoptr(GError) error = NULL;
    GBytes *bytes = file_read(path, 1 << 26, &error);
    g_assert_no_error(error);
    return bytes;
}

/* One by one, in any order: the same bytes. */
static void test_order(void)
{
    g_autofree char *whole = NULL;
    people_close(import_all(&whole));
    g_autoptr(GBytes) expected = file_of(whole);
    const char *certificates = g_ptr_array_index(paths, paths->len - 1);
    for (guint round = 0; round < 6; round++) {
        g_autofree char *directory = network_new_directory();
        g_autoptr(GRand) chance = g_rand_new_with_seed(round);
        g_autoptr(GPtrArray) order = g_ptr_array_new();
        for (guint i = 0; i < paths->len; i++)
            g_ptr_array_add(order, g_ptr_array_index(paths, i));
        while (order->len > 0) {
            guint next = (guint)g_rand_int_range(chance, 0, (gint32)order->len);
            const char *const one[] = {g_ptr_array_remove_index(order, next),
                                       certificates, NULL};
            import_into(directory, one);
        }
        g_autoptr(GBytes) found = file_of(directory);
        g_assert_true(g_bytes_equal(found, expected));
        network_remove_directory(directory);
    }
    network_remove_directory(whole);
}

/* A bridge's descriptor in a tor's cache leaves no trace. */
static void test_bridge(void)
{
    g_autofree char *cache = network_new_directory();
    g_autofree char *path = g_build_filename(cache, "cached-descriptors", NULL);
    g_assert_true(g_file_set_contents(
        path,
        "router hidden 198.51.100.77 9001 0 0\nplatform Tor\n"
        "published 2026-05-03 05:00:00\ncontact bridge-keeper\n"
        "reject *:*\nrouter-signature\n-----BEGIN SIGNATURE-----\nBBBB\n"
        "-----END SIGNATURE-----\n",
        -1, NULL));
    g_autofree char *directory = network_new_directory();
    const char *const all[] = {documents, cache, NULL};
    import_into(directory, all);
    g_autoptr(GBytes) bytes = file_of(directory);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_assert_nonnull(memmem(data, length, "waits@umbrella", 14));
    g_assert_null(memmem(data, length, "bridge-keeper", 13));
    network_remove_directory(cache);
    network_remove_directory(directory);
}

/* A damaged file is refused by whoever adds, and read without a crash. */
static void test_damage(void)
{
    g_autofree char *directory = NULL;
    people_close(import_all(&directory));
    g_autofree char *path = g_build_filename(directory, PEOPLE_NAME, NULL);
    g_autoptr(GBytes) bytes = file_of(directory);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    Fingerprint alpha = relay_named("alpha");
    for (guint round = 0; round < 45; round++) {
        g_autofree char *copy = g_memdup2(data, length);
        gsize cut = round % 3 == 0
                        ? (gsize)g_rand_int_range(chance, 0, (gint32)length)
                        : length;
        for (guint i = 0; i < 8; i++)
            copy[g_rand_int_range(chance, 200, (gint32)length)] =
                (char)g_rand_int(chance);
        g_assert_true(g_file_set_contents(path, copy, (gssize)cut, NULL));
        ImportSummary summary;
        const char *const none[] = {documents, NULL};
        g_autoptr(GError) error = NULL;
        bool imported = relay_import(directory, none, network_authorities(),
                                     NULL, NULL, NULL, &summary, &error);
        import_summary_clear(&summary);
        g_assert_true(imported ||
                      g_error_matches(error, DESK_ERROR, DESK_ERROR_INVALID));
        g_autoptr(People) people = people_open(directory, NULL);
        Said said;
        if (people) {
            people_contact(people, &alpha, moment("2026-05-03"), &said);
            families_free(people_families(people, moment("2026-05-02T10:00")));
        }
    }
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    documents = network_new_directory();
    paths = network_write(TEST_DIR "/people.txt", documents);
    g_test_add_func("/people/contacts", test_contacts);
    g_test_add_func("/people/documents", test_documents);
    g_test_add_func("/people/families", test_families);
    g_test_add_func("/people/roster", test_roster);
    g_test_add_func("/people/order", test_order);
    g_test_add_func("/people/bridge", test_bridge);
    g_test_add_func("/people/damage", test_damage);
    int status = g_test_run();
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    g_free(documents);
    return status;
}
