#include "intake/asking.h"

#include "intake/joining.h"
#include "intake/probing.h"
#include "intake/reporter.h"
#include "store/breaker.h"
#include "store/digests.h"
#include "store/drafts.h"
#include "store/notices.h"
#include "store/reporters.h"

#include <string.h>

#define DOMAIN_NEW_S (30 * INSTANT_DAY_S)

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

/* ---- what a letter is counted by --------------------------------------- */

/* "ADDRESS DAY" of each incident; the day of the first reading. */
static void add_event(GPtrArray *events, const Incident *incident)
{
    char text[IP_TEXT_MAX];
    const CitedTime *time = incident->time;
    const Reading *reading =
        time && time->readings->len > 0 ? time->readings->pdata[0] : NULL;
    char *event = g_strdup_printf("%s %" G_GINT64_FORMAT,
                                  ip_text(&incident->address, text),
                                  reading ? reading->from / INSTANT_DAY_S : 0);
    for (guint i = 0; i < events->len; i++)
        if (g_str_equal(events->pdata[i], event)) {
            g_free(event);
            return;
        }
    g_ptr_array_add(events, event);
}

GPtrArray *asking_events(const Judgement *judgement, const Ticket *ticket)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < ticket->incidents->len && events->len < 20; i++) {
        guint index = g_array_index(ticket->incidents, guint, i);
        add_event(events, judgement->findings->incidents->pdata[index]);
    }
    return events;
}

const char *asking_thread(const Judgement *judgement)
{
    const StrictHeader *strict = judgement->strict;
    return strict->references->len > 0 ? strict->references->pdata[0]
                                       : strict->message_id;
}

static bool ask_switches(const Desk *desk, Instant now, GateInput *input,
                         GError **error)
{
    PauseState pause = {0};
    g_auto(BreakerState) breaker = {0};
    if (!store_pause_state(desk->store, &pause, error))
        return false;
    input->is_paused = pause.is_paused;
    pause_state_clear(&pause);
    if (!store_breaker_state(desk->store, &breaker, error))
        return false;
    input->breaker_is_open = breaker.is_open;
    return true;
}

static bool ask_hold(const Desk *desk, const char *member, GateInput *input,
                     GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *kind =
        member ? store_notice_hold(desk->store, member, &cause) : NULL;
    input->member_is_held = kind != NULL;
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

/* What waits for the digest of its reporter, or is one that waits. */
static bool ask_pending(const Desk *desk, const JudgedTicket *judged,
                        ReporterStanding *reporter, GError **error)
{
    const DigestGroup group = {
        .profile = reporter->profile ? reporter->profile->id : NULL,
        .member = judged->ticket->member};
    return !group.profile || !group.member ||
           store_digest_pending(desk->store, &group, judged->case_id,
                                &reporter->waiting, error);
}

bool asking_store(const Desk *desk, const Judgement *judgement,
                  const JudgedTicket *judged, Instant now, GateInput *input,
                  GError **error)
{
    if (!desk->store)
        return true;
    bool must_wait;
    if (!ask_switches(desk, now, input, error) ||
        !probing_ask(desk, now, &input->border_is_proven, &must_wait, error) ||
        !ask_hold(desk, judged->ticket->member, input, error))
        return false;
    g_autoptr(GPtrArray) events = asking_events(judgement, judged->ticket);
    const CountKeys keys = {
        .address = judgement->authentication->destination,
        .member = judged->ticket->member,
        .template_id = judged->reply ? judged->reply->template_id : NULL,
        .thread = asking_thread(judgement),
        .events = events,
        .case_id = judged->case_id,
        .dkim_key = judgement->authentication->dkim_key,
    };
    if (!store_counts(desk->store, &keys, now, &input->counts, error))
        return false;
    if (input->reporter.profile &&
        !store_reporter_letters(desk->store, &input->reporter,
                                judged->ticket->member, judged->case_id, now,
                                &input->reporter.letters_1d,
                                &input->reporter.letters_of_quote, error))
        return false;
    if (!ask_pending(desk, judged, &input->reporter, error))
        return false;
    Instant since = input->counts.domain_since;
    input->domain_is_new = since == INSTANT_NONE || now - since < DOMAIN_NEW_S;
    return true;
}

void asking_discount(GateInput *input)
{
    GateCounts *counts = &input->counts;
    uint32_t *const NUMBERS[] = {
        &counts->to_address_1d,  &counts->to_address_7d,
        &counts->to_domain_1d,   &counts->by_member_1d,
        &counts->all_1h,         &counts->all_1d,
        &counts->case_letters,   &counts->thread_letters,
        &counts->same_1d,        &counts->same_7d,
        &counts->same_domain_1d, &input->reporter.letters_1d,
    };
    for (guint i = 0; i < G_N_ELEMENTS(NUMBERS); i++)
        if (*NUMBERS[i] > 0)
            (*NUMBERS[i])--;
    counts->dkim_seen = false;   /* by this very letter: it is answered once */
    input->reporter.waiting = 0; /* behind it */
}

void asking_digest(GateInput *input)
{
    input->reporter.letters_1d = 0;
    input->reporter.waiting = 0;
}

void asking_follow_up(GateInput *input)
{
    GateCounts *counts = &input->counts;
    counts->case_letters -= counts->case_letters > 0;
    counts->thread_letters -= counts->thread_letters > 0;
    counts->dkim_seen = false; /* by the answer */
}

/* ---- what the mail shows ----------------------------------------------- */

/* The host of "by HOST" outside comments; its length, 0 if none. */
static size_t received_by(const char *value, const char **host)
{
    int depth = 0;
    for (const char *at = value; *at; at++) {
        depth += *at == '(';
        depth -= *at == ')' && depth > 0;
        bool is_word = depth == 0 && g_ascii_strncasecmp(at, "by ", 3) == 0 &&
                       (at == value || at[-1] == ' ');
        if (!is_word)
            continue;
        *host = at + 3;
        return strcspn(*host, " ;(");
    }
    return 0;
}

static uint32_t count_own_received(const Settings *settings,
                                   const StrictHeader *strict)
{
    uint32_t count = 0;
    const char *own = settings->receive.authserv_id, *host = NULL;
    for (guint i = 0; own && i < strict->authentication->len; i++) {
        const StrictField *field = strict->authentication->pdata[i];
        if (!g_str_equal(field->name, "received"))
            continue;
        size_t length = received_by(field->value, &host);
        count += length == strlen(own) &&
                 g_ascii_strncasecmp(host, own, length) == 0;
    }
    return count;
}

static bool is_own_message_id(const Settings *settings, const char *message_id)
{
    const char *own = address_domain(settings->desk.address);
    const char *domain = address_domain(message_id);
    return own && domain && strlen(domain) == strlen(own) + 1 &&
           g_ascii_strncasecmp(domain, own, strlen(own)) == 0;
}

/* Does it hold a letter of ours, attached or with its header pasted? */
static bool encloses_our_letter(const Delivery *delivery)
{
    static const char MARK[] = "X-Exitdesk-Loop:";
    gsize length;
    const char *raw = g_bytes_get_data(delivery->raw, &length);
    return length > 0 && memmem(raw, length, MARK, strlen(MARK));
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
        .reporter = reporter_standing(judgement, now),
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
                      return_path_is_ours(settings, delivery->envelope_from) ||
                      (strict->loop_token && desk->loop_key &&
                       reply_is_own_token(strict->loop_token, desk->loop_key)),
        .own_message_id = is_own_message_id(settings, strict->message_id),
        .own_recipient = list_names_us(settings, strict->to) ||
                         list_names_us(settings, strict->resent),
        .only_resent = !list_names_us(settings, strict->to) &&
                       list_names_us(settings, strict->resent),
        .own_received = count_own_received(settings, strict),
        .border_is_proven = true,
        .is_duplicate = judgement->is_duplicate,
        .answers_us = judgement->answers_us || encloses_our_letter(delivery),
        .is_old_mail = g_strcmp0(delivery->way, "import") == 0,
        .limits = settings->send.limits,
    };
}
