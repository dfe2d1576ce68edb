/*
 * "exitdesk template languages|routes": what there is in which language, and
 * which letter answers what.
 */
#include "cli/commands_list.h"

#include "reply/languages.h"
#include "reply/route.h"

/* ---- template languages ------------------------------------------------ */

static void put_language(const TemplateLanguage *language)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "language", language->language);
    json_put_number(&json, "letters", language->letters);
    json_put_number(&json, "blocks", language->blocks);
    json_put_number(&json, "words", language->words);
    json_put_number(&json, "missing", language->missing);
    json_end_object(&json);
    cli_print_json(&json);
}

static void list_languages(const CliContext *context,
                           const Templates *templates)
{
    static const char *const HEADINGS[] = {"language", ">letters", ">blocks",
                                           ">words",   ">missing", NULL};
    g_autoptr(GPtrArray) list = templates_languages(templates);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < list->len; i++) {
        const TemplateLanguage *language = list->pdata[i];
        if (cli_wants_json(context)) {
            put_language(language);
            continue;
        }
        char cells[4][12];
        const guint numbers[] = {language->letters, language->blocks,
                                 language->words, language->missing};
        for (guint k = 0; k < 4; k++)
            g_snprintf(cells[k], sizeof cells[k], "%u", numbers[k]);
        TABLE_ADD(table, language->language, cells[0], cells[1], cells[2],
                  cells[3]);
    }
    if (table_count(table) > 0)
        table_print(table);
}

static int list_missing(const CliContext *context, const Templates *templates,
                        const char *language)
{
    g_autoptr(GPtrArray) missing = templates_missing(templates, language);
    for (guint i = 0; i < missing->len; i++) {
        const char *name = missing->pdata[i];
        if (!cli_wants_json(context)) {
            cli_print("%s.%s.txt\n", name, language);
            continue;
        }
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "language", language);
        json_put_text(&json, "name", name);
        json_end_object(&json);
        cli_print_json(&json);
    }
    return missing->len > 0 ? EXIT_NO : 0;
}

static int run_template_languages(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    g_autoptr(Templates) templates = templates_load(
        (const char *const *)settings->template_directories->pdata, error);
    if (!templates)
        return 0;
    const char *language = cli_arg(context, 0);
    if (language)
        return list_missing(context, templates, language);
    list_languages(context, templates);
    return 0;
}

const Command command_template_languages = {
    .noun = "template",
    .verb = "languages",
    .args = "[LANGUAGE]",
    .max_args = 1,
    .summary = "what there is in each language, or what one lacks",
    .examples = "exitdesk template languages\n"
                "exitdesk template languages fr",
    .about = "English has all letters and blocks. For one language: the files "
             "that it lacks;\nthe status is 1 if there are any. An answer in "
             "a language that lacks its letter is\nwritten in the next one of "
             "the policy.",
    .has_json = true,
    .run = run_template_languages,
};

/* ---- template routes --------------------------------------------------- */

static int run_template_routes(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"letter", "when", NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < route_count(); i++) {
        const char *why;
        const char *letter = route_text(i, &why);
        if (!cli_wants_json(context)) {
            TABLE_ADD(table, letter, why);
            continue;
        }
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "letter", letter);
        json_put_text(&json, "when", why);
        json_end_object(&json);
        cli_print_json(&json);
    }
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

const Command command_template_routes = {
    .noun = "template",
    .verb = "routes",
    .summary = "which letter answers what",
    .examples = "exitdesk template routes",
    .about = "The first line that applies gives the letter: what the public "
             "record says comes\nbefore the way a complaint came, and that "
             "before the policy.",
    .has_json = true,
    .run = run_template_routes,
};
