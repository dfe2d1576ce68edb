/* alert list, acknowledge: what people were told of at once. */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/desk.h"

#include "intake/alerting.h"

#define LIST_MAX 200

/* ---- list ---------------------------------------------------------------- */

static void print_json(const Alert *alert)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "case", alert->case_id);
    json_put_text(&json, "kind", alert->kind);
    json_put_instant(&json, "made", alert->made);
    json_put_instant(&json, "told", alert->told);
    json_put_instant(&json, "told_last", alert->told_last);
    json_put_number(&json, "rounds", alert->rounds);
    json_put_instant(&json, "taken", alert->taken);
    json_put_text(&json, "taken_by", alert->taken_by);
    json_put_text(&json, "login", alert->login);
    json_end_object(&json);
    cli_print_json(&json);
}

static void add_row(Table *table, const Alert *alert)
{
    char made[INSTANT_TEXT_MAX], told[INSTANT_TEXT_MAX];
    g_autofree char *rounds = g_strdup_printf("%u", alert->rounds);
    instant_text(alert->made, made);
    made[16] = 0;
    instant_text(alert->told_last, told);
    told[16] = 0; /* minutes are enough in a list */
    TABLE_ADD(table, alert->case_id, made, alerting_meaning(alert->kind),
              alert->told_last != INSTANT_NONE ? told : "nobody", rounds,
              alert->taken != INSTANT_NONE ? alert->taken_by : "-");
}

static int run_alert_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "case", "since", "what", "told", "> times", "taken on by", NULL};
    Store *store = cli_store(context, error);
    bool all = cli_flag(context, "all") != NULL;
    g_autoptr(GPtrArray) alerts =
        store ? store_alerts(store, all ? ALERTS_ALL : ALERTS_OPEN, LIST_MAX,
                             error)
              : NULL;
    if (!alerts)
        return 0;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < alerts->len; i++) {
        if (cli_wants_json(context))
            print_json(alerts->pdata[i]);
        else
            add_row(table, alerts->pdata[i]);
    }
    if (table_count(table) > 0)
        table_print(table);
    if (alerts->len == 0)
        cli_say(context, "No alert waits for anybody.\n");
    else if (!cli_wants_json(context))
        cli_say(context, "\nNext: exitdesk case brief CASE, exitdesk alert "
                         "acknowledge CASE --by WHO\n");
    return alerts->len > 0 ? 0 : EXIT_NO;
}

static const CommandFlag LIST_FLAGS[] = {
    {"all", NULL, "also those that somebody took on"},
    {0},
};

const Command command_alert_list = {
    .noun = "alert",
    .verb = "list",
    .summary = "matters that people were told of at once",
    .examples = "exitdesk alert list\n"
                "exitdesk alert list --all --json",
    .about =
        "When an authority, a court, a lawyer, a threat or abuse of children "
        "comes in, no\nprogram answers: the people of alerts.people get a "
        "mail, two at first, one more\neach time, until somebody takes it "
        "on. Exit status 1: nothing waits.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_alert_list,
};

/* ---- acknowledge --------------------------------------------------------- */

static bool take_offline(CliContext *context, Store *store, const char *id,
                         char **text, GError **error)
{
    return alerting_take(store, id, cli_flag(context, "by"), cli_user(),
                         cli_now(context), text, error);
}

static int run_alert_acknowledge(CliContext *context, GError **error)
{
    const char *typed = cli_arg(context, 0), *by = cli_flag(context, "by");
    if (!by || !*by) {
        cli_usage_error(error, "--by WHO is needed: who takes it on");
        return 0;
    }
    g_autofree char *id = g_str_equal(typed, "all")
                              ? g_strdup(typed)
                              : case_id_typed(context, typed, error);
    return id ? desk_ask(context, CONTROL_TAKE, id, by, take_offline, error)
              : 0;
}

static const CommandFlag ACKNOWLEDGE_FLAGS[] = {
    {"by", "WHO", "who takes it on, for the record; must be given"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_alert_acknowledge = {
    .noun = "alert",
    .verb = "acknowledge",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "take a matter on, so that nobody is told of it again",
    .examples = "exitdesk alert acknowledge UA-2026-00142-K --by \"A. "
                "Beispiel\"",
    .about = "CASE is a case id, or \"all\" for all that wait. Who took it on "
             "is kept in the record\nof the case, with the login name. The "
             "case itself still waits in \"exitdesk todo\".",
    .flags = ACKNOWLEDGE_FLAGS,
    .has_json = true,
    .run = run_alert_acknowledge,
};
