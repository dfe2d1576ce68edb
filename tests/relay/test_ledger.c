/* Files that are not read again: only those of which nothing could come, and
 * the history is the same as if all had been read each time. */
#include "ledger_desk.h"

#include "relay/ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static guint count; /* of the network's documents */

/* ---- what is not read again ---------------------------------------------- */

static void test_unchanged(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    Said first = desk_import(&desk);
    g_assert_cmpuint(first.files, ==, count);
    g_assert_cmpuint(first.unchanged, ==, 0);
    g_assert_cmpstr(first.anew, ==, "");
    Said second = desk_import(&desk);
    g_assert_cmpuint(second.files, ==, 0);
    g_assert_cmpuint(second.unchanged, ==, count);
    desk_assert_as_at_once(&desk);
}

/* What was read without a ledger is not in it, and it stays out of the way. */
static void test_without(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    task.now = 0;
    for (int i = 0; i < 2; i++)
        g_assert_cmpuint(desk_run(&task).files, ==, count);
    g_assert_cmpuint(desk_import(&desk).files, ==, count);
    g_assert_cmpuint(desk_run(&task).files, ==, count);
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
}

static void test_reads_all(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    desk_import(&desk);
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    task.reads_all = true;
    Said again = desk_run(&task);
    g_assert_cmpuint(again.files, ==, count);
    g_assert_cmpuint(again.fresh, ==, 0);
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
}

/* ---- files that changed -------------------------------------------------- */

static void grow(const char *path)
{
    FILE *file = fopen(path, "a");
    g_assert_true(file && fputs("\n", file) != EOF && fclose(file) == 0);
}

static void touch(const char *path)
{
    g_assert_cmpint(utimensat(AT_FDCWD, path, NULL, 0), ==, 0);
}

/* Another file of the same size, with the times of the first. */
static void replace(const char *path)
{
    struct stat about;
    g_autofree char *text = NULL;
    gsize length;
    g_assert_cmpint(stat(path, &about), ==, 0);
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    text[length - 2]++;
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
    desk_set_time(path, &about);
}

/* Likewise, in place. */
static void overwrite(const char *path)
{
    struct stat about;
    g_assert_cmpint(stat(path, &about), ==, 0);
    FILE *file = fopen(path, "r+");
    g_assert_true(file && fputs("X", file) != EOF && fclose(file) == 0);
    desk_set_time(path, &about);
}

static void test_changed(void)
{
    static void (*const CHANGES[])(const char *path) = {grow, touch, replace,
                                                        overwrite};
    for (size_t i = 0; i < G_N_ELEMENTS(CHANGES); i++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        desk_copy_all_but(&desk, NULL);
        desk_import(&desk);
        g_autofree char *path = desk_path(&desk, "open1");
        CHANGES[i](path);
        Said said = desk_import(&desk);
        g_assert_cmpuint(said.files, ==, 1);
        g_assert_cmpuint(said.unchanged, ==, count - 1);
    }
}

/* What was written a moment ago may be written to without a trace. */
static void test_just_written(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    struct stat about;
    g_assert_cmpint(stat(desk.input, &about), ==, 0);
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    task.now = about.st_mtime + 1;
    for (int i = 0; i < 2; i++)
        g_assert_cmpuint(desk_run(&task).unchanged, ==, 0);
    task.now = about.st_mtime + LEDGER_RACE_S + 2;
    desk_run(&task);
    g_assert_cmpuint(desk_run(&task).unchanged, ==, count);
}

/* Called when a file is over, and has not been put down yet. */
static void write_meanwhile(const ImportProgress *progress, gpointer data)
{
    char **path = data;
    if (*path && g_str_equal(progress->name, "open1")) {
        grow(*path);
        g_clear_pointer(path, g_free);
    }
}

static void test_written_meanwhile(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    char *path = desk_path(&desk, "open1");
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    task.progressed = write_meanwhile;
    task.data = &path;
    desk_run(&task);
    g_assert_null(path);
    g_assert_cmpuint(desk_import(&desk).files, ==, 1);
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
    desk_assert_as_at_once(&desk);
}

/* ---- files that are not done with ---------------------------------------- */

/* Consensuses wait for their certificates, and are read when these come. */
static void test_quarantine(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, "certificates");
    guint hours = 7;
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.unverified, ==, hours);
    said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 0);
    g_assert_cmpuint(said.waiting, ==, hours);
    desk_copy(&desk, "certificates", "certificates");
    said = desk_import(&desk);
    g_assert_cmpuint(said.unverified, ==, 0);
    g_assert_cmpuint(said.waiting, ==, 0);
    g_assert_cmpuint(said.files, ==, hours + 1);
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
    desk_assert_as_at_once(&desk);
}

/* Some certificates are there, and are read before what waits for others. */
static void test_some_certificates(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, "certificates");
    g_autofree char *text = desk_text("certificates");
    char *second = strstr(text + 1, "dir-key-certificate-version");
    g_assert_nonnull(second);
    *second = 0;
    desk_put(&desk, "certificates", text);
    g_assert_cmpuint(desk_import(&desk).unverified, ==, 7);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 0);
    g_assert_cmpuint(said.waiting, ==, 7);
    desk_copy(&desk, "certificates", "certificates");
    said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 8);
    g_assert_cmpuint(said.unverified, ==, 0);
    desk_assert_as_at_once(&desk);
}

/* The certificates come by another way, or behind what waits for them. */
static void test_late_certificates(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, "certificates");
    desk_import(&desk);
    desk_put(&desk, "empty", "");
    desk_import(&desk);
    g_autofree char *apart = network_new_directory();
    g_autofree char *path = g_build_filename(apart, "certificates", NULL);
    g_autofree char *text = desk_text("certificates");
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    const char *of[2];
    ImportTask task = desk_task(&desk, of);
    of[0] = apart;
    g_assert_cmpuint(desk_run(&task).files, ==, 1);
    g_assert_cmpuint(desk_import(&desk).files, ==, 7);
    g_assert_cmpuint(desk_import(&desk).files, ==, 0);
    network_remove_directory(apart);
}

static void test_certificates_behind(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, "certificates");
    desk_copy(&desk, "certificates", "zz-keys");
    g_assert_cmpuint(desk_import(&desk).unverified, ==, 7);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 7);
    g_assert_cmpuint(said.fresh, ==, 7);
    said = desk_import(&desk);
    g_assert_cmpuint(said.unchanged, ==, count);
    g_assert_cmpuint(said.waiting, ==, 0);
}

/* Each import names it; a good document beside it is of no avail. */
static void test_damaged(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    g_autofree char *hour = desk_text("2026-05-03T10-00-consensus-ns");
    g_autofree char *other = desk_text("2026-05-03T11-00-consensus-ns");
    hour[strlen(hour) / 2] = 0;
    *strrchr(hour, '\n') = 0;
    g_autofree char *both = g_strconcat(hour,
                                        "\n@type network-status-"
                                        "consensus-3 1.0\n",
                                        other, NULL);
    desk_copy(&desk, "certificates", "certificates");
    desk_put(&desk, "both", both);
    static const char PACKED[] = "\xfd\x37\x7a\x58\x5a\x00\x00\x04garbage";
    g_autofree char *broken = desk_path(&desk, "broken.xz");
    g_assert_true(g_file_set_contents(broken, PACKED, sizeof PACKED, NULL));
    desk_copy(&desk, "open1", "open1");
    for (int i = 0; i < 2; i++) {
        Said said = desk_import(&desk);
        g_assert_cmpuint(said.damaged, ==, 2);
        g_assert_cmpuint(said.files, ==, i ? 2 : 4);
    }
}

/* An archive is not unpacked again for a document that was refused, until there
 * are other certificates. */
static void test_damaged_in_archive(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    g_autofree char *hour = desk_text("2026-05-03T10-00-consensus-ns");
    hour[strlen(hour) / 2] ^= 1;
    desk_put(&desk, "forged", hour);
    const char *const tar[] = {"tar",    "-cf", "archive.tar", "--remove-files",
                               "forged", NULL};
    int status;
    g_assert_true(g_spawn_sync(desk.input, (char **)tar, NULL,
                               G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               &status, NULL) &&
                  status == 0);
    desk_copy(&desk, "open1", "open1");
    g_assert_cmpuint(desk_import(&desk).unverified, ==, 1);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.unchanged, ==, 2);
    g_assert_cmpuint(said.waiting, ==, 1);
    desk_copy(&desk, "certificates", "certificates");
    g_assert_cmpuint(desk_import(&desk).damaged, ==, 1);
    said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 0);
    g_assert_cmpuint(said.unchanged, ==, 3);
    g_assert_cmpuint(said.waiting, ==, 1);
}

/* Two consensuses of one hour, one after the other. */
static void test_contradiction(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    desk_copy_all_but(&desk, NULL);
    desk_import(&desk);
    g_autofree char *text = desk_text("2026-05-03T10-00-consensus-ns");
    g_autoptr(GString) other = g_string_new(text);
    g_string_truncate(
        other,
        (gsize)(strstr(other->str, "\ndirectory-signature") + 1 - other->str));
    g_string_replace(other, "r gone ", "r gine ", 0);
    signer_sign(network_signer(), 3, other, 0);
    desk_put(&desk, "other", other->str);
    Said said = desk_import(&desk);
    g_assert_cmpuint(said.files, ==, 1);
    g_assert_cmpuint(said.unverified, ==, 1);
    for (int i = 0; i < 2; i++)
        desk_import(&desk);
    desk_assert_as_at_once(&desk);
}

/* A tor's cache: what a later consensus names must come of it yet, under
 * whatever name it stands. */
static void test_cache(void)
{
    static const char *const NAMES[] = {"cached-descriptors", "copy"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_auto(Desk) desk;
        desk_init(&desk);
        g_autofree char *relay = desk_text("open1");
        g_autofree char *cached =
            g_strconcat("@downloaded-at 2026-05-03 10:05:00\n"
                        "@source \"192.0.2.1\"\n",
                        relay, NULL);
        desk_copy(&desk, "certificates", "certificates");
        desk_copy(&desk, "2026-05-03T11-00-consensus-micro", "hour-micro");
        desk_put(&desk, NAMES[i], cached);
        desk_import(&desk);
        g_assert_cmpuint(desk_import(&desk).files, ==, 1);
        desk_copy(&desk, "2026-05-03T10-00-consensus-ns", "hour");
        Said said = desk_import(&desk);
        g_assert_cmpuint(said.files, ==, 2);
        g_assert_cmpuint(said.fresh, >=, 2);
        desk_assert_as_at_once(&desk);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    count = ledger_desk_begin(TEST_DIR "/network.txt");
    g_test_add_func("/ledger/unchanged", test_unchanged);
    g_test_add_func("/ledger/without", test_without);
    g_test_add_func("/ledger/reads-all", test_reads_all);
    g_test_add_func("/ledger/changed", test_changed);
    g_test_add_func("/ledger/just-written", test_just_written);
    g_test_add_func("/ledger/written-meanwhile", test_written_meanwhile);
    g_test_add_func("/ledger/quarantine", test_quarantine);
    g_test_add_func("/ledger/some-certificates", test_some_certificates);
    g_test_add_func("/ledger/late-certificates", test_late_certificates);
    g_test_add_func("/ledger/certificates-behind", test_certificates_behind);
    g_test_add_func("/ledger/damaged", test_damaged);
    g_test_add_func("/ledger/damaged-in-archive", test_damaged_in_archive);
    g_test_add_func("/ledger/contradiction", test_contradiction);
    g_test_add_func("/ledger/cache", test_cache);
    int status = g_test_run();
    ledger_desk_end();
    return status;
}
