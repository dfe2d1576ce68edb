/*
 * One judgement for people: an operator who asks "why did it do that?". One
 * numbered step a stage, in the order things happened, each with its reason;
 * below each answer the words it came from and where they stand, and what
 * else it might have been. No moment of its own making: the same mail gives
 * the same text.
 */
#include "intake/why.h"

#include "base/digest.h"
#include "base/log.h"
#include "intake/why_values.h"

#include <string.h>

#define SHOWN_INCIDENTS 10
#define SHOWN_READINGS  4
#define SHOWN_WORDS     3
#define SHOWN_WORKS     10

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

/* "\"phished\" (line 11, column 1)", the first few. */
static char *words_text(const GPtrArray *quotes)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < quotes->len && i < SHOWN_WORDS; i++) {
        const Quote *quote = quotes->pdata[i];
        g_autofree char *place = quote_place_text(quote);
        g_string_append_printf(text, "%s\"%s\" (%s)", i ? ", " : "",
                               quote->words, place);
    }
    if (quotes->len > SHOWN_WORDS)
        g_string_append_printf(text, " and %u more", quotes->len - SHOWN_WORDS);
    return g_string_free(text, FALSE);
}

static void tell_loser(GString *out, const Loser *loser)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    if (loser->quote)
        g_ptr_array_add(words, loser->quote);
    g_autofree char *text = words_text(words);
    line(out, 0, "", "not %s: %s%s%s", loser->answer, loser->why,
         *text ? ", by " : "", text);
}

static void tell_category(GString *out, const Report *report)
{
    g_autofree char *words = words_text(report->category_why);
    if (strcmp(report->category, "unknown") == 0)
        line(out, 3, "category", "unknown: no words of one weigh enough");
    else
        line(out, 3, "category", "%s, by %s", report->category,
             *words ? words : "the format's own field");
    for (guint i = 0; i < report->losers->len; i++)
        tell_loser(out, report->losers->pdata[i]);
    line(out, 0, "language", "%s, read as %s", report->language,
         report->format);
}

/* Answers that need no more than a line: words, place, rule. */
static void tell_value(GString *out, const Value *value)
{
    g_autofree char *words = words_text(value->quotes);
    if (!value->answer)
        line(out, 0, value->title, "none: %s", value->rule);
    else if (strcmp(value->name, "accusation") == 0)
        line(out, 0, value->title, "%s", words);
    else if (strcmp(value->name, "reference") == 0)
        line(out, 0, value->title, "%s; %s", words, value->rule);
    else if (strcmp(value->name, "sensitive") == 0)
        line(out, 0, value->title, "%s%s%s: no program answers this",
             value->answer, *words ? ", by " : "", words);
    else
        line(out, 0, value->title, "%s, by %s", value->answer,
             *words ? words : value->rule);
}

static bool is_told_above(const Value *value)
{
    static const char *const NAMES[] = {"disposition", "sender_class",
                                        "reporter", "category", "language"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (strcmp(value->name, NAMES[i]) == 0)
            return true;
    return false;
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
    tell_category(out, report);
    g_autoptr(GPtrArray) values = values_new(report);
    guint works = 0;
    for (guint i = 0; i < values->len; i++) {
        const Value *value = values->pdata[i];
        works += strcmp(value->name, "work") == 0;
        if (!is_told_above(value) && works <= SHOWN_WORKS)
            tell_value(out, value);
    }
    if (works > SHOWN_WORKS)
        line(out, 0, "", "and %u more works (--json shows all)",
             works - SHOWN_WORKS);
}

static void tell_time(GString *out, const CitedTime *time)
{
    if (!time) {
        line(out, 0, "time", "none is cited for it");
        return;
    }
    g_autofree char *place = quote_place_text(time->quote);
    line(out, 0, "time", "\"%s\" (%s): %u reading%s%s", time->quote->words,
         place, time->readings->len, time->readings->len == 1 ? "" : "s",
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

static void tell_target(GString *out, const Incident *incident)
{
    g_autofree char *target = incident_target_text(incident);
    if (!target)
        return;
    g_autofree char *place = incident->target
                                 ? quote_place_text(incident->target)
                                 : g_strdup("by its port or its service");
    line(out, 0, "target", "%s (%s)", target, place);
}

/* Where readings disagree, each answer with how many give it and the best of
 * these. */
static void tell_answers(GString *out, const CitedTime *time,
                         const Match *match)
{
    const GPtrArray *readings = match->readings;
    if (!time || readings->len == 0 ||
        match_count_like(match, 0) == readings->len)
        return;
    for (guint i = 0; i < readings->len; i++) {
        const ReadingMatch *one = readings->pdata[i];
        guint count = match_count_like(match, i);
        if (count == 0)
            continue;
        char from[INSTANT_TEXT_MAX];
        const Reading *reading = time->readings->pdata[one->reading];
        line(out, 0, "", "  %s%s%s: %u of %u readings, best %s (%s)",
             verdict_word(one->verdict), one->member ? " of " : "",
             one->member ? one->member : "", count, readings->len,
             instant_text(reading->from, from), reading->why);
    }
}

static void tell_incident(GString *out, const Incident *incident,
                          const Match *match)
{
    char address[IP_TEXT_MAX];
    g_autofree char *place = quote_place_text(incident->address_quote);
    line(out, 4, "address", "%s (%s): %s, %s",
         ip_text(&incident->address, address), place, role_word(incident->role),
         incident->role_why);
    if (incident->role_lost)
        tell_loser(out, incident->role_lost);
    tell_target(out, incident);
    if (!match)
        return;
    tell_time(out, incident->time);
    line(out, 5, "verdict", "%s: %s", verdict_word(match->verdict), match->why);
    tell_answers(out, incident->time, match);
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
