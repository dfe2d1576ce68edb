#include "cli/reread.h"

#include "base/errors.h"

bool reread_open_history(const Settings *settings, History **out,
                         GError **error)
{
    g_autoptr(GError) cause = NULL;
    *out = history_open(settings->relays.directory, &cause);
    if (*out || g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

Judgement *reread_case(const Settings *settings, History *history,
                       const Delivery *delivery, GError **error)
{
    g_autoptr(Reader) reader = reader_start(error);
    if (!reader)
        return NULL;
    g_autoptr(GArray) hints =
        history ? history_member_addresses(history, settings->members) : NULL;
    Desk desk = {.settings = settings,
                 .history = history,
                 .hints = hints,
                 .reader = reader};
    return intake_read(&desk, delivery, delivery->received, error);
}
