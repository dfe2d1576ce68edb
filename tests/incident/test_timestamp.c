#include "incident/timestamp.h"

#include <string.h>

#include "table.h"

static char *answer(const char *text)
{
    size_t length = strlen(text);
    g_autofree char *folded = fold_new(text, length);
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    stamp_scan((Cursor){text, length}, (Cursor){folded, length}, stamps);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < stamps->len; i++) {
        g_autofree char *one = stamp_new_text(&g_array_index(stamps, Stamp, i));
        g_string_append_printf(out, "%s%s;", i ? " " : "", one);
    }
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("timestamp.table", answer);
}

/* Every row reads its own example to the end, and no earlier row steals it;
 * only a label may stand before it. */
static void test_every_row(void)
{
    for (const StampFormat *row = STAMP_FORMATS; row->name; row++) {
        size_t length = strlen(row->example);
        g_autofree char *folded = fold_new(row->example, length);
        g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
        stamp_scan((Cursor){row->example, length}, (Cursor){folded, length},
                   stamps);
        g_test_message("%s: %s", row->name, row->example);
        g_assert_cmpuint(stamps->len, ==, 1);
        Stamp stamp = g_array_index(stamps, Stamp, 0);
        if (stamp.at + stamp.length != length ||
            strcmp(stamp.format->name, row->name) != 0)
            g_printerr("%s: read by %s, %u bytes\n", row->name,
                       stamp.format->name, stamp.length);
        g_assert_cmpuint(stamp.at + stamp.length, ==, length);
        g_assert_true(stamp.at == 0 || stamp.kind == STAMP_EPOCH);
        g_assert_cmpstr(stamp.format->name, ==, row->name);
        g_autofree char *text = stamp_new_text(&stamp);
        g_assert_cmpstr(text, ==, row->reads_as);
    }
}

static void test_hostile(void)
{
    static const char *const PATTERNS[] = {
        "1",     "1:",     "1 ",         "12/",          "Jan 1 ", "1.1.",
        "a ",    "1,1, ",  "10:10",      "Mon ",         "one ",   "\xd0",
        "2020-", "202001", "1.1.2020\n", "2020-01-01 1", "1 of ",  "(((",
    };
    size_t length = 1 << 18;
    g_autofree char *text = g_malloc(length);
    gint64 start = g_get_monotonic_time();
    for (size_t p = 0; p < G_N_ELEMENTS(PATTERNS); p++) {
        size_t period = strlen(PATTERNS[p]);
        for (size_t i = 0; i < length; i++)
            text[i] = PATTERNS[p][i % period];
        g_autofree char *folded = fold_new(text, length);
        g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
        stamp_scan((Cursor){text, length}, (Cursor){folded, length}, stamps);
        size_t last = 0;
        for (guint i = 0; i < stamps->len; i++) {
            const Stamp *stamp = &g_array_index(stamps, Stamp, i);
            g_assert_cmpuint(stamp->at, >=, last);
            last = stamp->at + stamp->length;
            g_assert_cmpuint(last, <=, length);
        }
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 60 * G_USEC_PER_SEC);
}

/* Folding never moves a byte. */
static void test_fold(void)
{
    static const char TEXT[] = "ÄÖÜ ÉÈ ŁŽŠČ ЖЯЁ İ Größe";
    g_autofree char *folded = fold_new(TEXT, sizeof TEXT - 1);
    g_assert_cmpuint(strlen(folded), ==, sizeof TEXT - 1);
    g_assert_true(g_str_has_prefix(folded, "äöü éè łžšč жяё "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    zone_prepare();
    g_test_add_func("/timestamp/table", test_table);
    g_test_add_func("/timestamp/rows", test_every_row);
    g_test_add_func("/timestamp/hostile", test_hostile);
    g_test_add_func("/timestamp/fold", test_fold);
    return g_test_run();
}
