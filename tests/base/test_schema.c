#include "base/schema.h"

#include <string.h>

/* A table with every type and shape, in the manner of our real ones. */
static const char *const MODES[] = {"observe", "live", NULL};
static const char *const ROUTES[] = {"smtp", "smtps", "unix", NULL};

static const char *object_to_prefix(const char *text)
{
    for (; *text; text++)
        if (!g_ascii_isupper(*text))
            return "has something else than capital letters.";
    return NULL;
}

static const char *object_to_name(const char *name)
{
    return strchr(name, ' ') ? "is not one word." : NULL;
}

static const SchemaRow PREFIX_ROWS[] = {
    {"prefix", SCHEMA_PREFIX, .is_required = true, .about = "The network."},
    {"from", SCHEMA_DATE, .about = "Since when."},
    {0},
};
static const SchemaRow CATEGORY_ROWS[] = {
    {"template", SCHEMA_TEXT, .about = "Name of the letter."},
    {"promise", SCHEMA_DURATION, .about = "When the answer is due."},
    {0},
};

typedef struct {
    char *name, *country;
    int mode;
    uint32_t delay_s, max_bytes, max_per_hour;
    bool is_open;
    Instant since;
    GPtrArray *languages;
} Bound;

static const SchemaRow ROWS[] = {
    {"desk.name", SCHEMA_TEXT, .field = SCHEMA_FIELD(Bound, name),
     .is_required = true, .about = "Name of the desk."},
    {"desk.address", SCHEMA_ADDRESS, .about = "Its mail address."},
    {"desk.country", SCHEMA_COUNTRY, .field = SCHEMA_FIELD(Bound, country),
     .about = "Where it is."},
    {"desk.mode", SCHEMA_CHOICE, .field = SCHEMA_FIELD(Bound, mode),
     .choices = MODES, .fallback = "observe", .about = "Whether it answers."},
    {"desk.case-prefix", SCHEMA_TEXT, .objection = object_to_prefix,
     .fallback = "ED", .about = "Begins each case id."},
    {"desk.since", SCHEMA_DATE, .field = SCHEMA_FIELD(Bound, since),
     .about = "The first day."},
    {"send.via", SCHEMA_URL, .choices = ROUTES, .about = "The next hop."},
    {"send.delay", SCHEMA_DURATION, .field = SCHEMA_FIELD(Bound, delay_s),
     .fallback = "15min", .min = 60, .max = 86400, .about = "Time to stop."},
    {"send.max-per-hour", SCHEMA_NUMBER, .min = 1, .max = 1000,
     .field = SCHEMA_FIELD(Bound, max_per_hour), .fallback = "60",
     .about = "The breaker."},
    {"send.open", SCHEMA_FLAG, .field = SCHEMA_FIELD(Bound, is_open),
     .about = "A flag."},
    {"receive.max-size", SCHEMA_SIZE, .field = SCHEMA_FIELD(Bound, max_bytes),
     .fallback = "25M", .min = 65536, .about = "Largest mail."},
    {"receive.listen", SCHEMA_LISTEN, .about = "Address and port."},
    {"receive.host", SCHEMA_DOMAIN, .about = "Our name."},
    {"receive.socket", SCHEMA_PATH, .about = "Unix socket."},
    {"website", SCHEMA_URL, .about = "Its pages."},
    {"languages", SCHEMA_LANGUAGE, SCHEMA_LIST, .fallback = "de en",
     .field = SCHEMA_FIELD(Bound, languages), .about = "Best first."},
    {"fingerprints", SCHEMA_FINGERPRINT, SCHEMA_LIST, .about = "Relays."},
    {"prefixes", SCHEMA_RECORD, SCHEMA_LIST, .rows = PREFIX_ROWS,
     .about = "Networks."},
    {"categories", SCHEMA_RECORD, SCHEMA_MAP, .rows = CATEGORY_ROWS,
     .name_objection = object_to_name, .about = "By category."},
    {"law", SCHEMA_TEXT, SCHEMA_MAP, .about = "Citations."},
    {0},
};

static GPtrArray *lines_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static SchemaValues *read_text(const char *file, const char *text,
                               SchemaValues *over, GPtrArray *errors)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(YamlFile) tree = yaml_parse(file, bytes, errors);
    SchemaValues *values = over ? over : schema_values_new(ROWS);
    if (tree)
        schema_read(values, tree, errors);
    return values;
}

/* Each block of schema_mistakes.txt is YAML, "==>", the messages, "----". */
static void test_mistakes(void)
{
    g_autofree char *table = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(TEST_DIR "/schema_mistakes.txt", &table, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) blocks = g_strsplit(table, "----\n", -1);
    guint count = 0;
    for (guint i = 0; blocks[i] && *blocks[i]; i++) {
        g_auto(GStrv) halves = g_strsplit(blocks[i], "==>\n", 2);
        g_assert_nonnull(halves[1]);
        g_autofree char *yaml = g_strcompress(halves[0]);
        g_autoptr(GPtrArray) errors = lines_new();
        g_autoptr(SchemaValues) values =
            read_text("a.yaml", yaml, NULL, errors);
        g_autoptr(GString) got = g_string_new(NULL);
        for (guint j = 0; j < errors->len; j++)
            g_string_append_printf(got, "%s\n", (char *)errors->pdata[j]);
        if (!g_str_equal(got->str, halves[1])) {
            g_test_message("%sgives\n%snot\n%s", yaml, got->str, halves[1]);
            g_test_fail();
        }
        count++;
    }
    g_assert_cmpuint(count, >=, 40);
}

static void test_values(void)
{
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(SchemaValues) values = read_text("a.yaml",
                                               "desk:\n"
                                               "  name: 1.10\n"
                                               "  country: NO\n"
                                               "  mode: live\n"
                                               "  since: 2026-05-03\n"
                                               "send: {delay: 2h, open: yes}\n"
                                               "receive:\n"
                                               "  max-size: 1M\n"
                                               "  listen: '[::1]:8024'\n"
                                               "fingerprints:\n"
                                               "  - $a1b2c3d4e5f60718293a4b5c"
                                               "6d7e8f9001122334\n"
                                               "law: {conduit: Art. 4 DSA}\n"
                                               "categories:\n"
                                               "  content/csam:\n"
                                               "    promise: 1d\n"
                                               "prefixes:\n"
                                               "  - prefix: 192.0.2.0/24\n",
                                               NULL, errors);
    schema_finish(values, "a.yaml", errors);
    g_assert_cmpuint(errors->len, ==, 0);

    Bound bound = {0};
    schema_bind(values, &bound);
    g_assert_cmpstr(bound.name, ==, "1.10");
    g_assert_cmpstr(bound.country, ==, "NO");
    g_assert_cmpint(bound.mode, ==, 1);
    g_assert_cmpint(bound.since, ==, 1777766400);
    g_assert_cmpuint(bound.delay_s, ==, 7200);
    g_assert_cmpuint(bound.max_bytes, ==, 1048576);
    g_assert_cmpuint(bound.max_per_hour, ==, 60);
    g_assert_true(bound.is_open);
    g_assert_cmpuint(bound.languages->len, ==, 2);
    g_assert_cmpstr(bound.languages->pdata[0], ==, "de");
    g_free(bound.name);
    g_free(bound.country);
    g_ptr_array_unref(bound.languages);

    g_assert_cmpstr(schema_text(values, "fingerprints"), ==,
                    "A1B2C3D4E5F60718293A4B5C6D7E8F9001122334");
    g_assert_cmpstr(schema_item(values, "law", 0)->key, ==, "conduit");
    const SchemaItem *category = schema_item(values, "categories", 0);
    g_assert_cmpstr(category->key, ==, "content/csam");
    g_assert_cmpint(schema_number(category->record, "promise"), ==, 86400);
    g_assert_cmpint(schema_item(category->record, "promise", 0)->line, ==, 15);
    g_assert_null(schema_text(category->record, "template"));
    g_assert_true(schema_is_set(values, "send.delay"));
    g_assert_false(schema_is_set(values, "send.max-per-hour"));
}

/* A later file replaces a key and leaves the others; each knows its line. */
static void test_layers(void)
{
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(SchemaValues) values = read_text(
        "a.yaml", "desk:\n  name: A\n  country: DE\nlanguages: [fi, sv]\n",
        NULL, errors);
    read_text("b.yaml", "\ndesk:\n  country: NO\nlanguages: []\n", values,
              errors);
    schema_finish(values, "a.yaml", errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_cmpstr(schema_text(values, "desk.name"), ==, "A");
    g_assert_cmpstr(schema_text(values, "desk.country"), ==, "NO");
    g_assert_cmpuint(schema_count(values, "languages"), ==, 0);
    const SchemaItem *country = schema_item(values, "desk.country", 0);
    g_assert_cmpstr(country->file, ==, "b.yaml");
    g_assert_cmpint(country->line, ==, 3);
    g_assert_cmpint(country->column, ==, 12);
}

static void test_required(void)
{
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(SchemaValues) values = read_text("a.yaml", "", NULL, errors);
    schema_finish(values, "a.yaml", errors);
    g_assert_cmpuint(errors->len, ==, 1);
    g_assert_cmpstr(errors->pdata[0], ==,
                    "a.yaml: \"desk.name\" is missing. Name of the desk.");
}

/* What is printed reads back to the same, with the trickiest texts. */
static void test_print(void)
{
    static const char YAML[] = "desk:\n"
                               "    name: \"yes\"\n"
                               "    since: 2026-05-03\n"
                               "\n"
                               "send:\n"
                               "    delay: 20min\n"
                               "\n"
                               "website: \"https://example.org/#a: b\"\n"
                               "languages: []\n"
                               "prefixes:\n"
                               "    -\n"
                               "        prefix: 192.0.2.0/24\n"
                               "        from: 2026-01-01\n"
                               "law:\n"
                               "    conduit: \"Art. 4, \\\"DSA\\\" #1\"\n";
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(SchemaValues) values = read_text("a.yaml", YAML, NULL, errors);
    g_autofree char *printed = schema_print(values, 0);
    g_assert_cmpstr(printed, ==, YAML);
    g_autoptr(SchemaValues) again = read_text("b.yaml", printed, NULL, errors);
    g_autofree char *twice = schema_print(again, 0);
    g_assert_cmpstr(twice, ==, YAML);
    g_autofree char *all = schema_print(values, SCHEMA_PRINT_ALL);
    g_autoptr(SchemaValues) full = read_text("c.yaml", all, NULL, errors);
    g_assert_cmpint(schema_number(full, "send.max-per-hour"), ==, 60);
    g_assert_cmpuint(errors->len, ==, 0);
    g_autofree char *origin = schema_print(values, SCHEMA_PRINT_ORIGIN);
    g_assert_nonnull(strstr(origin, "    delay: 20min  # a.yaml:6\n"));
}

/* The sample is valid as it stands, and with every line switched on that has
 * a default. */
static void test_sample(void)
{
    g_autofree char *sample = schema_sample(ROWS);
    g_autoptr(GPtrArray) errors = lines_new();
    g_autoptr(SchemaValues) values = read_text("s.yaml", sample, NULL, errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_nonnull(
        strstr(sample, "    # Time to stop.\n    #delay: 15min\n"));
    for (const SchemaRow *row = ROWS; row->path; row++)
        g_assert_nonnull(strstr(sample, row->about));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/mistakes", test_mistakes);
    g_test_add_func("/schema/values", test_values);
    g_test_add_func("/schema/layers", test_layers);
    g_test_add_func("/schema/required", test_required);
    g_test_add_func("/schema/print", test_print);
    g_test_add_func("/schema/sample", test_sample);
    return g_test_run();
}
