#include "incident/calendar.h"

#include <string.h>

#include "table.h"

/* "months de_DE | Januar Feb." gives "1 2"; "-" is no name. */
static char *answer(const char *input)
{
    const char *bar = strstr(input, " | ");
    g_assert_nonnull(bar);
    CalendarKind kind = g_str_has_prefix(input, "months ") ? CALENDAR_MONTHS
                                                           : CALENDAR_WEEKDAYS;
    g_auto(GStrv) names = g_strsplit(bar + 3, " ", -1);
    GString *out = g_string_new(NULL);
    for (guint i = 0; names[i]; i++) {
        size_t length = strlen(names[i]);
        g_autofree char *folded = fold_new(names[i], length);
        int number = -1;
        size_t end = calendar_read((Cursor){folded, length}, 0, kind, &number);
        g_string_append(out, i > 0 ? " " : "");
        if (end == length)
            g_string_append_printf(out, "%d", number);
        else
            g_string_append_printf(out, "%s?", names[i]);
    }
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("calendar.table", answer);
}

/* No spelling stands for two numbers, and all are folded. */
static void check_spellings(const CalendarLanguage *table)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const CalendarLanguage *row = table; row->language; row++)
        for (int i = 0; i < 12 && row->names[i]; i++) {
            g_auto(GStrv) spellings = g_strsplit(row->names[i], " ", -1);
            for (guint s = 0; spellings[s]; s++) {
                const char *name = spellings[s];
                g_autofree char *folded = fold_new(name, strlen(name));
                g_assert_cmpstr(folded, ==, name);
                gpointer number = g_hash_table_lookup(seen, name);
                g_test_message("%s: %s", row->language, name);
                if (number && strcmp(name, "-") != 0)
                    g_assert_cmpint(GPOINTER_TO_INT(number), ==, i + 1);
                g_hash_table_insert(seen, g_strdup(name),
                                    GINT_TO_POINTER(i + 1));
            }
        }
}

static void test_spellings(void)
{
    check_spellings(CALENDAR_MONTH_NAMES);
    check_spellings(CALENDAR_WEEKDAY_NAMES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/table", test_table);
    g_test_add_func("/calendar/spellings", test_spellings);
    return g_test_run();
}
