#include "cli/context.h"

#include "base/errors.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

void cli_context_clear(CliContext *context)
{
    g_clear_pointer(&context->store, store_close);
    g_clear_pointer(&context->settings, settings_free);
    g_clear_pointer(&context->flag_values, g_free);
    g_clear_pointer(&context->args, g_free);
}

int cli_arg_count(const CliContext *context)
{
    return context->arg_count;
}

const char *cli_arg(const CliContext *context, int index)
{
    return index < context->arg_count ? context->args[index] : NULL;
}

const char *cli_flag(const CliContext *context, const char *name)
{
    const CommandFlag *flags = context->command->flags;
    for (int i = 0; flags && flags[i].name; i++)
        if (g_str_equal(flags[i].name, name))
            return context->flag_values[i];
    g_error("the command has no flag --%s in its table", name);
}

bool cli_flag_number(const CliContext *context, const char *name,
                     uint32_t fallback, uint32_t max, uint32_t *out,
                     GError **error)
{
    const char *text = cli_flag(context, name);
    guint64 number = fallback;
    if (text && !g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL))
        return cli_usage_error(error,
                               "--%s takes a number from 0 to %u, not "
                               "\"%s\"",
                               name, max, text);
    *out = (uint32_t)number;
    return true;
}

bool cli_flag_choice(const CliContext *context, const char *name,
                     const char *const *words, const char **out, GError **error)
{
    const char *text = cli_flag(context, name);
    *out = NULL;
    for (guint i = 0; text && words[i] && !*out; i++)
        if (g_ascii_strcasecmp(text, words[i]) == 0)
            *out = words[i];
    if (!text || *out)
        return true;
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    return cli_usage_error(error, "--%s is one of %s, not \"%s\"", name, all,
                           text);
}

bool cli_wants_json(const CliContext *context)
{
    return context->json;
}

bool cli_is_quiet(const CliContext *context)
{
    return context->quiet;
}

char *cli_new_config_path(const CliContext *context)
{
    if (context->config || !context->data)
        return g_strdup(context->config);
    g_autofree char *inside =
        g_build_filename(context->data, "exitdesk.yaml", NULL);
    return g_file_test(inside, G_FILE_TEST_EXISTS) ? g_steal_pointer(&inside)
                                                   : NULL;
}

const Settings *cli_settings(CliContext *context, GError **error)
{
    if (context->settings)
        return context->settings;
    g_autofree char *path = cli_new_config_path(context);
    context->settings = context->data && !path
                            ? settings_default(context->data)
                            : settings_load(path, context->data, error);
    return context->settings;
}

const Settings *cli_settings_or_default(CliContext *context, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (cli_settings(context, &cause))
        return context->settings;
    if (context->config ||
        !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    context->settings = settings_default(NULL);
    return context->settings;
}

Store *cli_store(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (settings && !context->store)
        context->store = store_open(settings->data, STORE_READ, error);
    return context->store;
}

bool cli_now_is_given(const CliContext *context)
{
    return cli_flag(context, "now") != NULL;
}

Instant cli_now(CliContext *context)
{
    const CommandFlag *flags = context->command->flags;
    Instant now;
    for (int i = 0; flags && flags[i].name; i++)
        if (g_str_equal(flags[i].name, "now") && flags[i].value &&
            context->flag_values[i] &&
            instant_parse(context->flag_values[i], &now))
            return now;
    if (context->settings && context->settings->clock &&
        instant_parse(context->settings->clock, &now))
        return now;
    return g_get_real_time() / G_USEC_PER_SEC;
}

const char *cli_user(void)
{
    const struct passwd *entry = getpwuid(getuid());
    return entry ? entry->pw_name : "unknown";
}

void cli_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

void cli_say(const CliContext *context, const char *format, ...)
{
    if (context->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void cli_print_json(Json *json)
{
    g_autofree char *text = json_steal(json);
    puts(text);
}

G_DEFINE_QUARK(exitdesk - usage - error - quark, cli_usage_error)

bool cli_usage_error(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    GError *usage = g_error_new_valist(CLI_USAGE_ERROR, 0, format, arguments);
    va_end(arguments);
    g_propagate_error(error, usage);
    return false;
}
