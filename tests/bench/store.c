/*
 * How fast does the store accept, beside the least that SQLite must do?
 *
 *   bench_store [MAILS]       accepted mails a second, and the floor's
 *
 * The floor is one table without index, one row a mail, the same bytes, the
 * same batches, WAL and synchronous=FULL. Rounds of both take turns in fresh
 * directories beside each other, the median of each is printed: compare the
 * ratio, not the figures of two runs. MAILS are put into the store beforehand
 * (0), which shows what a large store costs.
 */
#include "store/store.h"

#include "paper.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAIL_BYTES 4096
#define ROUNDS     5
#define ROUND_US   (G_USEC_PER_SEC / 2)
#define BATCH_MAX  50

static char *mail_text(guint64 number)
{
    char *text = g_strnfill(MAIL_BYTES, 'x');
    int length = g_snprintf(text, 64, "Subject: %" G_GUINT64_FORMAT, number);
    text[length] = '\n';
    return text;
}

/* ---- the floor -------------------------------------------------------- */

typedef struct {
    sqlite3 *database;
    sqlite3_stmt *insert;
} Floor;

static Floor floor_open(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "floor.db", NULL);
    Floor floor = {0};
    g_assert_cmpint(sqlite3_open(path, &floor.database), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_exec(floor.database,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE mail (number INTEGER PRIMARY KEY, "
                     "sender TEXT, received INTEGER, bytes BLOB)",
                     NULL, NULL, NULL),
        ==, SQLITE_OK);
    sqlite3_prepare_v2(floor.database,
                       "INSERT INTO mail (sender, received, bytes) "
                       "VALUES (?, ?, ?)",
                       -1, &floor.insert, NULL);
    return floor;
}

static void floor_accept(Floor *floor, Delivery *const *batch, guint count)
{
    sqlite3_exec(floor->database, "BEGIN", NULL, NULL, NULL);
    for (guint i = 0; i < count; i++) {
        gsize length;
        const void *raw = g_bytes_get_data(batch[i]->raw, &length);
        sqlite3_bind_text(floor->insert, 1, batch[i]->envelope_from, -1,
                          SQLITE_STATIC);
        sqlite3_bind_int64(floor->insert, 2, batch[i]->received);
        sqlite3_bind_blob64(floor->insert, 3, raw, length, SQLITE_STATIC);
        sqlite3_step(floor->insert);
        sqlite3_reset(floor->insert);
    }
    g_assert_cmpint(sqlite3_exec(floor->database, "COMMIT", NULL, NULL, NULL),
                    ==, SQLITE_OK);
}

static void floor_close(Floor *floor, const char *directory)
{
    sqlite3_finalize(floor->insert);
    sqlite3_close(floor->database);
    g_autofree char *path = g_build_filename(directory, "floor.db", NULL);
    remove(path);
}

/* ---- the race --------------------------------------------------------- */

/* Mails a second of one round; floor NULL: the store's. */
static double race(Store *store, Floor *floor, guint batch_size,
                   guint64 *number)
{
    gint64 end = g_get_monotonic_time() + ROUND_US, spent = 0;
    guint64 done = 0;
    while (g_get_monotonic_time() < end) {
        Delivery *batch[BATCH_MAX];
        for (guint i = 0; i < batch_size; i++) {
            g_autofree char *text = mail_text((*number)++);
            batch[i] = paper_delivery("noc@shop.example", text);
        }
        gint64 start = g_get_monotonic_time();
        if (floor)
            floor_accept(floor, batch, batch_size);
        else
            g_assert_true(store_accept(store, batch, batch_size, NULL));
        spent += g_get_monotonic_time() - start;
        done += batch_size;
        for (guint i = 0; i < batch_size; i++)
            delivery_free(batch[i]);
    }
    return (double)done * G_USEC_PER_SEC / (double)spent;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void fill(Store *store, guint64 mails, guint64 *number)
{
    for (guint64 done = 0; done < mails; done += BATCH_MAX) {
        Delivery *batch[BATCH_MAX];
        for (guint i = 0; i < BATCH_MAX; i++) {
            g_autofree char *text = mail_text((*number)++);
            batch[i] = paper_delivery("noc@shop.example", text);
        }
        g_assert_true(store_accept(store, batch, BATCH_MAX, NULL));
        for (guint i = 0; i < BATCH_MAX; i++)
            delivery_free(batch[i]);
    }
}

int main(int argc, char **argv)
{
    static const guint BATCHES[] = {1, 10, BATCH_MAX};
    g_autofree char *directory = paper_directory();
    Store *store = store_open(directory, STORE_WRITE, NULL);
    g_assert_nonnull(store);
    Floor floor = floor_open(directory);
    guint64 number = 0;
    fill(store, argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 0, &number);
    printf("%5s %12s %12s %6s\n", "batch", "store/s", "floor/s", "ratio");
    for (guint i = 0; i < G_N_ELEMENTS(BATCHES); i++) {
        double ours[ROUNDS], least[ROUNDS];
        for (guint round = 0; round < ROUNDS; round++) {
            ours[round] = race(store, NULL, BATCHES[i], &number);
            least[round] = race(NULL, &floor, BATCHES[i], &number);
        }
        double store_rate = median(ours), floor_rate = median(least);
        printf("%5u %12.0f %12.0f %6.2f\n", BATCHES[i], store_rate, floor_rate,
               store_rate / floor_rate);
    }
    floor_close(&floor, directory);
    store_close(store);
    paper_remove(directory);
    return 0;
}
