/*
 * Archives of strangers.
 *
 * Problem: 300 MB of zeros are 300 KB of ZIP; entries may overlap, lie about
 * their sizes, be links, or be many. Approach: no size that an archive states
 * is believed. What comes out is counted: per member, in all, and against the
 * bytes that went in, so that overlapping entries, which read the same packed
 * bytes again and again, meet the same ratio as one big entry. Only plain
 * files are read. Each format is enabled by itself: libarchive knows twenty
 * more, whose parsers nobody needs here. A ZIP is read by its directory at the
 * end, so that members nobody wants are skipped without being unpacked; one
 * that is cut short is damaged.
 *
 * Rejected: reading nothing of an archive that is over a limit. The first
 * megabytes of a feed are rows like all others, and the flaw tells the rest.
 */
#include "base/unpack_memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define TAR_BLOCK    512
#define TAR_MAGIC_AT 257

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_read_free)

UnpackKind unpack_sniff(const void *bytes, size_t length)
{
    if (length >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
        return UNPACK_ZIP;
    if (length >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0)
        return UNPACK_GZIP;
    if (length >= 6 && memcmp(bytes,
                              "\xfd"
                              "7zXZ\0",
                              6) == 0)
        return UNPACK_XZ;
    if (length >= 10 && memcmp(bytes, "BZh", 3) == 0 &&
        memcmp((const char *)bytes + 4, "1AY&SY", 6) == 0)
        return UNPACK_BZIP2;
    if (length >= 6 && memcmp(bytes, "7z\xbc\xaf\x27\x1c", 6) == 0)
        return UNPACK_7Z;
    if (length >= TAR_BLOCK &&
        memcmp((const char *)bytes + TAR_MAGIC_AT, "ustar", 5) == 0)
        return UNPACK_TAR;
    return UNPACK_NONE;
}

static void member_free(void *data)
{
    UnpackedMember *member = data;
    g_free(member->name);
    g_bytes_unref(member->bytes);
    g_free(member);
}

/* The last component, without what no name needs. */
static char *member_name(struct archive_entry *entry, bool is_raw)
{
    const char *path = archive_entry_pathname_utf8(entry);
    if (!path)
        path = archive_entry_pathname(entry);
    if (!path || is_raw)
        return g_strdup("");
    const char *slash = strpbrk(path, "/\\");
    for (; slash; slash = strpbrk(path, "/\\"))
        path = slash + 1;
    char *name =
        g_utf8_make_valid(path, (gssize)strnlen(path, UNPACK_NAME_BYTES_MAX));
    for (char *at = name; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 127)
            *at = '?';
    return name;
}

typedef struct {
    Archive *archive;
    size_t packed;   /* bytes of the archive */
    size_t unpacked; /* bytes handed out so far */
    size_t max_bytes;
    Unpacked *out;
} Unpacking;

static bool is_bomb(const Unpacking *unpacking, size_t more)
{
    size_t bytes = unpacking->unpacked + more;
    return bytes > UNPACK_RATIO_FREE &&
           bytes / UNPACK_RATIO_MAX > unpacking->packed;
}

/* Read the member at which the archive stands. False if the archive is to be
 * left: damaged or over a limit. */
static bool read_member(Unpacking *unpacking, GByteArray *bytes, bool *is_cut)
{
    const void *block;
    size_t length;
    la_int64_t offset;
    int status;
    while ((status = archive_read_data_block(unpacking->archive, &block,
                                             &length, &offset)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        size_t room =
            MIN(UNPACK_MEMBER_BYTES_MAX - bytes->len,
                unpacking->max_bytes - unpacking->unpacked - bytes->len);
        g_byte_array_append(bytes, block, (guint)MIN(length, room));
        *is_cut = length > room || is_bomb(unpacking, bytes->len);
        if (*is_cut) {
            unpacking->out->flaw = UNPACK_FLAW_LIMIT;
            return false;
        }
    }
    if (status != ARCHIVE_EOF && !unpacking->out->flaw)
        unpacking->out->flaw = UNPACK_FLAW_DAMAGED;
    return status == ARCHIVE_EOF;
}

static bool take_member(Unpacking *unpacking, char *name)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    bool is_cut = false;
    bool goes_on = read_member(unpacking, bytes, &is_cut);
    unpacking->unpacked += bytes->len;
    UnpackedMember *member = g_new0(UnpackedMember, 1);
    member->name = name;
    member->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    member->is_cut = is_cut || !goes_on;
    g_ptr_array_add(unpacking->out->members, member);
    return goes_on;
}

static void read_members(Unpacking *unpacking, bool (*wants)(const char *name))
{
    struct archive_entry *entry;
    Unpacked *out = unpacking->out;
    int status = ARCHIVE_EOF;
    for (guint count = 0;
         (status = archive_read_next_header(unpacking->archive, &entry)) ==
             ARCHIVE_OK ||
         status == ARCHIVE_WARN;
         count++) {
        if (count >= UNPACK_MEMBERS_MAX) {
            out->flaw = UNPACK_FLAW_LIMIT;
            return;
        }
        bool is_raw = archive_format(unpacking->archive) == ARCHIVE_FORMAT_RAW;
        bool is_file = is_raw || archive_entry_filetype(entry) == AE_IFREG;
        g_autofree char *name = member_name(entry, is_raw);
        if (archive_entry_is_encrypted(entry)) {
            out->flaw = UNPACK_FLAW_ENCRYPTED;
            continue;
        }
        if (!is_file || (wants && !wants(name))) {
            out->skipped += is_file;
            continue;
        }
        if (!take_member(unpacking, g_steal_pointer(&name)))
            return;
    }
    if (status != ARCHIVE_EOF && !out->flaw)
        out->flaw = UNPACK_FLAW_DAMAGED;
}

/* Only what the first bytes announce. */
static void support(Archive *archive, UnpackKind kind)
{
    switch (kind) {
    case UNPACK_NONE:
        break;
    case UNPACK_ZIP:
        archive_read_support_format_zip_seekable(archive);
        return;
    case UNPACK_7Z:
        archive_read_support_format_7zip(archive);
        return;
    case UNPACK_GZIP:
        archive_read_support_filter_gzip(archive);
        break;
    case UNPACK_XZ:
        archive_read_support_filter_xz(archive);
        break;
    case UNPACK_BZIP2:
        archive_read_support_filter_bzip2(archive);
        break;
    case UNPACK_TAR:
        archive_read_support_format_tar(archive);
        return;
    }
    archive_read_support_format_tar(archive);
    archive_read_support_format_raw(archive);
}

void unpack_memory(const void *bytes, size_t length, UnpackKind kind,
                   bool (*wants)(const char *name), size_t max_bytes,
                   Unpacked *out)
{
    g_assert(kind != UNPACK_NONE);
    *out = (Unpacked){.members = g_ptr_array_new_with_free_func(member_free)};
    g_autoptr(Archive) archive = archive_read_new();
    support(archive, kind);
    if (archive_read_open_memory(archive, bytes, length) != ARCHIVE_OK) {
        out->flaw = UNPACK_FLAW_DAMAGED;
        return;
    }
    Unpacking unpacking = {.archive = archive,
                           .packed = length,
                           .max_bytes = MIN(max_bytes, UNPACK_BYTES_MAX),
                           .out = out};
    read_members(&unpacking, wants);
}

void unpacked_clear(Unpacked *unpacked)
{
    g_clear_pointer(&unpacked->members, g_ptr_array_unref);
}
