/* Plain, packed and archived files, and broken ones. */
#include "network.h"

#include "relay/unpack.h"

#include "base/errors.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

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
    pack("two.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, TWO);
    unpacks_to("two.tar", "[two.tar:2018-11/01/a]first\n;"
                          "[two.tar:../../etc/b]second\n;");
    pack("two.tar.xz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_XZ,
         TWO);
    unpacks_to("two.tar.xz", "[two.tar.xz:2018-11/01/a]first\n;"
                             "[two.tar.xz:../../etc/b]second\n;");
    g_autofree char *empty = path_of("empty");
    g_assert_true(g_file_set_contents(empty, "", 0, NULL));
    unpacks_to("empty", "");
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    directory = network_new_directory();
    g_test_add_func("/unpack/forms", test_forms);
    g_test_add_func("/unpack/cut", test_cut);
    int status = g_test_run();
    network_remove_directory(directory);
    g_free(directory);
    return status;
}
