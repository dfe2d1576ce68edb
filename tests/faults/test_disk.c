/*
 * The storage fails at every single operation, in every way we know.
 *
 * A day's work (accept, file, approve, send, checkpoint, restart) is done on a
 * disk in memory that fails at its k-th write, sync or truncation, for every
 * k. What a call has acknowledged must be there afterwards, once, and the work
 * done again to its end must give what it gives on a good disk: nothing lost,
 * nothing twice.
 *
 * EXITDESK_CRASHES sets how many ways of losing power are tried at each
 * operation. Under a sanitizer, which looks at other things and is slow, only
 * every fourth operation has its turn.
 */
#include "base/errors.h"
#include "store/cases.h"
#include "store/casework.h"
#include "store/database.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include "disk.h"
#include "paper.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define STEP 4
#else
#define STEP 1
#endif

static char *directory;

/* ---- the day's work --------------------------------------------------- */

#define MAILS 4
static const char *const TEXTS[MAILS] = {"alpha", "beta", "gamma", "delta"};

/* What was acknowledged so far. */
typedef struct {
    bool accepted[MAILS];
    bool filed[2]; /* alpha is sent, beta held */
    bool approved, sent, joined;
} Ledger;

typedef struct {
    Store *store;
    Ledger *ledger;
    GError *error;
} Work;

static char *accept_some(Work *work, guint from, guint count)
{
    Delivery *group[MAILS] = {0};
    for (guint i = 0; i < count; i++)
        group[i] = paper_delivery("noc@shop.example", TEXTS[from + i]);
    bool ok = store_accept(work->store, group, count, &work->error);
    char *first = ok ? g_strdup(group[0]->id) : NULL;
    for (guint i = 0; i < count; i++) {
        work->ledger->accepted[from + i] |= ok;
        delivery_free(group[i]);
    }
    return first;
}

/* "Somebody did it already" is as good as done. */
static bool done_or_conflict(Work *work, bool ok)
{
    if (ok)
        return true;
    if (!g_error_matches(work->error, DESK_ERROR, DESK_ERROR_CONFLICT))
        return false;
    g_clear_error(&work->error);
    return true;
}

static bool file_one(Work *work, guint which, Action action)
{
    g_autofree char *inbox_id = accept_some(work, which, 1);
    if (!inbox_id)
        return false;
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, action, TEXTS[which]);
    bool ok = done_or_conflict(
        work, store_file(work->store, &paper.filing, &work->error));
    work->ledger->filed[which] |= ok;
    return ok;
}

static bool approve(Work *work)
{
    g_autofree char *case_id =
        store_case_of_token(work->store, "beta", &work->error);
    if (!case_id)
        return false;
    bool ok = done_or_conflict(
        work, store_approve_draft(work->store, case_id, "anna", NULL, PAPER_NOW,
                                  PAPER_NOW, &work->error));
    work->ledger->approved |= ok;
    return ok;
}

static bool send_one(Work *work, int64_t id)
{
    return store_outbox_begin(work->store, id, PAPER_NOW + PAPER_DAY,
                              &work->error) &&
           store_outbox_dot(work->store, id, &work->error) &&
           store_outbox_done(work->store, id, SENT_OK, "250 ok", PAPER_NOW,
                             PAPER_NOW, &work->error);
}

static bool send_all(Work *work)
{
    g_autoptr(GPtrArray) due =
        store_outbox_due(work->store, PAPER_NOW + PAPER_DAY, 10, &work->error);
    if (!due)
        return false;
    for (guint i = 0; i < due->len; i++)
        if (!send_one(work, ((OutboxRow *)due->pdata[i])->id))
            return false;
    work->ledger->sent = true;
    return true;
}

static bool accept_first(Work *work)
{
    g_autofree char *id = accept_some(work, 0, 3);
    return id != NULL;
}

static bool file_alpha(Work *work)
{
    return file_one(work, 0, ACTION_SEND);
}

static bool checkpoint(Work *work)
{
    database_checkpoint(work->store);
    return true;
}

static bool file_beta(Work *work)
{
    return file_one(work, 1, ACTION_HOLD);
}

/* Of what staff do, the one that writes in most places. */
static bool join(Work *work)
{
    g_autofree char *id =
        store_case_of_token(work->store, "alpha", &work->error);
    g_autofree char *into =
        id ? store_case_of_token(work->store, "beta", &work->error) : NULL;
    if (!into)
        return false;
    CaseHand hand = {.by = "anna", .login = "anna", .now = PAPER_NOW};
    guint stopped;
    bool ok =
        done_or_conflict(work, store_case_join(work->store, id, into, &hand,
                                               &stopped, &work->error));
    work->ledger->joined |= ok;
    return ok;
}

static bool recover(Work *work)
{
    return store_outbox_recover(work->store, PAPER_NOW, &work->error);
}

static bool accept_last(Work *work)
{
    g_autofree char *id = accept_some(work, 3, 1);
    return id != NULL;
}

static bool (*const STEPS[])(Work *) = {
    accept_first, file_alpha, checkpoint, file_beta,   approve,
    recover,      send_all,   join,       accept_last, checkpoint,
};

/* Until the end, or until the storage is broken. A full disk is waited out:
 * the step that met it must work when there is room again. */
static void work_until_broken(Store *store, Ledger *ledger)
{
    for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++) {
        Work work = {.store = store, .ledger = ledger};
        bool ok = STEPS[i](&work);
        if (!ok &&
            g_error_matches(work.error, DESK_ERROR, DESK_ERROR_TEMPORARY)) {
            g_assert_true(disk_has_failed());
            g_clear_error(&work.error);
            disk_make_room();
            i = 0; /* from the start: doing a step twice is harmless */
            ok = STEPS[i](&work);
        }
        if (!ok) {
            g_assert_true(disk_has_failed());
            g_assert_error(work.error, DESK_ERROR, DESK_ERROR_BROKEN);
            g_clear_error(&work.error);
            return;
        }
    }
}

/* ---- looking afterwards ----------------------------------------------- */

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

static void check_whole(Store *store)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(ask(store, "SELECT integrity_check = 'ok' "
                               "FROM pragma_integrity_check"),
                    ==, 1);
    g_assert_cmpint(ask(store, "SELECT count(*) "
                               "FROM pragma_foreign_key_check"),
                    ==, 0);
    store_verify_record(store, &error);
    g_assert_no_error(error);
    /* a decided mail has its one case, a case its letter, a letter of a case
     * that is being answered its one row in the outbox */
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail LEFT JOIN ticket "
                               "ON ticket.mail = mail.number "
                               "WHERE (mail.state = 'decided') "
                               "<> (ticket.number IS NOT NULL)"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM ticket LEFT JOIN letter "
                               "ON letter.ticket = ticket.number "
                               "WHERE letter.number IS NULL"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM ticket LEFT JOIN outbox "
                               "ON outbox.ticket = ticket.number "
                               "WHERE (ticket.state = 'drafted') "
                               "<> (outbox.number IS NULL)"),
                    ==, 0);
    /* a joined case is closed, and both records say so */
    g_assert_cmpint(ask(store, "SELECT count(*) FROM ticket WHERE "
                               "(state = 'closed') <> (joined IS NOT NULL)"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT (SELECT count(*) FROM record "
                               "WHERE what LIKE '%the same matter%') - "
                               "2 * (SELECT count(joined) FROM ticket)"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT (SELECT count(*) FROM case_act) - "
                               "(SELECT count(joined) FROM ticket)"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM letter") -
                        ask(store, "SELECT count(*) FROM ticket"),
                    ==, 0);
}

static int64_t mails_like(Store *store, const char *text)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT count(*) FROM mail JOIN mail_bytes ON mail = number "
        "WHERE bytes = CAST('%s' AS BLOB)",
        text);
    return ask(store, sql);
}

static void check_ledger(Store *store, const Ledger *ledger)
{
    for (guint i = 0; i < MAILS; i++)
        g_assert_cmpint(mails_like(store, TEXTS[i]), >=, ledger->accepted[i]);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM letter "
                               "WHERE token = 'alpha'"),
                    >=, ledger->filed[0]);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM letter "
                               "WHERE token = 'beta'"),
                    >=, ledger->filed[1]);
    if (ledger->approved)
        g_assert_cmpint(ask(store, "SELECT count(*) FROM outbox"), ==, 2);
    g_assert_cmpint(ask(store, "SELECT count(joined) FROM ticket"), >=,
                    ledger->joined);
    if (ledger->sent)
        g_assert_cmpint(ask(store, "SELECT count(*) FROM outbox "
                                   "WHERE state = 'sent'"),
                        ==, 2);
}

static void check_finished(Store *store)
{
    for (guint i = 0; i < MAILS; i++)
        g_assert_cmpint(mails_like(store, TEXTS[i]), ==, 1);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail"), ==, MAILS);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM ticket"), ==, 2);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM outbox"), ==, 2);
    g_assert_cmpint(ask(store, "SELECT sum(letters) FROM letter_count "
                               "WHERE scope = 'all'"),
                    ==, 1);
}

static Store *open_disk(void)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open_with(directory, STORE_WRITE, DISK_VFS, &error);
    g_assert_no_error(error);
    return store;
}

/* A good disk again: all that was acknowledged is there, and the work can be
 * done to its end. */
static void check_after(const Ledger *ledger)
{
    disk_plan(DISK_WORKS, 0);
    Store *store = open_disk();
    check_whole(store);
    check_ledger(store, ledger);
    Ledger again = *ledger;
    work_until_broken(store, &again);
    check_whole(store);
    check_finished(store);
    store_close(store);
}

/* ---- the faults ------------------------------------------------------- */

/* Work on a fresh copy of an empty store; false if the fault's moment never
 * came. */
static bool work_with_fault(DiskFault fault, guint k, Ledger *ledger)
{
    disk_restore();
    Store *store = open_disk();
    disk_plan(fault, k);
    work_until_broken(store, ledger);
    store_close(store);
    return disk_has_failed();
}

static void test_no_fault(void)
{
    Ledger ledger = {0};
    g_assert_false(work_with_fault(DISK_WORKS, 0, &ledger));
    g_assert_cmpuint(disk_operations(), >, 50);
    g_assert_true(ledger.sent && ledger.approved);
    disk_lose_power(0);
    check_after(&ledger);
}

/* One I/O error, and the power fails right after it: what the kernel forgot
 * must not have been acknowledged. */
static void test_every_operation_fails(void)
{
    guint k = 1;
    for (Ledger ledger = {0}; work_with_fault(DISK_FAILS_ONCE, k, &ledger);
         ledger = (Ledger){0}, k += STEP) {
        disk_lose_power(0);
        check_after(&ledger);
    }
    g_assert_cmpuint(k, >, 50);
}

/* One I/O error, and the process starts anew with the power on. */
static void test_every_operation_fails_restart(void)
{
    guint k = 1;
    for (Ledger ledger = {0}; work_with_fault(DISK_FAILS_ONCE, k, &ledger);
         ledger = (Ledger){0}, k += STEP)
        check_after(&ledger);
    g_assert_cmpuint(k, >, 50);
}

static void test_disk_fills_at_every_operation(void)
{
    guint k = 1;
    for (Ledger ledger = {0}; work_with_fault(DISK_IS_FULL, k, &ledger);
         ledger = (Ledger){0}, k += STEP) {
        g_assert_true(ledger.sent);
        disk_lose_power(0);
        check_after(&ledger);
    }
    g_assert_cmpuint(k, >, 30);
}

static guint crashes_wanted(void)
{
    const char *wanted = g_getenv("EXITDESK_CRASHES");
    return wanted ? (guint)atoi(wanted) : 1;
}

static void test_power_fails_at_every_operation(void)
{
    guint states = 0;
    for (guint round = 0; round < crashes_wanted(); round++)
        for (guint k = 1;; k += STEP, states++) {
            Ledger ledger = {0};
            if (!work_with_fault(DISK_DIES, k, &ledger))
                break;
            /* every second time all of it is lost, else a part */
            disk_lose_power((k + round) % 2 ? 0 : round * 1000 + k);
            check_after(&ledger);
        }
    g_test_message("%u crash states", states);
    g_assert_cmpuint(states, >, 150 / STEP);
}

/* A schema step is there whole or not at all. */
static void test_power_fails_while_created(void)
{
    for (guint k = 1;; k += STEP) {
        disk_erase();
        disk_plan(DISK_DIES, k);
        g_autoptr(GError) error = NULL;
        g_autoptr(Store) store =
            store_open_with(directory, STORE_WRITE, DISK_VFS, &error);
        if (store)
            break;
        g_assert_error(error, DESK_ERROR, DESK_ERROR_BROKEN);
        disk_lose_power(k);
        Ledger ledger = {0};
        check_after(&ledger);
    }
}

/* No fault of the disk, but no more pages: the limit of a quota. */
static void test_no_more_pages(void)
{
    disk_restore();
    disk_plan(DISK_WORKS, 0);
    g_autoptr(Store) store = open_disk();
    g_autofree char *limit =
        g_strdup_printf("PRAGMA max_page_count = %d",
                        (int)ask(store, "PRAGMA page_count") + 20);
    ask(store, limit);
    guint acknowledged = 0;
    g_autofree char *text = g_strnfill(6000, 'x');
    for (;;) {
        g_autoptr(GError) error = NULL;
        g_autofree char *numbered =
            g_strdup_printf("%u %s", acknowledged, text);
        g_autoptr(Delivery) delivery = paper_delivery("", numbered);
        if (store_accept(store, &delivery, 1, &error)) {
            acknowledged++;
            continue;
        }
        g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
        g_assert_nonnull(strstr(error->message, "disk full"));
        break;
    }
    g_assert_cmpuint(acknowledged, >, 3);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail"), ==, acknowledged);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM mail_bytes"), ==,
                    acknowledged);
    ask(store, "PRAGMA max_page_count = 1000000");
    g_free(paper_accept(store, "there is room again"));
    check_whole(store);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* only the lock is there, but syncing its directory takes real time */
    if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
        g_setenv("TMPDIR", "/dev/shm", true);
    directory = paper_directory();
    disk_register();
    store_close(open_disk());
    disk_save();
    g_test_add_func("/faults/disk/none", test_no_fault);
    g_test_add_func("/faults/disk/error", test_every_operation_fails);
    g_test_add_func("/faults/disk/restart", test_every_operation_fails_restart);
    g_test_add_func("/faults/disk/full", test_disk_fills_at_every_operation);
    g_test_add_func("/faults/disk/power", test_power_fails_at_every_operation);
    g_test_add_func("/faults/disk/creation", test_power_fails_while_created);
    g_test_add_func("/faults/disk/pages", test_no_more_pages);
    int status = g_test_run();
    paper_remove(directory);
    return status;
}
