#include "intake/reporter.h"

#include "policy/pin.h"
#include "store/reporters.h"

static bool is_proven(const Judgement *judgement)
{
    return judgement->authentication->level == AUTH_S3;
}

static void settle(Judgement *judgement, const Profile *profile)
{
    judgement->profile = profile;
    g_clear_pointer(&judgement->quote, g_free);
    judgement->quote = profile_quote(profile, judgement->findings->report);
}

/* Take the profile's proof, if it is one. */
static bool pin(const Desk *desk, const Delivery *delivery,
                Judgement *judgement, const Profile *profile)
{
    const char *why_not;
    Authentication *known =
        authentication_pin(judgement->strict, delivery->envelope_from,
                           desk->settings->receive.authserv_id,
                           delivery->received, profile, &why_not);
    if (!known)
        return false;
    authentication_free(judgement->authentication);
    judgement->authentication = known;
    settle(judgement, profile);
    return true;
}

void reporter_find(const Desk *desk, const Delivery *delivery,
                   Judgement *judgement)
{
    const char *from = judgement->strict->from;
    guint count = desk->profiles ? profiles_count(desk->profiles) : 0;
    for (guint i = 0; i < count; i++) {
        const Profile *profile = profiles_at(desk->profiles, i);
        if (!profile->proposed && pin(desk, delivery, judgement, profile))
            break;
    }
    if (count > 0)
        judgement->claimed =
            profiles_claimed(desk->profiles, from, judgement->findings->report);
    /* DMARC proves From, and so the profile with that From. */
    const Profile *claimed = judgement->claimed;
    if (claimed && !is_proven(judgement) && !claimed->proposed &&
        judgement->authentication->level > AUTH_S0 &&
        profile_writes_from(claimed, from))
        settle(judgement, claimed);
}

static bool is_approved(const Desk *desk, const Profile *profile, bool *out,
                        GError **error)
{
    uint32_t count;
    if (!store_profile_yes_count(desk->store, profile->id, profile->sha256,
                                 &count, error))
        return false;
    *out = count >= PROFILE_APPROVALS;
    return true;
}

bool reporter_find_proposed(const Desk *desk, const Delivery *delivery,
                            Judgement *judgement, GError **error)
{
    guint count =
        desk->store && desk->profiles ? profiles_count(desk->profiles) : 0;
    for (guint i = 0; i < count; i++) {
        const Profile *profile = profiles_at(desk->profiles, i);
        bool approved;
        if (!profile->proposed ||
            !profile_writes_from(profile, judgement->strict->from))
            continue;
        if (!is_approved(desk, profile, &approved, error))
            return false;
        if (approved && pin(desk, delivery, judgement, profile))
            return true;
    }
    return true;
}

ReporterStanding reporter_standing(const Judgement *judgement, Instant now)
{
    const Profile *profile = judgement->profile;
    return (ReporterStanding){
        .profile = profile,
        .quote = judgement->quote,
        /* a proposed one is here only if it was approved */
        .is_reviewed =
            profile && (profile->proposed || profile_is_reviewed(profile, now)),
    };
}

const char *reporter_template(const Judgement *judgement)
{
    const Profile *profile = judgement->profile;
    return profile &&
                   (is_proven(judgement) || profile->answer == ANSWER_FORM_ONLY)
               ? profile->template
               : NULL;
}

bool reporter_has_no_address(const Judgement *judgement)
{
    return judgement->profile && judgement->profile->answer == ANSWER_FORM_ONLY;
}

char *reporter_task(const Judgement *judgement)
{
    const Profile *profile = judgement->profile;
    if (!reporter_has_no_address(judgement))
        return NULL;
    return g_strdup_printf("To do by hand: %s takes answers in its web form "
                           "only, %s%s%s; the draft has the text",
                           profile->name, profile->form,
                           judgement->quote ? ", " : "",
                           judgement->quote ? judgement->quote : "");
}
