/*
 * kill -9 at random moments of a process that accepts, files and sends.
 *
 * The child writes each acknowledgement to a ledger outside the store before
 * it goes on, and "sends" by writing the Message-ID to another; both survive
 * the kill. At the end: every acknowledged mail is stored, once, with one
 * case and one letter; every letter went out, and twice only where its
 * outcome was unknown.
 *
 * EXITDESK_KILLS sets how often (50).
 */
#include "base/errors.h"
#include "store/cases.h"
#include "store/database.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include "paper.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH   5
#define KILL_MS 60

/* ---- the child -------------------------------------------------------- */

typedef struct {
    Store *store;
    int ledger;
    Instant now;
} Child;

static void require(bool ok)
{
    if (!ok)
        _exit(1);
}

static void note(const Child *child, char kind, const char *text)
{
    g_autofree char *line = g_strdup_printf("%c %s\n", kind, text);
    require(write(child->ledger, line, strlen(line)) == (ssize_t)strlen(line));
}

/* The client sends the last batch again if it saw no 250 for it. */
static void accept_batch(const Child *child, guint number)
{
    Delivery *batch[BATCH];
    for (guint i = 0; i < BATCH; i++) {
        g_autofree char *text = g_strdup_printf("mail%u", number * BATCH + i);
        batch[i] = paper_delivery("noc@shop.example", text);
    }
    require(store_accept(child->store, batch, BATCH, NULL));
    for (guint i = 0; i < BATCH; i++) {
        note(child, 'A', batch[i]->id);
        delivery_free(batch[i]);
    }
    g_autofree char *done = g_strdup_printf("%u", number);
    note(child, 'B', done);
}

static guint file_some(const Child *child)
{
    g_autoptr(GPtrArray) ids = store_undecided(child->store, 100, NULL);
    require(ids != NULL);
    for (guint i = 0; i < ids->len; i++) {
        uint32_t attempts;
        require(
            store_begin_reading(child->store, ids->pdata[i], &attempts, NULL));
        g_autoptr(Delivery) mail =
            store_delivery(child->store, ids->pdata[i], NULL);
        require(mail != NULL);
        gsize length;
        const char *raw = g_bytes_get_data(mail->raw, &length);
        g_autofree char *tag = g_strndup(raw, length);
        g_auto(Paper) paper = {0};
        paper_init(&paper, mail->id, ACTION_SEND, tag);
        paper.filed.send_at = PAPER_NOW;
        require(store_file(child->store, &paper.filing, NULL));
    }
    return ids->len;
}

static guint send_some(Child *child)
{
    child->now += PAPER_DAY; /* what waited for a retry is due */
    g_autoptr(GPtrArray) due =
        store_outbox_due(child->store, child->now, 100, NULL);
    require(due != NULL);
    for (guint i = 0; i < due->len; i++) {
        const OutboxRow *row = due->pdata[i];
        require(store_outbox_begin(child->store, row->id, child->now, NULL) &&
                store_outbox_dot(child->store, row->id, NULL));
        note(child, 'S', row->message_id);
        require(store_outbox_done(child->store, row->id, SENT_OK, "250 ok",
                                  child->now, child->now, NULL));
    }
    return due->len;
}

/* Open as the desk does at its start; the killed one's lock is gone. */
static Child child_start(const char *directory, guint run)
{
    g_autofree char *path = g_build_filename(directory, "ledger", NULL);
    Child child = {
        .store = store_open(directory, STORE_WRITE, NULL),
        .ledger = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600),
        .now = PAPER_NOW + (Instant)run * 1000 * PAPER_DAY,
    };
    require(child.store && child.ledger >= 0 &&
            store_outbox_recover(child.store, child.now, NULL));
    return child;
}

static void child_work(const char *directory, guint run, guint first_batch,
                       bool is_last)
{
    Child child = child_start(directory, run);
    guint batch = first_batch;
    do { /* unless it is the last run, until we are killed */
        accept_batch(&child, batch++);
        file_some(&child);
        send_some(&child);
    } while (!is_last);
    while (file_some(&child) > 0 || send_some(&child) > 0)
        continue;
    store_close(child.store);
    _exit(0);
}

/* ---- the judge -------------------------------------------------------- */

/* What the ledger says so far. */
typedef struct {
    GHashTable *accepted; /* inbox id to how often */
    GHashTable *sent;     /* Message-ID to how often */
    guint next_batch;
} Ledger;

static void add_one(GHashTable *table, const char *key)
{
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
    g_hash_table_insert(table, g_strdup(key), GUINT_TO_POINTER(count + 1));
}

static Ledger ledger_read(const char *directory)
{
    Ledger ledger = {
        .accepted =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .sent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    g_autofree char *path = g_build_filename(directory, "ledger", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return ledger;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line == 'A')
            add_one(ledger.accepted, *line + 2);
        else if (**line == 'S')
            add_one(ledger.sent, *line + 2);
        else if (**line == 'B')
            ledger.next_batch = (guint)atoi(*line + 2) + 1;
    }
    return ledger;
}

static void ledger_clear(Ledger *ledger)
{
    g_hash_table_unref(ledger->accepted);
    g_hash_table_unref(ledger->sent);
}

static int run_child(const char *directory, guint run, bool is_last)
{
    Ledger ledger = ledger_read(directory);
    guint next_batch = ledger.next_batch;
    ledger_clear(&ledger);
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0)
        child_work(directory, run, next_batch, is_last);
    if (!is_last) {
        g_usleep((gulong)g_test_rand_int_range(0, KILL_MS * 1000));
        kill(child, SIGKILL);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return status;
}

static int64_t ask(Store *store, const char *sql)
{
    sqlite3_stmt *statement;
    g_assert_cmpint(
        sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL), ==,
        SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void check_accepted(Store *store, const Ledger *ledger)
{
    GHashTableIter iter;
    void *id;
    g_hash_table_iter_init(&iter, ledger->accepted);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Case) found = store_case(store, id, &error);
        g_assert_no_error(error);
        g_assert_nonnull(found->row->case_id);
    }
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail"), ==,
                    ask(store, "SELECT count(DISTINCT bytes) "
                               "FROM mail_bytes"));
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail"), ==,
                    ask(store, "SELECT count(*) FROM ticket"));
    g_assert_cmpint(ask(store, "SELECT count(*) FROM letter"), ==,
                    ask(store, "SELECT count(*) FROM outbox"));
    g_assert_cmpint(ask(store, "SELECT count(DISTINCT ticket) FROM letter"), ==,
                    ask(store, "SELECT count(*) FROM ticket"));
}

static void check_sent(Store *store, const Ledger *ledger)
{
    g_autoptr(GPtrArray) rows = store_outbox(store, NULL, NULL);
    guint doubled = 0, held = 0;
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        guint times = GPOINTER_TO_UINT(
            g_hash_table_lookup(ledger->sent, row->message_id));
        if (g_str_equal(row->state, "held")) {
            g_assert_true(row->outcome_unknown);
            held++;
            continue;
        }
        g_assert_cmpstr(row->state, ==, "sent");
        g_assert_cmpuint(times, >=, 1);
        g_assert_cmpuint(times, <=, row->outcome_unknown ? 2 : 1);
        doubled += times - 1;
    }
    g_test_message("%u letters, %u doubled, %u held", rows->len, doubled, held);
}

static void test_kills(void)
{
    const char *wanted = g_getenv("EXITDESK_KILLS");
    guint kills = wanted ? (guint)atoi(wanted) : 50;
    g_autofree char *directory = paper_directory();
    for (guint run = 0; run < kills; run++)
        g_assert_true(WIFSIGNALED(run_child(directory, run, false)));
    g_assert_cmpint(run_child(directory, kills, true), ==, 0);
    g_autoptr(GError) error = NULL;
    Store *store = store_open(directory, STORE_READ, &error);
    g_assert_no_error(error);
    Ledger ledger = ledger_read(directory);
    g_assert_cmpint(ask(store, "SELECT integrity_check = 'ok' "
                               "FROM pragma_integrity_check"),
                    ==, 1);
    g_assert_true(store_verify_record(store, &error));
    check_accepted(store, &ledger);
    check_sent(store, &ledger);
    ledger_clear(&ledger);
    store_close(store);
    paper_remove(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/faults/kill", test_kills);
    return g_test_run();
}
