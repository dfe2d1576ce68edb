#include "incident/timestamp.h"

#include <string.h>

#include "table.h"

static void append_proofs(GString *out, const Stamp *stamp)
{
    static const char *const BASES[] = {
        [DATE_SOLE] = "sole",
        [DATE_NEAREST] = "nearest",
        [DATE_NEXT_DAY] = "next",
    };
    if (stamp->date_basis >= DATE_SOLE)
        g_string_append_printf(out, " [%s]", BASES[stamp->date_basis]);
    if (stamp->order_proof != ORDER_BY_DIGITS)
        g_string_append(out, stamp->order_proof == ORDER_BY_ROWS
                                 ? " [rows]"
                                 : " [weekday]");
    if (stamp->weekday_is_wrong)
        g_string_append(out, " [wrong weekday]");
    if (stamp->zone_is_epochs)
        g_string_append(out, " [epoch]");
    if (stamp->year_is_stated)
        g_string_append(out, " [year]");
}

static char *answer(const char *text)
{
    size_t length = strlen(text);
    g_autofree char *folded = fold_new(text, length);
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    Cursor in = {text, length}, in_folded = {folded, length};
    stamp_scan_all(in, in_folded, stamps);
    stamps_settle(in, in_folded, stamps);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < stamps->len; i++) {
        const Stamp *stamp = &g_array_index(stamps, Stamp, i);
        g_autofree char *one = stamp_new_text(stamp);
        g_string_append_printf(out, "%s%s", i ? " " : "", one);
        append_proofs(out, stamp);
        g_string_append_c(out, ';');
    }
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("settle.table", answer);
}

/* A day of another text dates rows, but no duration in a sentence. */
static void test_take_day(void)
{
    static const char TEXT[] = "10:15:00 row\nit took 10:15:00\n";
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    Cursor in = {TEXT, sizeof TEXT - 1};
    stamp_scan(in, in, stamps);
    g_assert_cmpuint(stamps->len, ==, 2);
    Stamp day = {.kind = STAMP_DAY, .year = 2024, .month = 3, .day = 12};
    stamps_take_day(in, stamps, &day);
    const Stamp *row = &g_array_index(stamps, Stamp, 0);
    g_assert_cmpint(row->kind, ==, STAMP_FULL);
    g_assert_cmpint(row->date_basis, ==, DATE_NEAREST);
    g_assert_cmpint(row->day, ==, 12);
    g_assert_cmpint(g_array_index(stamps, Stamp, 1).kind, ==, STAMP_TIME);
}

/* Twice the text, not much more than twice the time. */
static void test_linear(void)
{
    static const char *const PATTERNS[] = {"10:02 ",
                                           "10:15:00 a\n",
                                           "1/2/2020 10:00:00\n",
                                           "year 2020 ",
                                           "2022-03-02 07:59:06 1646204346 ",
                                           "today 10:02 ",
                                           "12 May 10:02\n"};
    for (size_t p = 0; p < G_N_ELEMENTS(PATTERNS); p++) {
        gint64 took[2];
        for (int half = 0; half < 2; half++) {
            GString *text = g_string_new(NULL);
            while (text->len < (size_t)(half + 1) << 17)
                g_string_append(text, PATTERNS[p]);
            g_autofree char *owned = g_string_free(text, FALSE);
            gint64 start = g_get_monotonic_time();
            g_autofree char *out = answer(owned);
            took[half] = g_get_monotonic_time() - start;
            g_assert_nonnull(out);
        }
        g_test_message("%s: %ld and %ld us", PATTERNS[p], (long)took[0],
                       (long)took[1]);
        g_assert_cmpint(took[1], <, 5 * took[0] + G_USEC_PER_SEC);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    zone_prepare();
    g_test_add_func("/settle/table", test_table);
    g_test_add_func("/settle/take-day", test_take_day);
    g_test_add_func("/settle/linear", test_linear);
    return g_test_run();
}
