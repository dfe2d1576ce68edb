/*
 * history.c - how fast the relay history answers and grows.
 *
 *   bench_history [DOCUMENTS [only]]
 *   bench_history rows ROWS QUESTIONS    (for postgres.sh)
 *
 * Lookups in a made-up history of 4 million intervals, against the same rows
 * in an SQLite index; with DOCUMENTS (files of Tor) also the rate at which
 * each kind of document becomes facts, unpacked beforehand, so that xz is left
 * out.
 */
#include "base/unpack.h"
#include "relay/consensus.h"
#include "relay/history_build.h"
#include "relay/import.h"
#include "relay/sight.h"
#include "relay/signer.h"
#include "relay/splitter.h"

#include "base/files.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INTERVALS 4000000
#define ADDRESSES 1500000
#define RELAYS    200000
#define HOURS     160000
#define START     1193443200u /* 2007-10-27 */
#define LOOKUPS   1000000

#define MADE_MONTH 1767225600 /* 2026-01-01 */

/* CPU time, the least noisy figure; nothing waits. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void put_v4(uint8_t address[16], uint32_t number)
{
    memset(address, 0, 10);
    address[10] = address[11] = 0xff;
    for (int i = 0; i < 4; i++)
        address[12 + i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint32_t random_address(GRand *chance)
{
    return g_rand_int(chance);
}

static void add_hours(Layer *layer)
{
    for (uint32_t i = 0; i < HOURS; i++) {
        KnownHour hour = {START + i * 3600, HOUR_NS | HOUR_HAS_V6};
        g_array_append_val(layer->hours, hour);
    }
}

/* Facts of a history: every relay has some address for some hours, many
 * times over. */
static Facts *make_facts(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);
    Facts *facts = facts_new();
    Layer *layer = layer_new();
    add_hours(layer);
    for (uint32_t i = 0; i < RELAYS; i++) {
        uint8_t fingerprint[20] = {0};
        for (int k = 0; k < 20; k++)
            fingerprint[k] = (uint8_t)g_rand_int(chance);
        intern_put(facts->relays, fingerprint, 0);
    }
    for (uint32_t i = 0; i < ADDRESSES; i++) {
        uint8_t address[16];
        put_v4(address, random_address(chance));
        intern_put(facts->addresses, address, 0);
    }
    uint32_t nickname = facts_put_text(facts, "relay", 5);
    uint32_t addresses = intern_count(facts->addresses);
    for (uint32_t i = 0; i < INTERVALS; i++) {
        uint32_t from = g_rand_int(chance) % (HOURS - 400);
        uint32_t to = from + g_rand_int(chance) % 400;
        Run run = {g_rand_int(chance) % RELAYS, g_rand_int(chance) % addresses,
                   START + from * 3600, START + to * 3600};
        g_array_append_val(layer->runs[FACT_V4], run);
        run.value = nickname << STATUS_SHIFT | STATUS_EXIT;
        if (i % 4 == 0)
            g_array_append_val(layer->runs[FACT_STATUS], run);
    }
    g_ptr_array_add(facts->layers, layer);
    return facts;
}

/* Questions of which half hit an address that was a relay's at some time. */
typedef struct {
    IpAddress ip;
    Instant when;
} Question;

static Question *make_questions(const History *history)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(2);
    Question *all = g_new0(Question, LOOKUPS);
    for (size_t i = 0; i < LOOKUPS; i++) {
        if (i % 2) {
            const AddressTable *v4 = &history->addresses[0];
            size_t index = g_rand_int(chance) % v4->count;
            AnyInterval run =
                map_interval(history, false, map_address_runs(v4, index).first);
            all[i] =
                (Question){map_address(history, false, index), run.from + 60};
        } else {
            put_v4(all[i].ip.bytes, random_address(chance));
            all[i].when = START + (Instant)(g_rand_int(chance) % HOURS) * 3600;
        }
    }
    return all;
}

static void time_lookups(const History *history, const Question *all)
{
    g_autoptr(GArray) sights = g_array_new(FALSE, FALSE, sizeof(Sight));
    size_t found = 0;
    double started = now();
    for (size_t i = 0; i < LOOKUPS; i++) {
        g_array_set_size(sights, 0);
        sights_at(history, &all[i].ip, all[i].when, sights);
        found += sights->len;
    }
    double bare = (now() - started) / LOOKUPS;
    started = now();
    for (size_t i = 0; i < LOOKUPS / 10; i++) {
        g_autoptr(Lookup) lookup =
            history_lookup(history, &all[i].ip,
                           (Interval){all[i].when, all[i].when}, 80, NULL);
        found += lookup->relays->len;
    }
    double whole = (now() - started) / (LOOKUPS / 10);
    printf("who was it (sights_at)        %8.0f ns\n", bare * 1e9);
    printf("verdict in words, proof       %8.0f ns   (%zu sightings)\n",
           whole * 1e9, found);
}

static void run_sql(sqlite3 *database, const char *sql)
{
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==,
                    SQLITE_OK);
}

static void fill_sqlite(sqlite3 *database, const History *history)
{
    sqlite3_stmt *insert;
    run_sql(database, "PRAGMA synchronous=OFF; BEGIN;"
                      "CREATE TABLE i(ip INTEGER, f INTEGER, t INTEGER,"
                      " relay INTEGER, PRIMARY KEY(ip, f, relay))"
                      " WITHOUT ROWID");
    sqlite3_prepare_v2(database, "INSERT OR IGNORE INTO i VALUES(?,?,?,?)", -1,
                       &insert, NULL);
    const AddressTable *v4 = &history->addresses[0];
    for (size_t a = 0; a < v4->count; a++) {
        const uint8_t *b = v4->addresses + a * 4;
        Range range = map_address_runs(v4, a);
        for (size_t i = range.first; i < range.end; i++) {
            AnyInterval run = map_interval(history, false, i);
            sqlite3_bind_int64(
                insert, 1,
                (gint64)((guint32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]));
            sqlite3_bind_int64(insert, 2, run.from);
            sqlite3_bind_int64(insert, 3, run.to);
            sqlite3_bind_int64(insert, 4, run.relay);
            sqlite3_step(insert);
            sqlite3_reset(insert);
        }
    }
    sqlite3_finalize(insert);
    run_sql(database, "COMMIT");
}

static void time_sqlite(const History *history, const Question *all)
{
    sqlite3 *database;
    sqlite3_stmt *select;
    size_t found = 0;
    g_assert_cmpint(sqlite3_open(":memory:", &database), ==, SQLITE_OK);
    fill_sqlite(database, history);
    sqlite3_prepare_v2(database,
                       "SELECT relay FROM i WHERE ip=? AND f<=? AND t+86400>?",
                       -1, &select, NULL);
    double started = now();
    for (size_t i = 0; i < LOOKUPS / 5; i++) {
        const uint8_t *b = all[i].ip.bytes + 12;
        sqlite3_bind_int64(
            select, 1,
            (gint64)((guint32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]));
        sqlite3_bind_int64(select, 2, all[i].when);
        sqlite3_bind_int64(select, 3, all[i].when);
        while (sqlite3_step(select) == SQLITE_ROW)
            found++;
        sqlite3_reset(select);
    }
    printf("the same rows in SQLite       %8.0f ns   (%zu rows)\n",
           (now() - started) / (LOOKUPS / 5) * 1e9, found);
    sqlite3_finalize(select);
    sqlite3_close(database);
}

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

typedef struct {
    Records *records;
    guint stream;
} Taking;

static void take_document(const Source *source, Text document, const char *flaw,
                          gpointer data)
{
    const Taking *taking = data;
    facts_use_stream(taking->records->facts, taking->stream);
    facts_use_stream(taking->records->unverified, taking->stream);
    if (source && source->read && !flaw)
        source->read(taking->records, document, "bench", NULL);
}

/* All files below a directory with that in their names, unpacked, one after
 * the other. */
static GByteArray *read_files(const char *directory, const char *part)
{
    static const UnpackReader READER = {begin_text, take_text, end_text};
    GByteArray *text = g_byte_array_new();
    g_autoptr(GPtrArray) names = directory_list(directory, "", NULL);
    for (guint i = 0; names && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(directory, name, NULL);
        if (g_str_has_prefix(name, "20") && strstr(name, part))
            unpack_file(path, &READER, text, NULL);
    }
    return text;
}

/* Let an hour differ from the one before as real ones do (2017-10-29, 11 and 12
 * hours: of 100 entries 7 had another r line, and 26 more another bandwidth). */
static void change_hour(char *consensus, GRand *chance)
{
    for (char *at = consensus; (at = strstr(at, "\nr "));) {
        guint luck = g_rand_int(chance) % 100;
        char *digest = strchr(strchr(at + 3, ' ') + 1, ' ') + 1;
        char *bandwidth = strstr(at, "\nw Bandwidth=");
        at += 3;
        if (luck < 7)
            *digest = (char)('A' + g_rand_int(chance) % 26);
        else if (luck < 33 && bandwidth)
            bandwidth[13] = (char)('1' + g_rand_int(chance) % 9);
    }
}

/* The last consensus of text again for each of the hours before it: what an
 * archive of CollecTor is like. */
static GByteArray *make_month(const GByteArray *text, guint number, guint hours,
                              const Signer *signer)
{
    GByteArray *month = g_byte_array_new();
    g_autoptr(GRand) chance = g_rand_new_with_seed(3);
    static const char START_LINE[] = "network-status-version 3";
    const char *begin =
        g_strrstr_len((const char *)text->data, (gssize)text->len, START_LINE);
    size_t length = text->len - (size_t)(begin - (const char *)text->data);
    g_autofree char *copy = g_strndup(begin, length);
    char *time = strstr(copy, "\nvalid-after ") + strlen("\nvalid-after ");
    strstr(copy, "\ndirectory-signature ")[1] = 0;
    for (guint i = 0; i < hours; i++) {
        g_autofree char *when = g_strdup_printf("2026-%02u-%02u %02u:00:00",
                                                number, 1 + i / 24, i % 24);
        memcpy(time, when, strlen(when));
        change_hour(copy, chance);
        g_autoptr(GString) whole = g_string_new(copy);
        signer_sign(signer, 9, whole, 0);
        g_byte_array_append(month, (const uint8_t *)whole->str,
                            (guint)whole->len);
    }
    return month;
}

static Authorities *made_authorities(const Signer *signer)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("authorities-XXXXXX", &path, NULL);
    g_autoptr(GString) list = signer_authorities(signer);
    g_assert_true(fd >= 0 && g_file_set_contents(path, list->str, -1, NULL));
    close(fd);
    Authorities *authorities = authorities_read(path, NULL);
    g_assert_nonnull(authorities);
    g_unlink(path);
    return authorities;
}

/* Read so many texts in turn, a megabyte of each; seconds. */
static double read_texts(Records *records, GByteArray *const *texts,
                         guint count)
{
    Taking taking[FACTS_STREAMS];
    Splitter *splitters[FACTS_STREAMS];
    double started = now();
    bool is_more = true;
    for (guint i = 0; i < count; i++) {
        taking[i] = (Taking){records, i};
        splitters[i] = splitter_new(take_document, &taking[i]);
    }
    for (size_t at = 0; is_more; at += 1 << 20) {
        is_more = false;
        for (guint i = 0; i < count; i++) {
            size_t length = texts[i]->len, end = MIN(length, at + (1 << 20));
            for (size_t k = at; k < end; k += 262144)
                splitter_feed(splitters[i], texts[i]->data + k,
                              MIN(262144, end - k));
            is_more |= end < length;
        }
    }
    for (guint i = 0; i < count; i++) {
        splitter_finish(splitters[i]);
        splitter_free(splitters[i]);
    }
    return now() - started;
}

/* signer NULL: nobody's certificates, so that consensuses are kept apart. */
static void time_import(const char *what, GByteArray *const *texts, guint count,
                        const Signer *signer)
{
    g_autoptr(Authorities) authorities =
        signer ? made_authorities(signer) : authorities_new();
    g_autoptr(Facts) believed = facts_new(), apart = facts_new();
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(ConsensusMemory) memory = consensus_memory_new();
    g_autoptr(PolicyMemory) policies = policy_memory_new();
    g_autoptr(PeopleTaking) people = people_load("/nonexistent", NULL);
    g_autoptr(Traffic) traffic = traffic_load("/nonexistent", NULL);
    Records records = {
        .authorities = authorities,
        .certificates = certificates,
        .facts = believed,
        .unverified = apart,
        .people = people,
        .traffic = traffic,
        .memory = memory,
        .policies = policies,
    };
    if (signer) {
        g_autoptr(GString) keys = signer_certificates(signer);
        g_autoptr(GByteArray) text = g_byte_array_new();
        g_byte_array_append(text, (const uint8_t *)keys->str, (guint)keys->len);
        read_texts(&records, &text, 1);
    }
    double megabytes = 0, read = read_texts(&records, texts, count);
    for (guint i = 0; i < count; i++)
        megabytes += texts[i]->len / 1e6;
    printf("%-18s to facts %8.0f MB/s (%.0f MB)\n", what, megabytes / read,
           megabytes);
    Facts *facts = believed->documents->len > 0 ? believed : apart;
    double started = now();
    facts_settle(facts);
    g_autoptr(GBytes) history = history_build(facts, 1, (uint8_t[32]){0}, NULL);
    if (facts_layer(facts)->hours->len > 0)
        printf("%-18s and to a history %0.0f MB/s\n", "",
               megabytes / (read + now() - started));
}

static void time_kinds(const char *directory)
{
    static const char *const KINDS[][2] = {
        {"server descriptors", "-server-descriptors"},
        {"microdescriptors", "-microdescs"},
        {"exit lists", "-exit-list"},
        {"votes, skipped", "-vote"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        g_autoptr(GByteArray) text = read_files(directory, KINDS[i][1]);
        if (text->len > 0)
            time_import(KINDS[i][0], &text, 1, NULL);
    }
}

static void time_consensuses(const char *directory)
{
    GByteArray *text = read_files(directory, "-consensus");
    GByteArray *months[FACTS_STREAMS];
    g_autoptr(Signer) signer =
        signer_new(9, MADE_MONTH - 864000, MADE_MONTH + 20000000);
    time_import("scattered hours", &text, 1, NULL);
    months[0] = make_month(text, 1, 100, signer);
    time_import("hour after hour", months, 1, signer);
    g_byte_array_unref(months[0]);
    for (guint i = 0; i < FACTS_STREAMS; i++)
        months[i] = make_month(text, i + 1, 25, signer);
    time_import("of months in turn", months, FACTS_STREAMS, signer);
    for (guint i = 0; i < FACTS_STREAMS; i++)
        g_byte_array_unref(months[i]);
    g_byte_array_unref(text);
}

static void print_clock(FILE *out, Instant t)
{
    g_autofree char *text = instant_new_text(t);
    fputs(text, out);
}

/* The rows, and the questions, for a database to be filled with. */
static void write_rows(const History *history, const Question *all,
                       const char *rows_path, const char *questions_path)
{
    const AddressTable *v4 = &history->addresses[0];
    FILE *rows = fopen(rows_path, "w");
    FILE *questions = fopen(questions_path, "w");
    g_assert(rows && questions);
    for (size_t a = 0; a < v4->count; a++) {
        const uint8_t *b = v4->addresses + a * 4;
        Range range = map_address_runs(v4, a);
        for (size_t i = range.first; i < range.end; i++) {
            AnyInterval run = map_interval(history, false, i);
            fprintf(rows, "%u.%u.%u.%u\t", b[0], b[1], b[2], b[3]);
            print_clock(rows, run.from);
            fputc('\t', rows);
            print_clock(rows, run.to);
            fprintf(rows, "\t%u\n", run.relay);
        }
    }
    for (size_t i = 0; i < LOOKUPS / 10; i++) {
        g_autofree char *ip = ip_new_text(&all[i].ip);
        fprintf(questions, "%s\t", ip);
        print_clock(questions, all[i].when);
        fputc('\n', questions);
    }
    fclose(rows);
    fclose(questions);
}

/* rows: also write them there, and the questions; or NULL. */
static void time_history(const char *rows, const char *questions)
{
    g_autofree char *directory = g_dir_make_tmp("history-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, HISTORY_NAME, NULL);
    g_autoptr(Facts) facts = make_facts();
    facts_settle(facts);
    double started = now();
    g_autoptr(GBytes) bytes = history_build(facts, 1, (uint8_t[32]){0}, NULL);
    double built = now() - started;
    started = now();
    g_autoptr(GError) error = NULL;
    if (!file_replace(path, g_bytes_get_data(bytes, NULL),
                      g_bytes_get_size(bytes), 0600, &error))
        g_error("%s", error->message);
    printf("%d intervals: %.0f MB, built in %.1f s, published in %.2f s\n",
           INTERVALS, g_bytes_get_size(bytes) / 1e6, built, now() - started);
    {
        g_autoptr(History) history = history_open(directory, &error);
        g_assert_no_error(error);
        g_autofree Question *all = make_questions(history);
        time_lookups(history, all);
        if (rows)
            write_rows(history, all, rows, questions);
        else
            time_sqlite(history, all);
    }
    g_unlink(path);
    g_rmdir(directory);
}

int main(int argc, char **argv)
{
    if (argc == 4) {
        time_history(argv[2], argv[3]);
        return 0;
    }
    if (argc < 3)
        time_history(NULL, NULL);
    if (argc > 1) {
        time_consensuses(argv[1]);
        time_kinds(argv[1]);
    }
    return 0;
}
