#include "cli/commands_list.h"
#include "cli/desk.h"

#include "store/drafts.h"

static bool set_offline(CliContext *context, Store *store, bool paused,
                        char **text, GError **error)
{
    if (!store_set_paused(store, paused, cli_user(), cli_flag(context, "note"),
                          cli_now(context), error))
        return false;
    *text = g_strdup(paused ? "Paused. No letter leaves until: exitdesk resume"
                            : "Resumed. Letters go out when the desk runs.");
    return true;
}

static bool pause_offline(CliContext *context, Store *store, const char *id,
                          char **text, GError **error)
{
    return set_offline(context, store, true, text, error);
}

static bool resume_offline(CliContext *context, Store *store, const char *id,
                           char **text, GError **error)
{
    return set_offline(context, store, false, text, error);
}

static int run_pause(CliContext *context, GError **error)
{
    return desk_decide(context, CONTROL_PAUSE, pause_offline, error);
}

static int run_resume(CliContext *context, GError **error)
{
    return desk_decide(context, CONTROL_RESUME, resume_offline, error);
}

static const CommandFlag PAUSE_FLAGS[] = {
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_pause = {
    .noun = "pause",
    .summary = "stop all sending, now",
    .examples = "exitdesk pause\n"
                "exitdesk pause --note \"letters look wrong\"",
    .about = "No letter leaves until \"exitdesk resume\", also after a "
             "restart. Mail is still\nreceived, read and filed.",
    .flags = PAUSE_FLAGS,
    .has_json = true,
    .run = run_pause,
};

const Command command_resume = {
    .noun = "resume",
    .summary = "go on sending after a pause",
    .examples = "exitdesk resume\n"
                "exitdesk resume --note \"template put right\"",
    .about = "Letters whose time came during the pause go out at once; look at "
             "\"exitdesk draft\nlist --state approved\" first.",
    .flags = PAUSE_FLAGS,
    .has_json = true,
    .run = run_resume,
};
