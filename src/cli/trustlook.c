#include "cli/trustlook.h"

#include "store/trust.h"

#define EVENTS_SHOWN 5

static void print_switches(const TrustState *state)
{
    char when[INSTANT_TEXT_MAX];
    if (state->consent != INSTANT_NONE)
        cli_print("%-10s %.10s by %s, words %s\n", "agreed",
                  instant_text(state->consent, when), state->consent_by,
                  state->consent_text);
    if (state->withdrawn != INSTANT_NONE)
        cli_print("%-10s consent taken back at %s\n", "",
                  instant_text(state->withdrawn, when));
    if (state->paused != INSTANT_NONE)
        cli_print("%-10s since %s by %s: %s\n", "paused",
                  instant_text(state->paused, when), state->paused_by,
                  state->paused_why);
    if (state->ends != INSTANT_NONE)
        cli_print("%-10s at %s\n", "ends", instant_text(state->ends, when));
}

static void print_levels(const Member *member, const TrustState *state,
                         Instant now)
{
    for (guint i = 0; i < state->levels->len; i++) {
        const TrustLevel *kept = state->levels->pdata[i];
        TrustAnswer answer = trust_answer(member, state, kept->category, now);
        char when[INSTANT_TEXT_MAX];
        cli_print("%-10s %s for %s: %s (set to %s at %s by %s: %s)\n",
                  i == 0 ? "levels" : "", automation_word(answer.level),
                  kept->category, answer.why, automation_word(kept->level),
                  instant_text(kept->since, when), kept->by, kept->why);
    }
    TrustAnswer other = trust_answer(member, state, "", now);
    cli_print("%-10s %s for all else: %s\n",
              state->levels->len == 0 ? "levels" : "",
              automation_word(other.level), other.why);
}

static void print_events(Store *store, const Member *member)
{
    g_autoptr(GPtrArray) events =
        store_trust_events(store, member->id, false, NULL);
    for (guint i = 0; events && i < MIN(events->len, EVENTS_SHOWN); i++) {
        const TrustEvent *event = events->pdata[i];
        char when[INSTANT_TEXT_MAX];
        cli_print("%-10s %s %s: %s\n", i == 0 ? "steps back" : "",
                  instant_text(event->at, when), event->category, event->cause);
    }
}

TrustState *trustlook_state(CliContext *context, const Member *member)
{
    Store *store = cli_store(context, NULL);
    return store ? store_trust(store, member->id, member->mentor != NULL, NULL)
                 : NULL;
}

void trustlook_print(CliContext *context, const Member *member, Instant now)
{
    g_autoptr(TrustState) state = trustlook_state(context, member);
    if (!state)
        return;
    print_switches(state);
    print_levels(member, state, now);
    if (member->mentor)
        cli_print("%-10s %s, for the first %u letters (%u approved)\n",
                  "mentor", member->mentor, member->mentor_letters,
                  state->approved);
    print_events(cli_store(context, NULL), member);
}

/* ---- for programs -------------------------------------------------------- */

static void put_switches(Json *json, const Member *member,
                         const TrustState *state, Instant now)
{
    json_put_bool(json, "has_consent", trust_has_consent(member, state, now));
    json_put_instant(json, "consent", state->consent);
    json_put_text(json, "consent_by", state->consent_by);
    json_put_text(json, "consent_text", state->consent_text);
    json_put_text(json, "consent_sha256", state->consent_sha256);
    json_put_instant(json, "withdrawn", state->withdrawn);
    json_put_instant(json, "paused", state->paused);
    json_put_text(json, "paused_by", state->paused_by);
    json_put_text(json, "paused_why", state->paused_why);
    json_put_instant(json, "ends", state->ends);
}

static void put_mentor(Json *json, const Member *member,
                       const TrustState *state)
{
    json_key(json, "mentor");
    if (!member->mentor) {
        json_null(json);
        return;
    }
    json_object(json);
    json_put_text(json, "name", member->mentor);
    json_put_number(json, "letters", member->mentor_letters);
    json_put_number(json, "approved", state->approved);
    json_put_bool(json, "still_asked", trust_wants_mentor(member, state));
    json_end_object(json);
}

/* kept NULL: of all that nobody decided. */
static void put_level(Json *json, const Member *member, const TrustState *state,
                      const TrustLevel *kept, Instant now)
{
    TrustAnswer answer =
        trust_answer(member, state, kept ? kept->category : "", now);
    json_object(json);
    json_put_text(json, "category", kept ? kept->category : "*");
    json_put_text(json, "in_force", automation_word(answer.level));
    json_put_text(json, "why", answer.why);
    json_put_text(json, "set", kept ? automation_word(kept->level) : NULL);
    json_put_instant(json, "since", kept ? kept->since : INSTANT_NONE);
    json_put_text(json, "by", kept ? kept->by : NULL);
    json_put_text(json, "reason", kept ? kept->why : NULL);
    json_end_object(json);
}

static void put_levels(Json *json, const Member *member,
                       const TrustState *state, Instant now)
{
    bool has_rest = false;
    json_key(json, "levels");
    json_array(json);
    for (guint i = 0; i < state->levels->len; i++) {
        const TrustLevel *kept = state->levels->pdata[i];
        has_rest |= g_str_equal(kept->category, "*");
        put_level(json, member, state, kept, now);
    }
    if (!has_rest)
        put_level(json, member, state, NULL, now);
    json_end_array(json);
}

static void put_steps_back(Json *json, Store *store, const Member *member)
{
    g_autoptr(GPtrArray) events =
        store_trust_events(store, member->id, false, NULL);
    json_key(json, "steps_back");
    json_array(json);
    for (guint i = 0; events && i < events->len; i++) {
        const TrustEvent *event = events->pdata[i];
        json_object(json);
        json_put_instant(json, "at", event->at);
        json_put_text(json, "category", event->category);
        json_put_text(json, "cause", event->cause);
        json_put_instant(json, "told", event->told);
        json_end_object(json);
    }
    json_end_array(json);
}

void trustlook_put_json(Json *json, CliContext *context, const Member *member,
                        Instant now)
{
    g_autoptr(TrustState) state = trustlook_state(context, member);
    json_key(json, "trust");
    if (!state) {
        json_null(json);
        return;
    }
    json_object(json);
    put_switches(json, member, state, now);
    put_mentor(json, member, state);
    put_levels(json, member, state, now);
    put_steps_back(json, cli_store(context, NULL), member);
    json_end_object(json);
}
