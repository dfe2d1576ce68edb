/*
 * Statements, transactions, and what failures mean.
 *
 * WAL with synchronous=FULL: a commit returns when its frames are on disk.
 * What the storage does is believed once: after an I/O error nothing is tried
 * again, because the kernel may have dropped the dirty pages and a second
 * fsync would lie ("fsyncgate"). The store is then broken and answers only
 * BROKEN until the process has ended.
 *
 * Disk full is different: SQLite has undone the transaction, what was
 * committed stays, and room may come back. That is TEMPORARY.
 *
 * Checkpoints are ours, after a commit, because the automatic one hides its
 * result. One that fails does not undo the commit before it: the commit is
 * reported as done, the store as broken from the next call on.
 */
#include "store/database.h"

#include "base/errors.h"
#include "base/log.h"

#define CHECKPOINT_PAGES 1000

/* ---- failures --------------------------------------------------------- */

static DeskErrorCode code_for(int code)
{
    switch (code & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DESK_ERROR_BROKEN;
    case SQLITE_CONSTRAINT:
        return DESK_ERROR_CONFLICT;
    case SQLITE_TOOBIG:
        return DESK_ERROR_LIMIT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return DESK_ERROR_DENIED;
    default: /* full, busy, locked, out of memory, cannot open */
        return DESK_ERROR_TEMPORARY;
    }
}

bool database_fail(Store *store, int code, const char *doing, GError **error)
{
    DeskErrorCode meaning = code_for(code);
    if (meaning == DESK_ERROR_BROKEN)
        store->is_broken = true;
    const char *what = (code & 0xff) == SQLITE_FULL ? "disk full"
                       : store->database ? sqlite3_errmsg(store->database)
                                         : sqlite3_errstr(code);
    g_set_error(error, DESK_ERROR, meaning, "%s: %s: %s (SQLite %d)",
                store->path, doing, what, code);
    return false;
}

static bool is_usable(Store *store, GError **error)
{
    if (store->mode == STORE_WRITE) {
        if (!store->thread)
            store->thread = g_thread_self();
        g_assert(store->thread == g_thread_self());
    }
    if (!store->is_broken)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_BROKEN,
                "%s: an earlier failure of the storage", store->path);
    return false;
}

bool database_run(Store *store, const char *sql, GError **error)
{
    int code = sqlite3_exec(store->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || database_fail(store, code, sql, error);
}

/* ---- queries ---------------------------------------------------------- */

Query query_new(Store *store, Sql sql)
{
    Query query = {.store = store,
                   .statement = store->statements[sql],
                   .sql = sql,
                   .next_value = 1};
    /* A statement in use is a bug: its rows would vanish under the user. */
    g_assert(!sqlite3_stmt_busy(query.statement));
    return query;
}

void query_clear(Query *query)
{
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
}

static void check_put(Query *query, int code)
{
    /* TOOBIG and NOMEM show again when the statement runs; the rest is ours */
    g_assert(code == SQLITE_OK || code == SQLITE_TOOBIG ||
             code == SQLITE_NOMEM);
    query->next_value++;
}

void query_put_number(Query *query, int64_t value)
{
    check_put(query,
              sqlite3_bind_int64(query->statement, query->next_value, value));
}

void query_put_instant(Query *query, Instant value)
{
    if (value == INSTANT_NONE)
        check_put(query,
                  sqlite3_bind_null(query->statement, query->next_value));
    else
        query_put_number(query, value);
}

void query_put_text(Query *query, const char *value)
{
    check_put(query, sqlite3_bind_text(query->statement, query->next_value,
                                       value, -1, SQLITE_STATIC));
}

void query_put_bytes(Query *query, const void *data, size_t length)
{
    /* a NULL pointer would bind NULL, not an empty blob */
    check_put(query,
              sqlite3_bind_blob64(query->statement, query->next_value,
                                  data ? data : "", length, SQLITE_STATIC));
}

bool query_next(Query *query, GError **error)
{
    if (!is_usable(query->store, error))
        return false;
    g_assert(query->next_value - 1 ==
             sqlite3_bind_parameter_count(query->statement));
    int code = sqlite3_step(query->statement);
    query->next_column = 0;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        database_fail(query->store, code, statement_name(query->sql), error);
    return false;
}

GPtrArray *query_rows(Query *query, QueryRead *read, GDestroyNotify free_row,
                      GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(GError) cause = NULL;
    while (query_next(query, &cause))
        g_ptr_array_add(rows, read(query));
    if (!cause)
        return g_steal_pointer(&rows);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

bool query_run(Query *query, int *changes, GError **error)
{
    g_autoptr(GError) cause = NULL;
    while (query_next(query, &cause))
        continue;
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (changes)
        *changes = sqlite3_changes(query->store->database);
    return true;
}

bool query_one(Query *query, bool *found, GError **error)
{
    g_autoptr(GError) cause = NULL;
    *found = query_next(query, &cause);
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

int64_t query_get_number(Query *query)
{
    return sqlite3_column_int64(query->statement, query->next_column++);
}

Instant query_get_instant(Query *query)
{
    int column = query->next_column++;
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL
               ? INSTANT_NONE
               : sqlite3_column_int64(query->statement, column);
}

char *query_get_text(Query *query)
{
    return g_strdup((const char *)sqlite3_column_text(query->statement,
                                                      query->next_column++));
}

GBytes *query_get_bytes(Query *query)
{
    int column = query->next_column++;
    const void *data = sqlite3_column_blob(query->statement, column);
    return g_bytes_new(data,
                       (gsize)sqlite3_column_bytes(query->statement, column));
}

/* ---- transactions ----------------------------------------------------- */

static bool step_plain(Store *store, Sql sql, GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    return query_run(&query, NULL, error);
}

/* Undo; a failure here changes nothing, the cause is already known. */
static void roll_back(Store *store, Sql sql)
{
    if (sqlite3_get_autocommit(store->database))
        return; /* SQLite has done it already */
    g_auto(Query) query = query_new(store, sql);
    sqlite3_step(query.statement);
}

void database_checkpoint(Store *store)
{
    store->wal_pages = 0;
    int code = sqlite3_wal_checkpoint_v2(store->database, NULL,
                                         SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY ||
        (code & 0xff) == SQLITE_FULL)
        return;
    g_autoptr(GError) error = NULL;
    database_fail(store, code, "checkpoint", &error);
    log_error(NULL, "store=broken, why=%s", error->message);
}

static bool commit(Store *store, GError **error)
{
    if (!step_plain(store, SQL_COMMIT, error)) {
        roll_back(store, SQL_ROLLBACK);
        return false;
    }
    if (store->wal_pages >= CHECKPOINT_PAGES)
        database_checkpoint(store);
    return true;
}

bool snapshot_begin(Store *store, GError **error)
{
    return store->mode == STORE_WRITE ||
           step_plain(store, SQL_BEGIN_READING, error);
}

bool snapshot_end(Store *store, GError **error)
{
    return store->mode == STORE_WRITE || step_plain(store, SQL_COMMIT, error);
}

/* SQLite undoes everything when the disk is full, also what earlier parts of
 * the group had done. */
static bool fail_group(Store *store, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "%s: a full disk undid the group", store->path);
    return false;
}

bool transaction_begin(Store *store, GError **error)
{
    if (!is_usable(store, error))
        return false;
    g_assert(store->mode == STORE_WRITE && !store->in_transaction);
    if (store->in_group && sqlite3_get_autocommit(store->database))
        return fail_group(store, error);
    if (!step_plain(store, store->in_group ? SQL_SAVEPOINT : SQL_BEGIN, error))
        return false;
    store->in_transaction = true;
    return true;
}

bool transaction_finish(Store *store, bool ok, GError **error)
{
    g_assert(store->in_transaction);
    store->in_transaction = false;
    if (!store->in_group) {
        if (ok)
            return commit(store, error);
        roll_back(store, SQL_ROLLBACK);
        return false;
    }
    if (ok)
        return step_plain(store, SQL_RELEASE, error);
    roll_back(store, SQL_ROLLBACK_TO);
    roll_back(store, SQL_RELEASE);
    return false;
}

bool store_group_begin(Store *store, GError **error)
{
    if (!is_usable(store, error))
        return false;
    g_assert(!store->in_group && !store->in_transaction);
    store->in_group = step_plain(store, SQL_BEGIN, error);
    return store->in_group;
}

bool store_group_commit(Store *store, GError **error)
{
    g_assert(store->in_group && !store->in_transaction);
    store->in_group = false;
    if (!is_usable(store, error)) {
        roll_back(store, SQL_ROLLBACK);
        return false;
    }
    if (!sqlite3_get_autocommit(store->database))
        return commit(store, error);
    return fail_group(store, error);
}
