/*
 * The rows of the reply gate: decision table D00-D20.
 *
 * To add one: a row in GATE_RULES where it shall be asked, a condition that
 * looks at GateInput and nothing else, and a case of its own in
 * tests/policy/gate_cases.txt; its test fails until there is one.
 *
 * Order: matters for people first, then mail that must never be answered,
 * then what makes a letter wrong or unwanted, then the switches. The switches
 * (pause, observe, old relay data, level "hold") stand last, although the
 * rule is called D01, so that an observing desk shows what it would do with
 * each mail; they only turn SEND into HOLD. Lack of consent stands before
 * every row that holds a draft: without consent nothing is written in a
 * member's name, not even a draft. "May be sensitive" (D00c) holds a draft
 * and thus stands there, too, not beside D00b: further up it would turn mail
 * that must never be answered (D02 to D08) into a letter that waits for a yes.
 *
 * RFC 3834 is absolute (D02a, D08, D11, D11a) except for a reporter that is
 * proven and whose profile says otherwise (gate_reporter.c). A complaint that
 * cites several members, or others beside one, is for a person (D16, D16a).
 *
 * Authority: RFC 3834, RFC 5230 sections 4-5, RFC 5321 sections 4.5.5 and
 * 6.3, RFC 6522, RFC 8098, RFC 5965, RFC 8601; the rows name theirs.
 */
#include "policy/gate_rules.h"

#include "base/instant.h"

#include <string.h>

static AuthLevel level_of(const GateInput *in)
{
    return in->authentication ? in->authentication->level : AUTH_S0;
}

/* ---- D14: who is it --------------------------------------------------- */

static bool sender_is_unproven(const GateInput *in)
{
    return level_of(in) == AUTH_S0;
}

/* Could the matter be a member's? Missing data is no "no". */
static bool may_concern_us(const GateInput *in)
{
    if (in->member || in->member_count > 0 || in->match_count == 0)
        return true;
    for (guint i = 0; i < in->match_count; i++) {
        const Match *match = in->matches[i];
        if (!match || match->member ||
            (match->verdict != VERDICT_NOT_OURS &&
             match->verdict != VERDICT_NOT_LISTED))
            return true;
    }
    return false;
}

static bool sender_is_unproven_but_matches(const GateInput *in)
{
    return sender_is_unproven(in) && may_concern_us(in);
}

/* RFC 3834 keeps programs from answering programs; a hoster's notice about a
 * member's relay may still want an answer within a day. So a person decides,
 * with the draft at hand. */
static bool is_automatic_but_ours(const GateInput *in)
{
    return in->member &&
           in->findings->report->disposition == DISPOSITION_COMPLAINT &&
           (is_bulk_and_strange(in) || is_feedback_and_strange(in));
}

static bool has_no_destination(const GateInput *in)
{
    return !in->authentication || !in->authentication->destination ||
           !*in->authentication->destination;
}

/* ---- D15, D16: whose is it -------------------------------------------- */

static bool has_no_member(const GateInput *in)
{
    return !in->member;
}

static bool match_is_uncertain(const GateInput *in)
{
    for (guint i = 0; i < in->match_count; i++)
        if (!in->matches[i] || !in->matches[i]->is_certain)
            return true;
    return in->match_count == 0;
}

/* Most exits refuse port 25: spam or a login to a mail server without a port
 * may not have left there at all, although the address was an exit for other
 * ports. */
static bool is_mail_without_port(const GateInput *in)
{
    const GArray *own = in->ticket->incidents;
    if (report_has_flag(in->findings->report, "mail-port-missing"))
        return true;
    if (!in->ticket->category ||
        !g_str_has_prefix(in->ticket->category, "messaging/"))
        return false;
    for (guint i = 0; i < own->len; i++) {
        const Incident *incident =
            in->findings->incidents->pdata[g_array_index(own, guint, i)];
        if (incident->target_port <= 0)
            return true;
    }
    return false;
}

/* What the mail says of whom it accuses, and when, in more than one way, or
 * what we took from it that it does not say. */
static bool evidence_is_doubtful(const GateInput *in)
{
    static const char *const DOUBTS[] = {
        "accused-by-nobody", "may-be-a-network",    "offender-unclear",
        "formats-disagree",  "subject-contradicts", "time-after-mail",
        "time-of-the-report"};
    for (size_t i = 0; i < G_N_ELEMENTS(DOUBTS); i++)
        if (report_has_flag(in->findings->report, DOUBTS[i]))
            return true;
    return false;
}

static bool match_is_another_members(const GateInput *in)
{
    for (guint i = 0; in->member && i < in->match_count; i++)
        if (in->matches[i] &&
            g_strcmp0(in->matches[i]->member, in->member->id) != 0)
            return true;
    return in->member && g_strcmp0(in->ticket->member, in->member->id) != 0;
}

static bool verdict_is_allowed(const GateInput *in, Verdict verdict)
{
    return in->rule && (in->rule->verdicts & 1u << verdict);
}

static bool verdict_is_not_allowed(const GateInput *in)
{
    for (guint i = 0; i < in->match_count; i++)
        if (in->matches[i] && !verdict_is_allowed(in, in->matches[i]->verdict))
            return true;
    return !verdict_is_allowed(in, in->ticket->verdict);
}

static bool has_several_members(const GateInput *in)
{
    return in->member_count > 1;
}

static bool is_accused(const GateInput *in, guint index)
{
    const Incident *incident = in->findings->incidents->pdata[index];
    return incident->role == ROLE_OFFENDER;
}

/* Accused addresses that this ticket does not answer for: somebody else's,
 * or misread ones. */
static bool accuses_others_too(const GateInput *in)
{
    guint all = 0, ours = 0;
    for (guint i = 0; i < in->findings->incidents->len; i++)
        all += is_accused(in, i);
    for (guint i = 0; i < in->ticket->incidents->len; i++)
        ours += is_accused(in, g_array_index(in->ticket->incidents, guint, i));
    return all > ours;
}

static const char *row_category(const GateInput *in, guint index)
{
    const Incident *incident = in->findings->incidents->pdata[index];
    return incident->category ? incident->category
                              : in->findings->report->category;
}

/* A letter is about one matter. */
static bool has_several_categories(const GateInput *in)
{
    const GArray *own = in->ticket->incidents;
    for (guint i = 1; i < own->len; i++)
        if (g_strcmp0(row_category(in, g_array_index(own, guint, i)),
                      row_category(in, g_array_index(own, guint, 0))) != 0)
            return true;
    return false;
}

/* ---- D18: what the policy and the texts allow -------------------- */

static bool policy_says_no(const GateInput *in)
{
    return in->rule && in->rule->reply == REPLY_NO;
}

static bool policy_says_staff(const GateInput *in)
{
    return !in->rule || in->rule->reply == REPLY_STAFF;
}

static bool policy_wants_a_yes(const GateInput *in)
{
    return !in->rule || in->rule->automatic != AUTO_ALLOWED;
}

static bool template_is_missing(const GateInput *in)
{
    return !in->template_found;
}

static bool template_is_unreviewed(const GateInput *in)
{
    return !in->template_reviewed;
}

static bool claims_fail(const GateInput *in)
{
    return !in->claims_hold;
}

static bool relay_data_is_old(const GateInput *in)
{
    return !in->relay_data_is_fresh;
}

static bool member_wants_to_be_asked(const GateInput *in)
{
    return in->automation != AUTOMATION_AUTO;
}

const GateRule GATE_RULES[] = {
    {"D00", ACTION_ESCALATE, is_sensitive,
     "The mail touches a matter that no program may answer.", "policy"},
    {"D00a", ACTION_ESCALATE, sender_is_special,
     "An authority, a court, a lawyer or the press writes.", "policy"},
    {"D00b", ACTION_ESCALATE, category_is_special,
     "Threats, legal demands and abuse of children are for people.", "policy"},
    {"D02", ACTION_NOISE, path_is_null_and_bounce,
     "It is a delivery report with an empty return path.",
     "RFC 3834 section 2, RFC 5321 section 4.5.5"},
    {"D02a", ACTION_FILE, path_is_null_and_strange,
     "The return path is empty: nobody may be answered.", "RFC 3834 section 2"},
    {"D03", ACTION_FILE, path_is_unknown, "The envelope sender is not known.",
     "RFC 3834 section 4"},
    {"D03a", ACTION_FILE, is_old_mail,
     "The mail was imported; old mail is never answered.", "policy"},
    {"D04", ACTION_FILE, sender_is_ours,
     "The sender is one of our own or a member's addresses.",
     "RFC 3834 section 3.1.2"},
    {"D04d", ACTION_FILE, message_id_is_ours,
     "The mail's Message-ID is of our own making.", "RFC 3834 section 3.1.2"},
    {"D04a", ACTION_FILE, has_loop_token,
     "The mail carries the mark that our letters carry.",
     "RFC 3834 section 3.1.2"},
    {"D04b", ACTION_FILE, is_going_round,
     "The mail passed more servers than any honest one does.",
     "RFC 5321 section 6.3"},
    {"D05", ACTION_FILE, is_auto_submitted,
     "A program answered or notified, or Auto-Submitted is not plain.",
     "RFC 3834 sections 2 and 5"},
    {"D06", ACTION_NOISE, is_delivery_report,
     "It is a delivery or reading report.",
     "RFC 6522, RFC 3464, RFC 8098 section 3"},
    {"D06a", ACTION_NOISE, is_statistics,
     "It is a statistics report (DMARC, TLS).", "RFC 3834 section 2"},
    {"D06b", ACTION_FILE, is_no_complaint,
     "It is a bounce, an automatic answer, a receipt or a newsletter.",
     "RFC 3834 section 2"},
    {"D07", ACTION_FILE, is_suppressed,
     "The sender asks for no automatic answers.", "MS-OXCMAIL"},
    {"D08", ACTION_FILE, local_part_is_stopped,
     "The sender's address belongs to a program.",
     "RFC 3834 section 2, RFC 5230 section 4.6"},
    {"D01", ACTION_FILE, member_keeps_silent,
     "The member gave no consent, or letters for this kind are off.", "policy"},
    {"D00c", ACTION_HOLD, may_be_sensitive,
     "It may touch a matter that no program may answer.", "policy"},
    {"D02b", ACTION_HOLD, path_is_null_but_known,
     "The return path is empty, but a known reporter wants to be answered.",
     "RFC 3834 section 2"},
    {"D08a", ACTION_HOLD, local_part_is_role,
     "The sender is a postmaster, or a forwarder's rewritten address.",
     "RFC 5230 section 4.6"},
    {"D04c", ACTION_HOLD, answers_our_letter,
     "It answers one of our letters: a person reads it.",
     "RFC 3834 section 3.1.2"},
    {"D04e", ACTION_HOLD, passed_us_often,
     "The mail passed our own server more often than on its way in.",
     "RFC 5321 section 6.3"},
    {"D10", ACTION_HOLD, header_is_doubtful,
     "The header can be read in more than one way.",
     "RFC 3834 section 2, RFC 9989 section 5.3.1"},
    {"D10a", ACTION_HOLD, readers_disagree,
     "The two header readers do not agree on the sender.", "policy"},
    {"D10b", ACTION_HOLD, is_unreadable,
     "The mail could not be read as a whole.", "RFC 3834 section 2"},
    {"D10c", ACTION_HOLD, is_spam, "The mail server calls the mail spam.",
     "RFC 3834 section 2"},
    {"D11c", ACTION_FILE, reporter_wants_none,
     "The reporter's profile says that it wants no answers.",
     "RFC 3834 section 2"},
    {"D11b", ACTION_HOLD, is_automatic_but_ours,
     "A program writes about a member's relay, and no profile says whether it "
     "wants answers.",
     "RFC 3834 section 2"},
    {"D11", ACTION_FILE, is_bulk_and_strange,
     "It is list, bulk or program-made mail of a sender without a profile.",
     "RFC 3834 section 2, RFC 5230 section 4.6"},
    {"D11a", ACTION_FILE, is_feedback_and_strange,
     "It is a feedback report of a sender without a profile.",
     "RFC 5965, RFC 6650"},
    {"D12", ACTION_HOLD, is_not_to_us,
     "None of our addresses is named in To or Cc.", "RFC 5230 section 4.5"},
    {"D12a", ACTION_HOLD, is_only_resent,
     "Only Resent fields name us, and no signature covers those.",
     "RFC 6376 section 8.6"},
    {"D13", ACTION_HOLD, is_passed_on,
     "The complaint was passed on: a person chooses whom to answer.",
     "RFC 8601 section 4.1"},
    {"D13b", ACTION_HOLD, reporter_has_form,
     "The reporter takes answers in its web form only: a person enters it.",
     "policy"},
    {"D07a", ACTION_HOLD, asks_for_no_answer,
     "The text asks that nobody answers by mail.", "RFC 3834 section 2"},
    {"D13a", ACTION_HOLD, is_not_plain_complaint,
     "It is not plainly a complaint.", "policy"},
    {"D14a", ACTION_HOLD, sender_is_unproven_but_matches,
     "The sender is not proven, but the matter may be a member's.",
     "RFC 3834 section 6"},
    {"D14", ACTION_FILE, sender_is_unproven,
     "The sender is not proven, and nothing of ours is cited.",
     "RFC 3834 section 6"},
    {"D14b", ACTION_HOLD, has_no_destination,
     "Nothing proves that the return path is the proven sender's.",
     "RFC 3834 section 4"},
    {"D15", ACTION_HOLD, has_no_member,
     "No member is matched; no letter without a member.", "policy"},
    {"D15a", ACTION_HOLD, match_is_uncertain,
     "The relay record does not decide every reading.", "policy"},
    {"D15b", ACTION_HOLD, verdict_is_not_allowed,
     "The policy does not let this verdict be answered alone.", "policy"},
    {"D15c", ACTION_HOLD, match_is_another_members,
     "The relay and the ticket are not of one member.", "policy"},
    {"D15d", ACTION_HOLD, is_mail_without_port,
     "It is about mail, and no port is cited: it may not be from Tor.",
     "policy"},
    {"D15e", ACTION_HOLD, evidence_is_doubtful,
     "The mail does not plainly say whom it accuses, or when.", "policy"},
    {"D16", ACTION_HOLD, has_several_members,
     "The complaint cites relays of several members.",
     "RFC 3834 section 3.1.3"},
    {"D16a", ACTION_HOLD, accuses_others_too,
     "The complaint also accuses addresses that are not this member's.",
     "policy"},
    {"D16b", ACTION_HOLD, has_several_categories,
     "The member's incidents are of several categories: no letter fits all.",
     "policy"},
    {"D17", ACTION_FILE, is_answered,
     "The same mail, signature or case was answered before.",
     "RFC 3834 section 2, RFC 6376 section 8.6"},
    {"D17a", ACTION_FILE, address_has_enough,
     "The address got its number of letters for these days.",
     "RFC 3834 section 2, RFC 5230 section 4.2"},
    {"D17c", ACTION_FILE, letter_repeats,
     "The address got the same letter for this member lately.",
     "RFC 3834 section 2, RFC 5230 section 4.2"},
    {"D17d", ACTION_FILE, thread_has_enough,
     "The thread got its number of letters.", "RFC 3834 section 3.1.2"},
    {"D17e", ACTION_FILE, reporter_case_is_answered,
     "This case of the reporter's was answered before.", "policy"},
    {"D17f", ACTION_HOLD, reporter_had_its_letter,
     "One letter a day to this reporter: this case goes into the day's "
     "digest.",
     "policy"},
    {"D17g", ACTION_HOLD, domain_has_this_letter,
     "Another address of the domain got this letter about the same today.",
     "RFC 3834 section 2"},
    {"D17b", ACTION_HOLD, budget_is_used_up,
     "The number of letters for this hour or day is used up.", "policy"},
    {"D18", ACTION_FILE, policy_says_no,
     "The policy answers no complaints of this kind.", "policy"},
    {"D18a", ACTION_HOLD, policy_says_staff,
     "The policy leaves complaints of this kind to staff.", "policy"},
    {"D18b", ACTION_HOLD, policy_wants_a_yes,
     "The policy wants a person's yes for this kind.", "policy"},
    {"D18c", ACTION_HOLD, template_is_missing,
     "There is no letter for this kind, country and language.", "policy"},
    {"D18d", ACTION_HOLD, template_is_unreviewed,
     "The letter's text is not reviewed, or its review ran out.", "policy"},
    {"D18e", ACTION_HOLD, claims_fail,
     "The evidence does not carry what the letter says.", "policy"},
    {"D18f", ACTION_HOLD, is_among_the_first,
     "The desk is new: its first letters need a person's yes.", "policy"},
    {"D18g", ACTION_HOLD, template_is_new,
     "The letter is new: its first uses need a person's yes.", "policy"},
    {"D18h", ACTION_HOLD, reporter_is_unreviewed,
     "Nobody reviewed the reporter's profile, or it is not sure enough.",
     "policy"},
    {"D19", ACTION_FILE, address_is_suppressed,
     "The address bounced or asked for no letters.", "RFC 3834 section 2"},
    {"D01a", ACTION_HOLD, is_paused, "All sending is paused.", "policy"},
    {"D01e", ACTION_HOLD, breaker_is_open,
     "The breaker is open: no letter leaves by itself until a person closes "
     "it.",
     "policy"},
    {"D01f", ACTION_HOLD, border_is_unproven,
     "It was not seen lately that the mail server strips forged "
     "Authentication-Results.",
     "RFC 8601 section 5"},
    {"D01g", ACTION_HOLD, relays_changed_implausibly,
     "The member's relays changed as none do, and nobody has looked yet.",
     "policy"},
    {"D01b", ACTION_HOLD, is_observing,
     "The desk only observes: it drafts and answers nobody.", "policy"},
    {"D01c", ACTION_HOLD, relay_data_is_old, "The relay record is too old.",
     "policy"},
    {"D01d", ACTION_HOLD, member_wants_to_be_asked,
     "The member or staff wants to see each letter first.", "policy"},
    {"D20", ACTION_SEND, NULL, "Every condition for an automatic letter holds.",
     "RFC 3834 section 1.1"},
};
const guint GATE_RULE_COUNT = G_N_ELEMENTS(GATE_RULES);
