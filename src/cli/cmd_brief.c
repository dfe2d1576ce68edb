/* "exitdesk case brief": the page of briefing.h for a case that is filed. */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/reread.h"
#include "intake/briefing.h"

static void print_json(const CaseRow *row, const char *page)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "case", row->case_id);
    json_put_text(&json, "member", row->member);
    json_put_text(&json, "text", page);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_case_brief(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    Store *store = settings ? cli_store(context, error) : NULL;
    g_autofree char *id =
        store ? case_id_typed(context, cli_arg(context, 0), error) : NULL;
    g_autoptr(Case) found = id ? store_case(store, id, error) : NULL;
    g_autoptr(Policies) policies =
        found ? policies_load(
                    (const char *const *)settings->policy_directories->pdata,
                    error)
              : NULL;
    g_autoptr(Delivery) delivery =
        policies ? store_delivery(store, found->row->inbox_id, error) : NULL;
    g_auto(MemberSigns) signs = {0};
    if (!delivery || !member_signs_open(settings, &signs, error))
        return 0;
    g_autoptr(Judgement) judgement =
        reread_case(settings, signs.history, delivery, error);
    if (!judgement)
        return 0;
    const BriefingQuestion question = {
        .settings = settings,
        .policies = policies,
        .history = signs.history,
        .people = signs.people,
        .case_id = found->row->case_id,
        .state = found->row->state,
        .record = found->record,
        .received = found->row->received,
        .judgement = judgement,
        .judged = judgement_ticket(judgement, found->row->member),
    };
    g_autofree char *page = briefing_new(&question, error);
    if (page && cli_wants_json(context))
        print_json(found->row, page);
    else if (page)
        cli_print("%s", page);
    return 0;
}

const Command command_case_brief = {
    .noun = "case",
    .verb = "brief",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "one page for the member when an authority or lawyer writes",
    .examples = "exitdesk case brief UA-2026-00142-K",
    .about = "What came and from whom it claims to be, what is asked and by "
             "when, what the public\nrecord shows and how to prove it, what "
             "was answered, the country's steps, whom to call\n"
             "(policies/lawyers), what not to do. The mail is read again. "
             "Nothing of it goes into\na letter.",
    .has_json = true,
    .run = run_case_brief,
};
