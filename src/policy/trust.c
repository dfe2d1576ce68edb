/*
 * Whether a letter may leave by itself is a matter of trust that grows slowly
 * and goes at once.
 *
 * The store's level counts where there is one, else the file's. Both may be
 * wider ("connection", "*") than the complaint's category; the closest counts.
 * What the file says of a closer category than the store's counts where it is
 * lower: a file may always lower, and it raises only what nobody has decided
 * yet. Rejected: the file's modes as a bound for ever. Then each promotion
 * would need an edit as root, and each step back one, too.
 *
 * The triggers are a table of conditions over plain facts. What is not known
 * (no texts kept, since the level stands in a file) triggers nothing: such a
 * level was never promoted, and the gate's own rules still hold each letter.
 */
#include "policy/trust.h"

#include <string.h>

void trust_level_free(TrustLevel *level)
{
    if (!level)
        return;
    g_free(level->category);
    g_free(level->by);
    g_free(level->why);
    g_free(level->texts);
    g_free(level->rule);
    g_free(level);
}

TrustState *trust_state_new(void)
{
    TrustState *state = g_new0(TrustState, 1);
    state->consent = state->withdrawn = INSTANT_NONE;
    state->paused = state->ends = INSTANT_NONE;
    state->levels =
        g_ptr_array_new_with_free_func((GDestroyNotify)trust_level_free);
    return state;
}

void trust_state_free(TrustState *state)
{
    if (!state)
        return;
    g_free(state->consent_by);
    g_free(state->consent_text);
    g_free(state->consent_sha256);
    g_free(state->paused_by);
    g_free(state->paused_why);
    g_ptr_array_unref(state->levels);
    g_free(state);
}

/* ---- what is in force --------------------------------------------------- */

bool trust_has_consent(const Member *member, const TrustState *state,
                       Instant now)
{
    if (state && state->withdrawn != INSTANT_NONE)
        return false;
    if (state && state->consent != INSTANT_NONE && state->consent <= now)
        return true;
    return member->consent_given != INSTANT_NONE &&
           member->consent_given <= now;
}

bool trust_wants_mentor(const Member *member, const TrustState *state)
{
    return member->mentor && state && state->approved < member->mentor_letters;
}

static const TrustLevel *closest_level(const TrustState *state,
                                       const char *category, size_t *fit)
{
    const TrustLevel *best = NULL;
    *fit = 0;
    for (guint i = 0; state && i < state->levels->len; i++) {
        const TrustLevel *level = state->levels->pdata[i];
        size_t own = member_category_fit(level->category, category);
        if (own > *fit) {
            best = level;
            *fit = own;
        }
    }
    return best;
}

static TrustAnswer chosen(const Member *member, const TrustState *state,
                          const char *category, Instant now)
{
    size_t fit;
    const TrustLevel *kept = closest_level(state, category, &fit);
    const MemberMode *mode = member_mode(member, category, now);
    bool is_closer =
        mode && member_category_fit(mode->category, category) > fit;
    if (kept && !(is_closer && mode->automation < kept->level))
        return (TrustAnswer){kept->level, "as kept in the record",
                             kept->category, kept->since, kept};
    return (TrustAnswer){mode ? mode->automation : member->automation,
                         "as the member's file says",
                         mode ? mode->category : "*",
                         mode ? mode->since : INSTANT_NONE, NULL};
}

static TrustAnswer lowered(TrustAnswer answer, Automation most, const char *why)
{
    if (answer.level > most) {
        answer.level = most;
        answer.why = why;
    }
    return answer;
}

static TrustAnswer silent(const char *why)
{
    return (TrustAnswer){AUTOMATION_OFF, why, "*", INSTANT_NONE, NULL};
}

static TrustAnswer capped(TrustAnswer answer, Ceiling ceiling)
{
    switch (ceiling) {
    case CEILING_NEVER:
        return lowered(answer, AUTOMATION_OFF, "the member allows none");
    case CEILING_ASK:
        return lowered(answer, AUTOMATION_HOLD, "the member wants to be asked");
    case CEILING_AUTOMATIC:
        return answer;
    }
    return silent("the member's ceiling is not known");
}

TrustAnswer trust_answer(const Member *member, const TrustState *state,
                         const char *category, Instant now)
{
    if (state && state->withdrawn != INSTANT_NONE)
        return silent("the member took its consent back");
    if (!trust_has_consent(member, state, now))
        return silent("the member has not agreed");
    if ((member->ended != INSTANT_NONE && member->ended <= now) ||
        (state && state->ends != INSTANT_NONE && state->ends <= now))
        return silent("the membership has ended");
    TrustAnswer answer = capped(
        chosen(member, state, category ? category : "", now), member->ceiling);
    if (state && state->paused != INSTANT_NONE)
        answer = lowered(answer, AUTOMATION_HOLD,
                         "letters in the member's name are paused");
    if (trust_wants_mentor(member, state))
        answer = lowered(answer, AUTOMATION_HOLD,
                         "the mentor reads the first letters, too");
    return answer;
}

/* ---- the way back ------------------------------------------------------- */

static bool letter_bounced(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->has_bounced;
}

static bool answer_is_legal(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->has_legal_answer;
}

/* Is "TEMPLATE VERSION" one of the lines that were agreed to? */
static bool text_is_agreed(const char *texts, const TrustFacts *facts)
{
    g_autofree char *line =
        g_strdup_printf("%s %s\n", facts->template_id, facts->template_version);
    const char *found = strstr(texts, line);
    return found && (found == texts || found[-1] == '\n');
}

static bool text_changed(const TrustAnswer *answer, const TrustFacts *facts)
{
    const TrustLevel *kept = answer->kept;
    if (!kept)
        return false;
    if (kept->texts && facts->template_id &&
        !text_is_agreed(kept->texts, facts))
        return true;
    return kept->rule && facts->rule && !g_str_equal(kept->rule, facts->rule);
}

static bool claim_is_gone(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->is_claim_gone;
}

static bool relays_changed(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->relays_changed;
}

/* Of a level that was promoted, since its text was reviewed then; one of the
 * file's may never have had a review, and the gate holds that anyway. */
static bool review_passed(const TrustAnswer *answer, const TrustFacts *facts)
{
    return answer->kept && facts->template_id && !facts->template_reviewed;
}

static bool are_too_many(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->letters_max > 0 && facts->letters_1d >= facts->letters_max;
}

static bool contact_expired(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->has_contact_expired;
}

static bool person_stopped(const TrustAnswer *answer, const TrustFacts *facts)
{
    return facts->is_person_stopped;
}

/* To add one: a row here, its fact in TrustFacts and where that is asked
 * (trusting.c), and a line in tests/policy/trust.table. */
static const struct {
    const char *id;
    bool (*is_true)(const TrustAnswer *answer, const TrustFacts *facts);
    const char *words; /* to the member and staff */
} TRIGGERS[TRUST_TRIGGERS] = {
    [TRUST_LETTER_BOUNCED] = {"letter-bounced", letter_bounced,
                              "a letter in the member's name did not arrive"},
    [TRUST_LEGAL_ANSWER] =
        {"legal-answer", answer_is_legal,
         "an automatic letter was answered with legal words"},
    [TRUST_TEXT_CHANGED] =
        {"text-changed", text_changed,
         "the letter's text or the policy is not what was agreed to"},
    [TRUST_CLAIM_GONE] = {"claim-gone", claim_is_gone,
                          "what a waiting letter says is no longer proven"},
    [TRUST_RELAYS_CHANGED] =
        {"relays-changed", relays_changed,
         "the member's relays changed: address, operator, family or exit "
         "policy"},
    [TRUST_REVIEW_PASSED] = {"review-passed", review_passed,
                             "the review of the letter's text has run out"},
    [TRUST_TOO_MANY] = {"too-many", are_too_many,
                        "more automatic letters in a day than are usual"},
    [TRUST_CONTACT_EXPIRED] =
        {"contact-expired", contact_expired,
         "no contact of the member answered for half a year"},
    [TRUST_PERSON_STOPPED] =
        {"person-stopped", person_stopped,
         "a person stopped a letter that was to leave by itself"},
};

int trust_trigger(const TrustAnswer *answer, const TrustFacts *facts)
{
    if (answer->level != AUTOMATION_AUTO)
        return -1;
    for (guint i = 0; i < TRUST_TRIGGERS; i++)
        if (TRIGGERS[i].is_true(answer, facts))
            return (int)i;
    return -1;
}

const char *trust_trigger_text(guint index, const char **words)
{
    g_assert(index < TRUST_TRIGGERS);
    *words = TRIGGERS[index].words;
    return TRIGGERS[index].id;
}
