/* An import of many archives that is interrupted goes on, and comes to the
 * same bytes as one that was not. */
#include "network.h"

#include "relay/history.h"
#include "relay/history_figures.h"
#include "relay/import.h"
#include "relay/ledger.h"
#include "relay/stages.h"

#include "base/files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- faults -------------------------------------------------------------- */

/* In place of the C library's: the operation of that number fails, or the
 * process dies at it, a write when half is done. 0: never. What is not synced
 * need not be: the machine runs on. */
#define FAULT_STAGE_BYTES 40000 /* two stages of the network's archives */
/* Of files that were written just now: long after them. */
#define LATER INT64_C(4102444800)
static guint fault_at, operations;
static bool fault_kills;

static bool is_fault(void)
{
    if (fault_at == 0 || ++operations != fault_at)
        return false;
    errno = operations % 2 ? ENOSPC : EIO;
    return true;
}

static void die_if_wanted(void)
{
    if (fault_kills)
        kill(getpid(), SIGKILL);
}

ssize_t write(int fd, const void *data, size_t length)
{
    bool fails = fd > STDERR_FILENO && is_fault();
    int code = errno;
    long done = syscall(SYS_write, fd, data, fails ? length / 2 : length);
    if (!fails)
        return done;
    die_if_wanted();
    errno = code;
    return -1;
}

int fsync(int fd)
{
    (void)fd;
    if (!is_fault())
        return 0;
    die_if_wanted();
    return -1;
}

int rename(const char *from, const char *to)
{
    if (is_fault()) {
        die_if_wanted();
        return -1;
    }
    return (int)syscall(SYS_rename, from, to);
}

static char *documents, *authorities_path;
static const Authorities *authorities;
static GPtrArray *paths;

static void list_files(const char *directory, const char *below, GString *out)
{
    g_autofree char *at = g_build_filename(directory, below, NULL);
    g_autoptr(GPtrArray) names = directory_list(at, "", NULL);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *name =
            g_build_filename(below, g_ptr_array_index(names, i), NULL);
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_autofree char *text = NULL;
        gsize length;
        if (g_str_equal(name, LEDGER_NAME))
            continue;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            list_files(directory, name, out);
        } else if (g_file_get_contents(path, &text, &length, NULL)) {
            g_autofree char *sum = g_compute_checksum_for_data(
                G_CHECKSUM_SHA256, (guchar *)text, length);
            g_string_append_printf(out, "%s %s\n", name, sum);
        }
    }
}

/* All that an import leaves, but for what it noted of files. */
static void assert_same(const char *a, const char *b)
{
    g_autoptr(GString) left = g_string_new(NULL);
    g_autoptr(GString) right = g_string_new(NULL);
    list_files(a, "", left);
    list_files(b, "", right);
    g_assert_nonnull(strstr(left->str, "history "));
    g_assert_nonnull(strstr(left->str, "months/2026-05 "));
    g_assert_cmpstr(left->str, ==, right->str);
}

/* A ustar archive of one file. */
static void write_archive(const char *directory, const char *path)
{
    char head[512] = "", zeros[1536] = "";
    g_autofree char *text = NULL;
    gsize length;
    unsigned sum = 0;
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    g_autofree char *base = g_path_get_basename(path);
    g_strlcpy(head, base, 100);
    g_snprintf(head + 100, 8, "0000644");
    g_snprintf(head + 108, 8, "0000000");
    g_snprintf(head + 116, 8, "0000000");
    g_snprintf(head + 124, 12, "%011o", (unsigned)length);
    g_snprintf(head + 136, 12, "%011o", 0u);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar\00000", 8);
    for (size_t i = 0; i < sizeof head; i++)
        sum += (unsigned char)head[i];
    g_snprintf(head + 148, 8, "%06o", sum);
    g_autoptr(GString) tar = g_string_new_len(head, sizeof head);
    g_string_append_len(tar, text, (gssize)length);
    g_string_append_len(tar, zeros, (gssize)((512 - length % 512) % 512));
    g_string_append_len(tar, zeros, 1024);
    g_autofree char *name = g_strdup_printf("%s.tar", base);
    g_autofree char *out = g_build_filename(directory, name, NULL);
    g_assert_true(g_file_set_contents(out, tar->str, (gssize)tar->len, NULL));
}

/* Each document in an archive of its own, beside the certificates. */
static char *archives_new(void)
{
    char *directory = network_new_directory();
    for (guint i = 0; i + 1 < paths->len; i++)
        write_archive(directory, g_ptr_array_index(paths, i));
    return directory;
}

/* The same documents as plain files. */
static char *tree_new(void)
{
    char *directory = network_new_directory();
    for (guint i = 0; i + 1 < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *out = g_build_filename(directory, base, NULL);
        g_autofree char *text = NULL;
        gsize length;
        g_assert_true(g_file_get_contents(path, &text, &length, NULL) &&
                      g_file_set_contents(out, text, (gssize)length, NULL));
    }
    return directory;
}

static uint64_t fresh_documents(const ImportSummary *summary)
{
    uint64_t fresh = 0;
    for (guint i = 0; i < summary->counts->len; i++)
        fresh += g_array_index(summary->counts, ImportCount, i).fresh;
    return fresh;
}

static void die_at(const ImportProgress *progress, gpointer data)
{
    if (progress->files_done == GPOINTER_TO_UINT(data))
        _exit(0);
}

static uint64_t unchanged; /* files, of the last import */

/* Import each archive in a stage of its own; returns documents read anew. */
static uint64_t import_staged(const char *into, const char *archives,
                              uint64_t stage_bytes, ImportProgressed progressed,
                              gpointer data)
{
    const char *const all[] = {g_ptr_array_index(paths, paths->len - 1),
                               archives, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    ImportTask task = {.directory = into,
                       .paths = all,
                       .authorities = authorities,
                       .now = LATER,
                       .stage_bytes = stage_bytes,
                       .progressed = progressed,
                       .data = data};
    relay_import_run(&task, &summary, &error);
    g_assert_no_error(error);
    uint64_t fresh = fresh_documents(&summary);
    unchanged = summary.unchanged;
    import_summary_clear(&summary);
    return fresh;
}

/* After so many files are read, at that operation, or after so long. */
typedef struct {
    guint files, operation;
    gulong microseconds;
} Death;

/* A process of its own imports until then; returns its status. It is this
 * program: a mere fork would lack the threads that GLib keeps. */
static int import_in_child(const char *into, const char *archives, Death death,
                           guint stage_bytes)
{
    g_autofree char *numbers =
        g_strdup_printf("%u,%u,%u", death.files, death.operation, stage_bytes);
    char *argv[] = {(char *)"/proc/self/exe",
                    (char *)"--import",
                    (char *)into,
                    (char *)archives,
                    g_ptr_array_index(paths, paths->len - 1),
                    numbers,
                    authorities_path,
                    NULL};
    GPid child;
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                NULL, NULL, &child, NULL));
    if (death.microseconds > 0) {
        g_usleep(death.microseconds);
        kill(child, SIGKILL);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return status;
}

static int run_child(char **argv)
{
    guint files, stage_bytes;
    g_assert_cmpint(
        sscanf(argv[5], "%u,%u,%u", &files, &fault_at, &stage_bytes), ==, 3);
    fault_kills = true;
    g_autoptr(Authorities) read = authorities_read(argv[6], NULL);
    g_assert_nonnull(read);
    authorities = read;
    paths = g_ptr_array_new();
    g_ptr_array_add(paths, argv[4]);
    import_staged(argv[2], argv[3], stage_bytes, files ? die_at : NULL,
                  GUINT_TO_POINTER(files));
    g_ptr_array_unref(paths);
    return 0;
}

/* Interrupted, an import goes on where its last stage began, and does not open
 * what was read in those before. */
static void check_resume(const char *input)
{
    g_autofree char *whole = network_new_directory();
    g_autofree char *at_once = network_new_directory();
    uint64_t all = import_staged(whole, input, 1, NULL, NULL);
    import_staged(at_once, input, STAGE_BYTES, NULL, NULL);
    assert_same(whole, at_once);
    uint64_t before = all;
    for (guint files = 3; files <= paths->len; files += 4) {
        g_autofree char *directory = network_new_directory();
        import_in_child(directory, input, (Death){.files = files}, 1);
        uint64_t rest = import_staged(directory, input, 1, NULL, NULL);
        g_assert_cmpuint(rest, <, before);
        g_assert_cmpuint(unchanged, ==, files - 1);
        before = rest;
        assert_same(whole, directory);
        import_staged(directory, input, 1, NULL, NULL);
        g_assert_cmpuint(unchanged, ==, paths->len);
        network_remove_directory(directory);
    }
    network_remove_directory(at_once);
    network_remove_directory(whole);
}

static void test_resume(void)
{
    g_autofree char *archives = archives_new();
    g_autofree char *tree = tree_new();
    check_resume(archives);
    check_resume(tree);
    network_remove_directory(archives);
    network_remove_directory(tree);
}

static void test_kill(void)
{
    g_autofree char *archives = archives_new();
    g_autofree char *whole = network_new_directory();
    import_staged(whole, archives, 1, NULL, NULL);
    for (guint round = 0; round < 4; round++) {
        g_autofree char *directory = network_new_directory();
        for (guint times = 0; times < 2; times++)
            import_in_child(directory, archives,
                            (Death){.microseconds = 4000 + round * 9000}, 1);
        import_staged(directory, archives, 1, NULL, NULL);
        assert_same(whole, directory);
        network_remove_directory(directory);
    }
    network_remove_directory(whole);
    network_remove_directory(archives);
}

static GPid start_reader(const char *directory)
{
    char *argv[] = {(char *)"/proc/self/exe", (char *)"--read",
                    (char *)directory, NULL};
    GPid child;
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                NULL, NULL, &child, NULL));
    return child;
}

/* Opens and asks until its parent ends, unless an answer fails. */
static int run_reader(const char *directory)
{
    IpAddress ip;
    Instant t;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    g_assert_true(ip_parse("192.0.2.10", 10, &ip));
    g_assert_true(instant_parse("2026-05-03T10:45", &t));
    for (;;) {
        g_autoptr(History) history = history_open(directory, NULL);
        if (!history || !history_verify(history, NULL))
            return 1;
        g_autoptr(Lookup) lookup =
            history_lookup(history, &ip, (Interval){t, t}, 80, NULL);
        if (!lookup->why)
            return 2;
        g_usleep(2000);
    }
}

/* It lives until now. */
static void stop_reader(GPid child)
{
    int status;
    kill(child, SIGTERM);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static char *hash_of(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)text,
                                       length);
}

/* What an import that failed or died at an operation leaves. */
static void check_left(const char *directory, const char *archives,
                       const char *old, const char *whole)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(History) history = history_open(directory, &error);
    g_assert_no_error(error);
    g_assert_true(history_verify(history, &error));
    g_autofree char *now = hash_of(directory, "history");
    g_autofree char *before = hash_of(old, "history");
    g_autofree char *after = hash_of(whole, "history");
    g_assert_true(g_str_equal(now, before) || g_str_equal(now, after));
    import_staged(directory, archives, STAGE_BYTES, NULL, NULL);
    assert_same(whole, directory);
}

/* False: the import came to its end before the fault. */
static bool fail_at(const char *directory, const char *archives, guint at)
{
    const char *const all[] = {archives, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    operations = 0;
    fault_at = at;
    ImportTask task = {.directory = directory,
                       .paths = all,
                       .authorities = authorities,
                       .now = LATER,
                       .stage_bytes = FAULT_STAGE_BYTES};
    bool done = relay_import_run(&task, &summary, &error);
    fault_at = 0;
    g_assert_true(done || error);
    import_summary_clear(&summary);
    return operations >= at;
}

static bool kill_at(const char *directory, const char *archives, guint at)
{
    return WIFSIGNALED(import_in_child(
        directory, archives, (Death){.operation = at}, FAULT_STAGE_BYTES));
}

/* Each operation once, with readers all the while. */
static void check_faults(bool (*fault)(const char *directory,
                                       const char *archives, guint at))
{
    g_autofree char *archives = archives_new();
    g_autofree char *old = network_new_directory();
    g_autofree char *whole = network_new_directory();
    const char *some = g_ptr_array_index(paths, 6);
    import_staged(old, some, 1, NULL, NULL);
    import_staged(whole, some, 1, NULL, NULL);
    import_staged(whole, archives, FAULT_STAGE_BYTES, NULL, NULL);
    bool is_met = true;
    guint at = 1;
    for (; is_met; at++) {
        g_autofree char *directory = network_new_directory();
        import_staged(directory, some, 1, NULL, NULL);
        GPid reader = start_reader(directory);
        is_met = fault(directory, archives, at);
        check_left(directory, archives, old, whole);
        stop_reader(reader);
        network_remove_directory(directory);
    }
    g_assert_cmpuint(at, >, 20);
    network_remove_directory(old);
    network_remove_directory(whole);
    network_remove_directory(archives);
}

static void test_fail(void)
{
    check_faults(fail_at);
}

static void test_die(void)
{
    check_faults(kill_at);
}

/* The keys are made anew in each process: children read who is trusted. */
static void write_authorities(void)
{
    g_autoptr(GString) list = signer_authorities(network_signer());
    int fd = g_file_open_tmp("authorities-XXXXXX", &authorities_path, NULL);
    g_assert_true(g_close(fd, NULL) &&
                  g_file_set_contents(authorities_path, list->str, -1, NULL));
    authorities = network_authorities();
}

int main(int argc, char **argv)
{
    if (argc == 7 && g_str_equal(argv[1], "--import"))
        return run_child(argv);
    if (argc == 3 && g_str_equal(argv[1], "--read"))
        return run_reader(argv[2]);
    g_test_init(&argc, &argv, NULL);
    documents = network_new_directory();
    paths = network_write(TEST_DIR "/network.txt", documents);
    write_authorities();
    g_test_add_func("/resume/resume", test_resume);
    g_test_add_func("/resume/kill", test_kill);
    g_test_add_func("/resume/fail", test_fail);
    g_test_add_func("/resume/die", test_die);
    int status = g_test_run();
    g_unlink(authorities_path);
    g_free(authorities_path);
    g_ptr_array_unref(paths);
    network_remove_directory(documents);
    g_free(documents);
    return status;
}
