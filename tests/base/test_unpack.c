/* Plain, packed and archived files, and broken ones. */
#include "base/unpack.h"

#include "base/errors.h"
#include "base/unpack_memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

static char *directory;

static void note_begin(const char *name, gpointer data)
{
    g_string_append_printf(data, "[%s]", name);
}

static void note_bytes(const void *bytes, size_t length, gpointer data)
{
    g_string_append_len(data, bytes, (gssize)length);
}

static void note_end(uint64_t packed, gpointer data)
{
    g_string_append_c(data, ';');
}

static const UnpackReader READER = {note_begin, note_bytes, note_end};

static char *path_of(const char *name)
{
    return g_build_filename(directory, name, NULL);
}

static void unpacks_to(const char *name, const char *wanted)
{
    g_autofree char *path = path_of(name);
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(unpack_file(path, &READER, seen, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(seen->str, ==, wanted);
}

/* Write members with libarchive; format and filter by its codes. */
static void pack(const char *name, int format, int filter,
                 const char *const *members)
{
    g_autofree char *path = path_of(name);
    struct archive *archive = archive_write_new();
    archive_write_set_format(archive, format);
    archive_write_add_filter(archive, filter);
    g_assert_cmpint(archive_write_open_filename(archive, path), ==, ARCHIVE_OK);
    for (; *members; members += 2) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, members[0]);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)strlen(members[1]));
        g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
        archive_write_data(archive, members[1], strlen(members[1]));
        archive_entry_free(entry);
    }
    archive_write_close(archive);
    archive_write_free(archive);
}

static void test_forms(void)
{
    static const char *const ONE[] = {"only", "some text\n", NULL};
    static const char *const TWO[] = {"2018-11/01/a", "first\n", "../../etc/b",
                                      "second\n", NULL};
    g_autofree char *plain = path_of("plain");
    g_assert_true(g_file_set_contents(plain, "as it is\n", -1, NULL));
    unpacks_to("plain", "[plain]as it is\n;");
    pack("one.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, ONE);
    unpacks_to("one.gz", "[one.gz]some text\n;");
    pack("one.xz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, ONE);
    unpacks_to("one.xz", "[one.xz]some text\n;");
    pack("one.bz2", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_BZIP2, ONE);
    unpacks_to("one.bz2", "[one.bz2]some text\n;");
    pack("one.zst", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_ZSTD, ONE);
    unpacks_to("one.zst", "[one.zst]some text\n;");
    pack("one.lzma", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_LZMA, ONE);
    unpacks_to("one.lzma", "[one.lzma]some text\n;");
    pack("two.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, TWO);
    unpacks_to("two.tar", "[two.tar:2018-11/01/a]first\n;"
                          "[two.tar:../../etc/b]second\n;");
    pack("two.tar.xz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_XZ,
         TWO);
    unpacks_to("two.tar.xz", "[two.tar.xz:2018-11/01/a]first\n;"
                             "[two.tar.xz:../../etc/b]second\n;");
    pack("two.tar.bz2", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2, TWO);
    unpacks_to("two.tar.bz2", "[two.tar.bz2:2018-11/01/a]first\n;"
                              "[two.tar.bz2:../../etc/b]second\n;");
    g_autofree char *empty = path_of("empty");
    g_assert_true(g_file_set_contents(empty, "", 0, NULL));
    unpacks_to("empty", "");
}

static void put_zlib(const char *name, const char *text, size_t length)
{
    static uint8_t packed[1 << 16];
    uLongf size = sizeof packed;
    g_autofree char *path = path_of(name);
    g_assert_cmpint(compress(packed, &size, (const Bytef *)text, length), ==,
                    Z_OK);
    g_assert_true(
        g_file_set_contents(path, (char *)packed, (gssize)size, NULL));
}

/* As directory servers send "/tor/status-vote/current/consensus.z". */
static void test_zlib(void)
{
    put_zlib("one.z", "some text\n", 10);
    unpacks_to("one.z", "[one.z]some text\n;");
    g_autofree char *path = path_of("one.z");
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    for (gsize cut = 2; cut < length; cut++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        g_assert_true(g_file_set_contents(path, bytes, (gssize)cut, NULL));
        g_assert_false(unpack_file(path, &READER, seen, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    }
    bytes[length - 1] ^= 1; /* the sum */
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(unpack_file(path, &READER, seen, &error));
    g_autofree char *much = g_strnfill(3000000, 'x');
    put_zlib("much.z", much, 3000000);
    g_autofree char *wanted = g_strdup_printf("[much.z]%s;", much);
    unpacks_to("much.z", wanted);
}

/* Cut short: what was whole is handed out, then the error. */
static void test_cut(void)
{
    g_autofree char *path = path_of("two.tar.xz");
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length / 2, NULL));
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(unpack_file(path, &READER, seen, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_false(unpack_file("/nonexistent", &READER, seen, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* Ten bytes of xz whose head wants a dictionary of 768 MB. */
static void test_greedy(void)
{
    static const uint8_t GREEDY[] = {
        0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x00, 0xff, 0x12, 0xd9, 0x41,
        0x02, 0x00, 0x21, 0x01, 0x23, 0x00, 0x00, 0x00, 0xe7, 0x27, 0x10, 0x64,
        0x01, 0x00, 0x09, 0x6f, 0x6e, 0x69, 0x6f, 0x6e, 0x2d, 0x6b, 0x65, 0x79,
        0x0a, 0x00, 0x00, 0x00, 0x00, 0x01, 0x1a, 0x0a, 0xee, 0xa6, 0x7e, 0x70,
        0x06, 0x72, 0x9e, 0x7a, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x59, 0x5a};
    g_autofree char *path = path_of("greedy.xz");
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(
        g_file_set_contents(path, (const char *)GREEDY, sizeof GREEDY, NULL));
    g_assert_false(unpack_file(path, &READER, seen, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "more memory"));
}

static void count_bytes(const void *bytes, size_t length, gpointer data)
{
    (void)bytes;
    *(uint64_t *)data += length;
}

static void ignore_begin(const char *name, gpointer data)
{
    (void)name;
    (void)data;
}

static void ignore_end(uint64_t packed, gpointer data)
{
    (void)packed;
    (void)data;
}

/* 300 MB of dots in 45 kB: not to its end. */
static void test_bomb(void)
{
    static const UnpackReader COUNTER = {ignore_begin, count_bytes, ignore_end};
    enum { PIECE = 1 << 20, PIECES = 300 };
    g_autofree char *path = path_of("bomb.xz");
    g_autofree char *dots = g_strnfill(PIECE, '.');
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_raw(archive);
    archive_write_add_filter_xz(archive);
    archive_write_set_options(archive, "xz:compression-level=0");
    archive_entry_set_filetype(entry, AE_IFREG);
    g_assert_cmpint(archive_write_open_filename(archive, path), ==, ARCHIVE_OK);
    g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
    for (int i = 0; i < PIECES; i++)
        g_assert_cmpint(archive_write_data(archive, dots, PIECE), ==, PIECE);
    archive_entry_free(entry);
    g_assert_cmpint(archive_write_free(archive), ==, ARCHIVE_OK);
    uint64_t count = 0;
    g_autoptr(GError) error = NULL;
    g_assert_false(unpack_file(path, &COUNTER, &count, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
    g_assert_cmpuint(count, <, (uint64_t)PIECE * PIECES);
}

/* A pipe that came to stand where a file was is not waited for. */
static void test_pipe(void)
{
    g_autofree char *path = path_of("pipe");
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_false(unpack_file(path, &READER, seen, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_DENIED);
}

/* --- archives of strangers --- */

/* Pack in memory and give the bytes; repeated: the last member's text so many
 * times. */
static GBytes *packed(int format, int filter, const char *const *members,
                      size_t repeated)
{
    size_t room = 8u << 20, used = 0;
    g_autofree char *buffer = g_malloc(room);
    struct archive *archive = archive_write_new();
    archive_write_set_format(archive, format);
    archive_write_add_filter(archive, filter);
    archive_write_set_bytes_in_last_block(archive, 1);
    g_assert_cmpint(archive_write_open_memory(archive, buffer, room, &used), ==,
                    ARCHIVE_OK);
    for (; *members; members += 2) {
        size_t length = strlen(members[1]), times = members[2] ? 1 : repeated;
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, members[0]);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)(length * times));
        g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
        for (size_t i = 0; i < times; i++)
            archive_write_data(archive, members[1], length);
        archive_entry_free(entry);
    }
    archive_write_close(archive);
    archive_write_free(archive);
    return g_bytes_new(buffer, used);
}

/* "[name]first 20 bytes/length;" of each member, then the flaw. */
static char *told(GBytes *bytes, bool (*wants)(const char *))
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    Unpacked unpacked;
    unpack_memory(data, length, unpack_sniff(data, length), wants, 1u << 30,
                  &unpacked);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < unpacked.members->len; i++) {
        const UnpackedMember *member = unpacked.members->pdata[i];
        gsize size;
        const char *text = g_bytes_get_data(member->bytes, &size);
        g_string_append_printf(out, "[%s]%.*s/%zu%s;", member->name,
                               (int)MIN(size, 20), text ? text : "", size,
                               member->is_cut ? "cut" : "");
    }
    if (unpacked.flaw)
        g_string_append(out, unpacked.flaw);
    unpacked_clear(&unpacked);
    return g_string_free(out, FALSE);
}

static bool wants_csv(const char *name)
{
    return g_str_has_suffix(name, ".csv");
}

static void test_memory(void)
{
    static const char *const TWO[] = {
        "in/a.csv", "ip,time\n", "../..\\b\n.csv", "x", "c.exe", "y", NULL};
    static const char *const ONE[] = {"only", "some text\n", NULL};
    g_autoptr(GBytes) zip =
        packed(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, TWO, 1);
    g_autofree char *all = told(zip, NULL);
    g_assert_cmpstr(all, ==, "[a.csv]ip,time\n/8;[b?.csv]x/1;[c.exe]y/1;");
    g_autofree char *some = told(zip, wants_csv);
    g_assert_cmpstr(some, ==, "[a.csv]ip,time\n/8;[b?.csv]x/1;");
    g_autoptr(GBytes) gzip =
        packed(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, ONE, 1);
    g_autofree char *raw = told(gzip, NULL);
    g_assert_cmpstr(raw, ==, "[]some text\n/10;");
    g_assert_cmpint(unpack_sniff("PK", 2), ==, UNPACK_NONE);
    g_assert_cmpint(unpack_sniff("ip,time", 7), ==, UNPACK_NONE);
}

/* Bombs stop soon; every cut of an archive gives an answer. */
static void test_hostile(void)
{
    g_autofree char *zeros = g_strnfill(1u << 20, '0');
    const char *const bomb[] = {"a.csv", zeros, NULL};
    g_autoptr(GBytes) zip =
        packed(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, bomb, 40);
    g_autofree char *cut = told(zip, NULL);
    g_assert_true(g_str_has_suffix(cut, "cut;archive over a limit"));
    g_autoptr(GPtrArray) many = g_ptr_array_new();
    for (int i = 0; i <= UNPACK_MEMBERS_MAX; i++) {
        g_ptr_array_add(many, "a.txt");
        g_ptr_array_add(many, "b");
    }
    g_ptr_array_add(many, NULL);
    g_autoptr(GBytes) crowd = packed(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE,
                                     (const char *const *)many->pdata, 1);
    g_autofree char *crowded = told(crowd, NULL);
    g_assert_true(g_str_has_suffix(crowded, ";archive over a limit"));
    static const char *const SMALL[] = {"a.csv", "ip,time\n", NULL};
    g_autoptr(GBytes) small =
        packed(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, SMALL, 1);
    /* The bit that says "encrypted" in the local and the central header. */
    g_autoptr(GByteArray) locked = g_byte_array_new();
    g_byte_array_append(locked, g_bytes_get_data(small, NULL),
                        (guint)g_bytes_get_size(small));
    const uint8_t *central = memmem(locked->data, locked->len, "PK\1\2", 4);
    locked->data[6] |= 1;
    locked->data[central - locked->data + 8] |= 1;
    g_autoptr(GBytes) secret = g_bytes_new(locked->data, locked->len);
    g_autofree char *encrypted = told(secret, NULL);
    g_assert_cmpstr(encrypted, ==, UNPACK_FLAW_ENCRYPTED);
    for (gsize length = 4; length < g_bytes_get_size(small); length++) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(small, 0, length);
        g_free(told(part, NULL));
    }
}

static void remove_directory(void)
{
    g_autoptr(GDir) names = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(names));) {
        g_autofree char *path = path_of(name);
        g_unlink(path);
    }
    g_rmdir(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("unpack-XXXXXX", NULL);
    g_test_add_func("/unpack/forms", test_forms);
    g_test_add_func("/unpack/zlib", test_zlib);
    g_test_add_func("/unpack/cut", test_cut);
    g_test_add_func("/unpack/greedy", test_greedy);
    g_test_add_func("/unpack/bomb", test_bomb);
    g_test_add_func("/unpack/pipe", test_pipe);
    g_test_add_func("/unpack/memory", test_memory);
    g_test_add_func("/unpack/hostile", test_hostile);
    int status = g_test_run();
    remove_directory();
    g_free(directory);
    return status;
}
