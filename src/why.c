/*
 * One judgement, told twice: JSON for programs and the store, text for people.
 * The text is for an operator who asks "why did it do that?": one numbered
 * step a stage, in the order things happened, each with its reason. It holds
 * no moment of its own making, so that the same mail gives the same text.
 */
#include "why.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/log.h"
#include "mail/mail.h"

#include <string.h>

#define SHOWN_INCIDENTS 10
#define SHOWN_READINGS  4

/* ---- JSON ------------------------------------------------------------- */

static void put_quotes(Json *json, const char *name, const GPtrArray *quotes)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; quotes && i < quotes->len; i++)
        json_text(json, ((Quote *)quotes->pdata[i])->words);
    json_end_array(json);
}

static void put_time(Json *json, const CitedTime *time)
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
    json_key(json, "readings");
    json_array(json);
    for (guint i = 0; i < time->readings->len; i++) {
        const Reading *reading = time->readings->pdata[i];
        json_object(json);
        json_put_instant(json, "from", reading->from);
        json_put_instant(json, "to", reading->to);
        json_put_text(json, "why", reading->why);
        json_end_object(json);
    }
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
static char *target_text(const Incident *incident)
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
    g_autofree char *target = target_text(incident);
    json_object(json);
    json_put_text(json, "address", ip_text(&incident->address, address));
    json_put_text(json, "address_text", incident->address_quote->words);
    json_put_number(json, "line", incident->address_quote->place.line);
    json_key(json, "port");
    if (incident->port >= 0)
        json_number(json, incident->port);
    else
        json_null(json);
    json_put_text(json, "target", target);
    json_put_text(json, "protocol", incident->protocol);
    json_put_text(json, "role", role_word(incident->role));
    json_put_text(json, "role_why", incident->role_why);
    json_put_text(json, "category", incident->category);
    json_put_number(json, "count", incident->count);
    put_time(json, incident->time);
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

/* ---- text ------------------------------------------------------------- */

static void line(GString *out, int step, const char *title, const char *format,
                 ...) G_GNUC_PRINTF(4, 5);

/* "3 address    ..." ; step 0 leaves the number out (a further line). */
static void line(GString *out, int step, const char *title, const char *format,
                 ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = foreign_text(text, 600);
    if (step > 0)
        g_string_append_printf(out, "%d %-10s %s\n", step, title, safe);
    else
        g_string_append_printf(out, "  %-10s %s\n", title, safe);
}

static void tell_report(GString *out, const Report *report)
{
    line(out, 1, "kind", "%s: %s", disposition_word(report->disposition),
         report->disposition_why ? report->disposition_why : "-");
    line(out, 2, "sender", "%s, %s: %s",
         report->reporter_address ? report->reporter_address : "(no address)",
         sender_class_word(report->sender_class),
         report->sender_class_why ? report->sender_class_why : "-");
    if (report->claimed_address)
        line(out, 0, "", "passes on a complaint of %s (not verified)",
             report->claimed_address);
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = 0; i < report->category_why->len && i < 3; i++)
        g_string_append_printf(
            words, "%s\"%s\"", i ? ", " : "",
            ((Quote *)report->category_why->pdata[i])->words);
    line(out, 3, "category", "%s%s%s", report->category,
         words->len ? ", by the words " : "", words->str);
    line(out, 0, "language", "%s, read as %s", report->language,
         report->format);
    for (uint32_t bit = 1; bit <= SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & bit)
            line(out, 0, "sensitive", "%s: no program answers this",
                 sensitive_word((Sensitive)bit));
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        line(out, 0, "reference", "%s (%s)", reference->value->words,
             reference->where);
    }
    if (report->deadline_words) {
        char buffer[INSTANT_TEXT_MAX];
        line(out, 0, "deadline", "\"%s\": %s", report->deadline_words->words,
             instant_text(report->deadline, buffer));
    }
}

static void tell_time(GString *out, const CitedTime *time)
{
    if (!time) {
        line(out, 0, "time", "none is cited for it");
        return;
    }
    line(out, 0, "time", "\"%s\" at line %u: %u reading%s%s",
         time->quote->words, time->quote->place.line, time->readings->len,
         time->readings->len == 1 ? "" : "s",
         time->certain ? "" : ", not certain");
    for (guint i = 0; i < time->readings->len && i < SHOWN_READINGS; i++) {
        const Reading *reading = time->readings->pdata[i];
        char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];
        bool is_point = reading->from == reading->to;
        line(out, 0, "", "  %s%s%s (%s)", instant_text(reading->from, from),
             is_point ? "" : " to ",
             is_point ? "" : instant_text(reading->to, to), reading->why);
    }
    if (time->readings->len > SHOWN_READINGS)
        line(out, 0, "", "  and %u more", time->readings->len - SHOWN_READINGS);
}

static void tell_incident(GString *out, const Incident *incident,
                          const Match *match)
{
    char address[IP_TEXT_MAX];
    g_autofree char *target = target_text(incident);
    line(out, 4, "address", "%s at line %u: %s, %s",
         ip_text(&incident->address, address),
         incident->address_quote->place.line, role_word(incident->role),
         incident->role_why);
    if (target)
        line(out, 0, "target", "%s", target);
    if (!match)
        return;
    tell_time(out, incident->time);
    line(out, 5, "verdict", "%s: %s", verdict_word(match->verdict), match->why);
    for (guint i = 0; i < match->relays->len && i < SHOWN_READINGS; i++) {
        const RelaySighting *relay = match->relays->pdata[i];
        g_autofree char *fingerprint =
            hex_new(relay->fingerprint, FINGERPRINT_BYTES);
        line(out, 0, "relay", "%s $%s, policy %s", relay->nickname, fingerprint,
             policy_answer_word(relay->policy));
    }
}

static void tell_ticket(GString *out, const JudgedTicket *judged)
{
    line(out, 6, "member", "%s: %s",
         judged->ticket->member ? judged->ticket->member : "none",
         judged->ticket->why);
    if (!judged->decision)
        return;
    line(out, 7, "decision", "%s by rule %s",
         action_word(judged->decision->action), judged->decision->rule);
    for (guint i = 0; i < judged->decision->hits->len; i++) {
        const GateHit *hit = &g_array_index(judged->decision->hits, GateHit, i);
        line(out, 0, "", "  %s %s: %s", hit->id, action_word(hit->action),
             hit->why);
    }
    if (judged->reply)
        line(out, 8, "letter", "from %s, version %s",
             judged->reply->template_id, judged->reply->template_version);
    else
        line(out, 8, "letter", "none: %s",
             judged->letter_why ? judged->letter_why : "-");
}

char *judgement_new_text(const Judgement *judgement)
{
    const Report *report = judgement->findings->report;
    const GPtrArray *incidents = judgement->findings->incidents;
    GString *out = g_string_new(NULL);
    tell_report(out, report);
    if (incidents->len == 0)
        line(out, 4, "address", "none is cited");
    for (guint i = 0; i < incidents->len && i < SHOWN_INCIDENTS; i++)
        tell_incident(out, incidents->pdata[i], judgement->matches->pdata[i]);
    if (incidents->len > SHOWN_INCIDENTS)
        line(out, 0, "", "and %u more incidents (--json shows all)",
             incidents->len - SHOWN_INCIDENTS);
    for (guint i = 0; i < report->flags->len; i++)
        line(out, 0, "flag", "%s", (const char *)report->flags->pdata[i]);
    line(out, 0, "trust", "%s: %s",
         auth_level_word(judgement->authentication->level),
         judgement->authentication->why);
    if (judgement->joins_case)
        line(out, 0, "joins", "%s: %s", judgement->joins_case,
             judgement->joins_why);
    for (guint i = 0; i < judgement->tickets->len; i++)
        tell_ticket(out, judgement->tickets->pdata[i]);
    return g_string_free(out, FALSE);
}
