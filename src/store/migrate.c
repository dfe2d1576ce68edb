#include "store/database.h"

#include "base/errors.h"

/* One step and its new version in one transaction: a crash leaves the old
 * schema or the new one. */
static bool take_step(Store *store, int version, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\n"
                        "COMMIT",
                        SCHEMA_STEPS[version], version + 1);
    int code = sqlite3_exec(store->database, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    g_autofree char *doing =
        g_strdup_printf("bring the schema to version %d", version + 1);
    database_fail(store, code, doing, error);
    if (!sqlite3_get_autocommit(store->database))
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static int read_version(void *data, int columns, char **values, char **names)
{
    *(int *)data = (int)g_ascii_strtoll(values[0], NULL, 10);
    return 0;
}

bool schema_migrate(Store *store, GError **error)
{
    int version = 0;
    int code = sqlite3_exec(store->database, "PRAGMA user_version",
                            read_version, &version, NULL);
    if (code != SQLITE_OK)
        return database_fail(store, code, "read the schema version", error);
    for (; version < SCHEMA_VERSION; version++)
        if (!take_step(store, version, error))
            return false;
    return true;
}
