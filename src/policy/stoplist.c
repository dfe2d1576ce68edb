/*
 * Local parts that belong to programs, not to somebody who reads.
 *
 * To add one: a row below, lower case. The part before "+" is compared too.
 *
 * postmaster and hostmaster are people behind a role (RFC 5230 section 4.6
 * asks for care), somebody may read what comes to a monitor's address, and a
 * rewritten sender (SRS, of a member's forwarding mail system) hides a genuine
 * complainant: all are for a person to decide.
 *
 * Authority: RFC 3834 section 2, RFC 5230 section 4.6.
 */
#include "policy/gate_rules.h"

#include <string.h>

typedef enum { SHAPE_WHOLE, SHAPE_PREFIX, SHAPE_SUFFIX } Shape;

static const struct {
    const char *text;
    Shape shape;
    StopAnswer answer;
    bool envelope_only; /* shapes that only bounce addresses have */
} STOPS[] = {
    {"mailer-daemon", SHAPE_WHOLE, STOP_NEVER, false},
    {"listserv", SHAPE_WHOLE, STOP_NEVER, false},
    {"majordomo", SHAPE_WHOLE, STOP_NEVER, false},
    {"daemon", SHAPE_WHOLE, STOP_NEVER, false},
    {"root", SHAPE_WHOLE, STOP_NEVER, false},
    {"nobody", SHAPE_WHOLE, STOP_NEVER, false},
    {"noreply", SHAPE_PREFIX, STOP_NEVER, false},
    {"no-reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"no_reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"no.reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"donotreply", SHAPE_PREFIX, STOP_NEVER, false},
    {"do-not-reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"do_not_reply", SHAPE_PREFIX, STOP_NEVER, false},
    /* the same in other languages and spellings */
    {"noresponder", SHAPE_PREFIX, STOP_NEVER, false},
    {"no-responder", SHAPE_PREFIX, STOP_NEVER, false},
    {"no_responder", SHAPE_PREFIX, STOP_NEVER, false},
    {"noresponda", SHAPE_PREFIX, STOP_NEVER, false},
    {"naoresponda", SHAPE_PREFIX, STOP_NEVER, false},
    {"nao-responda", SHAPE_PREFIX, STOP_NEVER, false},
    {"nao_responda", SHAPE_PREFIX, STOP_NEVER, false},
    {"nonrispondere", SHAPE_PREFIX, STOP_NEVER, false},
    {"non-rispondere", SHAPE_PREFIX, STOP_NEVER, false},
    {"nepasrepondre", SHAPE_PREFIX, STOP_NEVER, false},
    {"ne-pas-repondre", SHAPE_PREFIX, STOP_NEVER, false},
    {"ne_pas_repondre", SHAPE_PREFIX, STOP_NEVER, false},
    {"nichtantworten", SHAPE_PREFIX, STOP_NEVER, false},
    {"nicht-antworten", SHAPE_PREFIX, STOP_NEVER, false},
    {"nicht_antworten", SHAPE_PREFIX, STOP_NEVER, false},
    {"keineantwort", SHAPE_PREFIX, STOP_NEVER, false},
    {"keine-antwort", SHAPE_PREFIX, STOP_NEVER, false},
    {"nietantwoorden", SHAPE_PREFIX, STOP_NEVER, false},
    {"niet-antwoorden", SHAPE_PREFIX, STOP_NEVER, false},
    {"svara-inte", SHAPE_PREFIX, STOP_NEVER, false},
    {"svarainte", SHAPE_PREFIX, STOP_NEVER, false},
    {"ikke-svar", SHAPE_PREFIX, STOP_NEVER, false},
    {"ikkesvar", SHAPE_PREFIX, STOP_NEVER, false},
    {"nieodpowiadaj", SHAPE_PREFIX, STOP_NEVER, false},
    {"nie-odpowiadaj", SHAPE_PREFIX, STOP_NEVER, false},
    {"neodpovidat", SHAPE_PREFIX, STOP_NEVER, false},
    {"neodpovidejte", SHAPE_PREFIX, STOP_NEVER, false},
    {"dontreply", SHAPE_PREFIX, STOP_NEVER, false},
    {"dont-reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"donot-reply", SHAPE_PREFIX, STOP_NEVER, false},
    {"unmonitored", SHAPE_PREFIX, STOP_NEVER, false},
    {"notmonitored", SHAPE_PREFIX, STOP_NEVER, false},
    {"not-monitored", SHAPE_PREFIX, STOP_NEVER, false},
    {"-noreply", SHAPE_SUFFIX, STOP_NEVER, false},
    {"bounce", SHAPE_WHOLE, STOP_NEVER, false},
    {"bounces", SHAPE_WHOLE, STOP_NEVER, false},
    {"bounce-", SHAPE_PREFIX, STOP_NEVER, false},
    {"bounces-", SHAPE_PREFIX, STOP_NEVER, false},
    {"-bounce", SHAPE_SUFFIX, STOP_NEVER, false},
    {"-bounces", SHAPE_SUFFIX, STOP_NEVER, false},
    {"owner-", SHAPE_PREFIX, STOP_NEVER, false},
    {"-owner", SHAPE_SUFFIX, STOP_NEVER, false},
    {"-request", SHAPE_SUFFIX, STOP_NEVER, false},
    {"notifications", SHAPE_WHOLE, STOP_NEVER, false},
    {"autoresponder", SHAPE_WHOLE, STOP_NEVER, false},
    {"vacation", SHAPE_WHOLE, STOP_NEVER, false},
    {"cron", SHAPE_WHOLE, STOP_NEVER, false},
    {"www-data", SHAPE_WHOLE, STOP_NEVER, false},
    {"autoreply", SHAPE_WHOLE, STOP_NEVER, false},
    {"auto-reply", SHAPE_WHOLE, STOP_NEVER, false},
    {"feedback-loop", SHAPE_WHOLE, STOP_NEVER, false},
    {"fbl", SHAPE_WHOLE, STOP_NEVER, false},
    {"postmaster", SHAPE_WHOLE, STOP_ASK, false},
    {"hostmaster", SHAPE_WHOLE, STOP_ASK, false},
    {"alert", SHAPE_WHOLE, STOP_ASK, false},
    {"alerts", SHAPE_WHOLE, STOP_ASK, false},
    {"monitoring", SHAPE_WHOLE, STOP_ASK, false},
    {"robot", SHAPE_WHOLE, STOP_ASK, false},
    {"bot", SHAPE_WHOLE, STOP_ASK, false},
    {"srs0", SHAPE_PREFIX, STOP_ASK, true},
    {"srs1", SHAPE_PREFIX, STOP_ASK, true},
};

static bool has_shape(const char *local, const char *text, Shape shape)
{
    switch (shape) {
    case SHAPE_WHOLE:
        return g_str_equal(local, text);
    case SHAPE_PREFIX:
        return g_str_has_prefix(local, text);
    case SHAPE_SUFFIX:
        return g_str_has_suffix(local, text);
    }
    g_assert_not_reached();
}

static StopAnswer ask_table(const char *local, bool is_envelope)
{
    StopAnswer answer = STOP_NO;
    for (size_t i = 0; i < G_N_ELEMENTS(STOPS); i++)
        if ((is_envelope || !STOPS[i].envelope_only) &&
            has_shape(local, STOPS[i].text, STOPS[i].shape))
            answer = MAX(answer, STOPS[i].answer);
    return answer;
}

StopAnswer stop_list_ask(const char *address, bool is_envelope)
{
    const char *at = strrchr(address, '@');
    g_autofree char *local = at ? g_ascii_strdown(address, at - address)
                                : g_ascii_strdown(address, -1);
    StopAnswer answer = ask_table(local, is_envelope);
    /* VERP (user=domain) and BATV (prvs=tag=user) addresses hold "="; the
     * rewritten ones above do too and stay a question. */
    if (is_envelope && answer == STOP_NO && strchr(local, '='))
        return STOP_NEVER;
    char *plus = strchr(local, '+');
    if (!plus)
        return answer;
    *plus = 0;
    return MAX(answer, ask_table(local, is_envelope));
}

bool gate_address_is_stopped(const char *address)
{
    return stop_list_ask(address, true) == STOP_NEVER;
}
