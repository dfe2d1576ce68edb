/*
 * What the gate's rules D00 to D13 ask of the mail itself: who sends it, what
 * kind of mail it is, whether it can be read in one way only.
 */
#include "policy/gate_rules.h"

#include <string.h>

static const Report *report_of(const GateInput *in)
{
    return in->findings->report;
}

static bool text_is(const char *text, const char *word)
{
    return text && g_ascii_strcasecmp(text, word) == 0;
}

static bool report_type_is(const GateInput *in, const char *word)
{
    return text_is(in->strict->content_type, "multipart/report") &&
           text_is(in->strict->report_type, word);
}

/* ---- D00: never for a program ---------------------------------------- */

bool is_sensitive(const GateInput *in)
{
    return report_of(in)->sensitive != 0;
}

bool sender_is_special(const GateInput *in)
{
    switch (report_of(in)->sender_class) {
    case SENDER_LAW_FIRM:
    case SENDER_AUTHORITY:
    case SENDER_PRESS:
        return true;
    case SENDER_UNKNOWN:
    case SENDER_AUTOMATED:
    case SENDER_PERSON:
    case SENDER_HOSTER:
    case SENDER_CERT:
    case SENDER_RIGHTS_HOLDER:
    case SENDER_OURSELVES:
    case SENDER_COUNT:
        break;
    }
    return report_of(in)->disposition == DISPOSITION_LEGAL;
}

/* One row of a list is enough, whosever it is. */
bool category_is_special(const GateInput *in)
{
    const GPtrArray *incidents = in->findings->incidents;
    for (guint i = 0; i < incidents->len; i++)
        if (policy_is_never_automatic(
                ((const Incident *)incidents->pdata[i])->category))
            return true;
    return policy_is_never_automatic(report_of(in)->category) ||
           policy_is_never_automatic(in->ticket->category);
}

/* What an angry victim asks for, too, but officers, clerks and lawyers in
 * nearly every letter: their words may be unknown, what they want is not. */
static bool wants_what_people_decide(const GateInput *in)
{
    const GPtrArray *demands = report_of(in)->demands;
    for (guint i = 0; demands && i < demands->len; i++) {
        switch (((const Demand *)demands->pdata[i])->kind) {
        case DEMAND_IDENTITY:
        case DEMAND_LOGS:
        case DEMAND_PRESERVE:
        case DEMAND_DECLARE:
        case DEMAND_PAY:
            return true;
        case DEMAND_STOP:
        case DEMAND_INVESTIGATE:
        case DEMAND_CONFIRM:
        case DEMAND_CONTACT:
        case DEMAND_STATEMENT:
        case DEMAND_DELIST:
        case DEMAND_COUNT:
            break;
        }
    }
    return false;
}

/* Somebody writes, and what about was not understood. */
static bool is_unknown_prose(const GateInput *in)
{
    SenderClass sender = report_of(in)->sender_class;
    return text_is(report_of(in)->category, "unknown") &&
           (sender == SENDER_PERSON || sender == SENDER_UNKNOWN);
}

bool may_be_sensitive(const GateInput *in)
{
    return report_has_flag(report_of(in), "may-be-sensitive") ||
           wants_what_people_decide(in) || is_unknown_prose(in);
}

/* ---- D02-D08: mail that is not answered ------------------------------- */

bool is_delivery_report(const GateInput *in)
{
    return report_type_is(in, "delivery-status") ||
           report_type_is(in, "disposition-notification");
}

bool path_is_null(const GateInput *in)
{
    return in->envelope_from && !*in->envelope_from;
}

bool path_is_null_and_bounce(const GateInput *in)
{
    return path_is_null(in) &&
           (is_delivery_report(in) ||
            report_of(in)->disposition == DISPOSITION_BOUNCE);
}

bool path_is_unknown(const GateInput *in)
{
    return !in->envelope_from;
}

bool is_old_mail(const GateInput *in)
{
    return in->is_old_mail;
}

bool sender_is_ours(const GateInput *in)
{
    return in->own_sender || report_of(in)->sender_class == SENDER_OURSELVES;
}

bool message_id_is_ours(const GateInput *in)
{
    return in->own_message_id;
}

bool has_loop_token(const GateInput *in)
{
    return in->strict->loop_token != NULL;
}

bool is_going_round(const GateInput *in)
{
    return in->strict->received_count > RECEIVED_MAX;
}

bool passed_us_often(const GateInput *in)
{
    return in->own_received > OWN_RECEIVED_MAX;
}

bool is_auto_submitted(const GateInput *in)
{
    const char *word = in->strict->auto_submitted;
    return in->strict->auto_is_odd ||
           (word && !text_is(word, "no") && !text_is(word, "auto-generated"));
}

bool is_statistics(const GateInput *in)
{
    return report_of(in)->disposition == DISPOSITION_AGGREGATE;
}

bool is_no_complaint(const GateInput *in)
{
    switch (report_of(in)->disposition) {
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_NEWSLETTER:
        return true;
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_QUESTION:
    case DISPOSITION_LEGAL:
    case DISPOSITION_REPLY:
    case DISPOSITION_AGGREGATE:
    case DISPOSITION_UNREADABLE:
    case DISPOSITION_OTHER:
    case DISPOSITION_COUNT:
        break;
    }
    return false;
}

bool is_suppressed(const GateInput *in)
{
    return in->strict->is_suppressed;
}

static StopAnswer stop_answer(const GateInput *in)
{
    StopAnswer path =
        in->envelope_from ? stop_list_ask(in->envelope_from, true) : STOP_NO;
    StopAnswer from =
        in->strict->from ? stop_list_ask(in->strict->from, false) : STOP_NO;
    return MAX(path, from);
}

bool local_part_is_stopped(const GateInput *in)
{
    return stop_answer(in) == STOP_NEVER && !reporter_has_robot_path(in);
}

bool local_part_is_role(const GateInput *in)
{
    return stop_answer(in) == STOP_ASK;
}

bool member_keeps_silent(const GateInput *in)
{
    return in->member &&
           ((in->member->consent_given == INSTANT_NONE && !in->has_agreed) ||
            in->member->ended != INSTANT_NONE ||
            in->automation == AUTOMATION_OFF);
}

/* ---- D04c-D13: mail for a person -------------------------------------- */

/* Also if it claims to be a new complaint: a ticket system answers with a
 * new Subject, from an address of the ticket's own, and quotes our letter
 * with the incident in it. Whoever writes, it is for a person. */
bool answers_our_letter(const GateInput *in)
{
    return in->answers_us || report_of(in)->disposition == DISPOSITION_REPLY;
}

/* The MTA writes Return-Path from the envelope; another one there is the
 * sender's, or of an earlier delivery. */
static bool paths_disagree(const GateInput *in)
{
    const char *written = in->strict->return_path;
    return written && in->envelope_from &&
           g_ascii_strcasecmp(written, in->envelope_from) != 0;
}

bool header_is_doubtful(const GateInput *in)
{
    return !in->strict->from || paths_disagree(in) ||
           in->strict->ambiguous->len > 0;
}

bool readers_disagree(const GateInput *in)
{
    const char *seen = report_of(in)->reporter_address;
    return !in->strict->from || !seen ||
           g_ascii_strcasecmp(in->strict->from, seen) != 0;
}

/* A letter answers what was read; what was not may say something else. */
bool is_unreadable(const GateInput *in)
{
    static const char *const UNREAD[] = {"encrypted",
                                         "image-only",
                                         "image-not-read",
                                         "attachment-not-read",
                                         "archive-encrypted",
                                         "archive-damaged",
                                         "archive-over-a-limit",
                                         "pdf-encrypted",
                                         "pdf-damaged",
                                         "pdf-over-a-limit",
                                         "pdf-without-text",
                                         "pdf-letters-unknown",
                                         "part-flawed",
                                         "text-cut",
                                         "too-large",
                                         "text-cut-at-the-limit",

                                         "malformed-MIME-structure",
                                         "conflicting-MIME-parameters",
                                         "machine-part-damaged",
                                         "alternatives-differ",
                                         "script-not-read",
                                         "text-turned-round",
                                         "letters-spaced",
                                         "piece-of-a-mail"};
    const Report *report = report_of(in);
    for (size_t i = 0; i < G_N_ELEMENTS(UNREAD); i++)
        if (report_has_flag(report, UNREAD[i]))
            return true;
    return report->disposition == DISPOSITION_UNREADABLE;
}

bool is_spam(const GateInput *in)
{
    return in->strict->is_spam;
}

bool is_bulk(const GateInput *in)
{
    return in->strict->is_list || in->strict->is_bulk ||
           text_is(in->strict->auto_submitted, "auto-generated");
}

/* Also one whose part stands in another kind of mail. */
bool is_feedback_report(const GateInput *in)
{
    return report_type_is(in, "feedback-report") ||
           text_is(report_of(in)->format, "arf");
}

bool is_not_to_us(const GateInput *in)
{
    return !in->own_recipient;
}

bool is_only_resent(const GateInput *in)
{
    return in->only_resent;
}

bool is_passed_on(const GateInput *in)
{
    const Report *report = report_of(in);
    if (reporter_is_our_carrier(in))
        return false;
    return report->claimed_address || report->sender_class == SENDER_HOSTER ||
           report_has_flag(report, "forwarded");
}

/* In its text; a stop-listed From says so, too, and is D08's. A reporter whose
 * profile wants answers is written to at an address of the profile's. */
bool asks_for_no_answer(const GateInput *in)
{
    const GPtrArray *channels = report_of(in)->channels;
    if (reporter_wants_answers(in))
        return false;
    for (guint i = 0; channels && i < channels->len; i++)
        if (((const Channel *)channels->pdata[i])->kind == CHANNEL_NONE)
            return true;
    return false;
}

bool is_not_plain_complaint(const GateInput *in)
{
    return report_of(in)->disposition != DISPOSITION_COMPLAINT ||
           report_has_flag(report_of(in), "calendar");
}
