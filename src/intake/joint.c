#include "intake/joint.h"

#include "intake/apart.h"

/* How the record's entry of such a case begins; kept in databases. */
#define ANSWERS_FOR "Answers for the cases"

JudgedTicket *joint_of(const Judgement *judgement)
{
    guint count = judgement->tickets->len;
    JudgedTicket *last = count ? judgement->tickets->pdata[count - 1] : NULL;
    return last && last->is_joint ? last : NULL;
}

void joint_add(Judgement *judgement)
{
    if (joint_of(judgement) || apart_member_count(judgement) < 2)
        return;
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    JudgedTicket *joint = g_new0(JudgedTicket, 1);
    joint->matches = g_ptr_array_new();
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!judged->member)
            continue;
        g_ptr_array_add(own, judged->ticket);
        g_ptr_array_extend(joint->matches, judged->matches, NULL, NULL);
    }
    joint->is_joint = true;
    joint->ticket =
        ticket_new_joint(own, judgement->findings, judgement->matches);
    g_ptr_array_add(judgement->tickets, joint);
}

/* The member's ticket whose decision allows least, or most. */
static const JudgedTicket *extreme(const Judgement *judgement, bool least)
{
    const JudgedTicket *found = NULL;
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!judged->member || !judged->decision)
            continue;
        if (!found ||
            (least ? judged->decision->action < found->decision->action
                   : judged->decision->action > found->decision->action))
            found = judged;
    }
    return found;
}

const char *joint_objection(const Judgement *judgement)
{
    const JudgedTicket *least = extreme(judgement, true);
    if (apart_member_count(judgement) > JOINT_MEMBERS_MAX)
        return "it concerns more than three members: a person writes it";
    if (!least || least->decision->action < ACTION_HOLD)
        return "one of the members allows no letter: a person decides";
    return NULL;
}

bool joint_is_filed(const Judgement *judgement)
{
    const JudgedTicket *least = extreme(judgement, true);
    const JudgedTicket *most = extreme(judgement, false);
    return least && least->decision->action >= ACTION_FILE &&
           most->decision->action >= ACTION_HOLD;
}

Decision *joint_decide(const Judgement *judgement)
{
    const Decision *from = extreme(judgement, true)->decision;
    Decision *decision = g_new0(Decision, 1);
    decision->action = MIN(from->action, ACTION_HOLD);
    if (joint_is_filed(judgement))
        decision->action = ACTION_HOLD; /* a person sees it, draft or not */
    decision->rule = from->rule;
    decision->hits = g_array_copy(from->hits);
    decision->inputs = g_strdup(from->inputs);
    return decision;
}

char *joint_note(const Judgement *judgement, const JudgedTicket *judged)
{
    if (!joint_of(judgement) || !joint_is_filed(judgement))
        return NULL;
    if (judged->member)
        return g_strdup("One letter of the desk answers the whole mail; this "
                        "case has none of its own");
    if (!judged->is_joint)
        return NULL;
    GString *note = g_string_new(ANSWERS_FOR);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *other = judgement->tickets->pdata[i];
        if (other->member && other->case_id)
            g_string_append_printf(note, " %s", other->case_id);
    }
    return g_string_free(note, FALSE);
}

bool joint_is_case(const Case *filed)
{
    if (filed->row->member)
        return false;
    for (guint i = 0; i < filed->record->len; i++) {
        const RecordEntry *entry = filed->record->pdata[i];
        if (g_str_has_prefix(entry->what, ANSWERS_FOR))
            return true;
    }
    return false;
}
