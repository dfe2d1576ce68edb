/* member notices, acknowledge: changes of members' relays that wait. */
#include "cli/commands_list.h"
#include "cli/desk.h"
#include "cli/memberlook.h"
#include "cli/typed.h"
#include "intake/noticing.h"

#include <string.h>

/* ---- notices ------------------------------------------------------------ */

static void print_json(const NoticeRow *row)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_number(&json, "number", row->number);
    json_put_text(&json, "member", row->member);
    json_put_text(&json, "kind", row->kind);
    json_put_text(&json, "relay", row->relay);
    json_put_text(&json, "what", row->what);
    json_put_bool(&json, "holds", row->holds);
    json_put_instant(&json, "noticed", row->noticed);
    json_put_instant(&json, "as_of", row->as_of);
    json_put_instant(&json, "settled", row->settled);
    json_put_text(&json, "settled_by", row->settled_by);
    json_put_text(&json, "note", row->note);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_row(const NoticeRow *row)
{
    char as_of[INSTANT_TEXT_MAX], settled[INSTANT_TEXT_MAX];
    cli_print("%" G_GINT64_FORMAT "  %s  %s%s%s\n", row->number, row->member,
              row->kind, row->relay ? "  " : "", row->relay ? row->relay : "");
    cli_print("    %s (consensus of %.16s)\n", row->what,
              instant_text(row->as_of, as_of));
    if (row->settled != INSTANT_NONE)
        cli_print("    looked at by %s, %.16s%s%s\n", row->settled_by,
                  instant_text(row->settled, settled), row->note ? ": " : "",
                  row->note ? row->note : "");
    else if (row->holds)
        cli_print("    its automatic letters are held\n");
}

static void print_thresholds(void)
{
    guint value;
    const char *why, *name;
    cli_print("kinds:\n");
    for (guint i = 0; i < NOTICE_KINDS; i++)
        cli_print("  %-20s %s%s\n", notice_kind_word((NoticeKind)i),
                  notice_kind_meaning((NoticeKind)i),
                  notice_kind_holds((NoticeKind)i) ? " (holds letters)" : "");
    cli_print("implausible from:\n");
    for (guint i = 0; (name = watch_threshold(i, &value, &why)); i++)
        cli_print("  %-20s %3u  %s\n", name, value, why);
}

static int run_member_notices(CliContext *context, GError **error)
{
    if (cli_flag(context, "kinds") && cli_wants_json(context)) {
        cli_usage_error(error, "--kinds explains words to people, not as "
                               "JSON");
        return 0;
    }
    if (cli_flag(context, "kinds")) {
        print_thresholds();
        return 0;
    }
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) rows =
        store ? store_notices(store, cli_arg(context, 0),
                              cli_flag(context, "all") != NULL, error)
              : NULL;
    if (!rows || (rows->len == 0 &&
                  !member_is_there(context, cli_arg(context, 0), error)))
        return 0;
    for (guint i = 0; i < rows->len; i++) {
        if (cli_wants_json(context))
            print_json(rows->pdata[i]);
        else
            print_row(rows->pdata[i]);
    }
    if (rows->len == 0)
        cli_say(context, "No change of a member's relays waits.\n");
    else if (!cli_wants_json(context))
        cli_say(context, "\nAsk the member, change members.d/ID.yaml if it "
                         "says so, then: exitdesk member acknowledge ID\n");
    return rows->len ? 0 : EXIT_NO;
}

static const CommandFlag NOTICES_FLAGS[] = {
    {"all", NULL, "also those that somebody has looked at"},
    {"kinds", NULL, "what the kinds mean, and from when a change holds"},
    {0},
};

const Command command_member_notices = {
    .noun = "member",
    .verb = "notices",
    .args = "[ID]",
    .max_args = 1,
    .summary = "changes of members' relays that wait for a person",
    .examples = "exitdesk member notices\n"
                "exitdesk member notices --kinds",
    .about =
        "After each relay update the desk compares members' relays with how "
        "they were:\nrelatives that came or went, relays that are gone or "
        "moved, contacts that changed,\nproofs that ended, strangers on their "
        "addresses. Nothing of it changes who is a\nmember. What no operator "
        "does in one step holds the member's automatic letters\nuntil "
        "\"member acknowledge\". Exit status 1: nothing waits.",
    .flags = NOTICES_FLAGS,
    .has_json = true,
    .run = run_member_notices,
};

/* ---- acknowledge -------------------------------------------------------- */

static bool acknowledge_offline(CliContext *context, Store *store,
                                const char *id, char **text, GError **error)
{
    return noticing_acknowledge(store, id, cli_user(),
                                cli_flag(context, "note"), cli_now(context),
                                text, error);
}

static int run_member_acknowledge(CliContext *context, GError **error)
{
    const char *id = cli_arg(context, 0), *number = cli_arg(context, 1);
    const Settings *settings = cli_settings(context, error);
    int64_t typed;
    if (!settings || !member_typed(settings, id, error) ||
        (number && !number_typed(number, &typed, error)))
        return 0;
    g_autofree char *subject =
        g_strdup_printf("%s%s%s", id, number ? " " : "", number ? number : "");
    return desk_ask(context, CONTROL_ACKNOWLEDGE, subject,
                    cli_flag(context, "note"), acknowledge_offline, error);
}

static const CommandFlag ACKNOWLEDGE_FLAGS[] = {
    {"note", "TEXT", "what the member said, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_member_acknowledge = {
    .noun = "member",
    .verb = "acknowledge",
    .args = "ID [NUMBER]",
    .min_args = 1,
    .max_args = 2,
    .summary = "somebody has looked at the changes of a member's relays",
    .examples = "exitdesk member acknowledge bib-musterstadt --note \"moved "
                "to a new hoster, said A. Beispiel\"",
    .about = "All that wait for the member, or the one with that number. Who "
             "looked is kept in\nthe record. Letters that were held leave no "
             "more by themselves: they wait as drafts;\nlater ones are "
             "automatic again.",
    .flags = ACKNOWLEDGE_FLAGS,
    .has_json = true,
    .run = run_member_acknowledge,
};
