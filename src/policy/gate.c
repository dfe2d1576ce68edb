/*
 * Walking the rules of gate_rules.c and writing down what was seen.
 *
 * Every rule is asked, also after one has decided: a reader of the case sees
 * all reasons, and staff that lifts the first one knows what comes next. The
 * inputs are kept as JSON beside the decision so that it can be explained
 * when settings, members and counts have long changed.
 */
#include "policy/gate_rules.h"

#include "base/json.h"

const char *action_word(Action action)
{
    static const char *const WORDS[ACTION_COUNT] = {
        [ACTION_NOISE] = "noise", [ACTION_ESCALATE] = "escalate",
        [ACTION_FILE] = "file",   [ACTION_HOLD] = "hold",
        [ACTION_SEND] = "send",
    };
    g_assert(action < ACTION_COUNT);
    return WORDS[action];
}

static void put_mail(Json *json, const GateInput *in)
{
    const StrictHeader *strict = in->strict;
    json_put_text(json, "envelope_from", in->envelope_from);
    json_put_text(json, "from", strict->from);
    json_put_text(json, "from_by_reader",
                  in->findings->report->reporter_address);
    json_put_text(json, "auto_submitted", strict->auto_submitted);
    json_put_bool(json, "auto_is_odd", strict->auto_is_odd);
    json_put_text(json, "content_type", strict->content_type);
    json_put_text(json, "report_type", strict->report_type);
    json_put_bool(json, "is_list", strict->is_list);
    json_put_bool(json, "is_bulk", strict->is_bulk);
    json_put_bool(json, "is_suppressed", strict->is_suppressed);
    json_put_bool(json, "is_spam", strict->is_spam);
    json_put_bool(json, "has_loop_token", strict->loop_token != NULL);
    json_put_number(json, "received_count", strict->received_count);
    json_key(json, "ambiguous");
    json_array(json);
    for (guint i = 0; i < strict->ambiguous->len; i++)
        json_text(json, g_ptr_array_index(strict->ambiguous, i));
    json_end_array(json);
    json_put_bool(json, "own_sender", in->own_sender);
    json_put_bool(json, "own_message_id", in->own_message_id);
    json_put_bool(json, "own_recipient", in->own_recipient);
    json_put_bool(json, "only_resent", in->only_resent);
    json_put_number(json, "own_received", in->own_received);
    json_put_bool(json, "is_duplicate", in->is_duplicate);
    json_put_bool(json, "answers_us", in->answers_us);
    json_put_bool(json, "is_old_mail", in->is_old_mail);
}

static void put_report(Json *json, const Report *report)
{
    json_put_text(json, "disposition", disposition_word(report->disposition));
    json_put_text(json, "sender_class",
                  sender_class_word(report->sender_class));
    json_put_text(json, "category", report->category);
    json_put_text(json, "format", report->format);
    json_put_text(json, "claimed_address", report->claimed_address);
    json_key(json, "sensitive");
    json_array(json);
    for (uint32_t bit = 1; bit & SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & bit)
            json_text(json, sensitive_word((Sensitive)bit));
    json_end_array(json);
    json_put_bool(json, "may_be_sensitive",
                  report_has_flag(report, "may-be-sensitive"));
    json_key(json, "demands");
    json_array(json);
    for (guint i = 0; report->demands && i < report->demands->len; i++) {
        const Demand *demand = report->demands->pdata[i];
        json_text(json, demand_kind_word(demand->kind));
    }
    json_end_array(json);
}

static void put_authentication(Json *json, const Authentication *known)
{
    json_put_text(json, "authentication",
                  auth_level_word(known ? known->level : AUTH_S0));
    json_put_text(json, "authentication_why", known ? known->why : NULL);
    json_put_text(json, "destination", known ? known->destination : NULL);
    json_put_text(json, "dkim_key", known ? known->dkim_key : NULL);
}

static void put_matches(Json *json, const GateInput *in)
{
    json_put_number(json, "incidents", in->findings->incidents->len);
    json_key(json, "matches");
    json_array(json);
    for (guint i = 0; i < in->match_count; i++) {
        const Match *match = in->matches[i];
        json_object(json);
        json_put_text(json, "verdict",
                      match ? verdict_word(match->verdict) : NULL);
        json_put_text(json, "member", match ? match->member : NULL);
        json_put_bool(json, "is_certain", match && match->is_certain);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_member(Json *json, const GateInput *in)
{
    const Member *member = in->member;
    json_put_text(json, "member", member ? member->id : NULL);
    json_put_number(json, "member_count", in->member_count);
    json_put_instant(json, "consent_given",
                     member ? member->consent_given : INSTANT_NONE);
    json_put_text(json, "automation", automation_word(in->automation));
    json_put_text(json, "automation_why", in->automation_why);
    json_put_bool(json, "has_agreed", in->has_agreed);
    json_put_text(json, "verdict", verdict_word(in->ticket->verdict));
    json_put_text(json, "ticket_category", in->ticket->category);
    json_put_text(json, "template", in->rule ? in->rule->template : NULL);
    json_put_text(json, "reply",
                  in->rule ? policy_reply_word(in->rule->reply) : NULL);
    json_put_text(json, "automatic",
                  in->rule ? policy_auto_word(in->rule->automatic) : NULL);
    json_put_bool(json, "template_found", in->template_found);
    json_put_bool(json, "template_reviewed", in->template_reviewed);
    json_put_bool(json, "claims_hold", in->claims_hold);
    json_put_bool(json, "is_paused", in->is_paused);
    json_put_bool(json, "member_is_held", in->member_is_held);
    json_put_bool(json, "is_observing", in->is_observing);
    json_put_bool(json, "breaker_is_open", in->breaker_is_open);
    json_put_bool(json, "border_is_proven", in->border_is_proven);
    json_put_bool(json, "relay_data_is_fresh", in->relay_data_is_fresh);
}

static void put_reporter(Json *json, const ReporterStanding *reporter)
{
    const Profile *profile = reporter->profile;
    json_put_text(json, "reporter", profile ? profile->id : NULL);
    json_put_text(json, "reporter_profile", profile ? profile->sha256 : NULL);
    json_put_text(json, "reporter_answer",
                  profile ? reporter_answer_word(profile->answer) : NULL);
    json_put_text(json, "reporter_form",
                  profile && profile->answer == ANSWER_FORM_ONLY ? profile->form
                                                                 : NULL);
    json_put_text(json, "reporter_quote", reporter->quote);
    json_put_bool(json, "reporter_is_reviewed", reporter->is_reviewed);
    json_put_number(json, "reporter_letters_1d", reporter->letters_1d);
    json_put_number(json, "reporter_waiting", reporter->waiting);
    json_put_number(json, "reporter_letters_of_quote",
                    reporter->letters_of_quote);
}

static void put_counts(Json *json, const GateInput *in)
{
    const struct {
        const char *name;
        uint32_t count, limit;
    } ROWS[] = {
        {"to_address_1d", in->counts.to_address_1d, in->limits.address_1d},
        {"to_address_7d", in->counts.to_address_7d, gate_address_limit(in)},
        {"to_domain_1d", in->counts.to_domain_1d, gate_domain_limit(in)},
        {"by_member_1d", in->counts.by_member_1d, in->limits.member_1d},
        {"all_1h", in->counts.all_1h, in->limits.all_1h},
        {"all_1d", in->counts.all_1d, in->limits.all_1d},
        {"case_letters", in->counts.case_letters, in->limits.case_letters},
        {"thread_letters", in->counts.thread_letters,
         in->limits.thread_letters},
        {"same_1d", in->counts.same_1d, 1},
        {"same_7d", in->counts.same_7d, 1},
        {"same_domain_1d", in->counts.same_domain_1d, 1},
        {"letters_ever", in->counts.letters_ever, in->limits.first_letters},
        {"of_template_ever", in->counts.of_template_ever,
         in->limits.first_of_template},
    };
    json_key(json, "counts");
    json_object(json);
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        json_key(json, ROWS[i].name);
        json_object(json);
        json_put_number(json, "count", ROWS[i].count);
        json_put_number(json, "limit", ROWS[i].limit);
        json_end_object(json);
    }
    json_end_object(json);
    json_put_bool(json, "domain_is_new", in->domain_is_new);
    json_put_bool(json, "dkim_seen", in->counts.dkim_seen);
    json_put_bool(json, "address_suppressed", in->counts.address_suppressed);
}

static char *inputs_new_json(const GateInput *in)
{
    Json json;
    json_init(&json);
    json_object(&json);
    put_mail(&json, in);
    put_report(&json, in->findings->report);
    put_authentication(&json, in->authentication);
    put_matches(&json, in);
    put_member(&json, in);
    put_reporter(&json, &in->reporter);
    put_counts(&json, in);
    json_end_object(&json);
    return json_steal(&json);
}

Decision *gate_decide(const GateInput *input)
{
    g_assert(input->findings && input->findings->incidents && input->strict &&
             input->ticket && input->ticket->incidents);
    Decision *decision = g_new0(Decision, 1);
    decision->hits = g_array_new(FALSE, FALSE, sizeof(GateHit));
    for (guint i = 0; i < GATE_RULE_COUNT; i++) {
        const GateRule *rule = &GATE_RULES[i];
        bool is_last = i == GATE_RULE_COUNT - 1;
        if (is_last ? decision->hits->len > 0 : !rule->matches(input))
            continue;
        GateHit hit = {
            .id = rule->id, .action = rule->action, .why = rule->why};
        g_array_append_val(decision->hits, hit);
    }
    const GateHit *first = &g_array_index(decision->hits, GateHit, 0);
    decision->action = first->action;
    decision->rule = first->id;
    decision->inputs = inputs_new_json(input);
    return decision;
}

void decision_free(Decision *decision)
{
    if (!decision)
        return;
    g_array_unref(decision->hits);
    g_free(decision->inputs);
    g_free(decision);
}

guint gate_rule_count(void)
{
    return GATE_RULE_COUNT;
}

const char *gate_rule_text(guint index, const char **id, Action *action,
                           const char **authority)
{
    g_assert(index < GATE_RULE_COUNT);
    const GateRule *rule = &GATE_RULES[index];
    *id = rule->id;
    *action = rule->action;
    *authority = rule->authority;
    return rule->why;
}
