/*
 * The months of bench_fullscale: what is known of them, without documents.
 */
#include "fullscale.h"

#include "relay/facts_file.h"
#include "relay/month_map.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/unpack.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_MONTH (2007 * 12 + 9)
#define LAST_MONTH  (2026 * 12 + 10)
#define MISSES      500 /* a relay misses one hour in so many */
#define POLICIES    1600

/* Relays in a consensus, in thousands, from 2007 on (Tor Metrics). */
static const double RELAYS[] = {1.2, 1.4, 1.6, 1.9, 2.4, 3.0, 3.8,
                                5.3, 6.7, 7.2, 7.2, 6.4, 6.5, 6.9,
                                6.8, 6.6, 6.8, 7.6, 8.7, 9.6};
#define RELAYS_OF_LIST 8.6

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

GArray *fullscale_list(const char *path)
{
    g_autoptr(GArray) list = read_list(path);
    return repeat(list);
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
    g_autoptr(GError) error = NULL;
    if (!facts_write_month(facts, month, path, &error))
        g_error("%s", error->message);
}

void fullscale_write(const char *directory, const GArray *all, int detailed)
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
