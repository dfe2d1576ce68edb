/* The state by months, and the history joined of them: whatever the order and
 * the number of imports, the bytes are those of one import; and a crash at any
 * step leaves a history that can be read, and facts that can be added to. */
#include "network.h"

#include "relay/history_build.h"
#include "relay/history_map.h"
#include "relay/month_map.h"
#include "relay/months.h"
#include "relay/publish.h"

#include "base/errors.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RELAYS 12
#define HOURS  90 /* around the turns of three months, with gaps */

static uint32_t hours[HOURS];

static void make_hours(void)
{
    static const char *const TURNS[] = {"2025-12-31T10:00", "2026-01-31T12:00",
                                        "2026-02-28T14:00"};
    for (guint i = 0; i < HOURS; i++) {
        Instant t;
        g_assert_true(instant_parse(TURNS[i / 30], &t));
        hours[i] = (uint32_t)t + i % 30 * 3600;
        if (i % 30 > 13) /* a gap, a while after the turn of the month */
            hours[i] += 7 * 3600;
    }
}

static uint32_t noise(uint32_t a, uint32_t b)
{
    uint32_t h = (a * 2654435761u) ^ (b * 40503u + 12345u);
    h = (h ^ h >> 15) * 2246822519u;
    return h ^ h >> 13;
}

static void fill(uint8_t *out, size_t length, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)noise(noise(a, b), (uint32_t)i);
}

static void put_text(Facts *facts, FactKind kind, uint32_t relay,
                     const char *text, uint32_t flags)
{
    uint32_t number = facts_put_text(facts, text, strlen(text));
    facts_put_listing(facts, kind, relay,
                      kind == FACT_STATUS ? number << STATUS_SHIFT | flags
                                          : number);
}

static bool has_micro(uint32_t hour)
{
    return hour / 3600 % 5 != 0;
}

/* What the consensus of an hour says of one relay: mostly the same as the one
 * before. */
static void put_relay(Facts *facts, uint32_t hour, uint32_t r)
{
    uint8_t fingerprint[20], address[16] = {[10] = 0xff, 0xff, 192, 0, 2, 0};
    uint8_t digest[32], v6[16] = {0x20, 0x01, 0x0d, 0xb8};
    LastListing *last;
    fill(fingerprint, sizeof fingerprint, r, 7);
    address[15] = (uint8_t)(r / 2 + noise(r, hour / 200000) % 2);
    v6[15] = (uint8_t)r;
    uint32_t relay = facts_put_relay(facts, fingerprint, &last);
    facts_put_listing(facts, FACT_V4, relay,
                      intern_put(facts->addresses, address, 0));
    if (r % 3 == 0)
        facts_put_listing(facts, FACT_V6, relay,
                          intern_put(facts->addresses, v6, 0));
    g_autofree char *nickname = g_strdup_printf("relay%u", r);
    put_text(facts, FACT_STATUS, relay, nickname,
             noise(r, hour / 50000) % 5 == 0);
    put_text(facts, FACT_SUMMARY, relay,
             r % 2 ? "accept 80,443" : "reject 1-65535", 0);
    fill(digest, 20, r, hour / 64800);
    facts_put_listing(facts, FACT_ROUTER, relay,
                      facts_put_digest(facts, false, digest, NO_INDEX));
    if (!has_micro(hour))
        return;
    fill(digest, 32, r, hour / 5000000 + 1000);
    facts_put_listing(facts, FACT_MICRO, relay,
                      facts_put_digest(facts, true, digest, NO_INDEX));
}

static void put_hour(Facts *facts, uint32_t hour)
{
    uint8_t sha256[32];
    facts_begin_hour(facts, hour,
                     HOUR_NS | HOUR_HAS_V6 |
                         (has_micro(hour) ? HOUR_MICRO : 0));
    for (uint32_t r = 0; r < RELAYS; r++)
        if (noise(r, hour) % 9)
            put_relay(facts, hour, r);
    fill(sha256, sizeof sha256, hour, 1);
    facts_put_document(facts, DOCUMENT_CONSENSUS, hour, sha256, "hour");
}

static void put_descriptor(Facts *facts, bool is_micro, uint32_t r, uint32_t t)
{
    uint8_t digest[32], sha256[32];
    uint32_t period = is_micro ? t / 5000000 + 1000 : t / 64800;
    fill(digest, is_micro ? 32 : 20, r, period);
    fill(sha256, sizeof sha256, r, period + 5);
    g_autofree char *policy =
        is_micro ? g_strdup_printf("m\taccept %u\treject 1-65535", 1000 + r)
                 : g_strdup_printf("f\taccept %u\t", 2000 + period % 3);
    uint32_t number = facts_put_document(
        facts, is_micro ? DOCUMENT_MICRO : DOCUMENT_DESCRIPTOR,
        is_micro ? 0 : period * 64800, sha256, "some");
    facts_put_descriptor(facts, is_micro, digest, policy, number);
}

static void put_list(Facts *facts, uint32_t t)
{
    uint8_t sha256[32], address[16] = {[10] = 0xff, 0xff, 198, 51, 100, 1};
    fill(sha256, sizeof sha256, t, 3);
    uint32_t document =
        facts_put_document(facts, DOCUMENT_EXIT_LIST, t, sha256, "list");
    for (uint32_t r = 1; r < 4; r++) {
        uint8_t fingerprint[20];
        fill(fingerprint, sizeof fingerprint, r, 7);
        address[15] = (uint8_t)r;
        /* some scans are of the month before their list */
        facts_put_scan(facts, intern_put(facts->relays, fingerprint, 0),
                       intern_put(facts->addresses, address, 0), t - 4000 * r,
                       document);
    }
}

/* The facts come in so many pieces. */
#define PIECES (HOURS + 60)

static void put_piece(Facts *facts, guint piece)
{
    if (piece < HOURS) {
        put_hour(facts, hours[piece]);
        return;
    }
    uint32_t t = hours[(piece - HOURS) * 3 % HOURS];
    for (uint32_t r = piece % 2; r < RELAYS; r += 2)
        put_descriptor(facts, piece % 4 == 3, r, t);
    if (piece % 5 == 0)
        put_list(facts, t + 1200);
}

/* As import.c does it, and every other time without anything ready before: the
 * bytes are the same. */
static bool write_and_publish(Months *months, const char *directory,
                              Publishing *publishing, GError **error)
{
    static guint turn;
    Publication out;
    if (turn++ % 2 == 0)
        return months_write_for(months, publishing, error) &&
               publishing_end(publishing, &out, error);
    return months_write(months, error) &&
           history_publish(directory, &out, error);
}

static bool import(const char *directory, const guint *pieces, guint count,
                   GError **error)
{
    g_autoptr(Facts) facts = facts_new();
    g_autoptr(Publishing) publishing = publishing_begin(directory);
    g_autoptr(Months) months = months_open(directory, facts, error);
    if (!months)
        return false;
    for (guint i = 0; i < count; i++) {
        facts_use_stream(facts, i % FACTS_STREAMS);
        put_piece(facts, pieces[i]);
    }
    if (!months_complete(months, error))
        return false;
    facts_settle(facts);
    return write_and_publish(months, directory, publishing, error);
}

static void import_well(const char *directory, const guint *pieces, guint count)
{
    g_autoptr(GError) error = NULL;
    import(directory, pieces, count, &error);
    g_assert_no_error(error);
}

static GBytes *content(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    GBytes *bytes = file_read(path, 1 << 26, &error);
    g_assert_no_error(error);
    return bytes;
}

static void assert_same_file(const char *a, const char *b, const char *name)
{
    g_autoptr(GBytes) left = content(a, name);
    g_autoptr(GBytes) right = content(b, name);
    if (!g_bytes_equal(left, right))
        g_error("%s differs", name);
}

static void assert_same(const char *a, const char *b)
{
    g_autoptr(GArray) left = months_list(a, NULL);
    g_autoptr(GArray) right = months_list(b, NULL);
    g_assert_cmpmem(left->data, left->len * sizeof(uint32_t), right->data,
                    right->len * sizeof(uint32_t));
    for (guint i = 0; i < left->len; i++) {
        g_autofree char *name =
            month_new_name(g_array_index(left, uint32_t, i));
        g_autofree char *path = g_build_filename(MONTHS_NAME, name, NULL);
        assert_same_file(a, b, path);
    }
    assert_same_file(a, b, HISTORY_NAME);
}

static guint *all_pieces(void)
{
    guint *pieces = g_new(guint, PIECES);
    for (guint i = 0; i < PIECES; i++)
        pieces[i] = i;
    return pieces;
}

static guint *shuffled(guint seed)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(seed);
    guint *pieces = all_pieces();
    for (guint i = PIECES - 1; i > 0; i--) {
        guint other = (guint)g_rand_int_range(chance, 0, (gint32)i + 1);
        guint kept = pieces[i];
        pieces[i] = pieces[other];
        pieces[other] = kept;
    }
    return pieces;
}

static void test_order(void)
{
    g_autofree guint *pieces = all_pieces();
    g_autofree char *whole = network_new_directory();
    import_well(whole, pieces, PIECES);
    g_autoptr(GArray) months = months_list(whole, NULL);
    g_assert_cmpuint(months->len, >=, 4);
    for (guint round = 0; round < 6; round++) {
        g_autofree char *directory = network_new_directory();
        g_autofree guint *order = round ? shuffled(round) : all_pieces();
        guint step = round == 0 ? 1 : 1 + round * round * 3;
        for (guint at = 0; at < PIECES; at += step)
            import_well(directory, order + at, MIN(step, PIECES - at));
        import_well(directory, order, 5); /* known already */
        assert_same(whole, directory);
        network_remove_directory(directory);
    }
    network_remove_directory(whole);
}

/* Rows as they are handed over, but derived from nothing. */
static DerivedMonth empty_month(uint32_t month, const uint8_t part[32])
{
    g_autoptr(Facts) none = facts_new();
    DerivedMonth derived = {0};
    facts_settle(none);
    Section sections[STATE_SECTIONS];
    g_autoptr(GArray) starts = facts_sections(none, sections);
    derived.rows = history_build_rows(sections, month);
    memcpy(derived.part, part, sizeof derived.part);
    return derived;
}

/* What is handed over counts for the part alone that it was derived from. */
static void test_handed_over(void)
{
    g_autofree guint *pieces = all_pieces();
    g_autofree char *directory = network_new_directory();
    g_autofree char *path = g_build_filename(directory, HISTORY_NAME, NULL);
    g_autoptr(GError) error = NULL;
    Publication out;
    import_well(directory, pieces, PIECES);
    g_autoptr(GBytes) wanted = content(directory, HISTORY_NAME);

    g_unlink(path);
    g_autoptr(Publishing) publishing = publishing_begin(directory);
    for (uint8_t i = 0; i < 2 * DERIVED_MAX; i++) {
        DerivedMonth other = empty_month(2026 * 12, (uint8_t[32]){i});
        publishing_add(publishing, &other);
    }
    g_assert_true(publishing_end(publishing, &out, &error));
    g_assert_true(out.is_new);
    g_autoptr(GBytes) anew = content(directory, HISTORY_NAME);
    g_assert_true(g_bytes_equal(anew, wanted));

    g_unlink(path);
    g_autoptr(MonthMap) map = month_map_open(directory, 2026 * 12, &error);
    g_assert_no_error(error);
    uint8_t part[32];
    sections_hash(g_bytes_get_data(map->bytes, NULL), part);
    g_autoptr(Publishing) taken = publishing_begin(directory);
    DerivedMonth own = empty_month(2026 * 12, part);
    publishing_add(taken, &own);
    g_assert_true(publishing_end(taken, &out, &error));
    g_autoptr(GBytes) without = content(directory, HISTORY_NAME);
    g_assert_cmpuint(g_bytes_get_size(without), <, g_bytes_get_size(wanted));

    g_autoptr(Publishing) dropped = publishing_begin(directory);
    DerivedMonth unused = empty_month(2026 * 12, part);
    publishing_add(dropped, &unused);
    network_remove_directory(directory);
}

/* Every run of the joined history is one of what was put: at each hour the
 * relays of each address, found by looking, are those that the hour states. */
static void test_content(void)
{
    g_autofree char *directory = network_new_directory();
    g_autofree guint *pieces = shuffled(77);
    for (guint at = 0; at < PIECES; at += 10)
        import_well(directory, pieces + at, MIN(10, PIECES - at));
    g_autoptr(History) h = history_open(directory, NULL);
    for (guint i = 0; i < HOURS; i++)
        for (uint32_t r = 0; r < RELAYS; r++) {
            uint8_t fingerprint[20];
            IpAddress ip = {.bytes = {[10] = 0xff, 0xff, 192, 0, 2, 0}};
            ip.bytes[15] = (uint8_t)(r / 2 + noise(r, hours[i] / 200000) % 2);
            fill(fingerprint, sizeof fingerprint, r, 7);
            size_t index;
            bool found = false;
            Range range = {0, 0};
            if (map_find(h, &ip, &index))
                range = map_address_runs(&h->addresses[0], index);
            for (size_t k = range.first; k < range.end; k++) {
                AnyInterval run = map_interval(h, false, k);
                found |= run.from <= hours[i] && run.to >= hours[i] &&
                         memcmp(h->relays[run.relay].fingerprint, fingerprint,
                                20) == 0;
            }
            g_assert_cmpint(found, ==, noise(r, hours[i]) % 9 != 0);
        }
    network_remove_directory(directory);
}

/* ---- crashes ----------------------------------------------------------------- */

/* Each file is written beside and renamed, so what a crash can leave is known:
 * some of the parts new, the rest and the history old. */
static void copy_file(const char *from, const char *to, const char *name)
{
    g_autofree char *source = g_build_filename(from, name, NULL);
    g_autofree char *target = g_build_filename(to, name, NULL);
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(source, &text, &length, NULL)) {
        g_unlink(target);
        return;
    }
    g_assert_true(g_file_set_contents(target, text, (gssize)length, NULL));
}

static void test_crash(void)
{
    g_autofree guint *pieces = shuffled(5);
    g_autofree char *whole = network_new_directory();
    g_autofree char *half = network_new_directory();
    guint middle = PIECES / 2;
    import_well(half, pieces, middle);
    import_well(whole, pieces, PIECES);
    g_autoptr(GArray) months = months_list(whole, NULL);
    for (guint written = 0; written <= months->len; written++) {
        g_autofree char *directory = network_new_directory();
        g_autofree char *parts = g_build_filename(directory, MONTHS_NAME, NULL);
        g_assert_true(directory_ensure(parts, NULL));
        /* newest first, what has no month last: as months_write() does */
        for (guint i = 0; i < months->len; i++) {
            guint at = months->len - 1 - i;
            g_autofree char *name =
                month_new_name(g_array_index(months, uint32_t, at));
            g_autofree char *path = g_build_filename(MONTHS_NAME, name, NULL);
            copy_file(i < written ? whole : half, directory, path);
        }
        copy_file(half, directory, HISTORY_NAME);
        g_autoptr(GError) error = NULL;
        g_autoptr(History) before = history_open(directory, &error);
        g_assert_no_error(error);
        g_assert_true(history_has_parts(directory, &error));
        import_well(directory, pieces + middle, PIECES - middle);
        assert_same(whole, directory);
        network_remove_directory(directory);
    }
    network_remove_directory(whole);
    network_remove_directory(half);
}

/* Killed at any moment, with readers that open the history all the time. */
static void test_kill(void)
{
    g_autofree guint *pieces = shuffled(9);
    g_autofree char *whole = network_new_directory();
    g_autofree char *directory = network_new_directory();
    import_well(whole, pieces, PIECES);
    import_well(directory, pieces, 10);
    for (guint round = 0; round < 40; round++) {
        pid_t child = fork();
        if (child == 0) {
            import(directory, pieces + round * 3, 30, NULL);
            _exit(0);
        }
        g_usleep(500 * round);
        kill(child, SIGKILL);
        int status;
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_autoptr(GError) error = NULL;
        g_autoptr(History) history = history_open(directory, &error);
        g_assert_no_error(error);
        g_assert_true(g_file_test(directory, G_FILE_TEST_IS_DIR));
    }
    import_well(directory, pieces, PIECES);
    assert_same(whole, directory);
    network_remove_directory(directory);
    network_remove_directory(whole);
}

static void test_damaged_part(void)
{
    g_autofree guint *pieces = all_pieces();
    g_autofree char *directory = network_new_directory();
    import_well(directory, pieces, PIECES);
    g_autofree char *path =
        g_build_filename(directory, MONTHS_NAME, "2026-01", NULL);
    g_autofree char *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    text[length / 2] ^= 1;
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
    g_autoptr(GError) error = NULL;
    guint one = 20; /* an hour of that month */
    g_assert_false(import(directory, &one, 1, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_hours();
    g_test_add_func("/months/order", test_order);
    g_test_add_func("/months/content", test_content);
    g_test_add_func("/months/handed-over", test_handed_over);
    g_test_add_func("/months/crash", test_crash);
    g_test_add_func("/months/kill", test_kill);
    g_test_add_func("/months/damaged-part", test_damaged_part);
    return g_test_run();
}
