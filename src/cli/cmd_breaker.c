#include "cli/commands_list.h"
#include "cli/desk.h"

#include "store/breaker.h"

static bool close_offline(CliContext *context, Store *store, const char *id,
                          char **text, GError **error)
{
    if (!store_breaker_close(store, cli_user(), cli_flag(context, "note"),
                             cli_now(context), error))
        return false;
    *text = g_strdup("Closed. Letters leave by themselves when the desk runs.");
    return true;
}

static int run_close(CliContext *context, GError **error)
{
    return desk_decide(context, CONTROL_CLOSE, close_offline, error);
}

static const CommandFlag CLOSE_FLAGS[] = {
    {"note", "TEXT", "what was found, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_breaker_close = {
    .noun = "breaker",
    .verb = "close",
    .summary = "let letters leave by themselves again",
    .examples = "exitdesk breaker close --note \"a wave of one feed\"",
    .about = "The breaker opens by itself when more letters leave than is "
             "usual, when they come\nback, are complained about or have no "
             "known outcome. Then all that would leave by\nitself is held. "
             "Look at \"exitdesk todo\" and \"exitdesk doctor\" first; your "
             "name\ngoes into the record.",
    .flags = CLOSE_FLAGS,
    .has_json = true,
    .run = run_close,
};
