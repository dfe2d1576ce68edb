#include "incident/timestamp.h"

#include <string.h>

#include "table.h"

/* A zone as a stamp shows it: the text after the date. */
static char *answer(const char *words)
{
    Stamp stamp = {.kind = STAMP_TIME, .hour = -1};
    zone_read((Cursor){words, strlen(words)}, 0, ZONE_ON_STAMP, &stamp.zone);
    g_autofree char *text = stamp_new_text(&stamp);
    return g_strdup(g_strchug(text));
}

static void test_table(void)
{
    table_run("zone.table", answer);
}

/* In the middle of a sentence only outspoken zones count. */
static void test_words(void)
{
    static const char *const NO[] = {"+01", "-6", "Z", "est", "+1 555 1234"};
    for (size_t i = 0; i < G_N_ELEMENTS(NO); i++) {
        Zone zone;
        g_assert_cmpuint(
            zone_read((Cursor){NO[i], strlen(NO[i])}, 0, ZONE_IN_WORDS, &zone),
            ==, 0);
    }
}

/* Every name of the table is known to the system's tz database. */
static void test_names(void)
{
    for (const char *const *name = ZONE_NAMES; *name; name++)
        g_assert_nonnull(zone_rules(*name, strlen(*name)));
    for (const ZonePhrase *row = ZONE_PHRASES; row->words; row++)
        if (row->rules)
            g_assert_nonnull(zone_rules(row->rules, strlen(row->rules)));
    g_assert_null(zone_rules("../../etc/passwd", 16));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    zone_prepare();
    g_test_add_func("/zone/table", test_table);
    g_test_add_func("/zone/words", test_words);
    g_test_add_func("/zone/names", test_names);
    return g_test_run();
}
