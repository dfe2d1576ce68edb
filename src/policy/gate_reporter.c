/*
 * What the gate's rules ask of the reporter's profile: D02b, D08, D11, D13b,
 * D17e, D18h. Only a reporter that is proven has one here.
 */
#include "policy/gate_rules.h"

/* The profile of a sender that is its reporter for certain (S3); a domain's
 * own DMARC pass is not enough to set a rule of RFC 3834 aside. */
static const Profile *pinned(const GateInput *in)
{
    return in->authentication && in->authentication->level == AUTH_S3
               ? in->reporter.profile
               : NULL;
}

bool reporter_wants_answers(const GateInput *in)
{
    const Profile *profile = pinned(in);
    return profile && profile->answer != ANSWER_NEVER;
}

/* ---- what RFC 3834 forbids with anybody else --------------------------- */

bool path_is_null_and_strange(const GateInput *in)
{
    return path_is_null(in) && !reporter_wants_answers(in);
}

bool path_is_null_but_known(const GateInput *in)
{
    return path_is_null(in) && reporter_wants_answers(in);
}

bool is_bulk_and_strange(const GateInput *in)
{
    return is_bulk(in) && !reporter_wants_answers(in);
}

bool is_feedback_and_strange(const GateInput *in)
{
    return is_feedback_report(in) && !reporter_wants_answers(in);
}

/* ---- what the profile says -------------------------------------------- */

/* Less than certain is enough to be silent. */
bool reporter_wants_none(const GateInput *in)
{
    const Profile *profile = in->reporter.profile;
    return profile && profile->answer == ANSWER_NEVER;
}

/* Its letters go to an address of the profile's, or none go at all. */
bool reporter_has_robot_path(const GateInput *in)
{
    const Profile *profile = pinned(in);
    if (profile)
        return profile->robot_path && profile->answer != ANSWER_NEVER;
    return reporter_has_form(in) && in->reporter.profile->robot_path;
}

/* It passes on others' complaints; it alone is answered. */
bool reporter_is_our_carrier(const GateInput *in)
{
    const Profile *profile = pinned(in);
    return profile &&
           (profile->kind == REPORTER_HOSTER || profile->kind == REPORTER_ISP);
}

bool reporter_has_form(const GateInput *in)
{
    const Profile *profile = in->reporter.profile;
    return profile && profile->answer == ANSWER_FORM_ONLY;
}

bool reporter_case_is_answered(const GateInput *in)
{
    return in->reporter.profile && in->reporter.quote &&
           in->reporter.letters_of_quote > 0;
}

bool reporter_had_its_letter(const GateInput *in)
{
    const Profile *profile = in->reporter.profile;
    return profile && profile->answer == ANSWER_DIGEST &&
           (in->reporter.letters_1d > 0 || in->reporter.waiting > 0);
}

bool reporter_is_unreviewed(const GateInput *in)
{
    return in->reporter.profile && !in->reporter.is_reviewed;
}

/* Its letters are counted by its own number, or by the day, and so need not
 * be by address and text: a hoster's cases all go to one address. */
bool reporter_is_counted(const GateInput *in)
{
    const Profile *profile = pinned(in);
    return profile && (profile->answer == ANSWER_DIGEST ||
                       (profile->answer == ANSWER_CASE && in->reporter.quote));
}

uint32_t reporter_limit(const GateInput *in)
{
    const Profile *profile = pinned(in);
    return profile ? profile->per_day : 0;
}
