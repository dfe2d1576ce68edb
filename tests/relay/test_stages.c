/* Which files of an import are written before the next are read. */
#include "relay/stages.h"

/* Which files stand together. */
static void test_parts(void)
{
    static const struct {
        const char *path;
        uint64_t bytes;
        guint stage;
    } FILES[] = {
        {"/in/certs.tar.xz", 900, 0},
        {"/in/consensuses-2026-04.tar.xz", 60, 0},
        {"/in/consensuses-2026-05/03/2026-05-03-10-00-00-consensus", 60, 2},
        {"/in/exit-addresses", 10, 3},
        {"/in/server-descriptors-2026-04/a/b/abcd", 60, 0},
        {"/in/server-descriptors-2026-04/a/b/abce", 60, 1},
        {"/in/server-descriptors-2026-05.tar.xz", 60, 2},
        {"/in/statuses-2005-12.tar.xz", 1, 0},
        {"/tor/cached-descriptors", 900, 3},
        {"/tor/cached-microdesc-consensus", 900, 3},
        {"/2024-01/tor-2026-04-x", 40, 1},
    };
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        WalkFile *file = g_new0(WalkFile, 1);
        file->path = (char *)FILES[i].path;
        file->bytes = FILES[i].bytes;
        file->is_certificates = i == 0;
        g_ptr_array_add(files, file);
    }
    g_autoptr(GPtrArray) stages = stages_new(files, 100);
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        guint found = 0;
        while (!g_ptr_array_find(g_ptr_array_index(stages, found),
                                 g_ptr_array_index(files, i), NULL))
            found++;
        g_assert_cmpuint(found, ==, FILES[i].stage);
    }
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GPtrArray) empty = stages_new(none, 100);
    g_assert_cmpuint(empty->len, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stages/parts", test_parts);
    return g_test_run();
}
