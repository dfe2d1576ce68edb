/*
 * Random histories: however they are joined, month by month, in any order and
 * with months that are replaced, the bytes are the same, and they say what one
 * derivation from all the facts says.
 */
#include "relay/facts_file.h"
#include "relay/history_build.h"
#include "relay/history_join.h"
#include "relay/month.h"

#include "base/digest.h"
#include "base/ipaddress.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MONTHS    3
#define FIRST     (2026 * 12 + 2) /* March */
#define NEAR      24              /* hours on each side of a border */
#define HOURS     (2 * NEAR * MONTHS)
#define RELAYS    700 /* more than are copied in one go */
#define LISTS_MAX 30

static char *folder;

/* What all consensuses and exit lists say. */
typedef struct {
    guint32 seed;
    uint32_t hours[HOURS], bits[HOURS];
    struct {
        uint8_t first, last; /* hour by number; last < first: never */
        uint8_t address, other_address, other_from;
        bool has_v6;
    } relays[RELAYS];
} World;

static World *world_new(guint32 seed)
{
    World *world = g_new0(World, 1);
    g_autoptr(GRand) chance = g_rand_new_with_seed(seed);
    world->seed = seed;
    for (uint32_t i = 0; i < HOURS; i++) {
        uint32_t month = FIRST + i / (2 * NEAR), of_month = i % (2 * NEAR);
        Instant at = of_month < NEAR
                         ? month_start(month) + 3600 * (Instant)of_month
                         : month_start(month + 1) -
                               3600 * (Instant)(2 * NEAR - of_month);
        world->hours[i] = (uint32_t)at;
        world->bits[i] = g_rand_int(chance) % 8; /* 0: not known */
        if (!(world->bits[i] & (HOUR_NS | HOUR_MICRO)))
            world->bits[i] = 0;
        /* At a border a summary is not taken over from the month beside. */
        if (of_month == 0 || of_month == 2 * NEAR - 1)
            world->bits[i] = HOUR_NS | HOUR_MICRO | HOUR_HAS_V6;
    }
    for (guint i = 0; i < RELAYS; i++) {
        guint length = g_rand_int(chance) % 5 ? 12 : HOURS;
        guint first = g_rand_int(chance) % HOURS;
        world->relays[i].first = (uint8_t)first;
        world->relays[i].last = (uint8_t)MIN(first + length, HOURS - 1);
        world->relays[i].address = (uint8_t)g_rand_int(chance);
        world->relays[i].other_address = (uint8_t)g_rand_int(chance);
        world->relays[i].other_from = (uint8_t)g_rand_int(chance);
        world->relays[i].has_v6 = g_rand_boolean(chance);
    }
    return world;
}

static uint32_t put_address(Facts *facts, const char *prefix, unsigned number)
{
    g_autofree char *text = g_strdup_printf("%s%x", prefix, number % 200);
    if (!strchr(prefix, ':')) {
        g_free(text);
        text = g_strdup_printf("%s%u", prefix, number % 200);
    }
    IpAddress ip;
    g_assert_true(ip_parse(text, strlen(text), &ip));
    return intern_put(facts->addresses, ip.bytes, 0);
}

static uint32_t put_relay(Facts *facts, guint32 seed, guint relay)
{
    uint8_t fingerprint[20] = {(uint8_t)(relay * 37 + seed),
                               (uint8_t)(relay >> 8), (uint8_t)relay};
    LastListing *unused;
    return facts_put_relay(facts, fingerprint, &unused);
}

static void put_listing(Facts *facts, const World *world, guint hour,
                        guint relay, GRand *chance)
{
    uint32_t bits = world->bits[hour];
    uint32_t number = put_relay(facts, world->seed, relay);
    guint address = hour < world->relays[relay].other_from
                        ? world->relays[relay].address
                        : world->relays[relay].other_address;
    g_autofree char *nickname = g_strdup_printf("relay%u", relay % 90);
    const char *summary = g_rand_int(chance) % 40 ? "accept 80" : "accept 443";
    uint32_t flags = g_rand_int(chance) % 50 ? STATUS_EXIT : 0;
    facts_put_listing(facts, FACT_V4, number,
                      put_address(facts, "192.0.2.", address));
    facts_put_listing(facts, FACT_STATUS, number,
                      facts_put_text(facts, nickname, strlen(nickname))
                              << STATUS_SHIFT |
                          flags);
    if (bits & HOUR_NS)
        facts_put_listing(facts, FACT_SUMMARY, number,
                          facts_put_text(facts, summary, strlen(summary)));
    if ((bits & HOUR_HAS_V6) && world->relays[relay].has_v6)
        facts_put_listing(facts, FACT_V6, number,
                          put_address(facts, "2001:db8::", address));
}

static void put_hour(Facts *facts, const World *world, guint hour)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(world->seed + hour);
    facts_begin_hour(facts, world->hours[hour], world->bits[hour]);
    for (guint i = 0; i < RELAYS; i++)
        if (hour >= world->relays[i].first && hour <= world->relays[i].last &&
            g_rand_int(chance) % 15)
            put_listing(facts, world, hour, i, chance);
}

static void put_list(Facts *facts, const World *world, guint hour)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(world->seed * 7 + hour);
    uint8_t hash[32] = {(uint8_t)hour, (uint8_t)world->seed};
    g_autofree char *name = g_strdup_printf("list-%u", hour);
    uint32_t document = facts_put_document(facts, DOCUMENT_EXIT_LIST,
                                           world->hours[hour], hash, name);
    for (guint i = 0; i < 300; i++) {
        uint32_t relay =
            put_relay(facts, world->seed, g_rand_int(chance) % (RELAYS / 8));
        uint32_t address =
            put_address(facts, "192.0.2.", g_rand_int(chance) % 20);
        facts_put_scan(facts, relay, address,
                       world->hours[hour] - g_rand_int(chance) % 90000,
                       document);
    }
}

/* Hours from until; keep: of so many, one is left out (0: none). */
static Facts *facts_of(const World *world, guint from, guint until, guint miss)
{
    Facts *facts = facts_new();
    for (guint hour = from; hour < until; hour++) {
        if (world->bits[hour] == 0 || (miss > 0 && hour % miss == 0))
            continue;
        put_hour(facts, world, hour);
        if (hour % 5 == 0)
            put_list(facts, world, hour);
    }
    facts_settle(facts);
    return facts;
}

static History *open_bytes(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    History *history = history_of_bytes(bytes, "history", &error);
    g_assert_no_error(error);
    g_bytes_unref(bytes);
    return history;
}

/* The history of one month, as it is derived from its part. */
static History *history_of_month(const World *world, guint month, guint miss)
{
    g_autoptr(Facts) facts =
        facts_of(world, month * 2 * NEAR, (month + 1) * 2 * NEAR, miss);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "part", NULL);
    g_assert_true(facts_write_month(facts, FIRST + month, path, &error));
    g_autofree char *data = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &data, &length, NULL));
    g_autoptr(Facts) part = facts_unpack(data, length, path, &error);
    g_assert_no_error(error);
    return open_bytes(
        history_build(part, FIRST + month, (uint8_t[32]){0}, &error));
}

/* Takes the base over. */
static History *joined(History *base, const History *const *months, guint count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HistoryRows) rows = history_join(base, months, count);
    g_clear_pointer(&base, history_unref);
    GBytes *bytes = history_rows_pack(rows, &error);
    g_assert_no_error(error);
    return open_bytes(bytes);
}

static void assert_same(const History *a, const History *b)
{
    size_t la, lb;
    const void *da = g_bytes_get_data(a->bytes, &la);
    const void *db = g_bytes_get_data(b->bytes, &lb);
    g_assert_cmpmem(da, la, db, lb);
}

/* ---- against one derivation ------------------------------------------------ */

typedef struct {
    uint8_t address[16];
    Scan scan;
} AnyScan;

static int compare_scans(const void *a, const void *b)
{
    const AnyScan *sa = a, *sb = b;
    int order = memcmp(sa->address, sb->address, sizeof sa->address);
    if (order == 0 && sa->scan.relay != sb->scan.relay)
        order = sa->scan.relay < sb->scan.relay ? -1 : 1;
    if (order == 0)
        order = (sa->scan.first > sb->scan.first) -
                (sa->scan.first < sb->scan.first);
    return order;
}

/* All scans, with those of one week at most a day apart as one. */
static GArray *scans_of(const History *h)
{
    const AddressTable *table = &h->addresses[0];
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(AnyScan));
    GArray *out = g_array_new(FALSE, FALSE, sizeof(AnyScan));
    for (size_t i = 0; i < table->count; i++) {
        Range range = map_address_scans(table, i);
        for (size_t k = range.first; k < range.end; k++) {
            AnyScan one = {.scan = table->scans[k]};
            memcpy(one.address, table->addresses + i * 4, 4);
            g_array_append_val(all, one);
        }
    }
    qsort(all->data, all->len, sizeof(AnyScan), compare_scans);
    for (guint i = 0; i < all->len; i++) {
        const AnyScan *next = &g_array_index(all, AnyScan, i);
        AnyScan *last =
            out->len ? &g_array_index(out, AnyScan, out->len - 1) : NULL;
        if (last && memcmp(last->address, next->address, 16) == 0 &&
            last->scan.relay == next->scan.relay &&
            last->scan.first / 604800 == next->scan.first / 604800 &&
            next->scan.first <= last->scan.last + 86400)
            last->scan.last = MAX(last->scan.last, next->scan.last);
        else
            g_array_append_vals(out, next, 1);
    }
    return out;
}

static void assert_says(const History *joined_months, const History *whole)
{
    g_autoptr(GArray) scans = scans_of(joined_months);
    g_autoptr(GArray) wanted = scans_of(whole);
    g_assert_cmpuint(wanted->len, >, 100);
    g_assert_cmpmem(scans->data, scans->len * sizeof(AnyScan), wanted->data,
                    wanted->len * sizeof(AnyScan));
    g_assert_cmpuint(scans->len, ==, joined_months->addresses[0].scan_count);
    for (int i = 0; i < SECTION_COUNT; i++) {
        size_t width = HISTORY_LAYOUT.item_bytes[i];
        if (i == SECTION_PARTS || i == SECTION_V4_SCANS ||
            i == SECTION_V4_SCAN_STARTS)
            continue;
        g_assert_cmpmem(joined_months->sections[i].items,
                        joined_months->sections[i].count * width,
                        whole->sections[i].items,
                        whole->sections[i].count * width);
    }
}

/* ---- months that lose hours ------------------------------------------------ */

static void dump_run(const History *h, GString *out, const void *key,
                     size_t length, uint64_t packed, const char *value)
{
    HourRun run = unpacked_run(packed);
    g_autofree char *hex = hex_new(key, length);
    g_string_append_printf(out, "%s %s %u %u\n", hex, value,
                           h->hours[run.from].valid_after,
                           h->hours[run.to].valid_after);
}

/* Where relays were and how they were listed, in words: relays and texts that
 * nothing refers to any more do not show. */
static char *dump(const History *h)
{
    GString *out = g_string_new(NULL);
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        const AddressTable *table = &h->addresses[is_v6];
        for (size_t i = 0; i < table->count; i++) {
            Range range = map_address_runs(table, i);
            for (size_t k = range.first; k < range.end; k++) {
                const Relay *relay =
                    &h->relays[unpacked_run(table->runs[k]).value];
                g_autofree char *hex = hex_new(relay->fingerprint, 20);
                dump_run(h, out, table->addresses + i * table->width,
                         table->width, table->runs[k], hex);
            }
        }
    }
    for (uint32_t relay = 0; relay < h->relay_count; relay++) {
        Range range = map_periods(h, relay);
        for (size_t i = range.first; i < range.end; i++) {
            Period period;
            g_assert_true(map_period(h, i, &period));
            const char *policy = map_text(h, period.policy);
            g_autofree char *manner = g_strdup_printf(
                "%s %u %s", map_text(h, period.status >> STATUS_SHIFT),
                period.status % 4, policy ? policy : "?");
            dump_run(h, out, h->relays[relay].fingerprint, 20, h->periods[i],
                     manner);
        }
    }
    return g_string_free(out, FALSE);
}

static void assert_same_runs(const History *a, const History *b)
{
    g_autofree char *da = dump(a), *db = dump(b);
    g_assert_cmpuint(strlen(da), >, 10000);
    g_assert_true(g_str_equal(da, db));
}

static void check_world(guint32 seed)
{
    g_autofree World *world = world_new(seed);
    g_autoptr(GError) error = NULL;
    g_autoptr(Facts) all = facts_of(world, 0, HOURS, 0);
    g_autoptr(History) whole =
        open_bytes(history_build(all, FIRST, (uint8_t[32]){0}, &error));
    g_autoptr(History) first = history_of_month(world, 0, 0);
    g_autoptr(History) second = history_of_month(world, 1, 0);
    g_autoptr(History) third = history_of_month(world, 2, 0);
    g_autoptr(History) less = history_of_month(world, 1, 3);
    g_autoptr(History) little = history_of_month(world, 2, 2);
    const History *const a[] = {first, second, third};
    const History *const with_less[] = {first, less, little};
    g_autoptr(History) at_once = joined(NULL, a, 3);
    g_autoptr(History) in_order = joined(joined(NULL, a, 2), &a[2], 1);
    g_autoptr(History) backwards =
        joined(joined(joined(NULL, &a[2], 1), &a[1], 1), &a[0], 1);
    g_autoptr(History) outside =
        joined(joined(joined(NULL, &a[0], 1), &a[2], 1), &a[1], 1);
    g_autoptr(History) replaced =
        joined(joined(joined(NULL, with_less, 3), &a[1], 1), &a[2], 1);
    g_autoptr(History) again = joined(history_ref(at_once), a, 3);
    assert_says(at_once, whole);
    assert_same(in_order, at_once);
    assert_same(backwards, at_once);
    assert_same(outside, at_once);
    assert_same(replaced, at_once);
    assert_same(again, at_once);

    /* Runs of the base alone that are cut at the border. */
    g_autoptr(History) lessened =
        joined(history_ref(at_once), &with_less[1], 2);
    g_autoptr(History) never_more = joined(NULL, with_less, 3);
    assert_same_runs(lessened, never_more);
}

static void test_join(void)
{
    for (guint32 seed = 1; seed <= 6; seed++)
        check_world(seed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("join-XXXXXX", NULL);
    g_test_add_func("/history-join/any-way", test_join);
    int result = g_test_run();
    g_autofree char *part = g_build_filename(folder, "part", NULL);
    unlink(part);
    rmdir(folder);
    g_free(folder);
    return result;
}
