#include "disk.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR 512

/* One file: as written, as synced, and which sectors differ for lack of a
 * sync. synced_length is the length that a power loss leaves. */
typedef struct {
    GByteArray *now, *synced;
    GHashTable *dirty; /* of sector numbers */
    bool keeps_wal;
} File;

/* What SQLite holds of an open file. */
typedef struct {
    sqlite3_file base;
    File *file;
    GPtrArray *shared; /* regions of the WAL index */
    int region_size;
} Handle;

static GHashTable *files, *saved; /* path to File */
static DiskFault fault;
static guint fault_at, operations;
static bool has_failed;

/* ---- files ------------------------------------------------------------ */

static GByteArray *bytes_copy(const GByteArray *bytes)
{
    GByteArray *copy = g_byte_array_new();
    g_byte_array_append(copy, bytes->data, bytes->len);
    return copy;
}

static File *file_new(void)
{
    File *file = g_new0(File, 1);
    file->now = g_byte_array_new();
    file->synced = g_byte_array_new();
    file->dirty = g_hash_table_new(NULL, NULL);
    return file;
}

static void file_free(void *data)
{
    File *file = data;
    g_byte_array_unref(file->now);
    g_byte_array_unref(file->synced);
    g_hash_table_unref(file->dirty);
    g_free(file);
}

static void bytes_resize(GByteArray *bytes, guint length)
{
    guint before = bytes->len;
    g_byte_array_set_size(bytes, length);
    if (length > before)
        memset(bytes->data + before, 0, length - before);
}

static void file_mark(File *file, guint from, guint length)
{
    for (guint sector = from / SECTOR; sector * SECTOR < from + length;
         sector++)
        g_hash_table_add(file->dirty, GUINT_TO_POINTER(sector));
}

/* Bring one sector down to the disk. */
static void file_settle(File *file, guint sector)
{
    guint from = sector * SECTOR;
    if (from >= file->now->len)
        return;
    guint length = MIN(SECTOR, file->now->len - from);
    if (file->synced->len < from + length)
        bytes_resize(file->synced, from + length);
    memcpy(file->synced->data + from, file->now->data + from, length);
}

static void file_sync(File *file)
{
    GHashTableIter iter;
    void *sector;
    g_hash_table_iter_init(&iter, file->dirty);
    while (g_hash_table_iter_next(&iter, &sector, NULL))
        file_settle(file, GPOINTER_TO_UINT(sector));
    bytes_resize(file->synced, file->now->len);
    g_hash_table_remove_all(file->dirty);
}

static GHashTable *table_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
}

static void table_copy(GHashTable **to, GHashTable *from)
{
    g_clear_pointer(to, g_hash_table_unref);
    *to = table_new();
    GHashTableIter iter;
    void *path, *data;
    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &path, &data)) {
        const File *file = data;
        File *copy = g_new0(File, 1);
        copy->now = bytes_copy(file->now);
        copy->synced = bytes_copy(file->now);
        copy->dirty = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(*to, g_strdup(path), copy);
    }
}

void disk_erase(void)
{
    g_clear_pointer(&files, g_hash_table_unref);
    files = table_new();
}

void disk_save(void)
{
    table_copy(&saved, files);
}

void disk_restore(void)
{
    table_copy(&files, saved);
}

/* ---- faults ----------------------------------------------------------- */

void disk_plan(DiskFault next, guint k)
{
    fault = next;
    fault_at = k;
    operations = 0;
    has_failed = false;
}

guint disk_operations(void)
{
    return operations;
}

bool disk_has_failed(void)
{
    return has_failed;
}

void disk_make_room(void)
{
    fault = DISK_WORKS;
}

/* Count an operation; the SQLite code with which it must fail, or OK. */
static int next_operation(int io_error, bool needs_room)
{
    operations++;
    bool is_reached = fault != DISK_WORKS && operations >= fault_at;
    if (!is_reached || (fault == DISK_FAILS_ONCE && operations > fault_at))
        return SQLITE_OK;
    if (fault == DISK_IS_FULL && !needs_room)
        return SQLITE_OK;
    has_failed = true;
    return fault == DISK_IS_FULL ? SQLITE_FULL : io_error;
}

static guint32 shuffle(guint32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

void disk_lose_power(guint32 seed)
{
    GHashTableIter iter;
    void *data;
    g_hash_table_iter_init(&iter, files);
    while (g_hash_table_iter_next(&iter, NULL, &data)) {
        File *file = data;
        GHashTableIter sectors;
        void *sector;
        g_hash_table_iter_init(&sectors, file->dirty);
        guint32 state = seed;
        while (seed && g_hash_table_iter_next(&sectors, &sector, NULL))
            if (shuffle(&state) & 1)
                file_settle(file, GPOINTER_TO_UINT(sector));
        g_byte_array_set_size(file->now, 0);
        g_byte_array_append(file->now, file->synced->data, file->synced->len);
        g_hash_table_remove_all(file->dirty);
    }
    fault = DISK_WORKS;
}

/* ---- what SQLite asks of a file --------------------------------------- */

static int on_close(sqlite3_file *base)
{
    Handle *handle = (Handle *)base;
    g_clear_pointer(&handle->shared, g_ptr_array_unref);
    return SQLITE_OK;
}

static int on_read(sqlite3_file *base, void *out, int length, sqlite3_int64 at)
{
    const GByteArray *now = ((Handle *)base)->file->now;
    guint there = at < now->len ? MIN((guint)length, now->len - (guint)at) : 0;
    if (there > 0)
        memcpy(out, now->data + at, there);
    memset((char *)out + there, 0, (size_t)length - there);
    return there == (guint)length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *base, const void *data, int length,
                    sqlite3_int64 at)
{
    int code = next_operation(SQLITE_IOERR_WRITE, true);
    if (code != SQLITE_OK)
        return code;
    File *file = ((Handle *)base)->file;
    if (file->now->len < (guint)at + (guint)length)
        bytes_resize(file->now, (guint)at + (guint)length);
    memcpy(file->now->data + at, data, (size_t)length);
    file_mark(file, (guint)at, (guint)length);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 length)
{
    int code = next_operation(SQLITE_IOERR_TRUNCATE, false);
    if (code == SQLITE_OK)
        bytes_resize(((Handle *)base)->file->now, (guint)length);
    return code;
}

static int on_sync(sqlite3_file *base, int flags)
{
    File *file = ((Handle *)base)->file;
    int code = next_operation(SQLITE_IOERR_FSYNC, false);
    if (code == SQLITE_OK)
        file_sync(file);
    else if (fault == DISK_FAILS_ONCE)
        g_hash_table_remove_all(file->dirty); /* forgotten, not written */
    return code;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *out)
{
    *out = ((Handle *)base)->file->now->len;
    return SQLITE_OK;
}

static int on_lock(sqlite3_file *base, int level)
{
    return SQLITE_OK;
}

static int on_check_lock(sqlite3_file *base, int *out)
{
    *out = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *base, int what, void *argument)
{
    File *file = ((Handle *)base)->file;
    int *value = argument;
    if (what != SQLITE_FCNTL_PERSIST_WAL)
        return SQLITE_NOTFOUND;
    if (*value < 0)
        *value = file->keeps_wal;
    else
        file->keeps_wal = *value != 0;
    return SQLITE_OK;
}

static int on_sector_size(sqlite3_file *base)
{
    return SECTOR;
}

static int on_characteristics(sqlite3_file *base)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as SQLite assumes on Unix */
}

static int on_shared_map(sqlite3_file *base, int region, int size, int extend,
                         void volatile **out)
{
    Handle *handle = (Handle *)base;
    if (!handle->shared)
        handle->shared = g_ptr_array_new_with_free_func(g_free);
    *out = NULL;
    while (extend && handle->shared->len <= (guint)region)
        g_ptr_array_add(handle->shared, g_malloc0((size_t)size));
    if ((guint)region < handle->shared->len)
        *out = handle->shared->pdata[region];
    return SQLITE_OK;
}

static int on_shared_lock(sqlite3_file *base, int from, int count, int flags)
{
    return SQLITE_OK;
}

static void on_shared_barrier(sqlite3_file *base)
{
}

static int on_shared_unmap(sqlite3_file *base, int remove)
{
    g_clear_pointer(&((Handle *)base)->shared, g_ptr_array_unref);
    return SQLITE_OK;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_lock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shared_map,
    .xShmLock = on_shared_lock,
    .xShmBarrier = on_shared_barrier,
    .xShmUnmap = on_shared_unmap,
};

/* ---- what SQLite asks of a disk --------------------------------------- */

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base,
                   int flags, int *out_flags)
{
    Handle *handle = (Handle *)base;
    *handle = (Handle){0};
    g_assert_nonnull(path); /* temporary files are kept in memory */
    handle->file = g_hash_table_lookup(files, path);
    if (!handle->file) {
        handle->file = file_new();
        g_hash_table_insert(files, g_strdup(path), handle->file);
    }
    handle->base.pMethods = &METHODS;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
    /* only while WAL is not yet switched on; the log itself stays */
    g_assert_true(g_str_has_suffix(path, "-journal"));
    g_hash_table_remove(files, path);
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    const File *file = g_hash_table_lookup(files, path);
    *out = file && (flags != SQLITE_ACCESS_EXISTS || file->now->len > 0);
    return SQLITE_OK;
}

static int on_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    g_strlcpy(out, path, (gsize)size);
    return SQLITE_OK;
}

void disk_register(void)
{
    static sqlite3_vfs vfs;
    vfs = *sqlite3_vfs_find(NULL); /* clock and randomness as usual */
    vfs.pNext = NULL;
    vfs.zName = DISK_VFS;
    vfs.szOsFile = sizeof(Handle);
    vfs.xOpen = on_open;
    vfs.xDelete = on_delete;
    vfs.xAccess = on_access;
    vfs.xFullPathname = on_full_path;
    g_assert_cmpint(sqlite3_vfs_register(&vfs, 0), ==, SQLITE_OK);
    disk_erase();
}
