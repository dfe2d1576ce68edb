#include "ledger_desk.h"

#include "base/files.h"

#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

static char *documents; /* of the network */
static GPtrArray *paths;

guint ledger_desk_begin(const char *notation)
{
    documents = network_new_directory();
    paths = network_write(notation, documents);
    return paths->len;
}

void ledger_desk_end(void)
{
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    g_free(documents);
}

static int remove_one(const char *path, const struct stat *about, int type,
                      struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return g_remove(path);
}

void desk_init(Desk *desk)
{
    desk->root = network_new_directory();
    desk->input = g_build_filename(desk->root, "in", NULL);
    desk->history = g_build_filename(desk->root, "history", NULL);
    g_assert_cmpint(g_mkdir(desk->input, 0700), ==, 0);
}

void desk_clear(Desk *desk)
{
    nftw(desk->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    g_free(desk->root);
    g_free(desk->input);
    g_free(desk->history);
}

char *desk_path(const Desk *desk, const char *name)
{
    return g_build_filename(desk->input, name, NULL);
}

void desk_put(const Desk *desk, const char *name, const char *text)
{
    g_autofree char *path = desk_path(desk, name);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

char *desk_text(const char *document)
{
    g_autofree char *path = g_build_filename(documents, document, NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

void desk_copy(const Desk *desk, const char *document, const char *name)
{
    g_autofree char *text = desk_text(document);
    desk_put(desk, name, text);
}

void desk_copy_all_but(const Desk *desk, const char *prefix)
{
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name =
            g_path_get_basename(g_ptr_array_index(paths, i));
        if (!prefix || !g_str_has_prefix(name, prefix))
            desk_copy(desk, name, name);
    }
}

bool desk_copy_some(const Desk *desk, GRand *chance)
{
    bool is_all = true;
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name =
            g_path_get_basename(g_ptr_array_index(paths, i));
        g_autofree char *path = desk_path(desk, name);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        is_all = false;
        if (g_rand_int_range(chance, 0, 6) == 0)
            desk_copy(desk, name, name);
    }
    return !is_all;
}

void desk_set_time(const char *path, const struct stat *about)
{
    const struct timespec times[] = {about->st_atim, about->st_mtim};
    g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void desk_remove_state(const Desk *desk, const char *name)
{
    g_autofree char *path = g_build_filename(desk->history, name, NULL);
    remove_tree(path);
}

Said desk_run(const ImportTask *task)
{
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import_run(task, &summary, &error);
    g_assert_no_error(error);
    Said said = {
        .files = summary.files,
        .unchanged = summary.unchanged,
        .waiting = summary.waiting,
        .damaged = summary.damaged,
        .unverified = summary.unverified,
        .shelved = summary.shelved,
    };
    g_strlcpy(said.anew, summary.anew ? summary.anew : "", sizeof said.anew);
    for (guint i = 0; i < summary.counts->len; i++)
        said.fresh += g_array_index(summary.counts, ImportCount, i).fresh;
    import_summary_clear(&summary);
    return said;
}

ImportTask desk_task(const Desk *desk, const char **of)
{
    of[0] = desk->input;
    of[1] = NULL;
    return (ImportTask){
        .directory = desk->history,
        .paths = of,
        .authorities = network_authorities(),
        .now = LATER,
    };
}

Said desk_import(const Desk *desk)
{
    const char *of[2];
    ImportTask task = desk_task(desk, of);
    return desk_run(&task);
}

void desk_assert_as_at_once(const Desk *desk)
{
    static const char *const NAMES[] = {"history", "people", "signed",
                                        "months/2026-05"};
    g_autofree char *whole = g_build_filename(desk->root, "whole", NULL);
    const char *const all[] = {desk->input, NULL};
    ImportTask task = {
        .directory = whole, .paths = all, .authorities = network_authorities()};
    desk_run(&task);
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *left = g_build_filename(whole, NAMES[i], NULL);
        g_autofree char *right =
            g_build_filename(desk->history, NAMES[i], NULL);
        g_autoptr(GBytes) a = file_read(left, 1 << 26, NULL);
        g_autoptr(GBytes) b = file_read(right, 1 << 26, NULL);
        g_assert_true(a && b && g_bytes_equal(a, b));
    }
    remove_tree(whole);
}
