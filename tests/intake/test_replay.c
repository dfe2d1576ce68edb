/* Unchanged rules decide every mail alike, however often. */
#include "intake/replay.h"

#include "base/files.h"
#include "demo_desk.h"

#include <string.h>

/* Replay one mail file; how many of its tickets are not the same. */
static guint differences(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) recipients = g_ptr_array_new();
    Delivery delivery = {.id = "TEST",
                         .envelope_from = (char *)"ann@shop.example",
                         .recipients = recipients,
                         .raw = raw,
                         .received = demo_desk.now,
                         .way = "lmtp"};
    g_autoptr(GPtrArray) findings =
        replay_mail(&demo_desk.desk, &demo_desk.desk, &delivery, &error);
    g_assert_no_error(error);
    guint count = 0;
    for (guint i = 0; i < findings->len; i++) {
        const ReplayFinding *finding = findings->pdata[i];
        if (finding->kind == REPLAY_SAME)
            continue;
        count++;
        g_test_message("%s: %s: %s / %s", path, replay_kind_word(finding->kind),
                       finding->before, finding->after);
    }
    return count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every mail below a directory; how many there are. */
static guint replay_tree(const char *directory)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_build_filename(directory, name, NULL));
    qsort(names->pdata, names->len, sizeof *names->pdata, by_name);
    guint count = 0;
    for (guint i = 0; i < names->len; i++) {
        const char *path = names->pdata[i];
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            count += replay_tree(path);
        else if (g_str_has_suffix(path, ".eml")) {
            g_assert_cmpuint(differences(path), ==, 0);
            count++;
        }
    }
    return count;
}

static void test_golden(void)
{
    g_assert_cmpuint(replay_tree(GOLDEN_DIR), >, 600);
}

static void test_corpus(void)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *corpus =
        g_build_filename(shared ? shared : "", "corpus", "complaints", NULL);
    if (!g_file_test(corpus, G_FILE_TEST_IS_DIR)) {
        g_test_skip("shared/ is absent");
        return;
    }
    g_assert_cmpuint(replay_tree(corpus), >, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    g_test_add_func("/replay/golden", test_golden);
    g_test_add_func("/replay/corpus", test_corpus);
    int status = g_test_run();
    demo_desk_tear_down();
    return status;
}
