/* remedy list, show, agree, withdraw, look, torrc: exits that members agreed
 * to close to a destination. */
#include "cli/commands_list.h"
#include "cli/desk.h"
#include "cli/memberlook.h"
#include "cli/remedyask.h"
#include "cli/reread.h"
#include "cli/typed.h"
#include "intake/remedying.h"

#include "base/files.h"

#include <string.h>

/* ---- doing --------------------------------------------------------------- */

static bool do_order(CliContext *context, Store *store, const char *order,
                     const char *note, char **text, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    g_autoptr(History) history = NULL;
    if (!settings || !reread_open_history(settings, &history, error))
        return false;
    const Desk desk = {.settings = settings, .history = history};
    return remedying_do(&desk, store, order, note, cli_user(), cli_now(context),
                        text, error);
}

bool remedy_do_offline(CliContext *context, Store *store, const char *order,
                       char **text, GError **error)
{
    return do_order(context, store, order, cli_flag(context, "note"), text,
                    error);
}

static bool look_offline(CliContext *context, Store *store, const char *order,
                         char **text, GError **error)
{
    return do_order(context, store, order, NULL, text, error);
}

static int ask(CliContext *context, const char *verb, const char *by,
               GError **error)
{
    int64_t number;
    if (!number_typed(cli_arg(context, 0), &number, error))
        return 0;
    const RemedyOrder order = {.verb = (char *)verb,
                               .id = (char *)cli_arg(context, 0),
                               .by = (char *)by};
    g_autofree char *text = remedy_order_new_text(&order);
    return desk_ask(context, CONTROL_REMEDY, text, cli_flag(context, "note"),
                    remedy_do_offline, error);
}

static int run_agree(CliContext *context, GError **error)
{
    const char *by = cli_flag(context, "by");
    if (!by) {
        cli_usage_error(error, "say who of the member agreed: --by WHO");
        return 0;
    }
    return ask(context, "agree", by, error);
}

static int run_withdraw(CliContext *context, GError **error)
{
    return ask(context, "withdraw", NULL, error);
}

static int run_look(CliContext *context, GError **error)
{
    const RemedyOrder order = {.verb = (char *)"look"};
    g_autofree char *text = remedy_order_new_text(&order);
    return desk_ask(context, CONTROL_REMEDY, text, NULL, look_offline, error);
}

/* ---- telling ------------------------------------------------------------- */

static void print_relay(const RemedyRelay *relay)
{
    char when[INSTANT_TEXT_MAX];
    cli_print("  relay      %s  %s (%s)\n", relay->fingerprint, relay->view,
              relay->rule);
    if (relay->since != INSTANT_NONE)
        cli_print("             since the consensus of %.16s\n",
                  instant_text(relay->since, when));
    if (relay->document)
        cli_print("             descriptor of %.16s, sha256 %s\n",
                  instant_text(relay->document->when, when),
                  relay->document->sha256);
}

static void print_row(const RemedyRow *row)
{
    char when[INSTANT_TEXT_MAX];
    g_autofree char *line = remedy_target_new_line(&row->target);
    cli_print("remedy %" G_GINT64_FORMAT "  %s\n", row->number,
              remedy_state_word(row->state));
    cli_print("  case       %s\n  member     %s\n  line       %s\n",
              row->case_id, row->member, line);
    cli_print("  reason     %s\n  whose      %s\n", row->reason, row->owner);
    if (row->forced)
        cli_print("  in spite   %s\n", row->forced);
    cli_print("  proposed   %.16s by %s\n", instant_text(row->proposed, when),
              row->proposed_by);
    if (row->agreed_by)
        cli_print("  agreed     %.16s by %s\n", instant_text(row->agreed, when),
                  row->agreed_by);
    cli_print("  until      %.16s\n", instant_text(row->expires, when));
    if (row->ended_by)
        cli_print("  ended      %.16s by %s\n", instant_text(row->ended, when),
                  row->ended_by);
    if (row->note)
        cli_print("  note       %s\n", row->note);
    if (row->letter || row->letter_why)
        cli_print("  letter     %s\n", row->letter
                                           ? "written, see exitdesk draft show"
                                           : row->letter_why);
    for (guint i = 0; i < row->relays->len; i++)
        print_relay(row->relays->pdata[i]);
}

static void put_relay(Json *json, const RemedyRelay *relay)
{
    const RelayDocument *document = relay->document;
    json_object(json);
    json_put_text(json, "relay", relay->fingerprint);
    json_put_text(json, "view", relay->view);
    json_put_text(json, "rule", relay->rule);
    json_put_bool(json, "is_own_line", relay->is_own_line);
    json_put_instant(json, "consensus", relay->consensus);
    json_put_instant(json, "since", relay->since);
    json_put_text(json, "descriptor", document ? document->sha256 : NULL);
    json_put_instant(json, "descriptor_of",
                     document ? document->when : INSTANT_NONE);
    json_end_object(json);
}

static void print_json(const RemedyRow *row)
{
    g_autofree char *line = remedy_target_new_line(&row->target);
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_number(&json, "number", row->number);
    json_put_text(&json, "case", row->case_id);
    json_put_text(&json, "member", row->member);
    json_put_text(&json, "state", remedy_state_word(row->state));
    json_put_text(&json, "destination", row->destination);
    json_put_text(&json, "ports", row->ports);
    json_put_text(&json, "line", line);
    json_put_text(&json, "reason", row->reason);
    json_put_text(&json, "owner", row->owner);
    json_put_text(&json, "forced", row->forced);
    json_put_instant(&json, "proposed", row->proposed);
    json_put_text(&json, "proposed_by", row->proposed_by);
    json_put_instant(&json, "agreed", row->agreed);
    json_put_text(&json, "agreed_by", row->agreed_by);
    json_put_instant(&json, "expires", row->expires);
    json_put_instant(&json, "ended", row->ended);
    json_put_text(&json, "ended_by", row->ended_by);
    json_put_text(&json, "note", row->note);
    json_put_bool(&json, "has_letter", row->letter != 0);
    json_put_text(&json, "letter_why", row->letter_why);
    json_key(&json, "relays");
    json_array(&json);
    for (guint i = 0; i < row->relays->len; i++)
        put_relay(&json, row->relays->pdata[i]);
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

/* "2 of 3": relays that are closed to it. */
static char *closed_text(const RemedyRow *row)
{
    guint closed = 0;
    const char *word = remedy_view_word(REMEDY_CLOSED);
    for (guint i = 0; i < row->relays->len; i++)
        closed +=
            g_str_equal(((RemedyRelay *)row->relays->pdata[i])->view, word);
    return row->relays->len
               ? g_strdup_printf("%u of %u", closed, row->relays->len)
               : NULL;
}

static int run_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"remedy", "state", "member", "case",
                                           "closes", "until", "closed", NULL};
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) rows =
        store ? store_remedies(store, cli_arg(context, 0),
                               cli_flag(context, "all") != NULL, error)
              : NULL;
    if (!rows || (rows->len == 0 &&
                  !member_is_there(context, cli_arg(context, 0), error)))
        return 0;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < rows->len; i++) {
        const RemedyRow *row = rows->pdata[i];
        if (cli_wants_json(context)) {
            print_json(row);
            continue;
        }
        char number[24], until[INSTANT_TEXT_MAX];
        g_autofree char *target = remedy_target_new_text(&row->target);
        g_autofree char *closed = closed_text(row);
        g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, row->number);
        instant_text(row->expires, until);
        until[strlen("2026-05-03")] = '\0';
        TABLE_ADD(table, number, remedy_state_word(row->state), row->member,
                  row->case_id, target, until, closed);
    }
    if (rows->len == 0)
        cli_say(context, "There is no remedy.\n");
    else if (!cli_wants_json(context))
        table_print(table);
    return rows->len ? 0 : EXIT_NO;
}

static int run_show(CliContext *context, GError **error)
{
    int64_t number;
    Store *store = number_typed(cli_arg(context, 0), &number, error)
                       ? cli_store(context, error)
                       : NULL;
    g_autoptr(RemedyRow) row =
        store ? store_remedy(store, number, error) : NULL;
    if (row)
        (cli_wants_json(context) ? print_json : print_row)(row);
    return 0;
}

static void print_torrc_json(const Member *member, const char *path,
                             const char *text)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "member", member->id);
    json_put_text(&json, "file", path);
    json_put_text(&json, "text", text);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_torrc(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    const Member *member =
        settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
    Store *store = member ? cli_store(context, error) : NULL;
    g_autoptr(History) history = NULL;
    if (!store || !reread_open_history(settings, &history, error))
        return 0;
    g_autoptr(GPtrArray) rows = store_remedies(store, member->id, false, error);
    if (!rows)
        return 0;
    const Desk desk = {.settings = settings, .history = history};
    g_autofree char *text =
        remedying_torrc(&desk, member, rows, cli_now(context));
    const char *path = cli_flag(context, "out");
    if (path && !file_replace(path, text, strlen(text), 0644, error))
        return 0;
    if (cli_wants_json(context))
        print_torrc_json(member, path, text);
    else if (path)
        cli_say(context, "Written to %s.\n", path);
    else
        cli_print("%s", text);
    return 0;
}

/* ---- the commands -------------------------------------------------------- */

static const CommandFlag LIST_FLAGS[] = {
    {"all", NULL, "also those that are removed"}, {0}};

const Command command_remedy_list = {
    .noun = "remedy",
    .verb = "list",
    .args = "[MEMBER]",
    .max_args = 1,
    .summary = "destinations that members' exits are to be closed to",
    .examples = "exitdesk remedy list\n"
                "exitdesk remedy list bib-musterstadt --all",
    .about = "\"closed\" counts the member's relays that the newest record "
             "shows closed to it.\nExit status 1: there is none.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_list,
};

const Command command_remedy_show = {
    .noun = "remedy",
    .verb = "show",
    .args = "NUMBER",
    .min_args = 1,
    .max_args = 1,
    .summary = "one remedy, and how the record shows each relay",
    .examples = "exitdesk remedy show 3",
    .about = "With the rule that decides, since which consensus, and the "
             "descriptor that shows it.",
    .has_json = true,
    .run = run_show,
};

static const CommandFlag TORRC_FLAGS[] = {
    {"out", "FILE", "write it there, whole or not at all"}, FLAG_NOW, {0}};

const Command command_remedy_torrc = {
    .noun = "remedy",
    .verb = "torrc",
    .args = "MEMBER",
    .min_args = 1,
    .max_args = 1,
    .summary = "the lines that a member agreed to, for its torrc",
    .examples = "exitdesk remedy torrc bib-musterstadt --out "
                "exitdesk-remedy.conf",
    .about = "One file for all its exits, to be included in front of every "
             "other ExitPolicy\nline. What has ended stands in it no more. The "
             "desk itself never touches a relay.",
    .flags = TORRC_FLAGS,
    .has_json = true,
    .run = run_torrc,
};

static const CommandFlag AGREE_FLAGS[] = {
    {"by", "WHO", "who of the member said yes"},
    {"note", "TEXT", "how it was said, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_remedy_agree = {
    .noun = "remedy",
    .verb = "agree",
    .args = "NUMBER",
    .min_args = 1,
    .max_args = 1,
    .summary = "the member said yes to a remedy",
    .examples =
        "exitdesk remedy agree 3 --by \"A. Beispiel\" --note \"by mail\"",
    .about = "Its line stands in \"remedy torrc\" from then on. Silence is no "
             "yes.",
    .flags = AGREE_FLAGS,
    .has_json = true,
    .run = run_agree,
};

static const CommandFlag WITHDRAW_FLAGS[] = {
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_remedy_withdraw = {
    .noun = "remedy",
    .verb = "withdraw",
    .args = "NUMBER",
    .min_args = 1,
    .max_args = 1,
    .summary = "end a remedy before its day",
    .examples = "exitdesk remedy withdraw 3 --note \"the site has moved\"",
    .about = "It is \"removed\" once no relay shows its line any more.",
    .flags = WITHDRAW_FLAGS,
    .has_json = true,
    .run = run_withdraw,
};

static const CommandFlag LOOK_FLAGS[] = {
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_remedy_look = {
    .noun = "remedy",
    .verb = "look",
    .summary = "see in the newest record which remedies hold, end the expired",
    .examples = "exitdesk remedy look",
    .about = "The desk does so after each relay update, and then drafts the "
             "letters that say\nwhat is closed. Installed is what the full "
             "policies of all the member's listed\nexits show closed; "
             "summaries and single IPv6 addresses cannot be seen.",
    .flags = LOOK_FLAGS,
    .has_json = true,
    .run = run_look,
};
