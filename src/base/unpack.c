#include "base/unpack.h"

#include "base/errors.h"
#include "base/unpack_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 262144

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_read_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnpackSource, unpack_source_free)

static bool fail(Archive *archive, const char *path, GError **error)
{
    const char *why = archive_error_string(archive);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s: %s", path,
                why ? why : "cannot be unpacked");
    return false;
}

static bool over_limit(const char *path, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                "%s unpacks to more than is plausible", path);
    return false;
}

/* So much from so few bytes is made to keep us busy: a month of consensuses and
 * microdescriptors, which repeat each other, unpacks to 40 times its size. */
static bool is_bomb(uint64_t total, const UnpackSource *source)
{
    return total > UNPACKED_BYTES_MAX ||
           (total > UNPACKED_FREELY_BYTES &&
            total / UNPACKED_RATIO_MAX > unpack_source_packed(source));
}

static bool read_member(Archive *archive, const UnpackSource *source,
                        const char *path, const UnpackReader *reader,
                        gpointer data, uint64_t *total, GError **error)
{
    const void *block;
    size_t length;
    la_int64_t offset;
    int status;
    while ((status = archive_read_data_block(archive, &block, &length,
                                             &offset)) == ARCHIVE_OK) {
        *total += length;
        if (is_bomb(*total, source))
            return over_limit(path, error);
        reader->bytes(block, length, data);
    }
    return status == ARCHIVE_EOF || fail(archive, path, error);
}

static char *member_name(Archive *archive, struct archive_entry *entry,
                         const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    const char *inside = archive_entry_pathname(entry);
    if (archive_format(archive) == ARCHIVE_FORMAT_RAW || !inside)
        return g_steal_pointer(&base);
    g_autofree char *valid = g_utf8_make_valid(inside, -1);
    return g_strdup_printf("%s:%s", base, valid);
}

static bool read_members(Archive *archive, const UnpackSource *source,
                         const char *path, const UnpackReader *reader,
                         gpointer data, GError **error)
{
    struct archive_entry *entry;
    uint64_t total = 0;
    int status;
    for (guint count = 0;
         (status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN;
         count++) {
        if (count >= UNPACKED_MEMBERS_MAX)
            return over_limit(path, error);
        bool is_raw = archive_format(archive) == ARCHIVE_FORMAT_RAW;
        if (!is_raw && archive_entry_filetype(entry) != AE_IFREG)
            continue;
        g_autofree char *name = member_name(archive, entry, path);
        reader->begin(name, data);
        bool read =
            read_member(archive, source, path, reader, data, &total, error);
        reader->end(unpack_source_packed(source), data);
        if (!read)
            return false;
    }
    return status == ARCHIVE_EOF || fail(archive, path, error);
}

/* A file and nothing else: what was one when the directory was listed may be a
 * pipe by now, which nobody ever writes into. */
static int open_file(const char *path, uint64_t *bytes, GError **error)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int code = fd < 0 || fstat(fd, &about) < 0 ? errno : 0;
    if (code == 0 && S_ISREG(about.st_mode)) {
        *bytes = (uint64_t)about.st_size;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    g_set_error(error, DESK_ERROR,
                code == ENOENT ? DESK_ERROR_MISSING : DESK_ERROR_DENIED,
                "cannot read %s: %s", path,
                code ? g_strerror(code) : "it is no file");
    return -1;
}

static la_ssize_t take_source(Archive *archive, void *data, const void **bytes)
{
    const char *why = NULL;
    ssize_t got = unpack_source_take(data, bytes, &why);
    if (got < 0)
        archive_set_error(archive, EINVAL, "%s", why);
    return got;
}

static bool unpack(int fd, const char *path, const UnpackReader *reader,
                   gpointer data, GError **error)
{
    g_autoptr(UnpackSource) source = unpack_source_new(fd);
    g_autoptr(Archive) archive = archive_read_new();
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_zstd(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_raw(archive);
    if (archive_read_open(archive, source, NULL, take_source, NULL) !=
        ARCHIVE_OK)
        return fail(archive, path, error);
    return read_members(archive, source, path, reader, data, error);
}

bool unpack_file(const char *path, const UnpackReader *reader, gpointer data,
                 GError **error)
{
    uint64_t bytes = 0;
    int fd = open_file(path, &bytes, error);
    if (fd < 0)
        return false;
    bool done = bytes == 0 || unpack(fd, path, reader, data, error);
    close(fd);
    return done;
}
