#include "asking.h"

#include "joining.h"
#include "store/drafts.h"

static guint count_members(const GPtrArray *tickets)
{
    guint count = 0;
    for (guint i = 0; i < tickets->len; i++)
        count += ((JudgedTicket *)tickets->pdata[i])->member != NULL;
    return count;
}

static bool relay_data_is_fresh(const Desk *desk, Instant now)
{
    if (!desk->history)
        return false;
    Instant newest = history_span(desk->history).to;
    return newest != INSTANT_NONE &&
           now - newest <= (Instant)desk->settings->relays.max_age_s;
}

bool asking_store(const Desk *desk, const Judgement *judgement,
                  const JudgedTicket *judged, Instant now, GateInput *input,
                  GError **error)
{
    if (!desk->store)
        return true;
    PauseState pause = {0};
    if (!store_pause_state(desk->store, &pause, error))
        return false;
    input->is_paused = pause.is_paused;
    pause_state_clear(&pause);
    return store_counts(desk->store, judgement->authentication->destination,
                        judged->ticket->member, judged->case_id,
                        judgement->authentication->dkim_key, now,
                        &input->counts, error);
}

GateInput asking_input(const Desk *desk, const Delivery *delivery,
                       const Judgement *judgement, const JudgedTicket *judged,
                       const Template *template, Instant now)
{
    const Settings *settings = desk->settings;
    const StrictHeader *strict = judgement->strict;
    return (GateInput){
        .envelope_from = delivery->envelope_from,
        .strict = strict,
        .findings = judgement->findings,
        .authentication = judgement->authentication,
        .ticket = judged->ticket,
        .matches = (const Match *const *)judged->matches->pdata,
        .match_count = judged->matches->len,
        .member = judged->member,
        .member_count = count_members(judgement->tickets),
        .rule = judged->rule,
        .automation = judged->member
                          ? member_automation(judged->member,
                                              judged->ticket->category, now)
                          : AUTOMATION_OFF,
        .template_found = template != NULL,
        .template_reviewed = template && template_is_reviewed(template, now),
        .claims_hold = judged->reply && reply_claims_hold(judged->reply),
        .is_observing = settings->desk.mode == MODE_OBSERVE,
        .relay_data_is_fresh = relay_data_is_fresh(desk, now),
        .own_sender = address_is_ours(settings, strict->from) ||
                      address_is_ours(settings, delivery->envelope_from) ||
                      (strict->loop_token && desk->loop_key &&
                       reply_is_own_token(strict->loop_token, desk->loop_key)),
        .own_recipient = mail_is_to_us(settings, strict),
        .is_duplicate = judgement->is_duplicate,
        .answers_us = judgement->answers_us,
        .is_old_mail = g_strcmp0(delivery->way, "import") == 0,
        .limits = settings->send.limits,
    };
}
