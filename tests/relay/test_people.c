/* Contact and family of a relay at a moment, since when, and by which
 * document; nothing of descriptors that no verified consensus names. */
#include "network.h"

#include "relay/import.h"
#include "relay/people.h"
#include "relay/people_file.h"
#include "relay/people_take.h"

#include "base/errors.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

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

/* What a relay is listed with, of a few that there are. */
typedef struct {
    uint8_t fingerprint[20], digest[32];
    IpAddress v4, v6;
    guint v6_count;
    bool is_exit, has_digest;
} Shown;

static Shown random_shown(GRand *chance, guint relay)
{
    Shown shown = {
        .fingerprint = {(uint8_t)relay},
        .digest = {(uint8_t)g_rand_int_range(chance, 0, 3)},
        .v4 = {.bytes = {[10] = 0xff, [11] = 0xff, 192, 0, 2}},
        .v6 = {.bytes = {0x20, 1, 0xd, 0xb8}},
        .v6_count = (guint)g_rand_int_range(chance, 0, 2),
        .is_exit = g_rand_int_range(chance, 0, 2),
        .has_digest = g_rand_int_range(chance, 0, 10) > 0,
    };
    shown.v4.bytes[15] = (uint8_t)g_rand_int_range(chance, 0, 2);
    return shown;
}

static uint64_t tell(PeopleTaking *taking, guint stream, uint64_t same,
                     const Shown *shown, uint32_t when, bool is_micro,
                     bool has_v6)
{
    return people_take_listing(
        taking, &(PeopleListing){
                    .stream = stream,
                    .same = same,
                    .valid_after = when,
                    .is_micro = is_micro,
                    .fingerprint = shown->fingerprint,
                    .digest = shown->has_digest ? shown->digest : NULL,
                    .nickname = text_of_bytes("nick", 4),
                    .is_exit = shown->is_exit,
                    .v4 = &shown->v4,
                    .v6 = &shown->v6,
                    .v6_count = shown->v6_count,
                    .has_v6 = has_v6,
                });
}

/* The file of what was taken; takes it. */
static GBytes *saved(PeopleTaking *taking)
{
    g_autofree char *directory = network_new_directory();
    g_autoptr(GError) error = NULL;
    people_save(taking, directory, &error);
    g_assert_no_error(error);
    people_taking_free(taking);
    GBytes *bytes = file_of(directory);
    network_remove_directory(directory);
    return bytes;
}

static PeopleTaking *nothing_taken(void)
{
    PeopleTaking *taking = people_load("/nonexistent", NULL);
    g_assert_nonnull(taking);
    return taking;
}

enum { RELAYS = 5, STREAMS = 3 };

/* Hours of several months at once, told with what is known to be the same: the
 * file is as if each listing had been looked at, in one stream. */
static void take_at_random(GRand *chance, PeopleTaking *with,
                           PeopleTaking *without)
{
    Shown shown[STREAMS][2][RELAYS];
    uint64_t told[STREAMS][2][RELAYS] = {0};
    uint32_t when[STREAMS] = {1767225600, 1769904000, 1767312000};
    for (guint hour = 0; hour < 60; hour++) {
        guint s = (guint)g_rand_int_range(chance, 0, STREAMS);
        bool is_micro = g_rand_int_range(chance, 0, 2);
        bool has_v6 = g_rand_int_range(chance, 0, 6);
        when[s] += g_rand_int_range(chance, 0, 20) ? 3600 : PEOPLE_GAP_S + 3600;
        for (guint r = 0; r < RELAYS; r++) {
            Shown *one = &shown[s][is_micro][r];
            uint64_t *same = &told[s][is_micro][r];
            if (*same == 0 || g_rand_int_range(chance, 0, 4) == 0) {
                *one = random_shown(chance, r);
                *same = 0;
            }
            *same = tell(with, s, *same, one, when[s], is_micro, has_v6);
            tell(without, 0, 0, one, when[s], is_micro, has_v6);
        }
    }
}

static void test_streams(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(3);
    for (guint round = 0; round < 100; round++) {
        PeopleTaking *with = nothing_taken(), *without = nothing_taken();
        take_at_random(chance, with, without);
        g_autoptr(GBytes) a = saved(with);
        g_autoptr(GBytes) b = saved(without);
        g_assert_true(g_bytes_equal(a, b));
    }
}

/* Consensuses of months without a single descriptor: what waits for one is
 * not looked at again for each that comes, and the newest is kept. */
static void test_waiting(void)
{
    enum { MANY = 4 * PEOPLE_SPANS_MAX + 5000 };
    PeopleTaking *taking = nothing_taken();
    Shown shown = {.fingerprint = {1}, .has_digest = true};
    clock_t started = clock();
    for (uint32_t i = 0; i < MANY; i++) {
        memcpy(shown.digest, &i, sizeof i);
        tell(taking, 0, 0, &shown, 1200000000 + i * 60, true, false);
    }
    g_assert_cmpint(clock() - started, <, 20 * CLOCKS_PER_SEC);
    const uint32_t newest = MANY - 1, oldest = 0;
    g_autoptr(GBytes) bytes = saved(taking);
    gsize length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    Section sections[PEOPLE_SECTIONS];
    g_assert_true(
        sections_open(&PEOPLE_LAYOUT, data, length, "test", sections, NULL));
    g_assert_cmpuint(sections[PEOPLE_SPANS].count, ==, PEOPLE_SPANS_MAX);
    const PeopleSpan *spans = sections[PEOPLE_SPANS].items;
    bool has_newest = false;
    for (size_t i = 0; i < sections[PEOPLE_SPANS].count; i++) {
        has_newest |= memcmp(spans[i].digest, &newest, sizeof newest) == 0;
        g_assert_cmpint(memcmp(spans[i].digest, &oldest, sizeof oldest), !=, 0);
    }
    g_assert_true(has_newest);
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
    g_test_add_func("/people/streams", test_streams);
    g_test_add_func("/people/waiting", test_waiting);
    int status = g_test_run();
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    g_free(documents);
    return status;
}
