#include "cli/memberlook.h"

#include "base/errors.h"
#include "base/suggest.h"

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
