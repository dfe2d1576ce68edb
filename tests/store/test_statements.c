#include "store/cases.h"
#include "store/database.h"

#include "paper.h"

#include <string.h>

static Store *store;

static void test_every_row_is_there(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (int i = 0; i < SQL_COUNT; i++) {
        g_assert_nonnull(statement_text((Sql)i));
        g_assert_true(g_hash_table_add(names, (char *)statement_name((Sql)i)));
    }
}

/* Does the plan look at every row of a table that grows for ever? */
static bool scans(const char *sql, const char **what)
{
    static const char *const GROWING[] = {
        "SCAN mail",   "SCAN mail_bytes",   "SCAN ticket",
        "SCAN letter", "SCAN outbox",       "SCAN record",
        "SCAN draft",  "SCAN letter_count", "SCAN cited_address"};
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *statement;
    g_assert_cmpint(
        sqlite3_prepare_v2(store->database, explain, -1, &statement, NULL), ==,
        SQLITE_OK);
    *what = NULL;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(statement, 3);
        for (guint i = 0; i < G_N_ELEMENTS(GROWING); i++)
            if (g_str_equal(line, GROWING[i]))
                *what = GROWING[i];
    }
    sqlite3_finalize(statement);
    return *what != NULL;
}

/* Lists of everything may walk (newest first, with a limit); no other may. */
static void test_no_statement_walks_a_growing_table(void)
{
    static const Sql LISTS[] = {SQL_CASES,       SQL_DRAFTS,      SQL_OUTBOX,
                                SQL_RECORD_WALK, SQL_RECORD_LAST, SQL_NUMBERS,
                                SQL_MAIL_BETWEEN};
    for (int i = 0; i < SQL_COUNT; i++) {
        bool is_list = false;
        for (guint j = 0; j < G_N_ELEMENTS(LISTS); j++)
            is_list |= LISTS[j] == (Sql)i;
        const char *text = statement_text((Sql)i), *what;
        bool has_plan =
            strncmp(text, "SELECT", 6) == 0 || strncmp(text, "UPDATE", 6) == 0;
        if (is_list || !has_plan || !scans(text, &what))
            continue;
        g_test_message("%s: %s", statement_name((Sql)i), what);
        g_test_fail();
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/statements/rows", test_every_row_is_there);
    g_test_add_func("/store/statements/plans",
                    test_no_statement_walks_a_growing_table);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
