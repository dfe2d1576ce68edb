#include "base/yaml.h"

#include <string.h>

static YamlFile *parse(const char *text, GPtrArray *errors)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return yaml_parse("a.yaml", bytes, errors);
}

static GPtrArray *lines_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

/* Every scalar is the text that was written. */
static void test_scalars(void)
{
    static const char *const TEXTS[] = {
        "NO",  "yes", "1.10",       "012", "12:30", "~",   "null", "0x1F",
        "1e3", ".5",  "2026-05-03", "a b", "-x",    "a:b", "a#b",  "@@",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autofree char *scalar = yaml_scalar_new(TEXTS[i]);
        g_autofree char *yaml = g_strdup_printf("key: %s\n", scalar);
        g_autoptr(GPtrArray) errors = lines_new();
        g_autoptr(YamlFile) file = parse(yaml, errors);
        g_assert_cmpuint(errors->len, ==, 0);
        g_assert_cmpstr(yaml_get(file->root, "key")->text, ==, TEXTS[i]);
    }
}

/* What yaml_scalar_new() writes reads back, for every odd character. */
static void test_round_trip(void)
{
    static const char *const MARKS =
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \naZ0äß日";
    for (const char *a = MARKS; *a; a = g_utf8_next_char(a))
        for (const char *b = MARKS; *b; b = g_utf8_next_char(b)) {
            g_autoptr(GString) text = g_string_new("x");
            g_string_insert_unichar(text, 0, g_utf8_get_char(a));
            g_string_append_unichar(text, g_utf8_get_char(b));
            g_autofree char *scalar = yaml_scalar_new(text->str);
            g_autofree char *yaml =
                g_strdup_printf("- %s\n- [%s, %s]\n", scalar, scalar, scalar);
            g_autoptr(GPtrArray) errors = lines_new();
            g_autoptr(YamlFile) file = parse(yaml, errors);
            g_assert_cmpuint(errors->len, ==, 0);
            const YamlNode *first = file->root->items->pdata[0];
            const YamlNode *list = file->root->items->pdata[1];
            const YamlNode *last = list->items->pdata[1];
            g_assert_cmpstr(first->text, ==, text->str);
            g_assert_cmpstr(last->text, ==, text->str);
        }
}

static void test_places(void)
{
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(YamlFile) file = parse("# head\n"
                                     "a: 1\r\n"
                                     "list:\n"
                                     "  - x\n"
                                     "  - {k: \"v\"}\n"
                                     "none:\n",
                                     errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_cmpuint(file->root->keys->len, ==, 3);
    const YamlNode *list = yaml_get(file->root, "list");
    const YamlNode *x = list->items->pdata[0], *map = list->items->pdata[1];
    g_assert_cmpint(x->line, ==, 4);
    g_assert_cmpint(x->column, ==, 5);
    const YamlNode *v = yaml_get(map, "k");
    g_assert_cmpint(v->line, ==, 5);
    g_assert_cmpint(v->column, ==, 9);
    g_assert_true(v->is_quoted);
    g_assert_cmpstr(yaml_get(file->root, "a")->text, ==, "1");
    g_assert_cmpstr(yaml_get(file->root, "none")->text, ==, "");
    g_assert_null(yaml_get(file->root, "other"));
}

static void test_empty(void)
{
    static const char *const EMPTY[] = {"", "\n\n", "# only words\n", "---\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(EMPTY); i++) {
        g_autoptr(GPtrArray) errors = lines_new();
        g_autoptr(YamlFile) file = parse(EMPTY[i], errors);
        g_assert_cmpuint(errors->len, ==, 0);
        g_assert_cmpint(file->root->kind, ==, YAML_MAP);
        g_assert_cmpuint(file->root->items->len, ==, 0);
    }
}

static void expect_refused(char *yaml, const char *words)
{
    g_autofree char *text = yaml;
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(YamlFile) file = parse(text, errors);
    g_assert_null(file);
    g_assert_cmpuint(errors->len, ==, 1);
    g_assert_nonnull(strstr(errors->pdata[0], words));
}

/* Depth, number and size are bounded, and reaching the bound is quick. */
static void test_bounds(void)
{
    expect_refused(g_strnfill(100000, '['), "nested more than 16 deep.");
    expect_refused(g_strnfill(YAML_BYTES_MAX + 1, 'a'), "larger than");
    g_autoptr(GString) many = g_string_new("[");
    for (int i = 0; i < 120000; i++)
        g_string_append(many, "a,");
    expect_refused(g_strdup(many->str), "more than 100000 entries.");
    g_autoptr(GString) keys = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(keys, "key%d: %d\n", i, i);
    g_autoptr(GPtrArray) errors = lines_new();
    gint64 start = g_get_monotonic_time();
    g_autoptr(YamlFile) file = parse(keys->str, errors);
    g_assert_cmpuint(file->root->keys->len, ==, 20000);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/yaml/scalars", test_scalars);
    g_test_add_func("/yaml/round-trip", test_round_trip);
    g_test_add_func("/yaml/places", test_places);
    g_test_add_func("/yaml/empty", test_empty);
    g_test_add_func("/yaml/bounds", test_bounds);
    return g_test_run();
}
