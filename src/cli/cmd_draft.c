#include "cli/caselook.h"
#include "cli/commands_list.h"

#include "base/control_wire.h"
#include "base/errors.h"
#include "base/log.h"
#include "cli/desk.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "trusting.h"

#include <stdio.h>
#include <string.h>

static void put_draft(Json *json, const Draft *draft)
{
    json_put_text(json, "case", draft->case_id);
    json_put_text(json, "member", draft->member);
    json_put_text(json, "state", draft->state);
    json_put_text(json, "to", draft->to);
    json_put_text(json, "subject", draft->subject);
    json_put_text(json, "template", draft->template_id);
    json_put_text(json, "template_version", draft->template_version);
    json_put_instant(json, "made", draft->made);
    json_put_instant(json, "decided", draft->decided);
    json_put_text(json, "decided_by", draft->decided_by);
    json_put_text(json, "note", draft->note);
    json_put_instant(json, "send_at", draft->send_at);
}

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
    Store *store = cli_store(context, error);
    const char *state = cli_flag(context, "state");
    if (!state)
        state = cli_flag(context, "all") ? NULL : "waiting";
    g_autoptr(GPtrArray) drafts =
        store ? store_drafts(store, state, cli_flag(context, "member"), error)
              : NULL;
    if (!drafts)
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
            put_draft(&json, draft);
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
        cli_say(context, "No letter waits for a yes.\n");
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

/* ---- draft show --------------------------------------------------------- */

static void print_draft_json(const Draft *draft)
{
    Json json;
    json_init(&json);
    json_object(&json);
    put_draft(&json, draft);
    json_put_text(&json, "text", draft->text);
    json_key(&json, "claims");
    if (draft->claims_json && *draft->claims_json)
        json_kept(&json, draft->claims_json);
    else
        json_null(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

/* The letter line by line: our own words, but with values from outside. */
static void print_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *line = g_strdup(lines[i]);
        g_strchomp(line);
        g_autofree char *safe = foreign_text(line, 1000);
        cli_print("  %s\n", safe);
    }
}

static void print_draft(const Draft *draft)
{
    char at[INSTANT_TEXT_MAX];
    cli_print("%s  %s, made %s\n", draft->case_id, draft->state,
              instant_text(draft->made, at));
    g_autofree char *to = foreign_text(draft->to ? draft->to : "nobody", 300);
    g_autofree char *subject =
        foreign_text(draft->subject ? draft->subject : "", 300);
    cli_print("to        %s\nsubject   %s\ntemplate  %s, version %s\n", to,
              subject, draft->template_id, draft->template_version);
    if (draft->decided_by)
        cli_print("decided   by %s at %s%s%s\n", draft->decided_by,
                  instant_text(draft->decided, at), draft->note ? ": " : "",
                  draft->note ? draft->note : "");
    if (draft->claims_json)
        cli_print("claims    %s\n", draft->claims_json);
    cli_print("\n");
    print_text(draft->text ? draft->text : "");
}

static Draft *find_draft(CliContext *context, GError **error)
{
    Store *store = cli_store(context, error);
    g_autofree char *id =
        store ? case_id_typed(context, cli_arg(context, 0), error) : NULL;
    return id ? store_draft(store, id, error) : NULL;
}

static void print_raw(const Draft *draft)
{
    gsize length;
    const void *bytes = g_bytes_get_data(draft->bytes, &length);
    fwrite(bytes, 1, length, stdout);
}

static void print_draft_with_next(CliContext *context, const Draft *draft)
{
    print_draft(draft);
    if (g_strcmp0(draft->state, "waiting") == 0)
        cli_say(context,
                "\nNext: exitdesk draft approve %s, or exitdesk "
                "draft stop %s\n",
                draft->case_id, draft->case_id);
}

static int run_draft_show(CliContext *context, GError **error)
{
    Draft *draft = find_draft(context, error);
    if (!draft)
        return 0;
    if (cli_wants_json(context))
        print_draft_json(draft);
    else if (cli_flag(context, "raw"))
        print_raw(draft);
    else
        print_draft_with_next(context, draft);
    draft_free(draft);
    return 0;
}

static const CommandFlag SHOW_FLAGS[] = {
    {"raw", NULL, "the exact bytes that are sent"},
    {0},
};

const Command command_draft_show = {
    .noun = "draft",
    .verb = "show",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "a letter as it would be sent, and what it rests on",
    .examples = "exitdesk draft show UA-2026-00142-K\n"
                "exitdesk draft show UA-2026-00142-K --raw > letter.eml",
    .about = "ID is a case id. Each claim of the letter is shown with what "
             "proves it.",
    .flags = SHOW_FLAGS,
    .has_json = true,
    .run = run_draft_show,
};

/* ---- draft approve, draft stop ------------------------------------------ */

static bool approve_offline(CliContext *context, Store *store, const char *id,
                            char **text, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    g_auto(GStrv) words = g_strsplit(id, " ", 2);
    return trusting_approve(store, settings, words[0], cli_flag(context, "as"),
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
    g_autofree char *id = case_id_typed(context, cli_arg(context, 0), error);
    if (!id)
        return 0;
    g_autofree char *subject =
        as ? g_strdup_printf("%s %s", id, as) : g_strdup(id);
    return desk_ask(context, CONTROL_APPROVE, subject,
                    cli_flag(context, "note"), approve_offline, error);
}

static int run_draft_stop(CliContext *context, GError **error)
{
    return desk_decide(context, CONTROL_STOP, stop_offline, error);
}

static const CommandFlag APPROVE_FLAGS[] = {
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
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "say yes: the letter leaves after the send delay",
    .examples = "exitdesk draft approve UA-2026-00142-K\n"
                "exitdesk draft approve 2026-142-k --note \"phoned with Ms "
                "Beispiel\"",
    .about = "The letter leaves unchanged after send.delay, in which \"draft "
             "stop\" still holds\nit back. Your login name goes into the "
             "record.",
    .flags = APPROVE_FLAGS,
    .run = run_draft_approve,
};

const Command command_draft_stop = {
    .noun = "draft",
    .verb = "stop",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "say no, also to a letter whose delay still runs",
    .examples = "exitdesk draft stop UA-2026-00142-K\n"
                "exitdesk draft stop UA-2026-00142-K --note \"wrong member\"",
    .about = "The case goes back to staff. Once a letter is handed over it is "
             "too late; the\nanswer then says when it went out.",
    .flags = DECIDE_FLAGS,
    .run = run_draft_stop,
};
