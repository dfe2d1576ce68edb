/*
 * The order of the pipeline, and nothing else: each stage's own rules are in
 * its own folder.
 *
 *   intake_read    raw -> strict header, findings (sandbox), matches, tickets
 *   intake_decide  ticket -> policy rule, template, gate, letter
 *   intake_file    all of it -> one transaction
 *
 * Reading may run on any thread and takes the time. Deciding runs where the
 * store is written, because the counts that limit letters must be those of
 * the transaction that adds the letter. A ticket's letter is composed before
 * the gate is asked a last time: a letter that cannot be composed is a reason
 * for a person, never for a shorter letter.
 */
#include "intake/intake.h"

#include "base/digest.h"
#include "base/errors.h"
#include "intake/alerting.h"
#include "intake/asking.h"
#include "intake/composing.h"
#include "intake/consenting.h"
#include "intake/digesting.h"
#include "intake/joining.h"
#include "intake/joint.h"
#include "intake/probing.h"
#include "intake/reporter.h"
#include "intake/returns.h"
#include "intake/trusting.h"
#include "intake/verifying.h"
#include "intake/why.h"
#include "reply/route.h"
#include "store/breaker.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include <string.h>

static void judged_ticket_free(JudgedTicket *judged)
{
    ticket_free(judged->ticket);
    g_clear_pointer(&judged->matches, g_ptr_array_unref);
    g_clear_pointer(&judged->rule, policy_rule_free);
    g_clear_pointer(&judged->decision, decision_free);
    g_clear_pointer(&judged->reply, reply_free);
    g_free(judged->letter_why);
    g_free(judged->case_id);
    g_clear_pointer(&judged->events, g_ptr_array_unref);
    g_free(judged->step_scope);
    g_free(judged);
}

void judgement_free(Judgement *judgement)
{
    g_clear_pointer(&judgement->findings, findings_free);
    g_clear_pointer(&judgement->strict, strict_header_free);
    g_clear_pointer(&judgement->authentication, authentication_free);
    g_clear_pointer(&judgement->tickets, g_ptr_array_unref);
    g_clear_pointer(&judgement->matches, g_ptr_array_unref);
    g_free(judgement->quote);
    g_free(judgement->joins_case);
    g_free(judgement->joins_why);
    g_free(judgement->bounce_token);
    g_free(judgement->challenge_token);
    g_free(judgement->message_token);
    g_free(judgement->told_token);
    g_free(judgement->probe_token);
    g_free(judgement->stop_member);
    g_free(judgement);
}

const JudgedTicket *judgement_ticket(const Judgement *judgement,
                                     const char *member)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (g_strcmp0(judged->ticket->member, member) == 0)
            return judged;
    }
    return NULL;
}

/* ---- reading ---------------------------------------------------------- */

/* The reader's findings; a mail that defeats it is unreadable, not lost. */
static Findings *read_findings(const Desk *desk, GBytes *raw, GError **error)
{
    if (!desk->reader)
        return reader_read(raw, desk->hints);
    g_autoptr(GError) cause = NULL;
    Findings *findings = reader_run(desk->reader, raw, desk->hints, &cause);
    if (findings)
        return findings;
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_TEMPORARY)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    return findings_new(
        report_new_unreadable(cause->message),
        g_ptr_array_new_with_free_func((GDestroyNotify)incident_free));
}

static void match_free_or_null(void *match)
{
    if (match)
        match_free(match);
}

static GPtrArray *match_all(const Desk *desk, const GPtrArray *incidents)
{
    GPtrArray *matches = g_ptr_array_new_with_free_func(match_free_or_null);
    for (guint i = 0; i < incidents->len; i++) {
        const Incident *incident = incidents->pdata[i];
        bool may_be_accused =
            incident->role == ROLE_OFFENDER || incident->role == ROLE_UNKNOWN;
        g_ptr_array_add(matches,
                        may_be_accused
                            ? match_incident(desk->history,
                                             desk->settings->members, incident)
                            : NULL);
    }
    return matches;
}

static JudgedTicket *judged_ticket_new(const Desk *desk, Ticket *ticket,
                                       const GPtrArray *matches)
{
    JudgedTicket *judged = g_new0(JudgedTicket, 1);
    judged->ticket = ticket;
    if (ticket->member && desk->settings->members)
        judged->member = members_by_id(desk->settings->members, ticket->member);
    judged->matches = g_ptr_array_new();
    for (guint i = 0; i < ticket->incidents->len; i++)
        g_ptr_array_add(
            judged->matches,
            matches->pdata[g_array_index(ticket->incidents, guint, i)]);
    return judged;
}

Judgement *intake_read(const Desk *desk, const Delivery *delivery, Instant now,
                       GError **error)
{
    g_autoptr(Findings) findings = read_findings(desk, delivery->raw, error);
    if (!findings)
        return NULL;
    Judgement *judgement = g_new0(Judgement, 1);
    gsize length;
    const void *raw = g_bytes_get_data(delivery->raw, &length);
    judgement->strict = strict_header_scan(raw, length);
    judgement->authentication = authentication_judge(
        judgement->strict, delivery->envelope_from,
        desk->settings->receive.authserv_id, delivery->received);
    judgement->findings = g_steal_pointer(&findings);
    reporter_find(desk, delivery, judgement);
    judgement->answers_us =
        mail_names_a_case(desk->settings, judgement->findings->report);
    judgement->matches = match_all(desk, judgement->findings->incidents);
    judgement->tickets =
        g_ptr_array_new_with_free_func((GDestroyNotify)judged_ticket_free);
    g_autoptr(GPtrArray) tickets =
        ticket_split(judgement->findings, judgement->matches);
    g_ptr_array_set_free_func(tickets, NULL);
    for (guint i = 0; i < tickets->len; i++)
        g_ptr_array_add(
            judgement->tickets,
            judged_ticket_new(desk, tickets->pdata[i], judgement->matches));
    return judgement;
}

/* ---- deciding one ticket ---------------------------------------------- */

/* The languages a letter may be in, the complainant's first if the policy
 * has it. NULL-terminated; the words are borrowed, the array is not. */
static const char **language_order(const PolicyRule *rule,
                                   const char *complaint_language)
{
    GPtrArray *order = g_ptr_array_new();
    for (guint i = 0; i < rule->languages->len; i++)
        if (g_strcmp0(rule->languages->pdata[i], complaint_language) == 0)
            g_ptr_array_add(order, rule->languages->pdata[i]);
    for (guint i = 0; i < rule->languages->len; i++)
        g_ptr_array_add(order, rule->languages->pdata[i]);
    g_ptr_array_add(order, NULL);
    return (const char **)g_ptr_array_free(order, FALSE);
}

static const Template *choose_template(const Desk *desk,
                                       const Judgement *judgement,
                                       const JudgedTicket *judged,
                                       const char *country)
{
    RouteQuestion question = {
        .policy = judged->rule ? judged->rule->template : NULL,
        .reporter = reporter_template(judgement),
        .findings = judgement->findings,
        .ticket = judged->ticket,
    };
    bool is_digest = judged->digest && judged->digest->rows;
    const char *name = judged->is_joint    ? JOINT_TEMPLATE
                       : is_digest         ? DIGEST_TEMPLATE
                       : judged->follow_up ? judged->follow_up
                                           : route_letter(&question, NULL);
    if (!desk->templates || !name)
        return NULL;
    g_autofree char *chain = policy_chain(desk->policies, country);
    g_autofree const char **languages =
        language_order(judged->rule, judgement->findings->report->language);
    return templates_choose(desk->templates, chain, name, languages);
}

static Reply *compose(const Desk *desk, const Judgement *judgement,
                      const JudgedTicket *judged, const Template *template,
                      bool is_held, Instant now, GError **error)
{
    g_autofree char *token = random_hex_new(16);
    g_autoptr(GBytes) no_key = g_bytes_new_static("", 0);
    ReplyContext context =
        composing_context(desk, judgement, judged, token, now);
    context.is_held = is_held;
    if (judged->digest && judged->digest->rows) {
        context.digest = judged->digest->rows;
        context.findings = judged->digest->findings;
        context.ticket = judged->digest->ticket;
        context.matches = (const Match *const *)judged->digest->matches->pdata;
        context.quote = NULL; /* each line has its own */
    }
    if (!context.loop_key)
        context.loop_key = no_key;
    if (!context.to) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "the mail names no address that a letter could go to");
        return NULL;
    }
    return reply_compose(template, &context, error);
}

/* The letter as it would leave: with or without "a person read it". */
static void write_letter(const Desk *desk, const Judgement *judgement,
                         JudgedTicket *judged, const Template *template,
                         bool is_held, Instant now)
{
    g_clear_pointer(&judged->reply, reply_free);
    g_clear_pointer(&judged->letter_why, g_free);
    if (!judged->member && !judged->is_joint) {
        judged->letter_why =
            g_strdup("no member in whose name it could be written");
        return;
    }
    if (!template) {
        judged->letter_why =
            g_strdup("no template for this category and language");
        return;
    }
    g_autoptr(GError) error = NULL;
    judged->reply =
        compose(desk, judgement, judged, template, is_held, now, &error);
    if (!judged->reply)
        judged->letter_why = g_strdup(error->message);
    else if (reporter_has_no_address(judgement))
        g_clear_pointer(&judged->reply->to, g_free);
}

/* What the gate's word means for the letter. */
static void settle_letter(JudgedTicket *judged)
{
    switch (judged->decision->action) {
    case ACTION_SEND:
    case ACTION_HOLD:
        return;
    case ACTION_NOISE:
    case ACTION_ESCALATE:
    case ACTION_FILE:
    case ACTION_COUNT:
        break;
    }
    if (!judged->reply)
        return;
    g_clear_pointer(&judged->reply, reply_free);
    judged->letter_why = g_strdup("the rule allows no draft");
}

/* A letter that leaves by itself is written anew, as one that no person
 * reads first, and the gate is asked a last time with that one. */
static void write_unread(const Desk *desk, const Judgement *judgement,
                         JudgedTicket *judged, const Template *template,
                         GateInput *input, Instant now)
{
    write_letter(desk, judgement, judged, template, false, now);
    input->claims_hold = judged->reply && reply_claims_hold(judged->reply);
    decision_free(judged->decision);
    judged->decision = gate_decide(input);
    if (judged->decision->action != ACTION_SEND)
        write_letter(desk, judgement, judged, template, true, now);
}

/* is_queued: its letter waits in the outbox and is counted already. */
static bool decide_ticket(const Desk *desk, const Delivery *delivery,
                          const Judgement *judgement, JudgedTicket *judged,
                          bool is_queued, Instant now, GError **error)
{
    const char *country =
        judged->member ? judged->member->country : desk->settings->desk.country;
    if (desk->policies)
        judged->rule =
            policy_explain(desk->policies, country, judged->ticket->category);
    const Template *template =
        choose_template(desk, judgement, judged, country);
    write_letter(desk, judgement, judged, template, true, now);
    GateInput input =
        asking_input(desk, delivery, judgement, judged, template, now);
    if (!asking_store(desk, judgement, judged, now, &input, error))
        return false;
    if (is_queued)
        asking_discount(&input);
    if (judged->follow_up)
        asking_follow_up(&input);
    if (judged->digest)
        asking_digest(&input);
    if (!trusting_ask(desk, judged, template, now, &input, error))
        return false;
    judged->decision = gate_decide(&input);
    bool is_held = judged->digest && judged->digest->is_held;
    if (judged->decision->action == ACTION_SEND && !is_held)
        write_unread(desk, judgement, judged, template, &input, now);
    settle_letter(judged);
    digesting_settle(judgement, judged,
                     template && template_is_never_automatic(template));
    return true;
}

/* The one letter for all members. Their own go: whoever approved one of them
 * would answer twice, in a name that the reader did not ask about. */
static void decide_joint(const Desk *desk, Judgement *judgement, Instant now)
{
    JudgedTicket *joint = joint_of(judgement);
    joint->decision = joint_decide(judgement);
    if (!joint_is_filed(judgement))
        return;
    if (desk->policies)
        joint->rule =
            policy_explain(desk->policies, desk->settings->desk.country,
                           joint->ticket->category);
    const char *objection = joint_objection(judgement);
    const Template *template =
        joint->rule ? choose_template(desk, judgement, joint,
                                      desk->settings->desk.country)
                    : NULL;
    if (objection)
        joint->letter_why = g_strdup(objection);
    else
        write_letter(desk, judgement, joint, template, true, now);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!judged->member)
            continue;
        g_clear_pointer(&judged->reply, reply_free);
        g_free(judged->letter_why);
        judged->letter_why =
            g_strdup("one letter of the desk answers the whole mail");
    }
}

static bool decide_all(const Desk *desk, const Delivery *delivery,
                       Judgement *judgement, bool is_queued, Instant now,
                       GError **error)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!judged->is_joint && !decide_ticket(desk, delivery, judgement,
                                                judged, is_queued, now, error))
            return false;
    }
    if (joint_of(judgement))
        decide_joint(desk, judgement, now);
    return true;
}

static bool reserve_case_ids(const Desk *desk, Judgement *judgement,
                             Instant now, GError **error)
{
    if (!desk->store || judgement->tickets->len == 0)
        return true;
    g_autoptr(GPtrArray) ids = store_reserve_case_ids(
        desk->store, desk->settings->desk.case_prefix,
        civil_from_instant(now, 0).year, judgement->tickets->len, error);
    if (!ids)
        return false;
    for (guint i = 0; i < ids->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        judged->case_id = g_strdup(ids->pdata[i]);
    }
    return true;
}

/* ---- deciding all of it, and filing ------------------------------------ */

bool intake_decide(const Desk *desk, const Delivery *delivery,
                   Judgement *judgement, Instant now, GError **error)
{
    if (!reporter_find_proposed(desk, delivery, judgement, error))
        return false;
    if (desk->store && !probing_find(desk, delivery, judgement, error))
        return false;
    if (judgement->probe_token)
        return true;
    if (desk->store && !verifying_find(desk, delivery, judgement, error))
        return false;
    if (desk->store && !consenting_find(desk, delivery, judgement, error))
        return false;
    if (judgement->challenge_token || judgement->message_token ||
        judgement->told_token || judgement->stop_member)
        return true; /* it belongs to no case */
    joint_add(judgement);
    if (desk->store && (!joining_find(desk, delivery, judgement, now, error) ||
                        !reserve_case_ids(desk, judgement, now, error)))
        return false;
    return decide_all(desk, delivery, judgement, false, now, error);
}

bool intake_decide_again(const Desk *desk, const Delivery *delivery,
                         Judgement *judgement, JudgedTicket *judged,
                         Instant now, GError **error)
{
    if (judged->is_joint)
        return reporter_find_proposed(desk, delivery, judgement, error) &&
               decide_all(desk, delivery, judgement, true, now, error);
    return reporter_find_proposed(desk, delivery, judgement, error) &&
           decide_ticket(desk, delivery, judgement, judged, true, now, error);
}

bool intake_decide_follow_up(const Desk *desk, const Delivery *delivery,
                             Judgement *judgement, JudgedTicket *judged,
                             Instant now, GError **error)
{
    g_assert(judged->follow_up || judged->digest);
    return reporter_find_proposed(desk, delivery, judgement, error) &&
           decide_ticket(desk, delivery, judgement, judged, false, now, error);
}
