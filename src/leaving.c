#include "intake.h"

const char *intake_outbox_objection(const Desk *desk, const char *member,
                                    const char *category, bool automatic,
                                    Instant now)
{
    if (desk->settings->desk.mode == MODE_OBSERVE)
        return "the desk only observes";
    const Member *who = member && desk->settings->members
                            ? members_by_id(desk->settings->members, member)
                            : NULL;
    if (!who)
        return "the member is no longer one of ours";
    if (who->consent_given == INSTANT_NONE)
        return "the member's consent is no longer on record";
    if (who->ended != INSTANT_NONE && who->ended <= now)
        return "the membership has ended";
    if (automatic && member_automation(who, category, now) != AUTOMATION_AUTO)
        return "the member no longer answers this automatically";
    return NULL;
}
