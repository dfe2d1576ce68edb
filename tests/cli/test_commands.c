/*
 * What goes with every row of a table: a command has help that begins with an
 * example, its section in exitdesk(1) and the schema of its JSON; a setting
 * stands in its man page and in the sample; a word of letters and a verdict
 * in theirs.
 */
#include "cli/commands.h"

#include "relay/history.h"
#include "reply/reply.h"

#include <string.h>

static char *read_source(const char *name)
{
    g_autofree char *path = g_build_filename(SOURCE_DIR, name, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static void expect(bool good, const char *what, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void expect(bool good, const char *what, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (good)
        return;
    g_test_message("%s: %s", what, words);
    g_test_fail();
}

static void test_help(void)
{
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        g_autofree char *name = command_new_name(command);
        g_autofree char *shown = g_strconcat(" ", name, NULL);
        g_auto(GStrv) examples = g_strsplit(command->examples, "\n", -1);
        expect(*command->examples, name, "has no example");
        for (guint e = 0; examples[e]; e++)
            expect(strstr(examples[e], "exitdesk ") &&
                       strstr(examples[e], shown),
                   name, "is not what the example \"%s\" shows", examples[e]);
        expect(strlen(command->summary) <= 64, name,
               "has a summary over 64 letters");
        expect(!g_str_has_suffix(command->summary, "."), name,
               "has a summary with a full stop");
        expect(*command->about, name, "says nothing about itself");
        expect(command->run != NULL, name, "does nothing");
        expect((command->args != NULL) == (command->max_args != 0), name,
               "does not say what its arguments are");
        expect(command_find(command->noun, command->verb) == command, name,
               "is hidden by another of the same name");
    }
}

/* The part of exitdesk(1) that describes the command; NULL: none. */
static char *manual_section(const char *manual, const char *name)
{
    g_autofree char *heading = g_strdup_printf("\n.Ss %s", name);
    const char *start = strstr(manual, heading);
    const char *behind = start ? start + strlen(heading) : NULL;
    if (!start || (*behind != '\n' && *behind != ' '))
        return NULL;
    const char *end = strstr(behind, "\n.S");
    return g_strndup(start, end ? (gsize)(end - start) : strlen(start));
}

static void test_manual(void)
{
    g_autofree char *manual = read_source("contrib/man/exitdesk.1");
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        g_autofree char *name = command_new_name(command);
        g_autofree char *section = manual_section(manual, name);
        expect(section, name, "has no section in exitdesk(1)");
        if (!section)
            continue;
        for (const CommandFlag *f = command->flags; f && f->name; f++) {
            g_autofree char *item = g_strdup_printf(".It Fl -%s", f->name);
            expect(strstr(section, item), name, "--%s is not in exitdesk(1)",
                   f->name);
        }
        g_auto(GStrv) examples = g_strsplit(command->examples, "\n", -1);
        for (guint e = 0; examples[e]; e++)
            expect(strstr(section, examples[e]), name,
                   "\"%s\" is not in exitdesk(1)", examples[e]);
        expect(!command->has_json || strstr(section, ".Fl -json"), name,
               "--json is not in exitdesk(1)");
        /* What completion prints is a program for the shell. */
        expect(command->has_json || g_str_equal(name, "completion"), name,
               "does not take --json");
    }
}

static void test_schemas(void)
{
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        g_autofree char *name = command_new_name(command);
        g_autofree char *file =
            g_strdup_printf("%s/contrib/schema/%s.json", SOURCE_DIR,
                            g_strdelimit(name, " ", '-'));
        expect(!command->has_json || g_file_test(file, G_FILE_TEST_EXISTS),
               name, "prints JSON and has no schema: %s", file);
    }
}

static void expect_rows(const char *manual, const SchemaRow *rows)
{
    for (; rows->path; rows++) {
        g_autofree char *item = g_strdup_printf(".It Ic %s :", rows->path);
        expect(strstr(manual, item), rows->path, "is not in its man page");
        size_t length = strlen(rows->about);
        expect(length > 10 && rows->about[length - 1] == '.', rows->path,
               "is not described by a sentence");
        if (rows->rows)
            expect_rows(manual, rows->rows);
    }
}

static void test_settings(void)
{
    g_autofree char *manual = read_source("contrib/man/exitdesk.yaml.5");
    expect_rows(manual, settings_rows());
    g_autofree char *members = read_source("contrib/man/exitdesk-member.5");
    expect_rows(members, settings_member_rows());
    g_autofree char *sample = read_source("contrib/exitdesk.yaml");
    g_autofree char *made = schema_sample(settings_rows());
    expect(g_str_has_suffix(sample, made), "contrib/exitdesk.yaml",
           "is not what \"exitdesk config --sample\" prints");
}

static void test_words(void)
{
    g_autofree char *templates = read_source("contrib/man/exitdesk-template.5");
    for (const char *const *word = reply_words(); *word; word++) {
        g_autofree char *item = g_strdup_printf(".It Li %s\n", *word);
        expect(strstr(templates, item), *word,
               "is not in exitdesk-template(5)");
    }
    g_autofree char *verdicts = read_source("contrib/man/exitdesk-verdicts.7");
    for (guint i = 0; i < VERDICT_COUNT; i++) {
        const char *word = verdict_word((Verdict)i);
        g_autofree char *item = g_strdup_printf(".It Cm %s\n", word);
        expect(strstr(verdicts, item), word, "is not in exitdesk-verdicts(7)");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/help", test_help);
    g_test_add_func("/commands/manual", test_manual);
    g_test_add_func("/commands/schemas", test_schemas);
    g_test_add_func("/commands/settings", test_settings);
    g_test_add_func("/commands/words", test_words);
    return g_test_run();
}
