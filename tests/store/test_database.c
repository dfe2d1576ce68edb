#include "base/errors.h"
#include "store/cases.h"
#include "store/database.h"
#include "store/drafts.h"

#include "paper.h"

#include <sys/stat.h>

static Store *open_store(const char *directory, StoreMode mode)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open(directory, mode, &error);
    g_assert_no_error(error);
    return store;
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

/* Without these a 250 would not mean what we say it means. */
static void test_is_durable(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_assert_cmpint(ask(store, "PRAGMA synchronous"), ==, 2);
    g_assert_cmpint(ask(store, "SELECT journal_mode = 'wal' "
                               "FROM pragma_journal_mode"),
                    ==, 1);
    g_assert_cmpint(ask(store, "PRAGMA foreign_keys"), ==, 1);
    g_assert_cmpint(ask(store, "PRAGMA trusted_schema"), ==, 0);
    g_assert_cmpint(ask(store, "PRAGMA cell_size_check"), ==, 1);
    g_assert_cmpint(ask(store, "PRAGMA secure_delete"), ==, 1);
    g_assert_cmpint(ask(store, "PRAGMA mmap_size"), ==, 0);
    g_assert_cmpint(ask(store, "PRAGMA wal_autocheckpoint"), ==, 0);
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

static void test_files_are_ours_alone(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    static const char *const NAMES[] = {"exitdesk.db", "exitdesk.db-wal",
                                        "exitdesk.db-shm", "exitdesk.lock"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(directory, NAMES[i], NULL);
        struct stat status;
        g_assert_cmpint(stat(path, &status), ==, 0);
        g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    }
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

static void test_every_table_is_strict(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM pragma_table_list "
                               "WHERE schema = 'main' AND NOT strict "
                               "AND name NOT LIKE 'sqlite_%'"),
                    ==, 0);
    g_assert_cmpint(ask(store, "SELECT count(*) FROM pragma_table_list "
                               "WHERE schema = 'main' AND strict"),
                    >, 10);
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

static void test_one_writer(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(directory, STORE_WRITE, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
    g_clear_pointer(&store, store_close);
    store = open_store(directory, STORE_WRITE);
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

/* A reader works beside the writer, sees what is committed, and works when
 * nobody writes; it can change nothing. */
static void test_readers(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) writer = open_store(directory, STORE_WRITE);
    g_autoptr(Store) reader = open_store(directory, STORE_READ);
    g_autofree char *id = paper_accept(writer, "one");
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) seen = store_delivery(reader, id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(seen->envelope_from, ==, "noc@shop.example");
    g_clear_pointer(&writer, store_close);
    g_autoptr(Delivery) again = store_delivery(reader, id, &error);
    g_assert_nonnull(again);
    g_clear_pointer(&reader, store_close);
    reader = open_store(directory, STORE_READ);
    g_autoptr(Delivery) alone = store_delivery(reader, id, &error);
    g_assert_nonnull(alone);
    g_assert_cmpint(
        sqlite3_exec(reader->database, "DELETE FROM mail", NULL, NULL, NULL),
        ==, SQLITE_READONLY);
    g_clear_pointer(&reader, store_close);
    paper_remove(directory);
}

static void test_missing(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(directory, STORE_READ, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    paper_remove(directory);
}

static void test_newer_schema_is_refused(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_autofree char *sql =
        g_strdup_printf("PRAGMA user_version = %d", SCHEMA_VERSION + 1);
    g_assert_cmpint(sqlite3_exec(store->database, sql, NULL, NULL, NULL), ==,
                    SQLITE_OK);
    g_clear_pointer(&store, store_close);
    static const StoreMode MODES[] = {STORE_READ, STORE_WRITE};
    for (guint i = 0; i < G_N_ELEMENTS(MODES); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(store_open(directory, MODES[i], &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    }
    paper_remove(directory);
}

static void test_what_is_no_database_is_refused(void)
{
    g_autofree char *directory = paper_directory();
    g_autofree char *path = g_build_filename(directory, "exitdesk.db", NULL);
    g_autofree char *noise = g_strnfill(8192, 'x');
    g_assert_true(g_file_set_contents(path, noise, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(directory, STORE_WRITE, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_BROKEN);
    paper_remove(directory);
}

/* What a group does happens together or not at all; a part that fails takes
 * nothing else with it. */
static void test_group(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_autoptr(Store) reader = open_store(directory, STORE_READ);
    g_autoptr(GError) error = NULL;
    g_assert_true(store_group_begin(store, &error));
    g_free(paper_accept(store, "first"));
    g_free(paper_accept(store, "second"));
    uint32_t attempts;
    g_assert_false(store_begin_reading(store, "0000009000", &attempts, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_free(paper_file(store, ACTION_HOLD, "third"));
    StoreNumbers before, after;
    g_assert_true(store_numbers(reader, &before, &error));
    g_assert_cmpint(before.mails, ==, 0);
    g_assert_true(store_group_commit(store, &error));
    g_assert_true(store_numbers(reader, &after, &error));
    g_assert_cmpint(after.mails, ==, 3);
    g_assert_cmpint(after.cases, ==, 1);
    g_clear_pointer(&reader, store_close);
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

static void *close_elsewhere(void *data)
{
    g_free(paper_accept(data, "from another thread"));
    store_close(data);
    return NULL;
}

static void test_hand_over(void)
{
    g_autofree char *directory = paper_directory();
    Store *store = open_store(directory, STORE_WRITE);
    g_free(paper_accept(store, "from this thread"));
    store_hand_over(store);
    g_thread_join(g_thread_new("writer", close_elsewhere, store));
    paper_remove(directory);
}

static void test_secrets_stay(void)
{
    g_autofree char *directory = paper_directory();
    g_autoptr(Store) store = open_store(directory, STORE_WRITE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) loop = store_secret(store, "loop", &error);
    g_autoptr(GBytes) other = store_secret(store, "other", &error);
    g_assert_cmpuint(g_bytes_get_size(loop), ==, 32);
    g_assert_false(g_bytes_equal(loop, other));
    g_clear_pointer(&store, store_close);
    store = open_store(directory, STORE_READ);
    g_autoptr(GBytes) again = store_secret(store, "loop", &error);
    g_assert_true(g_bytes_equal(loop, again));
    g_assert_null(store_secret(store, "never made", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_pointer(&store, store_close);
    paper_remove(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/database/durable", test_is_durable);
    g_test_add_func("/store/database/files", test_files_are_ours_alone);
    g_test_add_func("/store/database/strict", test_every_table_is_strict);
    g_test_add_func("/store/database/one-writer", test_one_writer);
    g_test_add_func("/store/database/readers", test_readers);
    g_test_add_func("/store/database/missing", test_missing);
    g_test_add_func("/store/database/newer", test_newer_schema_is_refused);
    g_test_add_func("/store/database/noise",
                    test_what_is_no_database_is_refused);
    g_test_add_func("/store/database/group", test_group);
    g_test_add_func("/store/database/hand-over", test_hand_over);
    g_test_add_func("/store/database/secrets", test_secrets_stay);
    return g_test_run();
}
