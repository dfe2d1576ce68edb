/*
 * "exitdesk template preview": a letter exactly as it would be composed, for
 * a made-up case or for one that is in the store.
 */
#include "cli/caselook.h"
#include "cli/commands_list.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/suggest.h"
#include "cli/reread.h"
#include "intake/joint.h"
#include "reply/sample.h"

#include <string.h>

#define PREVIEW_TOKEN "preview0preview0"

/* ---- printing --------------------------------------------------------- */

static const char *answer_word(ClaimAnswer answer)
{
    switch (answer) {
    case CLAIM_NO:
        return "no";
    case CLAIM_YES:
        return "yes";
    case CLAIM_UNKNOWN:
        return "unknown";
    }
    g_assert_not_reached();
}

static void print_reply_json(const Reply *reply)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "template", reply->template_id);
    json_put_text(&json, "version", reply->template_version);
    json_put_text(&json, "envelope_from", reply->envelope_from);
    json_put_text(&json, "to", reply->to);
    json_put_text(&json, "subject", reply->subject);
    json_put_text(&json, "text", reply->text);
    json_put_bool(&json, "claims_hold", reply_claims_hold(reply));
    json_key(&json, "claims");
    json_array(&json);
    for (guint i = 0; i < reply->claims->len; i++) {
        const Claim *claim = reply->claims->pdata[i];
        json_object(&json);
        json_put_text(&json, "claim", claim->name);
        json_put_text(&json, "answer", answer_word(claim->answer));
        json_put_text(&json, "exhibit", claim->exhibit);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_reply(const CliContext *context, const Reply *reply)
{
    if (cli_wants_json(context)) {
        print_reply_json(reply);
        return;
    }
    cli_print("To: %s\nSubject: %s\n\n%s\n", reply->to, reply->subject,
              reply->text);
    for (guint i = 0; i < reply->claims->len; i++) {
        const Claim *claim = reply->claims->pdata[i];
        cli_print("claim %s: %s%s%s\n", claim->name, answer_word(claim->answer),
                  *claim->exhibit ? ", " : "", claim->exhibit);
    }
    for (guint i = 0; i < reply->laws->len; i++) {
        const LawCandidate *law = reply->laws->pdata[i];
        cli_print("law %s: %s\n", law->id,
                  law->why_not ? law->why_not : "may be cited");
    }
}

/* ---- made-up cases ---------------------------------------------------- */

/* A kind of complaint that such a letter answers. */
static const char *category_of(const Template *template)
{
    return strstr(template_id(template), "/copyright")
               ? "copyright/p2p"
               : "connection/login_attack";
}

static Reply *compose_sample(const Policies *policies, const Template *template,
                             uint32_t branches, GError **error)
{
    g_autoptr(Sample) sample = sample_new(branches, category_of(template));
    sample->context.policies = policies;
    Reply *reply = reply_compose(template, &sample->context, error);
    if (!reply) {
        g_autofree char *title = sample_branch_title(branches);
        g_prefix_error(error, "%s: ", title);
    }
    return reply;
}

/* A letter of the desk itself names no member. */
static uint32_t speaker_of(const Template *template)
{
    return template_uses_word(template, "member.name") ? 0 : SAMPLE_DESK;
}

/* Every text that the letter can have, each once. */
static bool preview_all(const CliContext *context, const Policies *policies,
                        const Template *template, GError **error)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) all = sample_all_branches();
    uint32_t speaker = speaker_of(template);
    for (guint i = 0; i < all->len; i++) {
        uint32_t branches = g_array_index(all, uint32_t, i) | speaker;
        g_autoptr(Reply) reply =
            compose_sample(policies, template, branches, error);
        if (!reply)
            return false;
        if (!g_hash_table_add(seen, g_strdup(reply->text)))
            continue;
        g_autofree char *title = sample_branch_title(branches);
        if (!cli_wants_json(context))
            cli_print("%s==== %s ====\n\n",
                      g_hash_table_size(seen) > 1 ? "\n" : "", title);
        print_reply(context, reply);
    }
    return true;
}

static bool preview_samples(const CliContext *context, const Policies *policies,
                            const Template *template, GError **error)
{
    if (cli_flag(context, "all-branches"))
        return preview_all(context, policies, template, error);
    g_autoptr(Reply) reply = compose_sample(
        policies, template, SAMPLE_USUAL | speaker_of(template), error);
    if (!reply)
        return false;
    print_reply(context, reply);
    return true;
}

/* ---- a case of the store ---------------------------------------------- */

static Reply *compose_for(const Settings *settings, const Policies *policies,
                          const History *history, const Template *template,
                          const Judgement *judgement,
                          const JudgedTicket *judged, const CaseRow *row,
                          GError **error)
{
    g_autoptr(GBytes) no_key = g_bytes_new_static("preview", 7);
    const char *destination = judgement->authentication->destination;
    const char *at =
        settings->desk.address ? strchr(settings->desk.address, '@') : NULL;
    ReplyContext context = {
        .case_id = row->case_id,
        .member = judged->member,
        .findings = judgement->findings,
        .ticket = judged->ticket,
        .matches = (const Match *const *)judged->matches->pdata,
        .desk_name = settings->desk.name,
        .desk_address = settings->desk.address,
        .message_domain = at ? at + 1 : NULL,
        .bounce_address = settings->send.bounce,
        .strict = judgement->strict,
        .to = destination ? destination : judgement->strict->from,
        .now = row->received,
        .token = PREVIEW_TOKEN,
        .loop_key = no_key,
        .is_held = g_strcmp0(row->action, action_word(ACTION_SEND)) != 0,
        .quote = judgement->quote,
        .policies = policies,
        .history = history,
    };
    return reply_compose(template, &context, error);
}

static bool preview_case(CliContext *context, const Policies *policies,
                         const Template *template, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    Store *store = settings ? cli_store(context, error) : NULL;
    g_autofree char *id =
        store ? case_id_typed(context, cli_flag(context, "case"), error) : NULL;
    g_autoptr(Case) found = id ? store_case(store, id, error) : NULL;
    g_autoptr(Delivery) delivery =
        found ? store_delivery(store, found->row->inbox_id, error) : NULL;
    g_autoptr(History) history = NULL;
    if (!delivery || !reread_open_history(settings, &history, error))
        return false;
    g_autoptr(Judgement) judgement =
        reread_case(settings, history, delivery, error);
    if (!judgement)
        return false;
    joint_add(judgement);
    const JudgedTicket *judged =
        found->row->member ? judgement_ticket(judgement, found->row->member)
                           : joint_of(judgement);
    if (!judged) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "case %s is of no member: nobody to write for", id);
        return false;
    }
    g_autoptr(Reply) reply = compose_for(settings, policies, history, template,
                                         judgement, judged, found->row, error);
    if (!reply)
        return false;
    print_reply(context, reply);
    return true;
}

/* ---- the command ------------------------------------------------------ */

static const Template *find_template(const Templates *templates, const char *id,
                                     GError **error)
{
    const Template *template = templates_by_id(templates, id);
    if (template)
        return template;
    const GPtrArray *ids = templates_ids(templates);
    if (g_ptr_array_find_with_equal_func((GPtrArray *)ids, id, g_str_equal,
                                         NULL)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s cannot be used as it is. Why: exitdesk template lint "
                    "%s",
                    id, id);
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < ids->len; i++)
        g_ptr_array_add(names, ids->pdata[i]);
    g_ptr_array_add(names, NULL);
    const char *meant = suggest_word(id, (const char *const *)names->pdata);
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "there is no template \"%s\".%s%s%s", id,
                meant ? " Did you mean \"" : "", meant ? meant : "",
                meant ? "\"?" : " All of them: exitdesk template list");
    return NULL;
}

static int run_template_preview(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    g_autoptr(Templates) templates = templates_load(
        (const char *const *)settings->template_directories->pdata, error);
    const Template *template =
        templates ? find_template(templates, cli_arg(context, 0), error) : NULL;
    g_autoptr(Policies) policies =
        template ? policies_load(
                       (const char *const *)settings->policy_directories->pdata,
                       error)
                 : NULL;
    if (!policies)
        return 0;
    if (cli_flag(context, "case"))
        preview_case(context, policies, template, error);
    else
        preview_samples(context, policies, template, error);
    return 0;
}

static const CommandFlag PREVIEW_FLAGS[] = {
    {"case", "ID", "for this case of the store instead of a made-up one"},
    {"all-branches", NULL, "every text that it can have, in made-up cases"},
    {0},
};

const Command command_template_preview = {
    .noun = "template",
    .verb = "preview",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "a letter as it would be sent",
    .examples = "exitdesk template preview XX/login-attack.en\n"
                "exitdesk template preview XX/spam.de --all-branches\n"
                "exitdesk template preview XX/spam.de --case "
                "UA-2026-00142-K",
    .about = "Composed in the same way as a letter that leaves; below it each "
             "claim with what\nshows it. A case is read again from its mail, "
             "with today's relay record.",
    .flags = PREVIEW_FLAGS,
    .has_json = true,
    .run = run_template_preview,
};
