#include "cli/desk.h"

#include "base/errors.h"
#include "cli/caselook.h"
#include "cli/deed.h"

#include <sysexits.h>

static bool do_offline(CliContext *context, const char *id,
                       DeskOffline *offline, char **text, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    g_autoptr(Store) store =
        settings ? store_open(settings->data, STORE_WRITE, error) : NULL;
    return store && offline(context, store, id, text, error);
}

static bool ask(CliContext *context, ControlKind kind, const char *subject,
                const char *note, char **text, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return false;
    ControlRequest request = {
        .kind = kind,
        .subject = (char *)subject,
        .note = (char *)note,
    };
    return control_ask(settings->control, &request, DESK_TIMEOUT_S, text,
                       error);
}

/* No desk there: which socket was asked, and what to do. */
static bool is_desk_absent(CliContext *context)
{
    const Settings *settings = cli_settings_or_default(context, NULL);
    return settings && !g_file_test(settings->control, G_FILE_TEST_EXISTS);
}

int desk_ask_text(CliContext *context, ControlKind kind, const char *subject,
                  const char *note, DeskOffline *offline, char **text,
                  GError **error)
{
    bool here = cli_flag(context, "offline") != NULL;
    bool done = here ? do_offline(context, subject, offline, text, error)
                     : ask(context, kind, subject, note, text, error);
    if (done) {
        if (!*text)
            *text = g_strdup("Done.");
        return EX_OK;
    }
    if (here || !is_desk_absent(context))
        return 0;
    const Settings *settings = cli_settings_or_default(context, NULL);
    g_clear_error(error);
    /* What systemd starts has the package's configuration. */
    g_autofree char *config = cli_new_config_path(context);
    cli_say(context,
            "exitdesk: the desk does not run: nobody listens at %s\n"
            "  Start it: %s%s. Or write without it: --offline\n",
            settings->control,
            config ? "exitdeskd -C " : "systemctl start exitdeskd",
            config ? config : "");
    return EX_UNAVAILABLE;
}

int desk_ask(CliContext *context, ControlKind kind, const char *subject,
             const char *note, DeskOffline *offline, GError **error)
{
    g_autofree char *text = NULL;
    int status =
        desk_ask_text(context, kind, subject, note, offline, &text, error);
    if (text)
        deed_print(context, true, text);
    return status;
}

int desk_decide(CliContext *context, ControlKind kind, DeskOffline *offline,
                GError **error)
{
    g_autofree char *id = NULL;
    if (cli_arg(context, 0)) {
        id = case_id_typed(context, cli_arg(context, 0), error);
        if (!id)
            return 0;
    }
    return desk_ask(context, kind, id, cli_flag(context, "note"), offline,
                    error);
}
