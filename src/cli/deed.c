#include "cli/deed.h"

#include "cli/caselook.h"
#include "cli/context.h"

#include <string.h>

/* Words of the table's arguments, and the names that lists give them. What is
 * not here is no name of anything: a token, a file. */
static const struct {
    const char *word, *name;
} ARGUMENTS[] = {
    {"CASE", "case"},     {"ID", "member"},       {"MEMBER", "member"},
    {"NUMBER", "number"}, {"ADDRESS", "address"}, {"DOMAIN", "domain"},
    {"NAME", "profile"},  {"INTO", "into"},       {"MAIL", "mail"},
    {"TEXT", "text"},
};

/* Flags that say how, not what; --by stands with login. */
static const char *const UNSAID[] = {"now", "by", "token", "offline", NULL};

static const char *argument_name(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ARGUMENTS); i++)
        if (g_str_equal(word, ARGUMENTS[i].word))
            return ARGUMENTS[i].name;
    return NULL;
}

static void put_argument(Json *json, CliContext *context, const char *name,
                         const char *typed)
{
    gint64 number;
    if (typed && (g_str_equal(name, "case") || g_str_equal(name, "into"))) {
        g_autofree char *id = case_id_typed(context, typed, NULL);
        json_put_text(json, name, id ? id : typed); /* "all" is no id */
    } else if (typed && g_str_equal(name, "number") &&
               g_ascii_string_to_signed(typed, 10, 0, G_MAXINT64, &number,
                                        NULL)) {
        json_put_number(json, name, number);
    } else {
        json_put_text(json, name, typed);
    }
}

static void put_arguments(Json *json, CliContext *context)
{
    const char *args = context->command->args;
    g_auto(GStrv) words = g_strsplit_set(args ? args : "", " []", -1);
    int index = 0;
    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        const char *name = argument_name(*word);
        if (name)
            put_argument(json, context, name, cli_arg(context, index));
        index++;
    }
}

static void put_flags(Json *json, CliContext *context)
{
    const CommandFlag *flags = context->command->flags;
    for (int i = 0; flags && flags[i].name; i++) {
        if (!flags[i].value || g_strv_contains(UNSAID, flags[i].name))
            continue;
        g_autofree char *name = g_strdelimit(g_strdup(flags[i].name), "-", '_');
        json_put_text(json, name, context->flag_values[i]);
    }
}

static const char *flag_if_any(CliContext *context, const char *name)
{
    const CommandFlag *flags = context->command->flags;
    for (int i = 0; flags && flags[i].name; i++)
        if (g_str_equal(flags[i].name, name))
            return context->flag_values[i];
    return NULL;
}

void deed_put(Json *json, CliContext *context, bool is_done, const char *told)
{
    const char *by = flag_if_any(context, "by");
    g_autofree char *name = command_new_name(context->command);
    json_put_text(json, "command", name);
    put_arguments(json, context);
    put_flags(json, context);
    json_put_text(json, "by", by ? by : cli_user());
    json_put_text(json, "login", cli_user());
    json_put_instant(json, "at", cli_now(context));
    json_put_bool(json, "is_offline", flag_if_any(context, "offline") != NULL);
    json_put_bool(json, "is_done", is_done);
    json_put_text(json, "told", told);
}

void deed_print(CliContext *context, bool is_done, const char *told)
{
    if (!cli_wants_json(context)) {
        cli_print("%s\n", told);
        return;
    }
    Json json;
    json_init(&json);
    json_object(&json);
    deed_put(&json, context, is_done, told);
    json_end_object(&json);
    cli_print_json(&json);
}
