#include "base/errors.h"
#include "reply/mustache.h"

#include <string.h>

static const char *text_of(void *data, const char *word)
{
    static const char *const VALUES[][2] = {
        {"name", "Ada"}, {"tricky", "{{name}} {{#yes}}"},
        {"yes", "1"},    {"none", ""},
        {"no", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++)
        if (g_str_equal(VALUES[i][0], word))
            return VALUES[i][1];
    return NULL;
}

static int truth_of(void *data, const char *word)
{
    const char *text = text_of(data, word);
    return text ? *text != 0 : -1;
}

static const TemplateValues VALUES = {.text = text_of, .truth = truth_of};

static const Mustache *block_of(const void *data, const char *name)
{
    return g_hash_table_lookup((GHashTable *)data, name);
}

static GHashTable *new_blocks(void)
{
    static const char *const BLOCKS[][2] = {
        {"hi", "Hello {{name}}"},
        {"line", "one line"},
        {"self", "x{{> self}}"},
    };
    GHashTable *blocks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                               (GDestroyNotify)mustache_free);
    for (guint i = 0; i < G_N_ELEMENTS(BLOCKS); i++)
        g_hash_table_insert(
            blocks, (char *)BLOCKS[i][0],
            mustache_parse(BLOCKS[i][0], BLOCKS[i][1], 1, 1, NULL));
    return blocks;
}

/* The result, or "!" and the error. */
static char *expand(const char *text, GHashTable *blocks)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Mustache) parsed = mustache_parse("t", text, 1, 1, &error);
    char *result = NULL;
    if (parsed)
        result =
            mustache_expand(parsed, &VALUES, block_of, blocks, NULL, &error);
    if (result)
        return result;
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    return g_strconcat("!", error->message, NULL);
}

static void test_cases(void)
{
    g_autoptr(GHashTable) blocks = new_blocks();
    g_autofree char *file = NULL;
    g_assert(
        g_file_get_contents(TEST_DIR "/mustache_cases.txt", &file, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    guint checked = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) parts = g_strsplit(*line, " ==> ", 2);
        g_autofree char *input = g_strcompress(parts[0]);
        g_autofree char *expected = g_strcompress(parts[1]);
        g_autofree char *got = expand(input, blocks);
        g_test_message("%s", *line);
        if (*expected == '!')
            g_assert_true(*got == '!' && strstr(got, expected + 1));
        else
            g_assert_cmpstr(got, ==, expected);
        checked++;
    }
    g_assert_cmpuint(checked, >, 50);
}

static void test_more(void)
{
    g_autoptr(Mustache) parsed =
        mustache_parse("t", "short\n{{! more }}\nlong\n", 1, 1, NULL);
    size_t more_at = 0;
    g_autofree char *text =
        mustache_expand(parsed, &VALUES, NULL, NULL, &more_at, NULL);
    g_assert_cmpstr(text, ==, "short\nlong\n");
    g_assert_cmpuint(more_at, ==, strlen("short\n"));
}

/* Bounds: nothing that is typed in makes it deep, long or slow. */
static void test_bounds(void)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100; i++)
        g_string_append(deep, "{{#yes}}");
    g_autofree char *too_deep = expand(deep->str, NULL);
    g_assert_nonnull(strstr(too_deep, "sections in one another"));

    g_autoptr(GString) many = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append(many, "{{name}}");
    g_autofree char *too_many = expand(many->str, NULL);
    g_assert_nonnull(strstr(too_many, "tags and texts"));

    /* Eight levels, each naming the next one eight times. */
    GHashTable *blocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                               (GDestroyNotify)mustache_free);
    for (int i = 0; i < 8; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int j = 0; j < 8; j++)
            g_string_append_printf(text, i < 6 ? "{{> b%d}}" : "bomb%d", i + 1);
        g_hash_table_insert(blocks, g_strdup_printf("b%d", i),
                            mustache_parse("b", text->str, 1, 1, NULL));
    }
    g_autofree char *bomb = expand("{{> b0}}", blocks);
    g_assert_nonnull(strstr(bomb, "beyond all bounds"));
    g_hash_table_unref(blocks);
}

/* Generated templates: a result or an error with a place, never a crash. */
static void test_hostile(void)
{
    static const char *const PIECES[] = {
        "{{", "}}",  "{{#yes}}", "{{/yes}}", "{{^no}}", "{{/no}}",
        "\n", "{{>", " hi",      "{{!",      "more",    "name",
        " ",  "{",   "}",        "{{name}}",
    };
    g_autoptr(GHashTable) blocks = new_blocks();
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    guint good = 0;
    for (int i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 12); n > 0; n--)
            g_string_append(
                text,
                PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        g_autofree char *got = expand(text->str, blocks);
        if (*got != '!')
            good++;
        else
            g_assert_nonnull(strchr(got, ':'));
    }
    g_assert_cmpuint(good, >, 500);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/mustache/cases", test_cases);
    g_test_add_func("/reply/mustache/more", test_more);
    g_test_add_func("/reply/mustache/bounds", test_bounds);
    g_test_add_func("/reply/mustache/hostile", test_hostile);
    return g_test_run();
}
