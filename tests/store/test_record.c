#include "base/errors.h"
#include "store/cases.h"
#include "store/database.h"

#include "paper.h"

#include <string.h>

static char *directory;

/* A store with two cases: ten entries, five a case. */
static Store *fresh(void)
{
    directory = paper_directory();
    Store *store = store_open(directory, STORE_WRITE, NULL);
    g_free(paper_file(store, ACTION_HOLD, "first"));
    g_free(paper_file(store, ACTION_SEND, "second"));
    return store;
}

static void end(Store *store)
{
    store_close(store);
    paper_remove(directory);
    g_clear_pointer(&directory, g_free);
}

static int run(Store *store, const char *sql)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL);
}

static void test_unbroken(void)
{
    Store *store = fresh();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    g_autoptr(Store) reader = store_open(directory, STORE_READ, &error);
    g_assert_true(store_verify_record(reader, &error));
    end(store);
}

static void test_is_append_only(void)
{
    static const char *const CHANGES[] = {
        "UPDATE record SET what = 'x' WHERE sequence = 2",
        "DELETE FROM record WHERE sequence = 2",
        "DELETE FROM record",
        "INSERT OR REPLACE INTO record SELECT * FROM record WHERE sequence=2",
        "UPDATE letter SET body = 'x'",
    };
    Store *store = fresh();
    for (guint i = 0; i < G_N_ELEMENTS(CHANGES); i++)
        g_assert_cmpint(run(store, CHANGES[i]) & 0xff, ==, SQLITE_CONSTRAINT);
    end(store);
}

typedef struct {
    const char *sql;
    int first_bad; /* sequence that the error must name */
} Forgery;

/* Whoever gets past the triggers is found at the first entry he touched. */
static void test_forgeries_are_found(void)
{
    static const Forgery FORGERIES[] = {
        {"UPDATE record SET what = 'x' WHERE sequence = 1", 1},
        {"UPDATE record SET what = what || ' ' WHERE sequence = 4", 4},
        {"UPDATE record SET detail = NULL WHERE sequence = 3", 3},
        {"UPDATE record SET at = at + 1 WHERE sequence = 5", 5},
        {"UPDATE record SET kind = 'note' WHERE sequence = 5", 5},
        {"UPDATE record SET about = 'UA-2026-00009-X', number = 1 "
         "WHERE sequence = 7",
         7},
        {"UPDATE record SET salt = randomblob(16) WHERE sequence = 6", 6},
        {"UPDATE record SET salt = x'' WHERE sequence = 6", 6},
        {"UPDATE record SET hash = randomblob(32) WHERE sequence = 8", 8},
        {"UPDATE record SET hash = x'00' WHERE sequence = 8", 8},
        {"DELETE FROM record WHERE sequence = 1", 2},
        {"DELETE FROM record WHERE sequence = 6", 7},
        {"DELETE FROM record WHERE sequence = 10", 9},
        {"DELETE FROM record WHERE sequence > 5", 5},
        {"DELETE FROM record", 0},
        {"UPDATE record SET sequence = sequence + 100 WHERE sequence = 4;"
         "UPDATE record SET sequence = 4 WHERE sequence = 5;"
         "UPDATE record SET sequence = 5 WHERE sequence = 104",
         4},
        {"INSERT INTO record SELECT 11, about, 6, at, kind, salt, what, "
         "detail, hash FROM record WHERE sequence = 10",
         11},
    };
    for (guint i = 0; i < G_N_ELEMENTS(FORGERIES); i++) {
        Store *store = fresh();
        g_assert_cmpint(run(store, "DROP TRIGGER record_is_kept;"
                                   "DROP TRIGGER record_is_fixed"),
                        ==, SQLITE_OK);
        g_assert_cmpint(run(store, FORGERIES[i].sql), ==, SQLITE_OK);
        g_autoptr(GError) error = NULL;
        g_assert_false(store_verify_record(store, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
        g_autofree char *named =
            g_strdup_printf("entry %d", FORGERIES[i].first_bad);
        if (!strstr(error->message, named))
            g_test_message("%s: %s", FORGERIES[i].sql, error->message);
        g_assert_nonnull(strstr(error->message, named));
        end(store);
    }
}

static void test_a_case_shows_its_broken_entry(void)
{
    Store *store = fresh();
    g_assert_cmpint(run(store, "DROP TRIGGER record_is_fixed;"
                               "UPDATE record SET what = 'x' "
                               "WHERE sequence = 2"),
                    ==, SQLITE_OK);
    g_autoptr(GPtrArray) rows = store_cases(store, &(CaseFilter){0}, NULL);
    const CaseRow *oldest = rows->pdata[rows->len - 1];
    g_autoptr(Case) broken = store_case(store, oldest->case_id, NULL);
    for (guint i = 0; i < broken->record->len; i++) {
        const RecordEntry *entry = broken->record->pdata[i];
        g_assert_cmpint(entry->is_unbroken, ==, i != 1);
    }
    end(store);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/record/unbroken", test_unbroken);
    g_test_add_func("/store/record/append-only", test_is_append_only);
    g_test_add_func("/store/record/forgeries", test_forgeries_are_found);
    g_test_add_func("/store/record/case", test_a_case_shows_its_broken_entry);
    return g_test_run();
}
