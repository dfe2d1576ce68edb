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

/* The country in which an address ends is known only where it has one zone. */
static void test_sender(void)
{
    const char *ending = NULL;
    GTimeZone *rules = zone_of_sender("abuse@host.example.de", &ending);
    g_assert_nonnull(rules);
    g_assert_cmpstr(ending, ==, ".de");
    g_assert_cmpstr(g_time_zone_get_identifier(rules), ==, "Europe/Berlin");
    g_assert_null(zone_of_sender("abuse@host.example.com", &ending));
    g_assert_null(zone_of_sender("abuse@host.example.ru", &ending));
    g_assert_null(zone_of_sender("", &ending));
    g_assert_null(zone_of_sender(NULL, &ending));
}

/* Every place is in the tz database; none stands under two zones. */
static void test_places(void)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const ZonePlaceNames *row = ZONE_PLACES; row->rules; row++) {
        g_test_message("%s", row->rules);
        g_assert_nonnull(zone_rules(row->rules, strlen(row->rules)));
        g_auto(GStrv) names = g_strsplit(row->names, " ", -1);
        for (guint i = 0; names[i]; i++)
            g_assert_true(g_hash_table_add(seen, g_strdup(names[i])));
    }
    for (const ZoneAbbreviation *row = ZONE_ABBREVIATIONS; row->name; row++)
        if (row->usual)
            g_assert_nonnull(zone_rules(row->usual, strlen(row->usual)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    zone_prepare();
    g_test_add_func("/zone/table", test_table);
    g_test_add_func("/zone/words", test_words);
    g_test_add_func("/zone/names", test_names);
    g_test_add_func("/zone/sender", test_sender);
    g_test_add_func("/zone/places", test_places);
    return g_test_run();
}
