/* What the ledger vouches for: a state that is still there, whatever the order
 * in which it grew; and its bounds. */
#include "ledger_desk.h"

#include "relay/ledger.h"

#include <string.h>

static guint count; /* of the network's documents */

static void put_numbered(Ledger *ledger, guint number)
{
    static const LedgerDescriptors NONE = {0};
    char path[32];
    g_snprintf(path, sizeof path, "/in/%u", number);
    WalkFile file = {.path = path, .bytes = number};
    ledger_put(ledger, &file, FILE_READ, &NONE);
}

static bool has_numbered(const Ledger *ledger, guint number)
{
    char path[32];
    g_snprintf(path, sizeof path, "/in/%u", number);
    WalkFile file = {.path = path, .bytes = number};
    return ledger_find(ledger, &file, NULL) == FILE_READ;
}

/* ---- what the ledger vouches for ----------------------------------------- */

/* Without the state nothing was read. */
static void test_state_gone(void)
{
    static const char *const NAMES[][2] = {{"months", "history"},
                                           {"months/2026-05", "history"},
                                           {"certificates", NULL},
                                           {"signed", NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        desk_copy_all_but(&desk, NULL);
        desk_import(&desk);
        for (int k = 0; k < 2 && NAMES[i][k]; k++)
            desk_remove_state(&desk, NAMES[i][k]);
        Said said = desk_import(&desk);
        g_assert_cmpuint(said.files, ==, count);
        g_assert_cmpuint(said.unchanged, ==, 0);
        g_assert_nonnull(strstr(said.anew, "is gone, or older than it was"));
        g_assert_cmpuint(desk_import(&desk).files, ==, 0);
        if (i < 2)
            desk_assert_as_at_once(&desk);
    }
}

/* An import may take a part away that became empty: nothing of it is lost. */
static void test_part_emptied(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy(&desk, "certificates", "certificates");
    desk_copy(&desk, "open1", "open1");
    desk_import(&desk);
    desk_remove_state(&desk, "read");
    g_autofree char *part =
        g_build_filename(desk.history, "months/2026-04", NULL);
    g_assert_true(g_file_set_contents(part, "", 0, NULL));
    char *why;
    g_autoptr(Ledger) before =
        ledger_open(desk.history, network_authorities(), &why);
    put_numbered(before, 1);
    g_assert_true(ledger_save(before, desk.history, NULL));
    desk_remove_state(&desk, "months/2026-04");
    g_assert_true(ledger_save(before, desk.history, NULL));
    g_autoptr(Ledger) after =
        ledger_open(desk.history, network_authorities(), &why);
    g_assert_null(why);
    g_assert_true(has_numbered(after, 1));
}

/* Parts from a backup beside a ledger that was not. */
static void test_state_from_backup(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy(&desk, "certificates", "certificates");
    desk_copy(&desk, "2026-05-03T10-00-consensus-ns", "10");
    desk_import(&desk);
    g_autofree char *part =
        g_build_filename(desk.history, "months/2026-05", NULL);
    g_autofree char *old = NULL;
    gsize length;
    struct stat about;
    g_assert_true(g_file_get_contents(part, &old, &length, NULL));
    g_assert_cmpint(stat(part, &about), ==, 0);
    desk_copy(&desk, "2026-05-03T11-00-consensus-ns", "11");
    desk_import(&desk);
    g_assert_true(g_file_set_contents(part, old, (gssize)length, NULL));
    desk_set_time(part, &about);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 3);
    g_assert_cmpuint(said.fresh, ==, 1);
    desk_assert_as_at_once(&desk);
}

/* Whose signatures count decides what is read of a file. */
static void test_other_authorities(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    g_autoptr(Authorities) public = authorities_new();
    task.authorities = public;
    g_assert_cmpuint(desk_run(&task).damaged, >, 0);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, count);
    g_assert_nonnull(strstr(said.anew, "with other authorities"));
    g_assert_cmpuint(said.damaged, ==, 0);
}

/* A damaged ledger is an empty one. */
static void test_damaged_ledger(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy(&desk, "certificates", "certificates");
    desk_copy(&desk, "open1", "open1");
    desk_import(&desk);
    g_autofree char *path = g_build_filename(desk.history, LEDGER_NAME, NULL);
    g_autofree char *good = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &good, &length, NULL));
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    for (guint round = 0; round < 60; round++) {
        g_autofree char *bad = g_memdup2(good, length);
        gsize end = round % 3
                        ? length
                        : (gsize)g_rand_int_range(chance, 0, (gint32)length);
        bad[g_rand_int_range(chance, 0, (gint32)length)] ^=
            (char)g_rand_int_range(chance, 1, 128);
        g_assert_true(g_file_set_contents(path, bad, (gssize)end, NULL));
        char *why;
        g_autoptr(Ledger) ledger =
            ledger_open(desk.history, network_authorities(), &why);
        g_assert_nonnull(ledger);
        g_assert_nonnull(why);
        g_free(why);
    }
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 2);
    g_assert_nonnull(strstr(said.anew, "damaged"));
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
}

/* ---- any order ----------------------------------------------------------- */

/* A directory that fills: the same history as of all at once. */
static void test_order(void)
{
    for (guint round = 0; round < 3; round++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        g_autoptr(GRand) chance = g_rand_new_with_seed(round);
        while (desk_copy_some(&desk, chance))
            desk_import(&desk);
        g_assert_cmpuint(desk_import(&desk).files, ==, 0);
        desk_assert_as_at_once(&desk);
    }
}

/* ---- bounds -------------------------------------------------------------- */

/* Full, it takes no more; what is not met with makes room. */
static void test_bound(void)
{
    g_autofree char *directory = network_new_directory();
    char *why;
    g_autoptr(Ledger) ledger =
        ledger_open(directory, network_authorities(), &why);
    g_assert_null(why);
    for (guint i = 0; i <= LEDGER_MAX; i++)
        put_numbered(ledger, i);
    g_assert_true(has_numbered(ledger, LEDGER_MAX - 1));
    g_assert_false(has_numbered(ledger, LEDGER_MAX));
    char path[] = "/in/7";
    WalkFile seven = {.path = path, .bytes = 7};
    g_autoptr(GPtrArray) met = g_ptr_array_new();
    g_ptr_array_add(met, &seven);
    ledger_expect(ledger, met);
    g_assert_true(has_numbered(ledger, 7));
    g_assert_false(has_numbered(ledger, 8));
    put_numbered(ledger, LEDGER_MAX);
    g_assert_true(has_numbered(ledger, LEDGER_MAX));
    network_remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    count = ledger_desk_begin(TEST_DIR "/network.txt");
    g_test_add_func("/ledger-state/state-gone", test_state_gone);
    g_test_add_func("/ledger-state/part-emptied", test_part_emptied);
    g_test_add_func("/ledger-state/state-from-backup", test_state_from_backup);
    g_test_add_func("/ledger-state/other-authorities", test_other_authorities);
    g_test_add_func("/ledger-state/damaged-ledger", test_damaged_ledger);
    g_test_add_func("/ledger-state/order", test_order);
    g_test_add_func("/ledger-state/bound", test_bound);
    int status = g_test_run();
    ledger_desk_end();
    return status;
}
