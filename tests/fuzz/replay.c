/*
 * replay.c - the main of a fuzzer that is run as a normal test.
 *
 * Runs LLVMFuzzerTestOneInput over the files and folders named, over each of
 * them cut short, with bytes changed or doubled, and over generated nonsense.
 * The changes come from a fixed sequence, so a failure comes again.
 */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUTATIONS 40          /* of each seed */
#define SEEDS_MAX 60          /* of each folder; all of them without change */
#define NONSENSE  (64 * 1024) /* bytes of one kind in a row */

static guint runs;

/* A copy of exactly that size, so that the sanitizer sees a byte too far. */
static void run_one(const void *data, size_t size)
{
    uint8_t *copy = g_malloc(MAX(size, 1));
    if (size > 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    g_free(copy);
    runs++;
}

static void mutate(GRand *sequence, const char *data, size_t size)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)data, (guint)size);
    guint changes = (guint)g_rand_int_range(sequence, 1, 8);
    for (guint i = 0; i < changes && bytes->len > 0; i++) {
        guint at = (guint)g_rand_int_range(sequence, 0, (gint32)bytes->len);
        guint length = (guint)g_rand_int_range(sequence, 1, 64);
        length = MIN(length, bytes->len - at);
        switch (g_rand_int_range(sequence, 0, 4)) {
        case 0:
            bytes->data[at] = (guint8)g_rand_int_range(sequence, 0, 256);
            break;
        case 1:
            bytes->data[at] =
                (guint8) "\n\r\0: \"<>%=-"[g_rand_int_range(sequence, 0, 11)];
            break;
        case 2:
            g_byte_array_remove_range(bytes, at, length);
            break;
        default: {
            g_autofree guint8 *again = g_memdup2(bytes->data + at, length);
            g_byte_array_append(bytes, again, length);
        }
        }
    }
    run_one(bytes->data, bytes->len);
}

static void run_file(GRand *sequence, const char *path, bool with_changes)
{
    g_autofree char *data = NULL;
    gsize size;
    if (!g_file_get_contents(path, &data, &size, NULL))
        return;
    run_one(data, size);
    for (guint i = 0; with_changes && size > 0 && i < MUTATIONS; i++) {
        if (i % 4 == 0)
            run_one(data, (gsize)g_rand_int_range(sequence, 0, (gint32)size));
        else
            mutate(sequence, data, size);
    }
}

static void run_path(GRand *sequence, const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    if (!folder) {
        run_file(sequence, path, true);
        return;
    }
    guint count = 0;
    for (const char *name; (name = g_dir_read_name(folder));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        run_file(sequence, inside, count++ < SEEDS_MAX);
    }
}

static void run_nonsense(GRand *sequence)
{
    static const char KINDS[] = "\0 \n[{(<\"'\\:;,-=%&@0a9.\xc3\xff";
    g_autofree char *data = g_malloc(NONSENSE);
    run_one(data, 0);
    for (size_t k = 0; k < sizeof KINDS; k++) {
        memset(data, KINDS[k], NONSENSE);
        run_one(data, NONSENSE);
        for (size_t i = 1; i < NONSENSE; i += 2)
            data[i] = KINDS[(k * 7 + 3) % sizeof KINDS];
        run_one(data, NONSENSE);
    }
    for (guint i = 0; i < 50; i++) {
        guint size = (guint)g_rand_int_range(sequence, 1, 4096);
        for (guint j = 0; j < size; j++)
            data[j] = (char)g_rand_int_range(sequence, 0, 256);
        run_one(data, size);
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GRand) sequence = g_rand_new_with_seed(20260504);
    for (int i = 1; i < argc; i++)
        run_path(sequence, argv[i]);
    run_nonsense(sequence);
    printf("%u inputs\n", runs);
    return 0;
}
