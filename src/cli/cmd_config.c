#include "cli/commands_list.h"

#include "base/errors.h"

#include <stdio.h>

static const char *const TYPE_WORDS[] = {
    "text",    "yes or no", "number",           "duration", "size",
    "date",    "choice",    "country",          "language", "address",
    "domain",  "URL",       "address and port", "path",     "fingerprint",
    "network", "section",
};

/* One setting with its value as one line of JSON. */
static void print_json_row(const SchemaValues *values, const SchemaRow *row)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "setting", row->path);
    json_put_text(&json, "type", TYPE_WORDS[row->type]);
    guint count = schema_count(values, row->path);
    const SchemaItem *first =
        count > 0 ? schema_item(values, row->path, 0) : NULL;
    json_key(&json, "value");
    if (row->shape == SCHEMA_LIST) {
        json_array(&json);
        for (guint i = 0; i < count; i++)
            json_text(&json, schema_item(values, row->path, i)->text);
        json_end_array(&json);
    } else {
        json_text(&json, first ? first->text : NULL);
    }
    json_put_bool(&json, "is_set", schema_is_set(values, row->path));
    json_put_text(&json, "file", first ? first->file : NULL);
    json_put_number(&json, "line", first ? first->line : 0);
    json_end_object(&json);
    cli_print_json(&json);
}

static const SchemaRow *find_setting(const char *path)
{
    for (const SchemaRow *row = settings_rows(); row->path; row++)
        if (g_str_equal(row->path, path))
            return row;
    return NULL;
}

/* One setting's value alone, for scripts. */
static int print_one(CliContext *context, const SchemaValues *values,
                     const char *path, GError **error)
{
    const SchemaRow *row = find_setting(path);
    if (!row) {
        cli_usage_error(error,
                        "there is no setting \"%s\". All of them: "
                        "exitdesk config --all",
                        path);
        return 0;
    }
    if (cli_wants_json(context)) {
        print_json_row(values, row);
        return 0;
    }
    guint count = schema_count(values, path);
    for (guint i = 0; i < count; i++)
        cli_print("%s\n", schema_item(values, path, i)->text);
    return count > 0 ? 0 : EXIT_NO;
}

static SchemaValues *read_values(CliContext *context, GError **error)
{
    g_autofree char *path = cli_new_config_path(context);
    return settings_values(path, error);
}

static int run_config(CliContext *context, GError **error)
{
    if (cli_flag(context, "sample") && cli_wants_json(context)) {
        cli_usage_error(error, "--sample is a file of YAML, not JSON; as JSON: "
                               "exitdesk config --all --json");
        return 0;
    }
    if (cli_flag(context, "sample")) {
        g_autofree char *sample = schema_sample(settings_rows());
        cli_print("# /etc/exitdesk/exitdesk.yaml: settings of exitdesk, all at "
                  "their defaults.\n"
                  "# What each means: exitdesk.yaml(5). What is in force: "
                  "exitdesk config --origin\n\n%s",
                  sample);
        return 0;
    }
    g_autoptr(SchemaValues) values = read_values(context, error);
    if (!values)
        return 0;
    if (cli_arg(context, 0))
        return print_one(context, values, cli_arg(context, 0), error);
    bool all = cli_flag(context, "all") != NULL;
    if (cli_wants_json(context)) {
        for (const SchemaRow *row = settings_rows(); row->path; row++)
            if (all || schema_is_set(values, row->path))
                print_json_row(values, row);
        return 0;
    }
    bool origin = cli_flag(context, "origin") != NULL;
    g_autofree char *text =
        schema_print(values, (all ? SCHEMA_PRINT_ALL : 0) |
                                 (origin ? SCHEMA_PRINT_ORIGIN : 0));
    cli_print("%s", text);
    return 0;
}

static const CommandFlag CONFIG_FLAGS[] = {
    {"all", NULL, "defaults too"},
    {"origin", NULL, "with the file and line each value comes from"},
    {"sample", NULL, "a commented sample of exitdesk.yaml instead"},
    {0},
};

const Command command_config = {
    .noun = "config",
    .args = "[SETTING]",
    .max_args = 1,
    .summary = "settings that differ from their defaults",
    .examples = "exitdesk config\n"
                "exitdesk config --all --origin\n"
                "exitdesk config send.delay\n"
                "exitdesk config --sample > exitdesk.yaml",
    .about = "Prints exitdesk.yaml with conf.d laid over it as one valid file: "
             "only what\nis set, or with --all everything. With SETTING its "
             "value alone; exit status 1\nif it has none.",
    .flags = CONFIG_FLAGS,
    .has_json = true,
    .run = run_config,
};

static int run_config_check(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    if (!settings)
        return 0;
    guint members = members_count(settings->members);
    const char *mode = settings->desk.mode == MODE_LIVE ? "live" : "observe";
    if (cli_wants_json(context)) {
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "directory", settings->directory);
        json_put_number(&json, "members", members);
        json_put_text(&json, "mode", mode);
        json_end_object(&json);
        cli_print_json(&json);
        return 0;
    }
    cli_print("%s: no errors, %u member%s, mode %s\n",
              settings->directory ? settings->directory : "defaults", members,
              members == 1 ? "" : "s", mode);
    return 0;
}

const Command command_config_check = {
    .noun = "config",
    .verb = "check",
    .summary = "look for mistakes in exitdesk.yaml, conf.d and members.d",
    .examples = "exitdesk config check\n"
                "exitdesk config check -C ./exitdesk.yaml",
    .about = "Reads all files and names every mistake with its file, line and "
             "column. Exit\nstatus 78 if there are any. The running daemon is "
             "not touched.",
    .has_json = true,
    .run = run_config_check,
};
