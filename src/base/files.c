#include "base/files.h"

#include "base/errors.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(GError **error, const char *doing, const char *path)
{
    int code = errno;
    g_set_error(error, DESK_ERROR,
                code == ENOENT                    ? DESK_ERROR_MISSING
                : code == EACCES || code == EPERM ? DESK_ERROR_DENIED
                                                  : DESK_ERROR_TEMPORARY,
                "cannot %s %s: %s", doing, path, g_strerror(code));
}

static GBytes *read_all(int fd, const char *path, size_t max_bytes,
                        GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint8_t chunk[65536];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail(error, "read", path);
            return NULL;
        }
        if (n == 0)
            return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
        if (bytes->len + (size_t)n > max_bytes) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                        "%s is larger than %zu bytes", path, max_bytes);
            return NULL;
        }
        g_byte_array_append(bytes, chunk, (guint)n);
    }
}

GBytes *file_read(const char *path, size_t max_bytes, GError **error)
{
    if (g_str_equal(path, "-"))
        return read_all(STDIN_FILENO, "standard input", max_bytes, error);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail(error, "open", path);
        return NULL;
    }
    GBytes *bytes = read_all(fd, path, max_bytes, error);
    close(fd);
    return bytes;
}

/* The disk begins with a long file while the rest of it is still written, so
 * that the fsync() at the end has less to wait for. */
#define STRETCH (8 << 20)

static bool write_piece(int fd, const FilePiece *piece)
{
    for (size_t done = 0; done < piece->length;) {
        ssize_t n = write(fd, (const char *)piece->data + done,
                          MIN(piece->length - done, STRETCH));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        done += (size_t)n;
        if (n == STRETCH) /* a hint: where it fails, fsync() does it all */
            sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    return true;
}

/* The first piece last, once it is ready. */
static bool write_pieces(int fd, const FilePiece *pieces, size_t count,
                         void (*ready)(gpointer data), gpointer data)
{
    bool done = lseek(fd, (off_t)pieces[0].length, SEEK_SET) >= 0;
    for (size_t i = 1; done && i < count; i++)
        done = write_piece(fd, &pieces[i]);
    if (done && ready)
        ready(data);
    return done && lseek(fd, 0, SEEK_SET) == 0 && write_piece(fd, pieces);
}

void file_settle_owner(int fd, const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    struct stat above;
    /* Failing is no harm to us: root reads all; the desk will say what it
     * cannot. */
    if (geteuid() == 0 && stat(directory, &above) == 0 &&
        fchown(fd, above.st_uid, above.st_gid) != 0)
        log_line(LOG_LEVEL_WARNING, NULL, "cannot give %s to its owner: %s",
                 path, g_strerror(errno));
}

bool file_replace_headed(const char *path, const FilePiece *pieces,
                         size_t count, int mode, void (*ready)(gpointer data),
                         gpointer data, GError **error)
{
    g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
    int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, mode);
    if (fd < 0) {
        fail(error, "create", temporary);
        return false;
    }
    file_settle_owner(fd, path);
    bool written =
        write_pieces(fd, pieces, count, ready, data) && fsync(fd) == 0;
    int code = errno;
    close(fd);
    errno = code;
    if (!written || rename(temporary, path) < 0) {
        fail(error, "write", path);
        unlink(temporary);
        return false;
    }
    g_autofree char *directory = g_path_get_dirname(path);
    return directory_sync(directory, error);
}

bool file_replace_pieces(const char *path, const FilePiece *pieces,
                         size_t count, int mode, GError **error)
{
    return file_replace_headed(path, pieces, count, mode, NULL, NULL, error);
}

bool file_replace(const char *path, const void *data, size_t length, int mode,
                  GError **error)
{
    return file_replace_pieces(path, &(FilePiece){data, length}, 1, mode,
                               error);
}

bool file_holds(const char *path, GBytes *bytes)
{
    size_t length = g_bytes_get_size(bytes);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    return file && g_mapped_file_get_length(file) == length &&
           (length == 0 || memcmp(g_mapped_file_get_contents(file),
                                  g_bytes_get_data(bytes, NULL), length) == 0);
}

bool file_remove(const char *path, GError **error)
{
    if (unlink(path) < 0) {
        if (errno == ENOENT)
            return true;
        fail(error, "remove", path);
        return false;
    }
    g_autofree char *directory = g_path_get_dirname(path);
    return directory_sync(directory, error);
}

/* Parents first, so that each belongs to whom the one above it does. */
static bool make_directory(const char *path, mode_t mode, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(path);
    if (!g_str_equal(parent, path) && !make_directory(parent, mode, error))
        return false;
    if (mkdir(path, mode) < 0 && errno != EEXIST) {
        fail(error, "make directory", path);
        return false;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fail(error, "open directory", path);
        return false;
    }
    file_settle_owner(fd, path);
    close(fd);
    return true;
}

bool directory_ensure(const char *path, GError **error)
{
    return make_directory(path, 0700, error);
}

bool directory_ensure_readable(const char *path, GError **error)
{
    return make_directory(path, 0755, error);
}

bool directory_sync(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0) {
        close(fd);
        return true;
    }
    fail(error, "sync directory", path);
    if (fd >= 0)
        close(fd);
    return false;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *directory_list(const char *path, const char *suffix, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) directory = g_dir_open(path, 0, &cause);
    if (!directory && g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&names);
    if (!directory) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED, "%s", cause->message);
        return NULL;
    }
    for (const char *name; (name = g_dir_read_name(directory));)
        if (*name != '.' && g_str_has_suffix(name, suffix))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return g_steal_pointer(&names);
}
