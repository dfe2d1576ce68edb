/*
 * Opening and closing.
 *
 * SQLite 3.40 can corrupt a WAL that two connections checkpoint (fixed in
 * 3.51.3), and its own locks do not keep a second desk from writing; so one
 * process holds exitdesk.lock (an OFD lock, which no close() of another
 * descriptor drops) and its one connection writes and checkpoints. Readers
 * open read-only and never checkpoint.
 *
 * SQLite ignores a failing fsync of the directory, so we sync it ourselves
 * after creation, and keep the WAL file (PERSIST_WAL) so that no later commit
 * depends on a directory entry.
 */
#include "store/database.h"
#include "store/seen.h"

#include "base/errors.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DATABASE_NAME  "exitdesk.db"
#define LOCK_NAME      "exitdesk.lock"
#define BUSY_MS        5000
#define WAL_BYTES_KEPT (16 * 1024 * 1024)

static bool take_lock(Store *store, const char *data_directory, GError **error)
{
    g_autofree char *path = g_build_filename(data_directory, LOCK_NAME, NULL);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (store->lock_fd >= 0 && fcntl(store->lock_fd, F_OFD_SETLK, &lock) == 0)
        return true;
    bool is_held = store->lock_fd >= 0 && (errno == EAGAIN || errno == EACCES);
    g_set_error(
        error, DESK_ERROR,
        errno == EACCES && !is_held ? DESK_ERROR_DENIED : DESK_ERROR_TEMPORARY,
        "%s: %s", path,
        is_held ? "another exitdeskd has this store open" : g_strerror(errno));
    return false;
}

/* Create the file for us alone (SQLite would make it readable to all, and
 * gives its own files the same mode) and its name durably. */
static bool create_file(Store *store, const char *data_directory,
                        GError **error)
{
    int fd = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (errno != EEXIST) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY, "%s: %s",
                    store->path, g_strerror(errno));
        return false;
    }
    return directory_sync(data_directory, error);
}

static bool connect_file(Store *store, const char *vfs, GError **error)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (store->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(store->path, &store->database, flags, vfs);
    if (code != SQLITE_OK)
        return database_fail(store, code, "open", error);
    sqlite3_busy_timeout(store->database, BUSY_MS);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                      store->mode == STORE_READ, NULL);
    return database_run(store,
                        "PRAGMA cell_size_check = ON;"
                        "PRAGMA foreign_keys = ON;"
                        "PRAGMA recursive_triggers = ON;"
                        "PRAGMA temp_store = MEMORY;"
                        "PRAGMA mmap_size = 0",
                        error);
}

static int note_wal_pages(void *data, sqlite3 *database, const char *name,
                          int pages)
{
    ((Store *)data)->wal_pages = (guint)pages;
    return SQLITE_OK;
}

static int pragma_number(Store *store, const char *sql)
{
    int value = -1;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Durable, and provably so: what a pragma did not take is refused. */
static bool prepare_writing(Store *store, GError **error)
{
    int keep = 1;
    sqlite3_file_control(store->database, NULL, SQLITE_FCNTL_PERSIST_WAL,
                         &keep);
    if (!database_run(store,
                      "PRAGMA journal_mode = WAL;"
                      "PRAGMA synchronous = FULL;"
                      "PRAGMA secure_delete = ON;"
                      "PRAGMA wal_autocheckpoint = 0",
                      error))
        return false;
    g_autofree char *limit =
        g_strdup_printf("PRAGMA journal_size_limit = %d", WAL_BYTES_KEPT);
    if (!database_run(store, limit, error))
        return false;
    sqlite3_wal_hook(store->database, note_wal_pages, store);
    if (pragma_number(store, "PRAGMA synchronous") == 2 &&
        pragma_number(store, "SELECT journal_mode = 'wal' "
                             "FROM pragma_journal_mode") == 1)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "%s: this file system does not support the durable mode "
                "(WAL needs shared memory: no NFS)",
                store->path);
    return false;
}

static bool check_version(Store *store, GError **error)
{
    int version = pragma_number(store, "PRAGMA user_version");
    if (version == SCHEMA_VERSION)
        return true;
    if (version < 0)
        return database_fail(store, sqlite3_errcode(store->database),
                             "read the schema version", error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                version > SCHEMA_VERSION
                    ? "%s: written by a newer exitdesk (schema %d, this one "
                      "knows %d): install that version again"
                    : "%s: written by an older exitdesk (schema %d, this one "
                      "needs %d): start exitdeskd once",
                store->path, version, SCHEMA_VERSION);
    return false;
}

static bool prepare_statements(Store *store, GError **error)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        int code = sqlite3_prepare_v3(store->database, statement_text((Sql)i),
                                      -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->statements[i], NULL);
        if (code != SQLITE_OK)
            return database_fail(store, code, statement_name((Sql)i), error);
    }
    return true;
}

static bool open_all(Store *store, const char *data_directory, const char *vfs,
                     GError **error)
{
    if (store->mode == STORE_READ) {
        if (access(store->path, F_OK) != 0) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                        "%s: no such store (exitdeskd makes it at its first "
                        "start)",
                        store->path);
            return false;
        }
        return connect_file(store, vfs, error) &&
               database_run(store, "PRAGMA query_only = ON", error) &&
               check_version(store, error) && prepare_statements(store, error);
    }
    return directory_ensure(data_directory, error) &&
           take_lock(store, data_directory, error) &&
           create_file(store, data_directory, error) &&
           connect_file(store, vfs, error) && prepare_writing(store, error) &&
           schema_migrate(store, error) && check_version(store, error) &&
           prepare_statements(store, error) && seen_load(store, error) &&
           directory_sync(data_directory, error);
}

Store *store_open_with(const char *data_directory, StoreMode mode,
                       const char *vfs, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    store->mode = mode;
    store->lock_fd = -1;
    store->path = g_build_filename(data_directory, DATABASE_NAME, NULL);
    if (!open_all(store, data_directory, vfs, error))
        return NULL;
    store->thread = NULL; /* whoever opens need not be who uses it */
    return g_steal_pointer(&store);
}

Store *store_open(const char *data_directory, StoreMode mode, GError **error)
{
    return store_open_with(data_directory, mode, NULL, error);
}

void store_hand_over(Store *store)
{
    g_assert(!store->in_group && !store->in_transaction);
    store->thread = NULL;
}

void store_close(Store *store)
{
    if (!store)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    if (store->is_broken && store->database)
        sqlite3_db_config(store->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
    sqlite3_close(store->database);
    seen_clear(store);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    g_free(store->path);
    g_free(store);
}
