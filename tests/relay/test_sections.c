/* A file written from where its sections lie is the one that is packed in
 * memory, and both are the files of before. */
#include "relay/sections.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BYTES_MAX 100000

static char *folder, *path;

static const SectionLayout LAYOUT = {
    .magic = "EXDtest\n",
    .version = 2,
    .count = 6,
    .item_bytes = {20, 1, 8, 4, 16, 1},
};

static void fill(GRand *chance, Section *sections)
{
    static uint8_t bytes[BYTES_MAX];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)g_rand_int(chance);
    for (uint32_t i = 0; i < LAYOUT.count; i++) {
        bool is_empty = g_rand_boolean(chance) && g_rand_boolean(chance);
        guint32 room = g_rand_boolean(chance) ? 5 : BYTES_MAX / 20;
        sections[i] = (Section){
            is_empty ? NULL : bytes + g_rand_int_range(chance, 0, 8),
            is_empty ? 0 : g_rand_int(chance) % room,
        };
    }
}

static void assert_opens(GBytes *file, const Section *sections)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    const void *data = g_bytes_get_data(file, &length);
    Section found[SECTIONS_MAX];
    g_assert_true(sections_open(&LAYOUT, data, length, "it", found, &error));
    g_assert_true(sections_verify(data, length, "it", &error));
    for (uint32_t i = 0; i < LAYOUT.count; i++)
        g_assert_cmpmem(found[i].items, found[i].count * LAYOUT.item_bytes[i],
                        sections[i].items,
                        sections[i].count * LAYOUT.item_bytes[i]);
}

/* Sections of any length, so that blocks of the checksum lie across them. */
static void test_replace(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    for (int round = 0; round < 60; round++) {
        SectionLayout layout = LAYOUT;
        layout.version = round % 4 == 0 ? 1 : 2;
        Section sections[SECTIONS_MAX];
        fill(chance, sections);
        g_autoptr(GError) error = NULL;
        g_assert_true(sections_replace(&layout, sections, path, &error));
        g_assert_no_error(error);
        g_autoptr(GBytes) packed = sections_pack(&layout, sections);
        g_autoptr(GBytes) written = file_read(path, 1 << 20, &error);
        g_assert_no_error(error);
        g_assert_true(g_bytes_equal(packed, written));
        if (layout.version == LAYOUT.version)
            assert_opens(written, sections);
    }
}

/* Over what stands there, which must be as long: nothing is cut off. */
static void put_unsynced(const char *bytes, gsize length)
{
    g_assert_true(g_file_set_contents_full(
        path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

/* Any other byte is another file. */
static void test_stand(void)
{
    const char *const texts[] = {"20 bytes are one item of these",
                                 "text",
                                 "8 bytes.",
                                 "four",
                                 "",
                                 "last"};
    Section sections[SECTIONS_MAX];
    for (uint32_t i = 0; i < LAYOUT.count; i++)
        sections[i] =
            (Section){texts[i], strlen(texts[i]) / LAYOUT.item_bytes[i]};
    unlink(path);
    g_assert_false(sections_stand(&LAYOUT, sections, path));
    g_assert_true(sections_replace(&LAYOUT, sections, path, NULL));
    g_assert_true(sections_stand(&LAYOUT, sections, path));
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    for (gsize i = 0; i < length; i++) {
        bytes[i] ^= 1;
        put_unsynced(bytes, length);
        g_assert_false(sections_stand(&LAYOUT, sections, path));
        bytes[i] ^= 1;
    }
    put_unsynced(bytes, length);
    g_assert_true(sections_stand(&LAYOUT, sections, path));
    g_assert_true(file_replace(path, bytes, length - 1, 0644, NULL));
    g_assert_false(sections_stand(&LAYOUT, sections, path));
}

/* What stands on disks must go on to open: the hash is of the file that was
 * written when all of it was still put together in memory. */
static void test_unchanged(void)
{
    uint8_t bytes[1000], hash[SHA256_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i % 251);
    const Section sections[SECTIONS_MAX] = {
        {bytes, 3}, {bytes, 333}, {bytes, 0},
        {bytes, 7}, {bytes, 62},  {bytes, 1},
    };
    g_autoptr(GBytes) file = sections_pack(&LAYOUT, sections);
    digest_sha256(g_bytes_get_data(file, NULL), g_bytes_get_size(file), hash);
    g_autofree char *hex = hex_new(hash, sizeof hash);
    g_assert_cmpstr(hex, ==,
                    "3b5f41e657886b3313b31b01f7bcc5b9"
                    "433e975fa562c2325b2e5ba57659b0f2");
}

static void test_fails(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = g_build_filename(folder, "no/such", NULL);
    const Section sections[SECTIONS_MAX] = {{NULL, 0}};
    g_assert_false(sections_replace(&LAYOUT, sections, deep, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* A disk that is full before the head is written leaves the old file. */
static void test_full(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree uint8_t *bytes = g_malloc0(1 << 20);
    const Section small[SECTIONS_MAX] = {{bytes, 3}};
    const Section large[SECTIONS_MAX] = {{bytes, 50000}};
    uint8_t hash[32], stated[32];
    g_assert_true(sections_replace_hashed(&LAYOUT, small, path, hash, &error));
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    const struct rlimit tight = {100000, limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
    bool done = sections_replace(&LAYOUT, large, path, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    g_assert_false(done);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
    g_assert_true(sections_stand(&LAYOUT, small, path));
    g_autoptr(GBytes) file = file_read(path, 1 << 20, NULL);
    sections_hash(g_bytes_get_data(file, NULL), stated);
    g_assert_cmpmem(hash, 32, stated, 32);
    g_autoptr(GPtrArray) left = directory_list(folder, "", NULL);
    g_assert_cmpuint(left->len, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("exitdesk-sections-XXXXXX", NULL);
    path = g_build_filename(folder, "file", NULL);
    g_test_add_func("/sections/replace", test_replace);
    g_test_add_func("/sections/stand", test_stand);
    g_test_add_func("/sections/unchanged", test_unchanged);
    g_test_add_func("/sections/fails", test_fails);
    g_test_add_func("/sections/full", test_full);
    int status = g_test_run();
    unlink(path);
    rmdir(folder);
    g_free(path);
    g_free(folder);
    return status;
}
