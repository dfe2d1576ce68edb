#include "cli/parts.h"

#include "cli/reread.h"

void parts_clear(Parts *parts)
{
    g_clear_pointer(&parts->reader, reader_stop);
    g_clear_pointer(&parts->hints, g_array_unref);
    g_clear_pointer(&parts->history, history_unref);
    g_clear_pointer(&parts->templates, templates_unref);
    g_clear_pointer(&parts->profiles, profiles_unref);
    g_clear_pointer(&parts->policies, policies_unref);
}

static const char *const *names_of(const GPtrArray *directories)
{
    return (const char *const *)directories->pdata;
}

static bool map_history(const Settings *settings, Parts *parts, GError **error)
{
    if (!reread_open_history(settings, &parts->history, error))
        return false;
    if (parts->history)
        parts->hints =
            history_member_addresses(parts->history, settings->members);
    return true;
}

bool parts_load_rules(const GPtrArray *policies, const GPtrArray *templates,
                      Parts *parts, GError **error)
{
    parts->policies = policies_load(names_of(policies), error);
    if (!parts->policies)
        return false;
    parts->profiles = profiles_load(names_of(policies), error);
    if (!parts->profiles)
        return false;
    parts->templates = templates_load(names_of(templates), error);
    return parts->templates != NULL;
}

bool parts_load(const Settings *settings, Parts *parts, GError **error)
{
    parts->reader = reader_start(error);
    return parts->reader &&
           parts_load_rules(settings->policy_directories,
                            settings->template_directories, parts, error) &&
           map_history(settings, parts, error);
}

Desk parts_desk(const Parts *parts, const Settings *settings)
{
    return (Desk){
        .settings = settings,
        .policies = parts->policies,
        .profiles = parts->profiles,
        .templates = parts->templates,
        .history = parts->history,
        .hints = parts->hints,
        .reader = parts->reader,
    };
}
