#include "base/unpack.h"

#include "base/errors.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <sys/stat.h>

#define BLOCK_BYTES 262144

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_read_free)

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

static bool read_member(Archive *archive, const char *path,
                        const UnpackReader *reader, gpointer data,
                        uint64_t *total, GError **error)
{
    const void *block;
    size_t length;
    la_int64_t offset;
    int status;
    while ((status = archive_read_data_block(archive, &block, &length,
                                             &offset)) == ARCHIVE_OK) {
        *total += length;
        if (*total > UNPACKED_BYTES_MAX)
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

static bool read_members(Archive *archive, const char *path,
                         const UnpackReader *reader, gpointer data,
                         GError **error)
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
        bool read = read_member(archive, path, reader, data, &total, error);
        reader->end((uint64_t)archive_filter_bytes(archive, -1), data);
        if (!read)
            return false;
    }
    return status == ARCHIVE_EOF || fail(archive, path, error);
}

bool unpack_file(const char *path, const UnpackReader *reader, gpointer data,
                 GError **error)
{
    struct stat about;
    if (stat(path, &about) < 0) {
        int code = errno;
        g_set_error(error, DESK_ERROR,
                    code == ENOENT ? DESK_ERROR_MISSING : DESK_ERROR_DENIED,
                    "cannot read %s: %s", path, g_strerror(code));
        return false;
    }
    if (about.st_size == 0)
        return true;
    g_autoptr(Archive) archive = archive_read_new();
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_zstd(archive);
    archive_read_support_filter_lzma(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_raw(archive);
    if (archive_read_open_filename(archive, path, BLOCK_BYTES) != ARCHIVE_OK)
        return fail(archive, path, error);
    return read_members(archive, path, reader, data, error);
}
