#include "incident/reading.h"

#include <string.h>

#include "table.h"

static void append_reading(GString *out, const Reading *reading)
{
    char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];
    g_string_append_printf(out, " %s", instant_text(reading->from, from));
    if (reading->to != reading->from)
        g_string_append_printf(out, "..%s", instant_text(reading->to, to));
    g_assert_nonnull(reading->why);
}

/* "mail date | zone | order | stamp" */
static char *answer(const char *input)
{
    g_auto(GStrv) cells = g_strsplit(input, " | ", 4);
    ReadingContext context = {.mail_has_offset = true,
                              .zone_is_sure = true,
                              .mail_offset_s =
                                  strstr(cells[0], "+0100") ? 3600 : 0,
                              .zone_words = cells[1]};
    g_assert_true(instant_parse(cells[0], &context.mail_date));
    Zone zone;
    if (zone_read((Cursor){cells[1], strlen(cells[1])}, 0, ZONE_AFTER_ZONE_WORD,
                  &zone) > 0)
        context.zone = &zone;
    context.order = strcmp(cells[2], "day") == 0     ? ORDER_DAY_FIRST
                    : strcmp(cells[2], "month") == 0 ? ORDER_MONTH_FIRST
                                                     : ORDER_OPEN;
    size_t length = strlen(cells[3]);
    g_autofree char *folded = fold_new(cells[3], length);
    Stamp stamp;
    g_assert_cmpuint(stamp_read((Cursor){cells[3], length},
                                (Cursor){folded, length}, 0, &stamp),
                     ==, length);
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    g_array_append_val(stamps, stamp);
    stamps_settle((Cursor){cells[3], length}, (Cursor){folded, length}, stamps);
    stamp = g_array_index(stamps, Stamp, 0);
    ReadingFacts facts;
    g_autoptr(GPtrArray) readings = readings_new(&stamp, &context, &facts);
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%s %u:", facts.is_certain ? "certain" : "open",
                    readings->len);
    for (guint i = 0; i < MIN(readings->len, 3); i++)
        append_reading(out, readings->pdata[i]);
    g_string_append(out, facts.zone_is_open ? " [zone]" : "");
    g_string_append(out, facts.is_after_mail ? " [late]" : "");
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("reading.table", answer);
}

/* Without a mail date nothing is guessed about the year. */
static void test_no_mail_date(void)
{
    ReadingContext context = {.mail_date = INSTANT_NONE};
    Stamp stamp = {
        .kind = STAMP_FULL, .month = 9, .day = 28, .hour = 11, .second = -1};
    ReadingFacts facts;
    g_autoptr(GPtrArray) readings = readings_new(&stamp, &context, &facts);
    g_assert_cmpuint(readings->len, ==, 0);
    g_assert_false(facts.is_certain);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    zone_prepare();
    g_test_add_func("/reading/table", test_table);
    g_test_add_func("/reading/no-mail-date", test_no_mail_date);
    return g_test_run();
}
