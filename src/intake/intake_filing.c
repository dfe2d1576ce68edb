/*
 * Filing what was decided: each ticket of a mail with its letter, its alert
 * and what a person must do, in one transaction (intake.h, intake_file).
 */
#include "intake/intake.h"

#include "intake/alerting.h"
#include "intake/asking.h"
#include "intake/consenting.h"
#include "intake/joining.h"
#include "intake/joint.h"
#include "intake/probing.h"
#include "intake/reporter.h"
#include "intake/returns.h"
#include "intake/trusting.h"
#include "intake/verifying.h"
#include "intake/why.h"
#include "store/breaker.h"
#include "store/filing.h"

#include <string.h>

static Instant earlier(Instant a, Instant b)
{
    if (a == INSTANT_NONE || b == INSTANT_NONE)
        return a == INSTANT_NONE ? b : a;
    return MIN(a, b);
}

/* When the answer is due: the earliest of the moment that the mail demands,
 * that which the policy promises, and that which the reporter always wants.
 * Letters that are gone by then wait for nobody. */
static Instant due_moment(const Judgement *judgement, const PolicyRule *rule,
                          Instant now)
{
    const Profile *profile = judgement->profile;
    Instant promised =
        rule && rule->promise_s ? now + rule->promise_s : INSTANT_NONE;
    Instant usual = profile && profile->deadline_s > 0
                        ? now + profile->deadline_s
                        : INSTANT_NONE;
    return earlier(judgement->findings->report->deadline,
                   earlier(promised, usual));
}

static bool is_of_hoster(const Judgement *judgement)
{
    const Profile *profile = judgement->profile;
    return profile ? profile->kind == REPORTER_HOSTER ||
                         profile->kind == REPORTER_ISP
                   : judgement->findings->report->sender_class == SENDER_HOSTER;
}

/* When half of the time is over that a hoster gives, by its mail or usually:
 * what a policy promises is no other's deadline. 0: it gives none. */
static Instant alarm_moment(const Judgement *judgement,
                            const JudgedTicket *judged, Instant now)
{
    Instant due = due_moment(judgement, NULL, now);
    if (due == INSTANT_NONE || !is_of_hoster(judgement) ||
        alerting_is_silent(judged->decision))
        return 0;
    return due > now ? now + (due - now) / 2 : now;
}

/* A mail that joins an older case makes no case of its own, unless it is of
 * the kind that a person must see at once. */
static bool makes_own_case(const Judgement *judgement,
                           const JudgedTicket *judged)
{
    if (judged->decision->action == ACTION_NOISE || judgement->is_duplicate)
        return false;
    if (judgement->came_home && judgement->home_fate == FATE_TAKEN)
        return false;
    if (judgement->answers_alert ||
        (judged->is_joint && !joint_is_filed(judgement)))
        return false;
    return (!judgement->joins_case && !judgement->came_home) ||
           judged->decision->action == ACTION_ESCALATE;
}

/* What a member's people pass on by hand: the gate files it, since it comes
 * from one of us and a letter would go there. A person reads it, and chooses
 * whom to answer. Yours; NULL: it is nothing of the kind. */
static char *passed_on_task(const Desk *desk, const Judgement *judgement,
                            const JudgedTicket *judged)
{
    const Report *report = judgement->findings->report;
    const char *from = judgement->strict->from;
    const Member *member = joining_member_of(desk->settings, from);
    if (!member || judged->decision->action != ACTION_FILE ||
        report->disposition != DISPOSITION_COMPLAINT ||
        judgement->authentication->level == AUTH_S0)
        return NULL;
    return g_strdup_printf(
        "Passed on by %s: a person chooses whom to answer%s%s", member->name,
        report->claimed_address ? "; claimed, unverified: " : "",
        report->claimed_address ? report->claimed_address : "");
}

static FiledTicket *filed_ticket_new(const Desk *desk, const Delivery *delivery,
                                     const Judgement *judgement,
                                     JudgedTicket *judged, Instant now)
{
    uint32_t wait_s = judged->rule && judged->rule->wait_s
                          ? judged->rule->wait_s
                          : desk->settings->send.delay_s;
    FiledTicket *filed = g_new0(FiledTicket, 1);
    filed->ticket = judged->ticket;
    filed->decision = judged->decision;
    filed->reply = judged->reply;
    filed->matches_json = judged_ticket_new_json(judgement, judged);
    filed->send_at = now + wait_s;
    filed->due = due_moment(judgement, judged->rule, now);
    filed->profile = judgement->profile ? judgement->profile->id : NULL;
    filed->quote = judgement->quote;
    g_autofree char *joint = joint_note(judgement, judged);
    g_autofree char *task = reporter_task(judgement);
    filed->waits_elsewhere = joint && judged->member;
    filed->waits_for_digest = judged->waits && !joint;
    if (task && !filed->waits_elsewhere)
        filed->form = judgement->profile->form;
    filed->task = !joint || !task    ? g_strdup(joint ? joint : task)
                  : judged->is_joint ? g_strdup_printf("%s. %s", joint, task)
                                     : g_strdup(joint);
    char *passed_on = passed_on_task(desk, judgement, judged);
    filed->wants_person = passed_on != NULL;
    if (passed_on && !filed->task)
        filed->task = g_steal_pointer(&passed_on);
    g_free(passed_on);
    filed->alert = alerting_kind(desk, judgement, judged);
    if (filed->alert)
        filed->page = alerting_page(desk, delivery, judgement, judged);
    filed->alarm = alarm_moment(judgement, judged, now);
    filed->case_id = g_strdup(judged->case_id);
    judged->events = asking_events(judgement, judged->ticket);
    filed->events = judged->events;
    return filed;
}

/* A report of abuse that answers a letter of ours is about our letter. */
static bool is_about_our_letter(const Judgement *judgement)
{
    const char *type = judgement->strict->report_type;
    return judgement->joins_case &&
           ((type && g_str_equal(type, "feedback-report")) ||
            g_strcmp0(judgement->findings->report->category,
                      "messaging/spam") == 0);
}

/* Look at the breaker where something happened that it watches. */
static bool watch_breaker(const Desk *desk, const Judgement *judgement,
                          Instant now, GError **error)
{
    bool is_complaint = is_about_our_letter(judgement);
    bool is_news = is_complaint || judgement->bounce_token;
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        is_news |= judged->decision->action == ACTION_SEND;
    }
    bool is_open;
    if (is_complaint && !store_breaker_complaint(desk->store, now, error))
        return false;
    return !is_news ||
           store_breaker_check(desk->store, desk->settings->send.breaker_burst,
                               now, &is_open, error);
}

bool intake_file(const Desk *desk, const Delivery *delivery,
                 Judgement *judgement, Instant now, GError **error)
{
    if (!intake_decide(desk, delivery, judgement, now, error))
        return false;
    g_autoptr(GPtrArray) tickets =
        g_ptr_array_new_with_free_func((GDestroyNotify)filed_ticket_free);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (makes_own_case(judgement, judged))
            g_ptr_array_add(tickets, filed_ticket_new(desk, delivery, judgement,
                                                      judged, now));
        else
            g_clear_pointer(&judged->case_id, g_free);
    }
    g_autofree char *findings_json = judgement_new_json(judgement);
    Filing filing = {
        .inbox_id = delivery->id,
        .findings = judgement->findings,
        .findings_json = findings_json,
        .dkim_key = judgement->authentication->dkim_key,
        .thread = asking_thread(judgement),
        .proven_domain = judgement->authentication->level > AUTH_S0
                             ? address_domain(judgement->strict->from)
                             : NULL,
        .case_prefix = desk->settings->desk.case_prefix,
        .joins_case = judgement->joins_case,
        .is_return = judgement->came_home,
        .subject = judgement->findings->report->subject,
        .tickets = tickets,
        .now = now,
    };
    memcpy(filing.mail_key, judgement->findings->mail_key,
           sizeof filing.mail_key);
    return store_file(desk->store, &filing, error) &&
           probing_note(desk, judgement, now, error) &&
           returns_note(desk, delivery, judgement, now, error) &&
           watch_breaker(desk, judgement, now, error) &&
           verifying_note(desk, delivery, judgement, now, error) &&
           consenting_note(desk, delivery, judgement, now, error) &&
           trusting_note(desk, delivery, judgement, now, error);
}
