/*
 * One judgement for programs and the store, as JSON (why_text.c tells it to
 * people). It holds no moment of its own making, so that the same mail gives
 * the same bytes. Names are only ever added: old cases keep their findings.
 */
#include "intake/why.h"

#include "intake/why_values.h"

#include "base/digest.h"
#include "base/json.h"
#include "mail/mail.h"

#include <string.h>

/* ---- JSON ------------------------------------------------------------- */

static void put_quotes(Json *json, const char *name, const GPtrArray *quotes)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; quotes && i < quotes->len; i++)
        json_text(json, ((Quote *)quotes->pdata[i])->words);
    json_end_array(json);
}

/* Words with their place. */
static void put_quote(Json *json, const Quote *quote)
{
    json_object(json);
    json_put_text(json, "text", quote->words);
    json_put_text(json, "where", quote_where(quote));
    json_put_number(json, "line", quote->place.line);
    json_put_number(json, "column", quote->place.column);
    json_end_object(json);
}

static void put_loser(Json *json, const Loser *loser)
{
    json_object(json);
    json_put_text(json, "answer", loser->answer);
    json_put_text(json, "why", loser->why);
    json_key(json, "words");
    json_array(json);
    if (loser->quote)
        put_quote(json, loser->quote);
    json_end_array(json);
    json_end_object(json);
}

static void put_losers(Json *json, const Report *report, const char *question)
{
    json_key(json, "over");
    json_array(json);
    for (guint i = 0; i < report->losers->len; i++) {
        const Loser *loser = report->losers->pdata[i];
        if (strcmp(loser->question, question) == 0)
            put_loser(json, loser);
    }
    json_end_array(json);
}

/* Every answer about the mail: rule, words, and what it won over. */
static void put_values(Json *json, const Report *report)
{
    g_autoptr(GPtrArray) values = values_new(report);
    json_key(json, "values");
    json_array(json);
    for (guint i = 0; i < values->len; i++) {
        const Value *value = values->pdata[i];
        json_object(json);
        json_put_text(json, "value", value->name);
        json_put_text(json, "answer", value->answer);
        json_put_text(json, "rule", value->rule);
        json_key(json, "words");
        json_array(json);
        for (guint k = 0; k < value->quotes->len; k++)
            put_quote(json, value->quotes->pdata[k]);
        json_end_array(json);
        json_put_text(json, "no_words",
                      value->quotes->len > 0 ? NULL : value->none);
        put_losers(json, report, value->name);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_channels(Json *json, const Report *report)
{
    json_key(json, "channels");
    json_array(json);
    for (guint i = 0; i < report->channels->len; i++) {
        const Channel *channel = report->channels->pdata[i];
        json_object(json);
        json_put_text(json, "kind", channel_kind_word(channel->kind));
        json_put_text(json, "value", channel->value);
        json_put_text(json, "found", channel->where);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_demands_and_works(Json *json, const Report *report)
{
    json_key(json, "demands");
    json_array(json);
    for (guint i = 0; i < report->demands->len; i++)
        json_text(json, demand_kind_word(
                            ((Demand *)report->demands->pdata[i])->kind));
    json_end_array(json);
    json_key(json, "works");
    json_array(json);
    for (guint i = 0; i < report->works->len; i++) {
        const NamedWork *work = report->works->pdata[i];
        json_object(json);
        json_put_text(json, "kind", work_kind_word(work->kind));
        json_put_text(json, "name", work->quote->words);
        json_end_object(json);
    }
    json_end_array(json);
}

/* Each with its own verdict, where it was looked up. */
static void put_reading(Json *json, const Reading *reading,
                        const ReadingMatch *found)
{
    json_object(json);
    json_put_instant(json, "from", reading->from);
    json_put_instant(json, "to", reading->to);
    json_put_text(json, "why", reading->why);
    json_put_text(json, "verdict", found ? verdict_word(found->verdict) : NULL);
    json_put_text(json, "member", found ? found->member : NULL);
    json_end_object(json);
}

static void put_time(Json *json, const CitedTime *time, const Match *match)
{
    json_key(json, "time");
    if (!time) {
        json_null(json);
        return;
    }
    json_object(json);
    json_put_text(json, "text", time->quote->words);
    json_put_bool(json, "certain", time->certain);
    json_put_number(json, "line", time->quote->place.line);
    json_put_number(json, "column", time->quote->place.column);
    json_key(json, "readings");
    json_array(json);
    for (guint i = 0; i < time->readings->len; i++)
        put_reading(json, time->readings->pdata[i],
                    match && i < match->readings->len
                        ? match->readings->pdata[i]
                        : NULL);
    json_end_array(json);
    json_end_object(json);
}

static void put_relay(Json *json, const RelaySighting *relay)
{
    g_autofree char *fingerprint =
        hex_new(relay->fingerprint, FINGERPRINT_BYTES);
    json_object(json);
    json_put_text(json, "fingerprint", fingerprint);
    json_put_text(json, "nickname", relay->nickname);
    json_put_text(json, "certainty", certainty_word(relay->certainty));
    json_put_text(json, "policy", policy_answer_word(relay->policy));
    json_put_instant(json, "listed_from", relay->listed.from);
    json_put_instant(json, "listed_to", relay->listed.to);
    json_put_bool(json, "exit_flag", relay->has_exit_flag);
    json_put_bool(json, "by_exit_list", relay->by_exit_list);
    json_end_object(json);
}

static void put_match(Json *json, const Match *match)
{
    json_put_text(json, "verdict", match ? verdict_word(match->verdict) : NULL);
    json_put_text(json, "verdict_why", match ? match->why : NULL);
    json_put_text(json, "member", match ? match->member : NULL);
    json_key(json, "relays");
    json_array(json);
    for (guint i = 0; match && i < match->relays->len; i++)
        put_relay(json, match->relays->pdata[i]);
    json_end_array(json);
    json_key(json, "documents");
    json_array(json);
    for (guint i = 0; match && i < match->documents->len; i++) {
        const RelayDocument *document = match->documents->pdata[i];
        json_object(json);
        json_put_text(json, "type", document->type);
        json_put_instant(json, "when", document->when);
        json_put_text(json, "sha256", document->sha256);
        json_put_text(json, "name", document->name);
        json_end_object(json);
    }
    json_end_array(json);
}

/* "shop.example:443", ":25", or NULL if no target is cited. */
char *incident_target_text(const Incident *incident)
{
    const char *host = incident->target ? incident->target->words : "";
    if (incident->target_port < 0)
        return *host ? g_strdup(host) : NULL;
    g_autofree char *port = g_strdup_printf(":%d", incident->target_port);
    if (g_str_has_suffix(host, port))
        return g_strdup(host);
    return g_strconcat(host, port, NULL);
}

static void put_incident(Json *json, const Incident *incident,
                         const Match *match)
{
    char address[IP_TEXT_MAX];
    g_autofree char *target = incident_target_text(incident);
    json_object(json);
    json_put_text(json, "address", ip_text(&incident->address, address));
    json_put_text(json, "address_text", incident->address_quote->words);
    json_put_number(json, "line", incident->address_quote->place.line);
    json_put_number(json, "column", incident->address_quote->place.column);
    json_put_text(json, "where", quote_where(incident->address_quote));
    json_key(json, "port");
    if (incident->port >= 0)
        json_number(json, incident->port);
    else
        json_null(json);
    json_put_text(json, "target", target);
    json_key(json, "target_port");
    if (incident->target_port >= 0)
        json_number(json, incident->target_port);
    else
        json_null(json);
    json_key(json, "target_words");
    if (incident->target)
        put_quote(json, incident->target);
    else
        json_null(json);
    json_put_text(json, "protocol", incident->protocol);
    json_put_text(json, "role", role_word(incident->role));
    json_put_text(json, "role_why", incident->role_why);
    json_key(json, "role_over");
    json_array(json);
    if (incident->role_lost)
        put_loser(json, incident->role_lost);
    json_end_array(json);
    json_put_text(json, "category", incident->category);
    json_put_number(json, "count", incident->count);
    put_time(json, incident->time, match);
    put_match(json, match);
    json_end_object(json);
}

static void put_sensitive(Json *json, const Report *report)
{
    json_key(json, "sensitive");
    json_array(json);
    for (uint32_t bit = 1; bit <= SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & bit)
            json_text(json, sensitive_word((Sensitive)bit));
    json_end_array(json);
}

static void put_report(Json *json, const Report *report)
{
    json_put_text(json, "disposition", disposition_word(report->disposition));
    json_put_text(json, "disposition_why", report->disposition_why);
    json_put_text(json, "format", report->format);
    json_put_text(json, "category", report->category);
    put_quotes(json, "category_why", report->category_why);
    json_put_text(json, "sender_class",
                  sender_class_word(report->sender_class));
    json_put_text(json, "sender_class_why", report->sender_class_why);
    json_put_text(json, "reporter", report->reporter_address);
    json_put_text(json, "claimed_reporter", report->claimed_address);
    json_put_text(json, "language", report->language);
    put_sensitive(json, report);
    put_quotes(json, "sensitive_why", report->sensitive_why);
    json_key(json, "references");
    json_array(json);
    for (guint i = 0; i < report->references->len; i++)
        json_text(json,
                  ((Reference *)report->references->pdata[i])->value->words);
    json_end_array(json);
    json_put_instant(json, "deadline", report->deadline);
    json_put_text(json, "deadline_text",
                  report->deadline_words ? report->deadline_words->words
                                         : NULL);
    json_put_text(json, "accusation",
                  report->accusation ? report->accusation->words : NULL);
    json_put_instant(json, "date", report->date);
    put_channels(json, report);
    put_demands_and_works(json, report);
    put_values(json, report);
}

static void put_ticket(Json *json, const JudgedTicket *judged)
{
    const Decision *decision = judged->decision;
    json_object(json);
    json_put_text(json, "case", judged->case_id);
    json_put_text(json, "member", judged->ticket->member);
    json_put_text(json, "verdict", verdict_word(judged->ticket->verdict));
    json_put_text(json, "category", judged->ticket->category);
    json_put_text(json, "why", judged->ticket->why);
    json_put_text(json, "action",
                  decision ? action_word(decision->action) : NULL);
    json_put_text(json, "rule", decision ? decision->rule : NULL);
    json_key(json, "rules");
    json_array(json);
    for (guint i = 0; decision && i < decision->hits->len; i++) {
        const GateHit *hit = &g_array_index(decision->hits, GateHit, i);
        json_object(json);
        json_put_text(json, "id", hit->id);
        json_put_text(json, "action", action_word(hit->action));
        json_put_text(json, "why", hit->why);
        json_end_object(json);
    }
    json_end_array(json);
    json_put_text(json, "template",
                  judged->reply ? judged->reply->template_id : NULL);
    json_put_text(json, "letter_why", judged->letter_why);
    json_end_object(json);
}

char *judgement_new_json(const Judgement *judgement)
{
    const Report *report = judgement->findings->report;
    const GPtrArray *incidents = judgement->findings->incidents;
    const Authentication *authentication = judgement->authentication;
    Json json;
    json_init(&json);
    json_object(&json);
    put_report(&json, report);
    json_put_text(&json, "authentication",
                  auth_level_word(authentication->level));
    json_put_text(&json, "authentication_why", authentication->why);
    json_put_text(&json, "profile",
                  judgement->profile ? judgement->profile->id : NULL);
    json_put_text(&json, "profile_claimed",
                  judgement->claimed ? judgement->claimed->id : NULL);
    json_put_text(&json, "quote", judgement->quote);
    json_key(&json, "incidents");
    json_array(&json);
    for (guint i = 0; i < incidents->len; i++)
        put_incident(&json, incidents->pdata[i], judgement->matches->pdata[i]);
    json_end_array(&json);
    json_key(&json, "flags");
    json_array(&json);
    for (guint i = 0; i < report->flags->len; i++)
        json_text(&json, report->flags->pdata[i]);
    json_end_array(&json);
    json_put_text(&json, "joins_case", judgement->joins_case);
    json_put_text(&json, "joins_why", judgement->joins_why);
    json_key(&json, "tickets");
    json_array(&json);
    for (guint i = 0; i < judgement->tickets->len; i++)
        put_ticket(&json, judgement->tickets->pdata[i]);
    json_end_array(&json);
    json_end_object(&json);
    return json_steal(&json);
}

char *judged_ticket_new_json(const Judgement *judgement,
                             const JudgedTicket *judged)
{
    Json json;
    json_init(&json);
    json_array(&json);
    for (guint i = 0; i < judged->ticket->incidents->len; i++) {
        guint index = g_array_index(judged->ticket->incidents, guint, i);
        put_incident(&json, judgement->findings->incidents->pdata[index],
                     judgement->matches->pdata[index]);
    }
    json_end_array(&json);
    return json_steal(&json);
}
