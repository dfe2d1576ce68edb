#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/draftlook.h"
#include "cli/memberlook.h"

#include "base/control_wire.h"
#include "base/errors.h"
#include "cli/desk.h"
#include "intake/trusting.h"
#include "store/cases.h"
#include "store/versions.h"

#include <stdio.h>
#include <string.h>

/* Did only the server's "observe" keep it from leaving by itself? The rules
 * behind that one, as they stand in the gate's table, matched not. */
static bool would_leave(Store *store, const Draft *draft)
{
    g_autoptr(Case) found = store_case(store, draft->case_id, NULL);
    return found && g_strcmp0(found->row->rule, "D01b") == 0 &&
           !strstr(found->decision_json, "\"D01c\"") &&
           !strstr(found->decision_json, "\"D01d\"");
}

static int run_draft_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {">age", "case",    "state", "member",
                                           "to",   "subject", NULL};
    static const char *const STATES[] = {"waiting", "approved", "stopped",
                                         "sent", NULL};
    const char *asked;
    if (!cli_flag_choice(context, "state", STATES, &asked, error))
        return 0;
    Store *store = cli_store(context, error);
    bool is_all = asked || cli_flag(context, "all");
    const char *state = is_all ? asked : "waiting";
    g_autoptr(GPtrArray) drafts =
        store ? store_drafts(store, state, cli_flag(context, "member"), error)
              : NULL;
    if (!drafts ||
        (drafts->len == 0 &&
         !member_is_there(context, cli_flag(context, "member"), error)))
        return 0;
    Instant now = cli_now(context);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < drafts->len; i++) {
        const Draft *draft = drafts->pdata[i];
        if (cli_flag(context, "would-leave") && !would_leave(store, draft))
            continue;
        if (cli_wants_json(context)) {
            Json json;
            json_init(&json);
            json_object(&json);
            draft_put_json(&json, draft);
            json_end_object(&json);
            cli_print_json(&json);
            continue;
        }
        g_autofree char *age = age_new_text(draft->made, now);
        TABLE_ADD(table, age, draft->case_id, draft->state, draft->member,
                  draft->to, draft->subject);
    }
    if (cli_wants_json(context))
        return 0;
    if (table_count(table) > 0)
        table_print(table);
    else
        cli_say(context, is_all || cli_flag(context, "would-leave") ||
                                 cli_flag(context, "member")
                             ? "No such letters.\n"
                             : "No letter waits for a yes.\n");
    return 0;
}

static const CommandFlag LIST_FLAGS[] = {
    {"all", NULL, "decided ones too"},
    {"state", "STATE", "waiting, approved, stopped or sent"},
    {"member", "ID", "only this member's"},
    {"would-leave", NULL, "only those that \"observe\" alone kept back"},
    FLAG_NOW,
    {0},
};

const Command command_draft_list = {
    .noun = "draft",
    .verb = "list",
    .summary = "letters that wait for a yes",
    .examples = "exitdesk draft list\n"
                "exitdesk draft list --all --member bib-musterstadt",
    .about = "The oldest first.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_draft_list,
};

/* ---- draft approve, draft stop ------------------------------------------ */

static bool approve_offline(CliContext *context, Store *store, const char *id,
                            char **text, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    g_auto(GStrv) words = g_strsplit(id, " ", 2);
    guint version;
    return trusting_read_version(words[0], &version, error) &&
           store_expect_version(store, words[0], version, error) &&
           trusting_approve(store, settings, words[0], cli_flag(context, "as"),
                            cli_user(), cli_flag(context, "note"),
                            cli_now(context), text, error);
}

static bool stop_offline(CliContext *context, Store *store, const char *id,
                         char **text, GError **error)
{
    if (!store_stop_draft(store, id, cli_user(), cli_flag(context, "note"),
                          cli_now(context), error))
        return false;
    *text = g_strdup_printf("Stopped. Nothing is sent for %s.", id);
    return true;
}

static int run_draft_approve(CliContext *context, GError **error)
{
    const char *as = cli_flag(context, "as");
    const char *version = cli_flag(context, "version");
    g_autofree char *id = case_id_typed(context, cli_arg(context, 0), error);
    if (!id)
        return 0;
    g_autofree char *subject =
        g_strdup_printf("%s%s%s%s%s", id, version ? "/" : "",
                        version ? version : "", as ? " " : "", as ? as : "");
    return desk_ask(context, CONTROL_APPROVE, subject,
                    cli_flag(context, "note"), approve_offline, error);
}

static int run_draft_stop(CliContext *context, GError **error)
{
    return desk_decide(context, CONTROL_STOP, stop_offline, error);
}

static const CommandFlag APPROVE_FLAGS[] = {
    {"version", "N", "the one that was read; needed for a changed letter"},
    {"as", "NAME", "who says yes, if not the login; for members with a mentor"},
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

static const CommandFlag DECIDE_FLAGS[] = {
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_draft_approve = {
    .noun = "draft",
    .verb = "approve",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "say yes: the letter leaves after the send delay",
    .examples = "exitdesk draft approve UA-2026-00142-K\n"
                "exitdesk draft approve 2026-142-k --note \"phoned with Ms "
                "Beispiel\"\n"
                "exitdesk draft approve UA-2026-00142-K --version 2",
    .about = "The letter leaves unchanged after send.delay, in which \"draft "
             "stop\" still holds\nit back. Your login name goes into the "
             "record. A letter that a person changed is\napproved by its "
             "version: if somebody changed it since, the answer is no.",
    .flags = APPROVE_FLAGS,
    .has_json = true,
    .run = run_draft_approve,
};

const Command command_draft_stop = {
    .noun = "draft",
    .verb = "stop",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "say no, also to a letter whose delay still runs",
    .examples = "exitdesk draft stop UA-2026-00142-K\n"
                "exitdesk draft stop UA-2026-00142-K --note \"wrong member\"",
    .about = "The case goes back to staff. Once a letter is handed over it is "
             "too late; the\nanswer then says when it went out.",
    .flags = DECIDE_FLAGS,
    .has_json = true,
    .run = run_draft_stop,
};
