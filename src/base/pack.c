#include "base/pack.h"

#include "base/errors.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveEntry, archive_entry_free)

static la_ssize_t append(Archive *archive, void *data, const void *bytes,
                         size_t length)
{
    (void)archive;
    g_byte_array_append(data, bytes, (guint)length);
    return (la_ssize_t)length;
}

static bool write_all(Archive *archive, const void *data, size_t length,
                      GByteArray *out)
{
    g_autoptr(ArchiveEntry) entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    return archive_write_set_format_raw(archive) == ARCHIVE_OK &&
           archive_write_add_filter_xz(archive) == ARCHIVE_OK &&
           archive_write_open(archive, out, NULL, append, NULL) == ARCHIVE_OK &&
           archive_write_header(archive, entry) == ARCHIVE_OK &&
           archive_write_data(archive, data, length) == (la_ssize_t)length &&
           archive_write_close(archive) == ARCHIVE_OK;
}

static GBytes *fail(Archive *archive, GError **error)
{
    const char *why = archive_error_string(archive);
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY, "cannot pack: %s",
                why ? why : "libarchive refused");
    return NULL;
}

GBytes *pack_xz(const void *data, size_t length, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(Archive) archive = archive_write_new();
    if (write_all(archive, data, length, out))
        return g_byte_array_free_to_bytes(g_steal_pointer(&out));
    return fail(archive, error);
}

/* ---- zip ---------------------------------------------------------------- */

#define ZIP_EPOCH 315532800 /* 1980-01-01, the earliest that zip knows */

static bool add_file(Archive *archive, const PackFile *file)
{
    gsize length;
    const void *data = g_bytes_get_data(file->bytes, &length);
    g_autoptr(ArchiveEntry) entry = archive_entry_new();
    archive_entry_set_pathname(entry, file->name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, ZIP_EPOCH, 0);
    archive_entry_set_size(entry, (la_int64_t)length);
    return archive_write_header(archive, entry) == ARCHIVE_OK &&
           (length == 0 ||
            archive_write_data(archive, data, length) == (la_ssize_t)length);
}

GBytes *pack_zip(const GPtrArray *files, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(Archive) archive = archive_write_new();
    if (archive_write_set_format_zip(archive) != ARCHIVE_OK ||
        archive_write_open(archive, out, NULL, append, NULL) != ARCHIVE_OK)
        return fail(archive, error);
    for (guint i = 0; i < files->len; i++)
        if (!add_file(archive, files->pdata[i]))
            return fail(archive, error);
    if (archive_write_close(archive) != ARCHIVE_OK)
        return fail(archive, error);
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
