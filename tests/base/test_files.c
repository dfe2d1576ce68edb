#include "base/files.h"

#include "base/errors.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static char *inside(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void test_replace_and_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = inside("a.txt");
    g_assert_true(file_replace(path, "one", 3, 0640, &error));
    g_assert_true(file_replace(path, "second", 6, 0600, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = file_read(path, 6, &error);
    g_assert_no_error(error);
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_assert_cmpmem(data, length, "second", 6);
    struct stat status;
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);

    g_assert_null(file_read(path, 5, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
    /* No temporary file is left. */
    g_autoptr(GPtrArray) names = directory_list(folder, "", NULL);
    g_assert_cmpuint(names->len, ==, 1);
}

static void test_pieces(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = inside("a.txt");
    g_autofree char *large = g_strnfill(300000, 'x');
    const FilePiece pieces[] = {
        {"one", 3}, {NULL, 0}, {large, 300000}, {"", 0}, {" end", 4},
    };
    g_assert_true(
        file_replace_pieces(path, pieces, G_N_ELEMENTS(pieces), 0600, &error));
    g_assert_no_error(error);
    g_autofree char *whole = g_strconcat("one", large, " end", NULL);
    g_autoptr(GBytes) bytes = file_read(path, 1 << 20, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                    whole, strlen(whole));
    const FilePiece nothing = {NULL, 0};
    g_assert_true(file_replace_pieces(path, &nothing, 1, 0600, &error));
    g_autoptr(GBytes) empty = file_read(path, 1 << 20, &error);
    g_assert_cmpuint(g_bytes_get_size(empty), ==, 0);
}

/* Where the disk does not take all, the old one stays and nothing else. */
static void test_full(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = inside("a.txt");
    g_autofree char *large = g_strnfill(5000, 'x');
    const FilePiece pieces[] = {{"new", 3}, {large, 5000}};
    struct rlimit before, small;
    g_assert_true(file_replace(path, "old", 3, 0600, &error));
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    small = before;
    small.rlim_cur = 4000;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    g_assert_false(file_replace_pieces(path, pieces, 2, 0600, &error));
    signal(SIGXFSZ, handler);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
    g_autoptr(GBytes) bytes = file_read(path, 100, NULL);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                    "old", 3);
    g_autoptr(GPtrArray) names = directory_list(folder, "", NULL);
    g_assert_cmpuint(names->len, ==, 1);
}

static void test_remove(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = inside("b.txt");
    g_assert_true(file_replace(path, "x", 1, 0600, &error));
    g_assert_true(file_remove(path, &error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(file_remove(path, &error)); /* it is not there */
    g_assert_no_error(error);
    g_assert_false(file_remove(folder, &error)); /* no file */
    g_assert_nonnull(error);
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = inside("not-there");
    g_assert_null(file_read(path, 10, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, path));
    g_clear_error(&error);
    g_autofree char *deep = inside("no/such/folder");
    g_assert_false(file_replace(deep, "x", 1, 0600, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_null(file_read(folder, 10, &error)); /* a directory */
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_autoptr(GPtrArray) none = directory_list(path, ".yaml", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(none->len, ==, 0);
}

static void test_directories(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = inside("x/y/z");
    g_assert_true(directory_ensure(deep, &error));
    g_assert_true(directory_ensure(deep, &error));
    g_assert_true(directory_sync(deep, &error));
    static const char *const NAMES[] = {"20.yaml", "10.yaml", ".hidden.yaml",
                                        "notes.txt"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(deep, NAMES[i], NULL);
        g_assert_true(file_replace(path, "", 0, 0600, &error));
    }
    g_autoptr(GPtrArray) names = directory_list(deep, ".yaml", &error);
    g_assert_cmpuint(names->len, ==, 2);
    g_assert_cmpstr(names->pdata[0], ==, "10.yaml");
    g_assert_cmpstr(names->pdata[1], ==, "20.yaml");
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(deep, NAMES[i], NULL);
        g_assert_cmpint(unlink(path), ==, 0);
    }
    g_autofree char *xy = inside("x/y");
    g_autofree char *x = inside("x");
    g_assert_cmpint(rmdir(deep) | rmdir(xy) | rmdir(x), ==, 0);
}

static void assert_owner(const char *path, uid_t owner)
{
    struct stat found;
    g_assert_cmpint(stat(path, &found), ==, 0);
    g_assert_cmpuint(found.st_uid, ==, owner);
}

/* What root makes in the desk's directory is the desk's. */
static void test_owner(void)
{
    enum { DESK = 4711 };
    if (geteuid() != 0) {
        g_test_skip("only root can give files away");
        return;
    }
    g_autofree char *home = inside("home");
    g_autofree char *relays = inside("home/relays");
    g_autofree char *history = inside("home/relays/history");
    g_autoptr(GError) error = NULL;
    g_assert_true(directory_ensure(home, &error));
    assert_owner(home, 0);
    g_assert_cmpint(chown(home, DESK, DESK), ==, 0);
    g_assert_true(directory_ensure(relays, &error));
    assert_owner(relays, DESK);
    g_assert_true(file_replace(history, "x", 1, 0644, &error));
    g_assert_no_error(error);
    assert_owner(history, DESK);
    g_assert_cmpint(unlink(history) | rmdir(relays) | rmdir(home), ==, 0);
}

static void test_holds(void)
{
    static const struct {
        const char *file, *text;
        bool is_same;
    } CASES[] = {
        {"abc", "abc", true}, {"abc", "abd", false}, {"abc", "ab", false},
        {"ab", "abc", false}, {"", "", true},        {"a", "", false},
    };
    g_autofree char *path = inside("a.txt");
    g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GBytes) bytes =
            g_bytes_new(CASES[i].text, strlen(CASES[i].text));
        g_assert_true(g_file_set_contents(path, CASES[i].file, -1, NULL));
        g_assert_cmpint(file_holds(path, bytes), ==, CASES[i].is_same);
    }
    unlink(path);
    g_assert_false(file_holds(path, none));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("exitdesk-files-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_test_add_func("/files/replace-and-read", test_replace_and_read);
    g_test_add_func("/files/pieces", test_pieces);
    g_test_add_func("/files/full", test_full);
    g_test_add_func("/files/remove", test_remove);
    g_test_add_func("/files/holds", test_holds);
    g_test_add_func("/files/missing", test_missing);
    g_test_add_func("/files/directories", test_directories);
    g_test_add_func("/files/owner", test_owner);
    int status = g_test_run();
    g_autofree char *left = inside("a.txt");
    unlink(left);
    rmdir(folder);
    g_free(folder);
    return status;
}
