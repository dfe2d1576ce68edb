/*
 * One letter a day.
 *
 * Each case is decided twice: once when it came, to know that it may wait, and
 * once when the digest is written, from its mail's bytes, with the members,
 * texts, relay data and counts of then. Rules that speak of the case put it
 * aside with a draft of its own (or file it); rules that speak of the desk,
 * the member or the reporter make a draft of the whole digest. The letter is
 * then asked for itself, in the place of its first case.
 *
 * Days are dates of the desk's calendar, never 24 hours: a clock that is put
 * back writes no second one, and a day of 23 hours has one like any other.
 */
#include "intake/digesting.h"

#include "base/errors.h"
#include "intake/asking.h"
#include "intake/trusting.h"
#include "intake/why.h"
#include "reply/digest_words.h"
#include "store/cases.h"

#include <string.h>

/* ---- rules -------------------------------------------------------------- */

bool digesting_is_common(const Decision *decision)
{
    static const char *const COMMON[] = {"D17b", "D17f", "D18d", "D18f", "D18g",
                                         "D18h", "D01a", "D01b", "D01c", "D01d",
                                         "D01e", "D01f", "D01g", "D20",  NULL};
    for (guint i = 0; i < decision->hits->len; i++)
        if (!g_strv_contains(COMMON,
                             g_array_index(decision->hits, GateHit, i).id))
            return false;
    return true;
}

static bool wants_digest(const Judgement *judgement)
{
    return judgement->profile && judgement->profile->answer == ANSWER_DIGEST &&
           judgement->authentication->level == AUTH_S3;
}

void digesting_settle(const Judgement *judgement, JudgedTicket *judged,
                      bool is_for_person)
{
    judged->is_for_person = is_for_person;
    judged->waits = !judged->digest && !judged->follow_up && judged->member &&
                    judged->case_id && wants_digest(judgement) &&
                    judged->decision->action == ACTION_HOLD && !is_for_person &&
                    judged->reply && digesting_is_common(judged->decision);
    if (!judged->waits)
        return;
    g_clear_pointer(&judged->reply, reply_free);
    g_free(judged->letter_why);
    judged->letter_why = g_strdup_printf(
        "it waits for the digest to %s, one letter a day (exitdesk profile "
        "show %s)",
        judgement->profile->name, judgement->profile->id);
}

/* ---- the cases ---------------------------------------------------------- */

typedef struct {
    char *case_id;
    Delivery *delivery;
    Judgement *judgement;
    JudgedTicket *judged; /* borrowed; NULL: it cannot be decided again */
    char *note;
    bool is_in;
} Waiting;

static void waiting_free(void *data)
{
    Waiting *waiting = data;
    g_free(waiting->case_id);
    g_clear_pointer(&waiting->delivery, delivery_free);
    g_clear_pointer(&waiting->judgement, judgement_free);
    g_free(waiting->note);
    g_free(waiting);
}

static JudgedTicket *ticket_of(const Judgement *judgement, const char *member)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (g_strcmp0(judged->ticket->member, member) == 0)
            return judged;
    }
    return NULL;
}

static bool is_missing(GError **cause, GError **error)
{
    if (g_error_matches(*cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(cause));
    return false;
}

/* Its mail read anew; waiting->note says why that does not go. */
static bool read_again(const Desk *desk, const char *member, Waiting *waiting,
                       Instant now, GError **error)
{
    g_autoptr(Case) found = store_case(desk->store, waiting->case_id, error);
    if (!found)
        return false;
    if (g_strcmp0(found->row->state, "triage") != 0) {
        waiting->note = g_strdup_printf("Waits for no digest any more: it is "
                                        "%s",
                                        found->row->state);
        return true;
    }
    g_autoptr(GError) cause = NULL;
    waiting->delivery =
        store_delivery(desk->store, found->row->inbox_id, &cause);
    if (!waiting->delivery) {
        waiting->note = g_strdup("Not in the digest, a person must look: its "
                                 "mail is no longer kept");
        return is_missing(&cause, error);
    }
    waiting->judgement = intake_read(desk, waiting->delivery, now, error);
    if (!waiting->judgement)
        return false;
    waiting->judged = ticket_of(waiting->judgement, member);
    if (!waiting->judged)
        waiting->note = g_strdup("Not in the digest, a person must look: its "
                                 "mail is no longer about this member");
    return true;
}

/* Decided as if it stood alone, with the letter that it would have had. */
static bool decide_alone(const Desk *desk, const char *profile,
                         Waiting *waiting, Instant now, GError **error)
{
    static const struct DigestLetter ALONE = {.rows = NULL};
    JudgedTicket *judged = waiting->judged;
    if (!judged)
        return true;
    judged->case_id = g_strdup(waiting->case_id);
    judged->digest = &ALONE;
    if (!intake_decide_follow_up(desk, waiting->delivery, waiting->judgement,
                                 judged, now, error))
        return false;
    const Profile *known = waiting->judgement->profile;
    waiting->is_in = judged->decision->action >= ACTION_HOLD && judged->reply &&
                     !judged->is_for_person &&
                     wants_digest(waiting->judgement) &&
                     g_strcmp0(known->id, profile) == 0 &&
                     digesting_is_common(judged->decision);
    return true;
}

static GPtrArray *gather(const Desk *desk, const DigestGroup *group,
                         Instant now, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(waiting_free);
    g_autoptr(GPtrArray) ids =
        store_digest_ids(desk->store, group, DIGEST_CASES, error);
    for (guint i = 0; ids && i < ids->len; i++) {
        Waiting *waiting = g_new0(Waiting, 1);
        waiting->case_id = g_strdup(ids->pdata[i]);
        g_ptr_array_add(all, waiting);
        if (!read_again(desk, group->member, waiting, now, error) ||
            !decide_alone(desk, group->profile, waiting, now, error))
            return NULL;
    }
    return ids ? g_steal_pointer(&all) : NULL;
}

/* ---- the letter --------------------------------------------------------- */

/* What all cases are about together; borrows from them. */
typedef struct {
    struct DigestLetter letter;
    GPtrArray *rows, *matches, *events;
    Findings findings;
    Ticket ticket;
    Waiting *first;
    const Decision *strictest; /* of a case that must be held; or NULL */
    Decision *own;             /* of the first by itself, once all are asked */
} Whole;

static void whole_clear(Whole *whole)
{
    g_clear_pointer(&whole->own, decision_free);
    g_clear_pointer(&whole->rows, g_ptr_array_unref);
    g_clear_pointer(&whole->matches, g_ptr_array_unref);
    g_clear_pointer(&whole->events, g_ptr_array_unref);
    g_clear_pointer(&whole->findings.incidents, g_ptr_array_unref);
    g_clear_pointer(&whole->ticket.incidents, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Whole, whole_clear)

static void add_row(Whole *whole, const Waiting *waiting)
{
    const Judgement *judgement = waiting->judgement;
    DigestRow *row = g_new0(DigestRow, 1);
    *row = (DigestRow){
        .case_id = waiting->case_id,
        .message_id = judgement->strict->message_id,
        .quote = judgement->quote,
        .findings = judgement->findings,
        .ticket = waiting->judged->ticket,
        .matches = (const Match *const *)waiting->judged->matches->pdata,
    };
    g_ptr_array_add(whole->rows, row);
}

static void add_incidents(Whole *whole, const Waiting *waiting)
{
    const Ticket *ticket = waiting->judged->ticket;
    for (guint i = 0; i < ticket->incidents->len; i++) {
        guint from = g_array_index(ticket->incidents, guint, i);
        guint index = whole->findings.incidents->len;
        g_ptr_array_add(whole->findings.incidents,
                        waiting->judgement->findings->incidents->pdata[from]);
        g_array_append_val(whole->ticket.incidents, index);
        g_ptr_array_add(whole->matches, waiting->judged->matches->pdata[i]);
    }
}

static void add_events(Whole *whole, const Waiting *waiting)
{
    g_autoptr(GPtrArray) own =
        asking_events(waiting->judgement, waiting->judged->ticket);
    for (guint i = 0; i < own->len; i++)
        if (!g_ptr_array_find_with_equal_func(whole->events, own->pdata[i],
                                              g_str_equal, NULL))
            g_ptr_array_add(whole->events, g_strdup(own->pdata[i]));
}

static void join_cases(const GPtrArray *all, Whole *whole)
{
    whole->rows = g_ptr_array_new_with_free_func(g_free);
    whole->matches = g_ptr_array_new();
    whole->events = g_ptr_array_new_with_free_func(g_free);
    whole->findings.incidents = g_ptr_array_new();
    whole->ticket.incidents = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < all->len; i++) {
        Waiting *waiting = all->pdata[i];
        if (!waiting->is_in)
            continue;
        if (!whole->first) {
            whole->first = waiting;
            whole->findings.report = waiting->judgement->findings->report;
            whole->ticket.verdict = waiting->judged->ticket->verdict;
            whole->ticket.category = waiting->judged->ticket->category;
            whole->ticket.member = waiting->judged->ticket->member;
            whole->ticket.why = waiting->judged->ticket->why;
        }
        add_row(whole, waiting);
        add_incidents(whole, waiting);
        add_events(whole, waiting);
        const Decision *own = waiting->judged->decision;
        if (own->action == ACTION_HOLD && !whole->strictest)
            whole->strictest = own;
    }
    whole->letter = (struct DigestLetter){.rows = whole->rows,
                                          .findings = &whole->findings,
                                          .ticket = &whole->ticket,
                                          .matches = whole->matches,
                                          .is_held = whole->strictest != NULL};
}

/* The letter of all cases, asked in the place of the first; what that one was
 * decided by itself is put aside. */
static bool decide_whole(const Desk *desk, Whole *whole, Instant now,
                         GError **error)
{
    JudgedTicket *judged = whole->first->judged;
    whole->own = g_steal_pointer(&judged->decision);
    g_clear_pointer(&judged->rule, policy_rule_free);
    judged->digest = &whole->letter;
    return intake_decide_follow_up(desk, whole->first->delivery,
                                   whole->first->judgement, judged, now, error);
}

/* What holds for the letter: a case that needs a yes makes all wait for it. */
static const Decision *decision_of(const Whole *whole)
{
    const Decision *asked = whole->first->judged->decision;
    return asked->action == ACTION_SEND && whole->strictest ? whole->strictest
                                                            : asked;
}

static bool has_letter(const Whole *whole)
{
    return whole->first && whole->first->judged->reply &&
           decision_of(whole)->action >= ACTION_HOLD;
}

/* ---- filing ------------------------------------------------------------- */

static DigestCase *case_of(const Waiting *waiting, const Whole *whole,
                           bool is_written)
{
    const JudgedTicket *judged = waiting->judged;
    DigestCase *one = g_new0(DigestCase, 1);
    one->case_id = waiting->case_id;
    one->note = g_strdup(waiting->note);
    one->is_in = waiting->is_in && is_written;
    if (!judged)
        return one;
    if (waiting->is_in && !is_written) {
        one->note = g_strdup_printf(
            "No digest could be written, a person must look: %s",
            whole->first->judged->letter_why ? whole->first->judged->letter_why
                                             : "no letter");
        return one;
    }
    const Decision *letter = is_written ? decision_of(whole) : NULL;
    bool is_bolder = one->is_in && judged->decision->action > letter->action;
    one->ticket = judged->ticket;
    one->decision =
        is_bolder || waiting == whole->first ? letter : judged->decision;
    one->thread = asking_thread(waiting->judgement);
    one->matches_json = judged_ticket_new_json(waiting->judgement, judged);
    if (one->is_in)
        return one;
    /* One letter a day: by itself none leaves beside the digest. */
    if (judged->decision->action == ACTION_HOLD)
        one->reply = judged->reply;
    one->note =
        g_strdup_printf("Not in the digest: rule %s", judged->decision->rule);
    if (judged->decision->action == ACTION_SEND)
        one->decision = NULL;
    return one;
}

static bool file_all(const Desk *desk, const DigestGroup *group,
                     const GPtrArray *all, const Whole *whole, Instant now,
                     guint *written, GError **error)
{
    bool is_written = has_letter(whole);
    const JudgedTicket *first = whole->first ? whole->first->judged : NULL;
    uint32_t wait_s = first && first->rule && first->rule->wait_s
                          ? first->rule->wait_s
                          : desk->settings->send.delay_s;
    g_autoptr(GPtrArray) cases =
        g_ptr_array_new_with_free_func((GDestroyNotify)digest_case_free);
    for (guint i = 0; i < all->len; i++)
        g_ptr_array_add(cases, case_of(all->pdata[i], whole, is_written));
    DigestFiling filing = {
        .cases = cases,
        .reply = is_written ? first->reply : NULL,
        .is_automatic = is_written && decision_of(whole)->action == ACTION_SEND,
        .member = group->member,
        .events = whole->events,
        .send_at = now + wait_s,
        .now = now,
    };
    *written += is_written;
    return store_digest_file(desk->store, &filing, error);
}

static bool note_steps(const Desk *desk, const GPtrArray *all, Instant now,
                       GError **error)
{
    for (guint i = 0; i < all->len; i++) {
        const Waiting *waiting = all->pdata[i];
        if (waiting->judged &&
            !trusting_step(desk, waiting->judged, now, error))
            return false;
    }
    return true;
}

static bool write_one(const Desk *desk, const DigestGroup *group, Instant now,
                      guint *written, GError **error)
{
    g_autoptr(GPtrArray) all = gather(desk, group, now, error);
    g_auto(Whole) whole = {0};
    if (!all)
        return false;
    join_cases(all, &whole);
    return (whole.rows->len < 2 || decide_whole(desk, &whole, now, error)) &&
           file_all(desk, group, all, &whole, now, written, error) &&
           note_steps(desk, all, now, error);
}

/* ---- the round ---------------------------------------------------------- */

static bool is_due(const Desk *desk, const DigestGroup *group, Instant now,
                   bool *due, GError **error)
{
    g_autofree char *behind = NULL;
    Instant when;
    if (!digesting_next(desk->store, desk->settings, group, now, &when, &behind,
                        error))
        return false;
    *due = !behind && when <= now;
    return true;
}

bool digesting_run(const Desk *desk, Instant now, guint *written, bool *more,
                   GError **error)
{
    g_autoptr(GPtrArray) groups = store_digest_groups(desk->store, NULL, error);
    bool is_done = false;
    *written = 0;
    *more = false;
    for (guint i = 0; groups && i < groups->len && !*more; i++) {
        bool due;
        if (!is_due(desk, groups->pdata[i], now, &due, error))
            return false;
        if (due && is_done)
            *more = true;
        else if (due && !write_one(desk, groups->pdata[i], now, written, error))
            return false;
        is_done |= due;
    }
    return groups != NULL;
}
