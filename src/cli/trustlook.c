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

void trustlook_print(CliContext *context, const Member *member, Instant now)
{
    Store *store = cli_store(context, NULL);
    g_autoptr(TrustState) state =
        store ? store_trust(store, member->id, member->mentor != NULL, NULL)
              : NULL;
    if (!state)
        return;
    print_switches(state);
    print_levels(member, state, now);
    if (member->mentor)
        cli_print("%-10s %s, for the first %u letters (%u approved)\n",
                  "mentor", member->mentor, member->mentor_letters,
                  state->approved);
    print_events(store, member);
}
