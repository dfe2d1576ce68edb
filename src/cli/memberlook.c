#include "cli/memberlook.h"

#include "base/errors.h"
#include "base/suggest.h"
#include "cli/reread.h"

const Member *member_typed(const Settings *settings, const char *id,
                           GError **error)
{
    const Member *member = members_by_id(settings->members, id);
    if (member)
        return member;
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < members_count(settings->members); i++)
        g_ptr_array_add(ids, members_at(settings->members, i)->id);
    g_ptr_array_add(ids, NULL);
    const char *meant = suggest_word(id, (const char *const *)ids->pdata);
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "there is no member \"%s\".%s%s%s", id,
                meant ? " Did you mean \"" : "", meant ? meant : "",
                meant ? "\"?" : " All of them: exitdesk member list");
    return NULL;
}

bool member_is_there(CliContext *context, const char *id, GError **error)
{
    if (!id)
        return true;
    const Settings *settings = cli_settings_or_default(context, error);
    return settings && member_typed(settings, id, error);
}

/* ---- telling members apart ----------------------------------------------- */

bool member_signs_open(const Settings *settings, MemberSigns *out,
                       GError **error)
{
    g_autoptr(GError) cause = NULL;
    *out = (MemberSigns){0};
    if (!reread_open_history(settings, &out->history, error))
        return false;
    out->people = people_open(settings->relays.directory, &cause);
    if (!out->people &&
        !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    out->apart = apart_new(settings->members, out->history, out->people);
    return true;
}

void member_signs_clear(MemberSigns *signs)
{
    g_clear_pointer(&signs->apart, apart_free);
    g_clear_pointer(&signs->people, people_close);
    g_clear_pointer(&signs->history, history_unref);
}
