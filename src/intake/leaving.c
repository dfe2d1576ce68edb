/*
 * May a letter that waited still leave?
 *
 * Between the decision and the final dot lie minutes to days: a member may
 * have ended, a text been changed, relay data been withdrawn, an address have
 * bounced. So the mail is read again from its bytes and goes through the same
 * stages and the same gate as when it came; what it was then is not believed.
 * The letter's own bytes never change: where they would no longer be written
 * so (another verdict, another address, another version of the text), it waits
 * for a person.
 */
#include "intake/intake.h"

#include "base/errors.h"
#include "intake/asking.h"
#include "intake/digesting.h"
#include "intake/joint.h"
#include "intake/remedying.h"
#include "intake/rewriting.h"
#include "intake/trusting.h"
#include "store/cases.h"
#include "store/drafts.h"

#include <string.h>

const char *intake_outbox_objection(const Desk *desk, const char *member,
                                    const char *category, bool automatic,
                                    Instant now)
{
    if (desk->settings->desk.mode == MODE_OBSERVE)
        return "the desk only observes";
    if (!member) /* the desk's own, for several members: asked below */
        return NULL;
    const Member *who = desk->settings->members
                            ? members_by_id(desk->settings->members, member)
                            : NULL;
    if (!who)
        return "the member is no longer one of ours";
    return trusting_objection(desk->store, who, category, automatic, now);
}

/* ---- all of it again ---------------------------------------------------- */

/* What a person approved may lack whatever a person can give; it may not be
 * what no draft is written for. */
static char *gate_objection(const Decision *decision, bool is_automatic)
{
    Action least = is_automatic ? ACTION_SEND : ACTION_HOLD;
    if (decision->action >= least)
        return NULL;
    const GateHit *hit = &g_array_index(decision->hits, GateHit, 0);
    return g_strdup_printf("rule %s speaks against it now: %s", hit->id,
                           hit->why);
}

/* Did the letter state it? claims_json is of our own writer. */
static bool was_stated(const Draft *letter, const char *name)
{
    g_autofree char *row =
        g_strdup_printf("{\"name\":\"%s\",\"answer\":\"yes\"", name);
    return letter->claims_json && strstr(letter->claims_json, row);
}

/* What the letter states and nothing proves any more: a member's statement
 * that ran out, say, of which only a sentence hung. Borrowed; NULL: nothing. */
static const char *lost_claim(const JudgedTicket *judged, const Draft *letter)
{
    const GPtrArray *claims = judged->reply ? judged->reply->claims : NULL;
    for (guint i = 0; claims && i < claims->len; i++) {
        const Claim *claim = claims->pdata[i];
        if (claim->answer != CLAIM_YES && was_stated(letter, claim->name))
            return claim->name;
    }
    return NULL;
}

static char *letter_objection(const JudgedTicket *judged, const Draft *letter,
                              const CaseRow *row)
{
    const Reply *reply = judged->reply;
    if (g_strcmp0(verdict_word(judged->ticket->verdict), row->verdict) != 0)
        return g_strdup("the relay record says something else now");
    if (!reply || g_strcmp0(reply->to, letter->to) != 0)
        return g_strdup("it would go to another address now");
    if (g_strcmp0(reply->template_id, letter->template_id) != 0 ||
        g_strcmp0(reply->template_version, letter->template_version) != 0)
        return g_strdup("its text was changed since");
    const char *lost = lost_claim(judged, letter);
    if (lost)
        return g_strdup_printf("\"%s\", which it states, is no longer proven",
                               lost);
    return NULL;
}

/* What the letter says is no longer proven: nothing of the kind leaves by
 * itself until a person has looked. */
static bool note_lost_claim(const Desk *desk, const OutboxRow *row,
                            const JudgedTicket *judged, const Draft *letter,
                            const CaseRow *filed, Instant now, GError **error)
{
    bool is_lost =
        g_strcmp0(verdict_word(judged->ticket->verdict), filed->verdict) != 0 ||
        (judged->reply && !reply_claims_hold(judged->reply)) ||
        lost_claim(judged, letter);
    TrustFacts facts = {.is_claim_gone = is_lost};
    return trusting_step(desk, judged, now, error) &&
           trusting_event(desk, row->member, row->category, &facts, now, error);
}

/* A person's own letter: the gate's doubts about the mail are not about it. */
static bool ask_person(const Desk *desk, const Judgement *judgement,
                       const JudgedTicket *judged, const Draft *letter,
                       Instant now, char **why, GError **error)
{
    g_autofree char *doubt = NULL;
    *why = rewriting_objection(judgement, judged, letter->checked_by);
    if (*why || !letter->to)
        return true;
    if (!rewriting_may_reach(desk, letter->to, now, &doubt, error))
        return false;
    if (doubt)
        *why = g_strdup_printf("no letter may go to %s now: %s", letter->to,
                               doubt);
    return true;
}

/* One letter for several members: a no of any of them is enough. */
static char *members_objection(const Desk *desk, const OutboxRow *row,
                               const Judgement *judgement, Instant now)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        const char *why =
            judged->member
                ? intake_outbox_objection(desk, judged->ticket->member,
                                          judged->ticket->category,
                                          row->is_automatic, now)
                : NULL;
        if (why)
            return g_strdup_printf("one of its members: %s", why);
    }
    return g_strdup(joint_objection(judgement));
}

/* Each case of a digest is asked with the letter that it would have alone; of
 * the digest's own only the text is left. */
static char *digest_objection(const Desk *desk, const OutboxRow *row,
                              const JudgedTicket *judged, const Draft *letter,
                              const CaseRow *filed, Instant now)
{
    const Template *text =
        desk->templates ? templates_by_id(desk->templates, letter->template_id)
                        : NULL;
    if (g_strcmp0(verdict_word(judged->ticket->verdict), filed->verdict) != 0)
        return g_strdup_printf("the relay record says something else of %s now",
                               filed->case_id);
    if (!judged->reply || g_strcmp0(judged->reply->to, letter->to) != 0)
        return g_strdup_printf("%s would go to another address now",
                               filed->case_id);
    if (!text ||
        g_strcmp0(template_version(text), letter->template_version) != 0)
        return g_strdup("its text was changed since");
    return row->is_automatic && !template_is_reviewed(text, now)
               ? g_strdup("its text is not reviewed any more")
               : NULL;
}

static bool ask_again(const Desk *desk, const OutboxRow *row,
                      const Draft *letter, bool is_digest, const Case *filed,
                      const Delivery *delivery, Instant now, char **why,
                      GError **error)
{
    static const struct DigestLetter ALONE = {.rows = NULL};
    g_autoptr(Judgement) judgement = intake_read(desk, delivery, now, error);
    if (!judgement)
        return false;
    joint_add(judgement);
    JudgedTicket *judged = rewriting_ticket(judgement, filed);
    if (!judged) {
        *why = g_strdup(row->member ? "the mail is no longer about this member"
                                    : "the mail is no longer about several "
                                      "members");
        return true;
    }
    judged->case_id = g_strdup(filed->row->case_id);
    judged->digest = is_digest ? &ALONE : NULL;
    if (remedying_is_letter(letter->template_id))
        judged->follow_up = REMEDY_LETTER;
    if (!intake_decide_again(desk, delivery, judgement, judged, now, error))
        return false;
    if (!letter->changed_by)
        *why = gate_objection(judged->decision, row->is_automatic);
    else if (!ask_person(desk, judgement, judged, letter, now, why, error))
        return false;
    if (!*why && judged->is_joint)
        *why = members_objection(desk, row, judgement, now);
    if (!*why && row->is_automatic)
        *why = is_digest ? digest_objection(desk, row, judged, letter,
                                            filed->row, now)
                         : letter_objection(judged, letter, filed->row);
    return !*why || !row->is_automatic ||
           note_lost_claim(desk, row, judged, letter, filed->row, now, error);
}

/* One of the cases that the letter answers. */
static bool ask_case(const Desk *desk, const OutboxRow *row,
                     const char *case_id, const Draft *letter, bool is_digest,
                     Instant now, char **why, GError **error)
{
    g_autoptr(Case) filed = store_case(desk->store, case_id, error);
    if (!filed)
        return false;
    g_autoptr(GError) cause = NULL;
    g_autoptr(Delivery) delivery =
        store_delivery(desk->store, filed->row->inbox_id, &cause);
    if (delivery)
        return ask_again(desk, row, letter, is_digest, filed, delivery, now,
                         why, error);
    if (!g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    *why = g_strdup("its mail is no longer kept, so it cannot be asked again");
    return true;
}

bool intake_still_may_leave(const Desk *desk, const OutboxRow *row, Instant now,
                            char **why, GError **error)
{
    const char *simple = intake_outbox_objection(
        desk, row->member, row->category, row->is_automatic, now);
    *why = g_strdup(simple);
    if (simple)
        return true;
    g_autoptr(Draft) letter = store_draft(desk->store, row->case_id, error);
    g_autoptr(GPtrArray) cases =
        letter ? store_digest_answers(desk->store, row->case_id, error) : NULL;
    if (!cases)
        return false;
    if (cases->len < 2 || !strstr(letter->template_id, "/" DIGEST_TEMPLATE "."))
        return ask_case(desk, row, row->case_id, letter, false, now, why,
                        error);
    for (guint i = 0; i < cases->len && !*why; i++)
        if (!ask_case(desk, row, cases->pdata[i], letter, true, now, why,
                      error))
            return false;
    return true;
}
