#include "daemon/knowledge.h"

#include "base/errors.h"
#include "base/log.h"

#include <string.h>

struct Knowledge {
    gatomicrefcount references;
    Knowledge *root; /* owner of all but history and hints; NULL: itself */
    Settings *settings;
    Policies *policies;
    Profiles *profiles;
    Templates *templates;
    History *history;
    GArray *hints;
};

static Knowledge *knowledge_new(void)
{
    Knowledge *knowledge = g_new0(Knowledge, 1);
    g_atomic_ref_count_init(&knowledge->references);
    return knowledge;
}

Knowledge *knowledge_ref(Knowledge *knowledge)
{
    g_atomic_ref_count_inc(&knowledge->references);
    return knowledge;
}

void knowledge_unref(Knowledge *knowledge)
{
    if (!g_atomic_ref_count_dec(&knowledge->references))
        return;
    g_clear_pointer(&knowledge->hints, g_array_unref);
    g_clear_pointer(&knowledge->history, history_unref);
    if (knowledge->root) {
        knowledge_unref(knowledge->root);
    } else {
        g_clear_pointer(&knowledge->templates, templates_unref);
        g_clear_pointer(&knowledge->profiles, profiles_unref);
        g_clear_pointer(&knowledge->policies, policies_unref);
        g_clear_pointer(&knowledge->settings, settings_free);
    }
    g_free(knowledge);
}

/* Map the history and collect the members' addresses from it. That there is
 * none is said when the desk starts, not each time it looks again. */
static bool map_history(Knowledge *knowledge, bool is_renewal)
{
    g_autoptr(GError) error = NULL;
    knowledge->history =
        history_open(knowledge->settings->relays.directory, &error);
    if (!knowledge->history) {
        bool is_news = !is_renewal ||
                       !g_error_matches(error, DESK_ERROR, DESK_ERROR_MISSING);
        if (is_news)
            log_warning(NULL, "relay data: %s; no verdict can be given",
                        error->message);
        return false;
    }
    knowledge->hints = history_member_addresses(knowledge->history,
                                                knowledge->settings->members);
    return true;
}

Knowledge *knowledge_load(const char *config, const char *data, GError **error)
{
    g_autoptr(Knowledge) knowledge = knowledge_new();
    knowledge->settings = settings_load(config, data, error);
    if (!knowledge->settings)
        return NULL;
    knowledge->policies = policies_load(
        (const char *const *)knowledge->settings->policy_directories->pdata,
        error);
    if (!knowledge->policies)
        return NULL;
    knowledge->profiles = profiles_load(
        (const char *const *)knowledge->settings->policy_directories->pdata,
        error);
    if (!knowledge->profiles)
        return NULL;
    knowledge->templates = templates_load(
        (const char *const *)knowledge->settings->template_directories->pdata,
        error);
    if (!knowledge->templates)
        return NULL;
    map_history(knowledge, false);
    return g_steal_pointer(&knowledge);
}

Knowledge *knowledge_renew(Knowledge *old)
{
    if (old->history && !history_is_stale(old->history))
        return NULL;
    g_autoptr(Knowledge) renewed = knowledge_new();
    renewed->root = knowledge_ref(old->root ? old->root : old);
    renewed->settings = old->settings;
    renewed->policies = old->policies;
    renewed->profiles = old->profiles;
    renewed->templates = old->templates;
    return map_history(renewed, true) ? g_steal_pointer(&renewed) : NULL;
}

const Settings *knowledge_settings(const Knowledge *knowledge)
{
    return knowledge->settings;
}

Desk knowledge_desk(const Knowledge *knowledge)
{
    return (Desk){
        .settings = knowledge->settings,
        .policies = knowledge->policies,
        .profiles = knowledge->profiles,
        .templates = knowledge->templates,
        .history = knowledge->history,
        .hints = knowledge->hints,
    };
}

static bool is_same_address(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* "bounce+TOKEN@domain" for "bounce@domain". */
static bool is_return_path(const char *address, const char *bounce)
{
    const char *plus = strchr(address, '+');
    const char *at = strrchr(address, '@');
    if (!bounce || !plus || !at || at < plus)
        return false;
    g_autofree char *plain =
        g_strdup_printf("%.*s%s", (int)(plus - address), address, at);
    return is_same_address(plain, bounce);
}

bool knowledge_accepts(const Knowledge *knowledge, const char *address)
{
    const Settings *settings = knowledge->settings;
    if (is_same_address(address, "postmaster") ||
        is_same_address(address, settings->desk.address) ||
        is_same_address(address, settings->send.bounce) ||
        is_return_path(address, settings->send.bounce))
        return true;
    for (guint i = 0; i < settings->desk.recipients->len; i++)
        if (is_same_address(address, settings->desk.recipients->pdata[i]))
            return true;
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++)
        if (is_same_address(address, members_at(settings->members, i)->address))
            return true;
    return false;
}
