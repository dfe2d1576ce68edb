#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/deed.h"
#include "cli/desk.h"
#include "cli/remedyask.h"
#include "cli/reread.h"
#include "intake/remedying.h"

#include "base/errors.h"

/* What is proposed, as far as the case and the command line tell. */
typedef struct {
    RemedyOrder order;
    History *history;
    Judgement *judgement;
    const Member *member;
    char *found; /* how it is known whose the destination is, or why not */
} Plan;

static void plan_clear(Plan *plan)
{
    g_free(plan->found);
    remedy_order_clear(&plan->order);
    g_clear_pointer(&plan->judgement, judgement_free);
    g_clear_pointer(&plan->history, history_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

/* The case's mail and member. */
static bool read_case(CliContext *context, Plan *plan, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    Store *store = settings ? cli_store(context, error) : NULL;
    plan->order.id =
        store ? case_id_typed(context, cli_arg(context, 0), error) : NULL;
    g_autoptr(Case) found =
        plan->order.id ? store_case(store, plan->order.id, error) : NULL;
    g_autoptr(Delivery) delivery =
        found ? store_delivery(store, found->row->inbox_id, error) : NULL;
    if (!delivery || !reread_open_history(settings, &plan->history, error))
        return false;
    plan->member = found->row->member
                       ? members_by_id(settings->members, found->row->member)
                       : NULL;
    if (!plan->member) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                    "%s is no case of a member of ours", plan->order.id);
        return false;
    }
    plan->judgement = reread_case(settings, plan->history, delivery, error);
    return plan->judgement != NULL;
}

/* --to and --port, else what the case names. */
static bool choose_target(CliContext *context, Plan *plan, RemedyTarget *target,
                          GError **error)
{
    const JudgedTicket *judged =
        judgement_ticket(plan->judgement, plan->member->id);
    RemedyOrder *order = &plan->order;
    const char *to = cli_flag(context, "to"), *port = cli_flag(context, "port");
    g_autofree char *named = NULL, *ports = NULL;
    if (judged)
        remedying_target_of(plan->judgement, judged->ticket, &named, &ports);
    if (!to && !named)
        return cli_usage_error(error, "the case does not name one address that "
                                      "is harmed: say --to ADDRESS");
    bool is_named = named && (!to || g_str_equal(to, named));
    order->destination = g_strdup(to ? to : named);
    order->ports = g_strdup(port ? port : is_named ? ports : "*");
    return remedy_target_parse(order->destination, order->ports, target, error);
}

static bool choose_owner(CliContext *context, Plan *plan,
                         const RemedyTarget *target, GError **error)
{
    const char *said = cli_flag(context, "owner");
    const Settings *settings = cli_settings(context, error);
    g_autoptr(Whois) whois = whois_load(settings->relays.directory, error);
    bool is_shown;
    if (!whois)
        return false;
    plan->found = remedying_owner(plan->judgement, whois, target, &is_shown);
    plan->order.owner = g_strdup(said ? said : is_shown ? plan->found : NULL);
    return true;
}

static void print_plan(CliContext *context, const Plan *plan,
                       const RemedyTarget *target)
{
    const Desk desk = {.settings = cli_settings(context, NULL),
                       .history = plan->history};
    g_autofree char *line = remedy_target_new_line(target);
    g_autoptr(GPtrArray) warnings =
        remedying_warnings(&desk, plan->member, target);
    cli_print("member     %s\nline       %s\n", plan->member->id, line);
    for (guint i = 0; i < warnings->len; i++) {
        const RemedyWarning *warning = warnings->pdata[i];
        cli_print("%s  %s\n", warning->is_grave ? "GRAVE    " : "cost     ",
                  warning->text);
    }
    cli_print("whose      %s\n", plan->found);
}

/* told NULL: it was only asked what would be proposed. */
static void print_plan_json(CliContext *context, const Plan *plan,
                            const RemedyTarget *target, const char *told)
{
    const Desk desk = {.settings = cli_settings(context, NULL),
                       .history = plan->history};
    g_autofree char *line = remedy_target_new_line(target);
    g_autoptr(GPtrArray) warnings =
        remedying_warnings(&desk, plan->member, target);
    Json json;
    json_init(&json);
    json_object(&json);
    deed_put(&json, context, told != NULL, told);
    json_put_text(&json, "member", plan->member->id);
    json_put_text(&json, "destination", plan->order.destination);
    json_put_text(&json, "ports", plan->order.ports);
    json_put_text(&json, "line", line);
    json_put_text(&json, "whose", plan->found);
    json_key(&json, "costs");
    json_array(&json);
    for (guint i = 0; i < warnings->len; i++) {
        const RemedyWarning *warning = warnings->pdata[i];
        json_object(&json);
        json_put_text(&json, "text", warning->text);
        json_put_bool(&json, "is_grave", warning->is_grave);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

/* Put it to the desk; told is what it answered. */
static int propose(CliContext *context, Plan *plan, char **told, GError **error)
{
    plan->order.verb = g_strdup("propose");
    plan->order.days = g_strdup(cli_flag(context, "days"));
    plan->order.forced = g_strdup(cli_flag(context, "force"));
    plan->order.by = g_strdup(cli_flag(context, "by"));
    g_autofree char *order = remedy_order_new_text(&plan->order);
    return desk_ask_text(context, CONTROL_REMEDY, order,
                         cli_flag(context, "note"), remedy_do_offline, told,
                         error);
}

static int run_propose(CliContext *context, GError **error)
{
    g_auto(Plan) plan = {0};
    RemedyTarget target;
    if (!read_case(context, &plan, error) ||
        !choose_target(context, &plan, &target, error) ||
        !choose_owner(context, &plan, &target, error))
        return 0;
    if (!cli_wants_json(context))
        print_plan(context, &plan, &target);
    bool is_dry = cli_flag(context, "dry-run") != NULL;
    g_autofree char *told = NULL;
    int status = is_dry ? 0 : propose(context, &plan, &told, error);
    if (cli_wants_json(context) && (is_dry || told))
        print_plan_json(context, &plan, &target, told);
    else if (told)
        deed_print(context, true, told);
    return status;
}

static const CommandFlag PROPOSE_FLAGS[] = {
    {"to", "ADDRESS", "or network; if not given, the one that the case names"},
    {"port", "N", "or N-M, or * for every one; if not given, the case's"},
    {"days", "N", "how long it shall hold, at most 365 (90 if not given)"},
    {"owner", "HOW", "how it is known that the address is the complainant's"},
    {"force", "REASON", "in spite of a cost that is called grave"},
    {"by", "WHO", "who answers for that"},
    {"note", "TEXT", "why it is proposed, for the record"},
    {"dry-run", NULL, "only tell what would be proposed, and its cost"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_remedy_propose = {
    .noun = "remedy",
    .verb = "propose",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "propose to a member to close its exits to a destination",
    .examples = "exitdesk remedy propose UA-2026-00142-K --dry-run\n"
                "exitdesk remedy propose UA-2026-00142-K --to 198.51.100.7 "
                "--port 22 --owner \"phoned the number on its site\"",
    .about = "Only for members whose file has a statement \"remedy\" that "
             "holds. Anybody may ask to\nclose off an address that is not his: "
             "where the registry does not show whose it is,\na person must "
             "say how it is known. Whole networks, shared addresses and lines "
             "that\ncost the Exit flag need --force and --by. Nothing is "
             "closed by this: the member\nagrees, and puts the line into its "
             "torrc.",
    .flags = PROPOSE_FLAGS,
    .has_json = true,
    .run = run_propose,
};
