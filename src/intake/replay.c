/*
 * Tickets of both sides are told apart by their member: a mail makes one a
 * member at most. What differs is asked from the gravest down, since whoever
 * tries a rule wants to know first what would leave that was held.
 */
#include "intake/replay.h"

#include <string.h>

static const struct {
    const char *word, *about;
} KINDS[REPLAY_KINDS] = {
    [REPLAY_SENT_NOW] = {"sent-now", "would leave without a person"},
    [REPLAY_DESTINATION] = {"destination", "would go to another address"},
    [REPLAY_HELD_NOW] = {"held-now", "left by themselves, would not now"},
    [REPLAY_LETTER_GONE] = {"letter-gone", "had a draft, would have none"},
    [REPLAY_LETTER_NEW] = {"letter-new", "had no draft, would have one"},
    [REPLAY_CASES] = {"cases", "another member or another verdict"},
    [REPLAY_RULE] = {"rule", "the same for another reason"},
    [REPLAY_WORDING] = {"wording", "the same letter in other words"},
    [REPLAY_SAME] = {"same", "the same answer"},
};

const char *replay_kind_word(ReplayKind kind)
{
    return KINDS[kind].word;
}

const char *replay_kind_about(ReplayKind kind)
{
    return KINDS[kind].about;
}

void replay_finding_free(ReplayFinding *finding)
{
    g_free(finding->member);
    g_free(finding->before);
    g_free(finding->after);
    g_free(finding->lines);
    g_free(finding);
}

static bool has_letter(const JudgedTicket *judged)
{
    return judged && judged->reply != NULL;
}

static bool leaves(const JudgedTicket *judged)
{
    return judged && judged->decision->action == ACTION_SEND;
}

static const char *destination(const JudgedTicket *judged)
{
    return has_letter(judged) ? judged->reply->to : NULL;
}

static bool is_same_text(const Reply *a, const Reply *b)
{
    return strcmp(a->subject, b->subject) == 0 && strcmp(a->text, b->text) == 0;
}

static ReplayKind compare(const JudgedTicket *before, const JudgedTicket *after)
{
    if (leaves(after) && !leaves(before))
        return REPLAY_SENT_NOW;
    if (has_letter(before) && has_letter(after) &&
        g_strcmp0(destination(before), destination(after)) != 0)
        return REPLAY_DESTINATION;
    if (leaves(before) && !leaves(after))
        return REPLAY_HELD_NOW;
    if (has_letter(before) && !has_letter(after))
        return REPLAY_LETTER_GONE;
    if (has_letter(after) && !has_letter(before))
        return REPLAY_LETTER_NEW;
    if (!before || !after || before->ticket->verdict != after->ticket->verdict)
        return REPLAY_CASES;
    if (before->decision->action != after->decision->action ||
        strcmp(before->decision->rule, after->decision->rule) != 0)
        return REPLAY_RULE;
    return has_letter(before) && !is_same_text(before->reply, after->reply)
               ? REPLAY_WORDING
               : REPLAY_SAME;
}

/* "hold by D18, DE/spam.de 1-3f9ac012 to noc@example.org". */
static char *describe(const JudgedTicket *judged)
{
    if (!judged)
        return g_strdup("no case");
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%s by %s", action_word(judged->decision->action),
                    judged->decision->rule);
    if (judged->reply)
        g_string_append_printf(
            text, ", %s %s to %s", judged->reply->template_id,
            judged->reply->template_version,
            judged->reply->to ? judged->reply->to : "nobody yet");
    else if (judged->letter_why)
        g_string_append_printf(text, ", no letter: %s", judged->letter_why);
    return g_string_free(text, FALSE);
}

static void append_missing(GString *out, const char *text, const char *other,
                           char mark)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) others = g_strsplit(other, "\n", -1);
    g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; others[i]; i++)
        g_hash_table_add(there, others[i]);
    for (guint i = 0; lines[i]; i++)
        if (!g_hash_table_contains(there, lines[i]))
            g_string_append_printf(out, "%c %s\n", mark, lines[i]);
}

static char *lines_that_differ(const Reply *before, const Reply *after)
{
    GString *out = g_string_new(NULL);
    append_missing(out, before->subject, after->subject, '-');
    append_missing(out, after->subject, before->subject, '+');
    append_missing(out, before->text, after->text, '-');
    append_missing(out, after->text, before->text, '+');
    if (out->len == 0)
        g_string_append(out, "the same lines in another order\n");
    return g_string_free(out, FALSE);
}

static ReplayFinding *finding_new(const JudgedTicket *before,
                                  const JudgedTicket *after)
{
    const JudgedTicket *any = before ? before : after;
    ReplayFinding *finding = g_new0(ReplayFinding, 1);
    finding->kind = compare(before, after);
    finding->member = g_strdup(any->ticket->member);
    finding->before = describe(before);
    finding->after = describe(after);
    if (finding->kind == REPLAY_WORDING)
        finding->lines = lines_that_differ(before->reply, after->reply);
    return finding;
}

static Judgement *judge(const Desk *desk, const Delivery *delivery,
                        GError **error)
{
    g_autoptr(Judgement) judgement =
        intake_read(desk, delivery, delivery->received, error);
    if (!judgement ||
        !intake_decide(desk, delivery, judgement, delivery->received, error))
        return NULL;
    return g_steal_pointer(&judgement);
}

GPtrArray *replay_mail(const Desk *in_force, const Desk *tried,
                       const Delivery *delivery, GError **error)
{
    g_assert(!in_force->store && !tried->store);
    g_autoptr(Judgement) before = judge(in_force, delivery, error);
    g_autoptr(Judgement) after = before ? judge(tried, delivery, error) : NULL;
    if (!after)
        return NULL;
    GPtrArray *findings =
        g_ptr_array_new_with_free_func((GDestroyNotify)replay_finding_free);
    for (guint i = 0; i < before->tickets->len; i++) {
        const JudgedTicket *judged = before->tickets->pdata[i];
        g_ptr_array_add(
            findings, finding_new(judged, judgement_ticket(
                                              after, judged->ticket->member)));
    }
    for (guint i = 0; i < after->tickets->len; i++) {
        const JudgedTicket *judged = after->tickets->pdata[i];
        if (!judgement_ticket(before, judged->ticket->member))
            g_ptr_array_add(findings, finding_new(NULL, judged));
    }
    return findings;
}
