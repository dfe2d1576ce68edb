/*
 * database.h - SQLite as the other files of store/ see it (internal).
 *
 * A Query is one use of a statement of statements.c: values are put in the
 * order of its question marks, columns are got in the order of its SELECT,
 * and leaving the scope resets it:
 *
 *     g_auto(Query) query = query_new(store, SQL_MAIL_BY_NUMBER);
 *     query_put_number(&query, number);
 *     if (!query_row(&query, error))
 *         return NULL;
 *     char *state = query_get_text(&query);
 *
 * Authority: https://sqlite.org/c3ref/intro.html , wal.html, pragma.html
 */
#pragma once

#include "store/statements.h"
#include "store/store.h"

#include <sqlite3.h>

#define RECORD_HASH_BYTES 32

struct Store {
    sqlite3 *database;
    sqlite3_stmt *statements[SQL_COUNT];
    char *path;
    StoreMode mode;
    int lock_fd;     /* WRITE: held until close; else -1 */
    GThread *thread; /* WRITE: the one that uses it; NULL: not yet */
    bool is_broken;  /* storage cannot be trusted: nothing works */
    bool in_group;   /* store_group_begin() without its commit */
    bool in_transaction;
    guint wal_pages;                /* in the log after the last commit */
    GHashTable *seen, *seen_before; /* deliveries known by key; see seen.c */
    int reserved_year;              /* case serials given out, not yet filed */
    int64_t reserved_serial;
};

/* The schema steps, generated from schema/NNNN-*.sql; step n takes a
 * database from user_version n to n + 1. */
extern const char *const SCHEMA_STEPS[];
extern const int SCHEMA_VERSION;
bool schema_migrate(Store *store, GError **error);

/* store_open() through another SQLite VFS (fault tests); NULL: the usual. */
Store *store_open_with(const char *data_directory, StoreMode mode,
                       const char *vfs, GError **error);

/* Set error from SQLite's code, naming what was tried; marks the store broken
 * where the storage itself failed. Always false. */
bool database_fail(Store *store, int code, const char *doing, GError **error);
/* Run SQL text without values: pragmas, schema steps. */
bool database_run(Store *store, const char *sql, GError **error);

/* Move the log into the database. Readers that look at old pages only make it
 * stop early; if the storage fails, the store is broken. */
void database_checkpoint(Store *store);

/* A transaction; inside a group a part of it that can be undone alone. Every
 * begin is followed by a finish: commit if ok, else (or if the commit fails)
 * everything since begin is undone. Returns ok and committed. */
bool transaction_begin(Store *store, GError **error);
bool transaction_finish(Store *store, bool ok, GError **error);

/* A reader sees the writer's commits between two statements; this makes those
 * up to the end look at one state. (The writer is alone: nothing to do.) */
bool snapshot_begin(Store *store, GError **error);
bool snapshot_end(Store *store, GError **error);

typedef struct {
    Store *store;
    sqlite3_stmt *statement;
    Sql sql;
    int next_value, next_column;
} Query;
Query query_new(Store *store, Sql sql);
void query_clear(Query *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_clear)

/* Values must stay as they are until the query is cleared. */
void query_put_number(Query *query, int64_t value);
void query_put_instant(Query *query, Instant value);  /* NONE: NULL */
void query_put_text(Query *query, const char *value); /* NULL: NULL */
void query_put_bytes(Query *query, const void *data, size_t length);

/* Run to the end; for statements without rows. changes may be NULL. */
bool query_run(Query *query, int *changes, GError **error);
/* The next row. False with error on a failure, without at the end. */
bool query_next(Query *query, GError **error);
/* All rows, each made by read, in an array that frees them by free_row. */
typedef void *QueryRead(Query *query);
GPtrArray *query_rows(Query *query, QueryRead *read, GDestroyNotify free_row,
                      GError **error);
/* Run for at most one row: found may come out false. False: failure. */
bool query_one(Query *query, bool *found, GError **error);

int64_t query_get_number(Query *query);  /* NULL: 0 */
Instant query_get_instant(Query *query); /* NULL: NONE */
char *query_get_text(Query *query);      /* yours; NULL: NULL */
GBytes *query_get_bytes(Query *query);
