/*
 * fullscale.c - the relay history since 2007 at its real size.
 *
 *   bench_fullscale DIR INTERVALS.tsv.xz [MONTHS]
 *
 * Makes DIR/months from a list of real intervals (FINGERPRINT,ADDRESS TAB FROM
 * TAB TO, a relay's hours of 2024 to 2026), repeated backwards with other
 * relays and fewer of them, as there were; relays miss single hours as real
 * ones do. The last MONTHS (1) have their descriptors, too. Then, on that
 * history: its size, the time to import one more hour, the rate of lookups
 * and the memory that they need. A second run with the same DIR leaves out
 * what is there. Takes a few minutes and 3 GB the first time.
 */
#include "relay/history_map.h"
#include "relay/import.h"
#include "relay/month_map.h"
#include "relay/publish.h"
#include "relay/sight.h"
#include "relay/signer.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/unpack.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define FIRST_MONTH (2007 * 12 + 9)
#define LAST_MONTH  (2026 * 12 + 10)
#define LAST_HOUR   1795294800u /* 2026-11-21 21:00: the newest stored */
#define MISSES      500         /* a relay misses one hour in so many */
#define POLICIES    1600
#define LOOKUPS     1000000

/* Relays in a consensus, in thousands, from 2007 on (Tor Metrics). */
static const double RELAYS[] = {1.2, 1.4, 1.6, 1.9, 2.4, 3.0, 3.8,
                                5.3, 6.7, 7.2, 7.2, 6.4, 6.5, 6.9,
                                6.8, 6.6, 6.8, 7.6, 8.7, 9.6};
#define RELAYS_OF_LIST 8.6

typedef struct {
    uint8_t fingerprint[20];
    IpAddress ip;
    uint32_t from, to;
} Listed;

static double wall(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t h =
        (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
    return h ^ h >> 29;
}

static uint64_t key_of(const uint8_t *fingerprint)
{
    uint64_t key;
    memcpy(&key, fingerprint, sizeof key);
    return key;
}

/* ---- the list ---------------------------------------------------------- */

static void begin_text(const char *name, gpointer data)
{
}

static void take_text(const void *bytes, size_t length, gpointer data)
{
    g_byte_array_append(data, bytes, (guint)length);
}

static void end_text(uint64_t packed, gpointer data)
{
}

static bool read_listed(const char *line, Listed *out)
{
    g_auto(GStrv) words = g_strsplit_set(line, ",\t", 4);
    g_autofree char *hex = words[0] ? g_ascii_strdown(words[0], -1) : NULL;
    if (g_strv_length(words) != 4 || !hex_parse(hex, out->fingerprint, 20) ||
        !ip_parse(words[1], strlen(words[1]), &out->ip))
        return false;
    out->from = (uint32_t)atol(words[2]) / 3600 * 3600;
    out->to = (uint32_t)atol(words[3]) / 3600 * 3600;
    return out->from > 0 && out->to >= out->from;
}

static GArray *read_list(const char *path)
{
    static const UnpackReader READER = {begin_text, take_text, end_text};
    g_autoptr(GByteArray) text = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    if (!unpack_file(path, &READER, text, &error))
        g_error("%s", error->message);
    g_byte_array_append(text, (const uint8_t *)"", 1);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Listed));
    for (char *at = (char *)text->data; *at;) {
        char *stop = strchr(at, '\n');
        if (stop)
            *stop = 0;
        Listed one;
        if (read_listed(at, &one))
            g_array_append_val(all, one);
        at = stop ? stop + 1 : at + strlen(at);
    }
    return all;
}

/* The list moved back by its own length, times, with other relays; only as
 * many as the year had. */
static GArray *repeat(const GArray *list)
{
    uint32_t first = UINT32_MAX, last = 0;
    for (guint i = 0; i < list->len; i++) {
        first = MIN(first, g_array_index(list, Listed, i).from);
        last = MAX(last, g_array_index(list, Listed, i).to);
    }
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Listed));
    uint32_t shift = LAST_HOUR - last, start = month_start(FIRST_MONTH);
    for (uint64_t round = 0; last + shift > start; round++) {
        for (guint i = 0; i < list->len; i++) {
            Listed one = g_array_index(list, Listed, i);
            one.from += shift;
            one.to += shift;
            uint32_t year = month_of(MAX(one.from, start)) / 12 - 2007;
            uint64_t key = mix(key_of(one.fingerprint), round);
            if (one.to < start ||
                (double)(key % 1000) >=
                    1000 * RELAYS[MIN(year, 19)] / RELAYS_OF_LIST)
                continue;
            one.from = MAX(one.from, start);
            memcpy(one.fingerprint, &key, sizeof key);
            one.ip.bytes[14] ^= (uint8_t)(round * 37);
            one.ip.bytes[15] ^= (uint8_t)(round * 91);
            g_array_append_val(all, one);
        }
        shift -= last - first + 3600; /* modulo 2^32, as is the sum */
    }
    return all;
}

/* ---- a month ----------------------------------------------------------- */

static void add_run(Layer *layer, FactKind kind, Run run, uint32_t value)
{
    run.value = value;
    g_array_append_val(layer->runs[kind], run);
}

static void put_descriptor(Facts *facts, bool is_micro, uint64_t key,
                           uint32_t when, const char *policy, uint32_t *number)
{
    uint64_t digest[4] = {mix(key, 1), mix(key, 2), mix(key, 3), mix(key, 4)};
    g_autofree char *hex = hex_new((const uint8_t *)digest, 20);
    g_autofree char *name = g_strdup_printf(
        "server-descriptors-2026-11.tar.xz:server-descriptors-2026-11/%.1s/"
        "%.1s/%s",
        hex, hex + 1, hex);
    uint32_t before = facts->documents->len;
    uint32_t document = facts_put_document(
        facts, is_micro ? DOCUMENT_MICRO : DOCUMENT_DESCRIPTOR,
        is_micro ? 0 : when, (const uint8_t *)digest, name);
    if (facts->documents->len > before)
        facts_put_descriptor(facts, is_micro, (const uint8_t *)digest, policy,
                             document);
    *number = facts_put_digest(facts, is_micro, (const uint8_t *)digest, 0);
}

/* A descriptor every 18 hours, a microdescriptor every 28 days. */
static void add_descriptors(Facts *facts, Layer *layer, Run run, uint64_t key,
                            const char *policy)
{
    uint32_t number;
    for (uint32_t at = run.from; at <= run.to;) {
        uint32_t period = at / 64800;
        Run part = {run.relay, 0, at, MIN(run.to, period * 64800 + 61200)};
        put_descriptor(facts, false, mix(key, period), at, policy, &number);
        add_run(layer, FACT_ROUTER, part, number);
        at = part.to + 3600;
    }
    put_descriptor(facts, true, mix(key, run.from / 2419200 + 99), 0, "m\tx\ty",
                   &number);
    add_run(layer, FACT_MICRO, run, number);
}

static void add_piece(Facts *facts, Layer *layer, const Listed *one,
                      uint32_t relay, uint32_t from, uint32_t to,
                      bool has_descriptors)
{
    uint64_t key = key_of(one->fingerprint);
    Run run = {.relay = relay, .from = from, .to = to};
    uint32_t address = intern_put(facts->addresses, one->ip.bytes, 0);
    if (!ip_is_v4(&one->ip)) {
        add_run(layer, FACT_V6, run, address);
        return;
    }
    char nickname[20], policy[200];
    bool is_exit = key % 10 < 3;
    g_snprintf(nickname, sizeof nickname, "relay%x", (unsigned)(key >> 40));
    g_snprintf(policy, sizeof policy, "accept 20-23,43,53,79-81,88,110,143,%u",
               (unsigned)(key % POLICIES + 1000));
    const char *summary = is_exit ? policy : "reject 1-65535";
    add_run(layer, FACT_V4, run, address);
    add_run(layer, FACT_STATUS, run,
            facts_put_text(facts, nickname, strlen(nickname)) << STATUS_SHIFT |
                is_exit);
    add_run(layer, FACT_SUMMARY, run,
            facts_put_text(facts, summary, strlen(summary)));
    if (has_descriptors)
        add_descriptors(facts, layer, run, key, summary);
    for (uint32_t at = from; is_exit && at <= to; at += 86400)
        facts_put_scan(facts, relay, address, at + 900, at / 3600 % 700);
}

/* The listed hours of one within the month, without those it missed. */
static void add_listed(Facts *facts, Layer *layer, const Listed *one,
                       uint32_t start, uint32_t last, bool has_descriptors)
{
    uint32_t from = MAX(one->from, start), to = MIN(one->to, last);
    if (from > to)
        return;
    uint64_t key = key_of(one->fingerprint);
    uint32_t relay = intern_put(facts->relays, one->fingerprint, 0);
    for (uint32_t at = from; from <= to; at += 3600) {
        bool is_missed = at > from && mix(key, at) % MISSES == 0;
        if (at <= to && !is_missed)
            continue;
        add_piece(facts, layer, one, relay, from, MIN(at - 3600, to),
                  has_descriptors);
        from = at > to ? to + 1 : at + 3600;
        at = from - 3600;
    }
}

static void add_hour_documents(Facts *facts, uint32_t hour)
{
    static const char *const NAMES[] = {"consensuses", "microdescs",
                                        "exit-list"};
    for (uint32_t type = 0; type < 3; type++) {
        uint64_t hash[4] = {mix(hour, type), hour, type, 7};
        Civil c = civil_from_instant(hour, 0);
        g_autofree char *name =
            g_strdup_printf("%s-%04d-%02d.tar.xz:%s-%04d-%02d/%02d/"
                            "%04d-%02d-%02d-%02d-00-00-consensus",
                            NAMES[type], c.year, c.month, NAMES[type], c.year,
                            c.month, c.day, c.year, c.month, c.day, c.hour);
        facts_put_document(facts, type, hour, (const uint8_t *)hash, name);
    }
}

static void drop_overlaps(GArray *runs)
{
    layer_sort_runs(runs);
    Run *all = (Run *)runs->data;
    guint kept = 0;
    for (guint i = 0; i < runs->len; i++) {
        Run *last = kept > 0 ? &all[kept - 1] : NULL;
        if (last && last->relay == all[i].relay &&
            last->value == all[i].value && all[i].from <= last->to + 3600)
            last->to = MAX(last->to, all[i].to);
        else
            all[kept++] = all[i];
    }
    g_array_set_size(runs, kept);
}

static void write_month(const char *path, uint32_t month, const GArray *all,
                        bool has_descriptors)
{
    g_autoptr(Facts) facts = facts_new();
    Layer *layer = layer_new();
    uint32_t start = month_start(month);
    uint32_t last = MIN((uint32_t)month_start(month + 1) - 3600, LAST_HOUR);
    for (uint32_t hour = start; hour <= last; hour += 3600) {
        KnownHour known = {hour, HOUR_NS | HOUR_MICRO | HOUR_HAS_V6};
        g_array_append_val(layer->hours, known);
        add_hour_documents(facts, hour);
    }
    for (guint i = 0; i < all->len; i++)
        add_listed(facts, layer, &g_array_index(all, Listed, i), start, last,
                   has_descriptors);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        drop_overlaps(layer->runs[kind]);
    facts_take_layer(facts, layer);
    facts_settle(facts);
    g_autoptr(GBytes) bytes = facts_pack_month(facts, month);
    g_autoptr(GError) error = NULL;
    if (!file_replace(path, g_bytes_get_data(bytes, NULL),
                      g_bytes_get_size(bytes), 0644, &error))
        g_error("%s", error->message);
}

static void write_months(const char *directory, const GArray *all, int detailed)
{
    g_autofree char *months = g_build_filename(directory, MONTHS_NAME, NULL);
    g_assert_true(directory_ensure(months, NULL));
    for (uint32_t month = FIRST_MONTH; month <= LAST_MONTH; month++) {
        g_autofree char *name = month_new_name(month);
        g_autofree char *path = g_build_filename(months, name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        write_month(path, month, all, month + detailed > LAST_MONTH);
        fprintf(stderr, "\r%s ", name);
    }
    fprintf(stderr, "\n");
}

/* ---- one more hour ----------------------------------------------------- */

static char *base64(const void *data, size_t length)
{
    char *text = g_base64_encode(data, length);
    *strchrnul(text, '=') = 0;
    return text;
}

static void add_descriptor_text(GString *text, GString *descriptors,
                                const Listed *one, uint32_t hour)
{
    g_autofree char *ip = ip_new_text(&one->ip);
    Civil c = civil_from_instant(hour - 1800, 0);
    gsize start = descriptors->len;
    g_string_append_printf(
        descriptors,
        "router relay %s 9001 0 0\npublished %04d-%02d-%02d %02d:%02d:00\n"
        "contact somebody %016" G_GINT64_MODIFIER "x\naccept *:80\n"
        "reject *:*\nrouter-signature\n",
        ip, c.year, c.month, c.day, c.hour, c.minute, key_of(one->fingerprint));
    uint8_t digest[20];
    digest_sha1(descriptors->str + start, descriptors->len - start, digest);
    g_string_append(descriptors, "-----BEGIN SIGNATURE-----\nAAAA\n"
                                 "-----END SIGNATURE-----\n");
    g_autofree char *encoded = base64(digest, 20);
    g_string_append(text, encoded);
}

static void add_relay_text(GString *text, GString *descriptors, GString *list,
                           const Listed *one, uint32_t hour)
{
    uint64_t key = key_of(one->fingerprint);
    g_autofree char *identity = base64(one->fingerprint, 20);
    g_autofree char *ip = ip_new_text(&one->ip);
    g_autofree char *clock = instant_new_text(hour - 1800);
    clock[10] = ' ';
    clock[19] = 0;
    g_string_append_printf(text, "r relay%x %s ", (unsigned)(key >> 40),
                           identity);
    if (key % 16 == 0) {
        add_descriptor_text(text, descriptors, one, hour);
    } else {
        uint64_t digest[4] = {mix(mix(key, (hour - 3600) / 64800), 1),
                              mix(mix(key, (hour - 3600) / 64800), 2),
                              mix(mix(key, (hour - 3600) / 64800), 3)};
        g_autofree char *encoded = base64(digest, 20);
        g_string_append(text, encoded);
    }
    g_string_append_printf(
        text,
        " 2026-11-21 20:30:00 %s 9001 0\ns %sFast Running Stable Valid\n"
        "v Tor 0.4.8.12\npr Conflux=1 Cons=1-2 Desc=1-2 DirCache=2 FlowCtrl=1-2"
        " HSDir=2 HSIntro=4-5 HSRend=1-2 Link=1-5 LinkAuth=1,3 Microdesc=1-2 "
        "Padding=2 Relay=1-4\nw Bandwidth=4200\np %s\n",
        ip, key % 10 < 3 ? "Exit " : "",
        key % 10 < 3 ? "accept 20-23,43,53,79-81,88" : "reject 1-65535");
    g_autofree char *hex = hex_new(one->fingerprint, 20);
    if (key % 10 < 3)
        g_string_append_printf(list, "ExitNode %s\nExitAddress %s %s\n", hex,
                               ip, clock);
}

static int compare_listed(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, 20);
}

static void put_file(const char *directory, const char *name, const char *text,
                     size_t length)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
}

/* The documents of the hour, as they would come, in a directory. */
static void write_hour(const char *input, const GArray *all, uint32_t hour,
                       const Signer *signer)
{
    g_autoptr(GArray) now = g_array_new(FALSE, FALSE, sizeof(Listed));
    for (guint i = 0; i < all->len; i++) {
        const Listed *one = &g_array_index(all, Listed, i);
        if (ip_is_v4(&one->ip) && one->to + 86400 >= LAST_HOUR &&
            one->from < LAST_HOUR)
            g_array_append_vals(now, one, 1);
    }
    g_array_sort(now, compare_listed);
    g_autofree char *clock = instant_new_text(hour);
    clock[10] = ' ';
    clock[19] = 0;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) descriptors = g_string_new(NULL);
    g_autoptr(GString) list = g_string_new(NULL);
    g_string_printf(text,
                    "network-status-version 3\nvote-status consensus\n"
                    "consensus-method 33\nvalid-after %s\n"
                    "known-flags Exit Running\n",
                    clock);
    g_string_printf(list, "Downloaded %s\n", clock);
    for (guint i = 0; i < now->len; i++)
        if (i == 0 || compare_listed(&g_array_index(now, Listed, i - 1),
                                     &g_array_index(now, Listed, i)) != 0)
            add_relay_text(text, descriptors, list,
                           &g_array_index(now, Listed, i), hour);
    g_string_append(text, "directory-footer\n");
    signer_sign(signer, 9, text, 0);
    g_autoptr(GString) certificates = signer_certificates(signer);
    put_file(input, "consensus", text->str, text->len);
    put_file(input, "descriptors", descriptors->str, descriptors->len);
    put_file(input, "list", list->str, list->len);
    put_file(input, "certs", certificates->str, certificates->len);
    printf("one more hour: %.1f MB of consensus, %.1f MB of descriptors\n",
           (double)text->len / 1e6, (double)descriptors->len / 1e6);
}

static void import_hour(const char *directory, const GArray *all, uint32_t hour)
{
    g_autoptr(Signer) signer =
        signer_new(9, LAST_HOUR - 864000, LAST_HOUR + 864000);
    g_autofree char *input = g_dir_make_tmp("hour-XXXXXX", NULL);
    g_autoptr(GString) list = signer_authorities(signer);
    g_autofree char *path = g_build_filename(input, ".authorities", NULL);
    g_assert_true(g_file_set_contents(path, list->str, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(Authorities) authorities = authorities_read(path, &error);
    g_assert_no_error(error);
    write_hour(input, all, hour, signer);
    const char *const paths[] = {input, NULL};
    ImportSummary summary;
    double wall_before = wall(), cpu_before = cpu();
    if (!relay_import(directory, paths, authorities, NULL, NULL, NULL, &summary,
                      &error))
        g_error("%s", error->message);
    printf("  imported and published in %8.2f s, %.2f s of CPU (history "
           "%.1f MB%s)\n",
           wall() - wall_before, cpu() - cpu_before,
           (double)summary.history_bytes / 1e6,
           summary.published ? "" : ", NOTHING NEW");
    import_summary_clear(&summary);
    g_autofree char *rm = g_strdup_printf("rm -r %s", input);
    g_assert_cmpint(system(rm), ==, 0);
}

/* ---- lookups ----------------------------------------------------------- */

static void print_memory(const char *what)
{
    g_autofree char *text = NULL;
    long rss = 0, clean = 0, dirty = 0;
    if (!g_file_get_contents("/proc/self/smaps_rollup", &text, NULL, NULL))
        return;
    const char *at;
    if ((at = strstr(text, "\nRss:")))
        rss = atol(at + 5);
    if ((at = strstr(text, "\nPrivate_Clean:")))
        clean = atol(at + 15);
    if ((at = strstr(text, "\nPrivate_Dirty:")))
        dirty = atol(at + 15);
    printf("%s: %.1f MB resident, of it %.1f MB its own memory, %.1f MB of "
           "the mapped files alone\n",
           what, (double)rss / 1e3, (double)dirty / 1e3, (double)clean / 1e3);
}

static void time_lookups(const char *directory)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(History) h = history_open(directory, &error);
    g_assert_no_error(error);
    print_memory("opened");
    g_autoptr(GRand) chance = g_rand_new_with_seed(2);
    g_autoptr(GArray) sights = g_array_new(FALSE, FALSE, sizeof(Sight));
    g_autofree IpAddress *ips = g_new(IpAddress, LOOKUPS);
    g_autofree Instant *times = g_new(Instant, LOOKUPS);
    Interval span = history_span(h);
    for (guint i = 0; i < LOOKUPS; i++) {
        const AddressTable *v4 = &h->addresses[0];
        ips[i] = map_address(h, false, g_rand_int(chance) % v4->count);
        times[i] = span.from + (Instant)(g_rand_double(chance) *
                                         (double)(span.to - span.from));
        if (i % 2)
            ips[i].bytes[15] ^= 1;
    }
    size_t found = 0;
    double started = cpu();
    for (guint i = 0; i < LOOKUPS; i++) {
        g_array_set_size(sights, 0);
        sights_at(h, &ips[i], times[i], sights);
        found += sights->len;
    }
    printf("who was it (sights_at)      %8.0f ns (%zu found)\n",
           (cpu() - started) / LOOKUPS * 1e9, found);
    started = cpu();
    for (guint i = 0; i < LOOKUPS / 20; i++) {
        g_autoptr(Lookup) lookup = history_lookup(
            h, &ips[i], (Interval){times[i], times[i]}, 80, NULL);
        found += lookup->relays->len;
    }
    printf("verdict in words, evidence  %8.0f ns\n",
           (cpu() - started) / (LOOKUPS / 20) * 1e9);
    print_memory("after the lookups");
}

static void print_sizes(const char *directory)
{
    static const char *const NAMES[SECTION_COUNT] = {
        [SECTION_HOURS] = "hours",
        [SECTION_RELAYS] = "relays",
        [SECTION_PERIODS] = "periods",
        [SECTION_MANNERS] = "manners",
        [SECTION_V4_ADDRESSES] = "IPv4 addresses",
        [SECTION_V4_RUNS] = "IPv4 intervals",
        [SECTION_V6_ADDRESSES] = "IPv6 addresses",
        [SECTION_V6_RUNS] = "IPv6 intervals",
        [SECTION_V4_SCANS] = "scans",
        [SECTION_TEXT] = "bytes of text",
    };
    g_autoptr(History) h = history_open(directory, NULL);
    printf("history: %.1f MB\n", (double)g_bytes_get_size(h->bytes) / 1e6);
    for (int i = 0; i < SECTION_COUNT; i++)
        if (NAMES[i])
            printf("  %9zu %-15s %6.1f MB\n", h->sections[i].count, NAMES[i],
                   (double)h->sections[i].count * HISTORY_LAYOUT.item_bytes[i] /
                       1e6);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        time_lookups(argv[1]);
        return 0;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: bench_fullscale DIR INTERVALS.tsv.xz "
                        "[MONTHS] | bench_fullscale DIR\n");
        return 2;
    }
    g_autoptr(GArray) list = read_list(argv[2]);
    g_autoptr(GArray) all = repeat(list);
    write_months(argv[1], all, argc > 3 ? atoi(argv[3]) : 1);
    g_autoptr(GError) error = NULL;
    Publication published;
    double wall_before = wall(), cpu_before = cpu();
    if (!history_publish(argv[1], &published, &error))
        g_error("%s", error->message);
    printf("derived from all months in %.1f s, %.1f s of CPU%s\n",
           wall() - wall_before, cpu() - cpu_before,
           published.is_new ? "" : " (nothing to do)");
    print_sizes(argv[1]);
    uint32_t newest;
    {
        g_autoptr(History) h = history_open(argv[1], NULL);
        newest = (uint32_t)history_span(h).to;
    }
    for (uint32_t i = 1; i <= 3; i++)
        import_hour(argv[1], all, newest + i * 3600);
    time_lookups(argv[1]);
    return 0;
}
