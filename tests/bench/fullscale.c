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
#include "fullscale.h"

#include "relay/history_map.h"
#include "relay/import.h"
#include "relay/publish.h"
#include "relay/sight.h"
#include "relay/signer.h"

#include "base/digest.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define LOOKUPS 1000000

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
    static const char *const NAMES[] = {"consensus", "descriptors", "list",
                                        "certs", ".authorities"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *made = g_build_filename(input, NAMES[i], NULL);
        g_unlink(made);
    }
    g_rmdir(input);
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
    g_autoptr(GArray) all = fullscale_list(argv[2]);
    fullscale_write(argv[1], all, argc > 3 ? atoi(argv[3]) : 1);
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
