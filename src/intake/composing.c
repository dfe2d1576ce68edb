#include "intake/composing.h"

#include "intake/joining.h"

#define PREVIEW_CASE "(case number)"

ReplyContext composing_context(const Desk *desk, const Judgement *judgement,
                               const JudgedTicket *judged, const char *token,
                               Instant now)
{
    const Settings *settings = desk->settings;
    const char *destination = judgement->authentication->destination;
    return (ReplyContext){
        .case_id = judged->case_id ? judged->case_id : PREVIEW_CASE,
        .member = judged->member,
        .findings = judgement->findings,
        .ticket = judged->ticket,
        .matches = (const Match *const *)judged->matches->pdata,
        .desk_name = settings->desk.name,
        .desk_address = settings->desk.address,
        .message_domain = address_domain(settings->desk.address),
        .bounce_address = settings->send.bounce,
        .strict = judgement->strict,
        .to = destination ? destination : judgement->strict->from,
        .now = now,
        .token = token,
        .loop_key = desk->loop_key,
        .quote = judgement->quote,
        .policies = desk->policies,
        .history = desk->history,
        .remedy = judged->remedy,
    };
}
