#include "store/casework_inner.h"

#include "store/letters.h"
#include "store/record.h"
#include "store/trust_inner.h"

#include "base/errors.h"

#include <string.h>

/* ---- words ------------------------------------------------------------- */

static bool fail_words(GError **error, const char *what, const char *why)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s %s", what, why);
    return false;
}

/* People's own words are kept as they are: what cannot be shown is refused,
 * not changed. Lines may be broken in text, not in a name. */
static bool check_words(const char *words, size_t max, bool is_text,
                        const char *what, GError **error)
{
    g_autofree char *bare = g_strstrip(g_strdup(words ? words : ""));
    if (!*bare)
        return fail_words(error, what, "is empty");
    if (strlen(words) > max)
        return fail_words(error, what, "is too long");
    if (!g_utf8_validate(words, -1, NULL))
        return fail_words(error, what, "is not valid UTF-8");
    for (const char *at = words; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_iscntrl(c) && !(is_text && c == '\n'))
            return fail_words(error, what, "holds control characters");
    }
    return true;
}

bool case_hand_check(const CaseHand *hand, GError **error)
{
    return check_words(hand->by, CASE_NAME_MAX, false, "the name (--by)",
                       error) &&
           (!hand->why ||
            check_words(hand->why, CASE_NOTE_MAX, true, "the reason", error));
}

/* ---- where a case stands ----------------------------------------------- */

void case_standing_clear(CaseStanding *standing)
{
    g_clear_pointer(&standing->member, g_free);
    g_clear_pointer(&standing->assigned, g_free);
    g_clear_pointer(&standing->joined_to, g_free);
}

bool case_stand(Store *store, const char *case_id, CaseStanding *out,
                GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_STANDING);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "no case %s",
                    case_id);
        return false;
    }
    out->id = case_id;
    out->number = query_get_number(&query);
    g_autofree char *state = query_get_text(&query);
    bool is_known = ticket_state_parse(state, &out->state);
    g_assert(is_known); /* the schema allows no other */
    out->member = query_get_text(&query);
    out->assigned = query_get_text(&query);
    out->changed = query_get_number(&query);
    out->due = query_get_instant(&query);
    out->joined_to = query_get_text(&query);
    return true;
}

bool case_act_add(Store *store, const CaseStanding *standing, const char *act,
                  const CaseHand *hand, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_ACT_ADD);
    query_put_number(&query, standing->number);
    query_put_text(&query, act);
    query_put_number(&query, hand->now);
    query_put_text(&query, hand->by);
    query_put_text(&query, hand->login);
    return query_run(&query, NULL, error);
}

bool case_act_fail(Store *store, const CaseStanding *standing, const char *act,
                   const char *words, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_ACT_LAST);
    query_put_number(&query, standing->number);
    query_put_text(&query, act);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    char at[INSTANT_TEXT_MAX];
    Instant when = found ? query_get_number(&query) : standing->changed;
    g_autofree char *who = found ? query_get_text(&query) : NULL;
    bool is_state = g_str_equal(act, "closed") || g_str_equal(act, "reopened");
    if (is_state && when < standing->changed) { /* it was not that, then */
        when = standing->changed;
        g_clear_pointer(&who, g_free);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "%s: %s%s%s %s %s",
                standing->id, words, who ? ", by " : "", who ? who : "",
                who ? "at" : "since", instant_text(when, at));
    return false;
}

/* "anna", or "Anna Beispiel (login desk)"; yours. */
static char *hand_new_name(const CaseHand *hand)
{
    return g_strcmp0(hand->login, hand->by) == 0
               ? g_strdup(hand->by)
               : g_strdup_printf("%s (login %s)", hand->by, hand->login);
}

bool case_record(Store *store, const char *case_id, const char *kind,
                 const char *detail, const CaseHand *hand, GError **error,
                 const char *what, ...)
{
    va_list arguments;
    va_start(arguments, what);
    g_autofree char *sentence = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    g_autofree char *who = hand_new_name(hand);
    return record_append(store, case_id, hand->now, kind, detail, error,
                         "%s by %s%s%s", sentence, who, hand->why ? ": " : "",
                         hand->why ? hand->why : "");
}

/* ---- note -------------------------------------------------------------- */

static bool note(Store *store, const char *case_id, const char *text,
                 const CaseHand *hand, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return false;
    g_autofree char *who = hand_new_name(hand);
    g_autofree char *what = g_strdup_printf("%s: %s", who, text);
    g_auto(Query) query = query_new(store, SQL_CASE_NOTED);
    query_put_text(&query, case_id);
    query_put_text(&query, what);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return record_append(store, case_id, hand->now, RECORD_NOTE, NULL,
                             error, "%s", what);
    char at[INSTANT_TEXT_MAX];
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s: this note is there already, by %s at %s", case_id,
                hand->by, instant_text(query_get_number(&query), at));
    return false;
}

bool store_case_note(Store *store, const char *case_id, const char *text,
                     const CaseHand *hand, GError **error)
{
    if (!case_hand_check(hand, error) ||
        !check_words(text, CASE_NOTE_MAX, true, "the note", error) ||
        !transaction_begin(store, error))
        return false;
    return transaction_finish(store, note(store, case_id, text, hand, error),
                              error);
}

/* ---- assign ------------------------------------------------------------ */

static bool is_same_name(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    g_autofree char *folded_a = g_utf8_casefold(a, -1);
    g_autofree char *folded_b = g_utf8_casefold(b, -1);
    return g_str_equal(folded_a, folded_b);
}

/* Somebody has it: who asked for what was not so says so with from. */
static bool may_assign(const CaseStanding *standing, const char *to,
                       const char *from)
{
    if (is_same_name(standing->assigned, to))
        return false;
    return from || (standing->assigned && to)
               ? is_same_name(standing->assigned, from)
               : true;
}

static bool assign(Store *store, const char *case_id, const char *to,
                   const char *from, const CaseHand *hand, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return false;
    if (!may_assign(&standing, to, from)) {
        const char *who = standing.assigned ? standing.assigned : "nobody";
        bool is_same = is_same_name(standing.assigned, to);
        g_autofree char *words = g_strdup_printf(
            is_same ? "given to %s already" : "given to %s", who);
        return case_act_fail(store, &standing, "assigned", words, error);
    }
    g_auto(Query) query = query_new(store, SQL_CASE_ASSIGN);
    query_put_text(&query, to);
    query_put_number(&query, standing.number);
    return query_run(&query, NULL, error) &&
           case_act_add(store, &standing, "assigned", hand, error) &&
           case_record(store, case_id, RECORD_NOTE, NULL, hand, error,
                       "Given to %s", to ? to : "nobody");
}

bool store_case_assign(Store *store, const char *case_id, const char *to,
                       const char *from, const CaseHand *hand, GError **error)
{
    if (!case_hand_check(hand, error) ||
        (to &&
         !check_words(to, CASE_NAME_MAX, false, "the name (--to)", error)) ||
        !transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, assign(store, case_id, to, from, hand, error), error);
}

/* ---- close ------------------------------------------------------------- */

static bool has_no_letter(Store *store, const CaseStanding *standing,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_QUEUED);
    query_put_number(&query, standing->number);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    g_autofree char *state = query_get_text(&query);
    char at[INSTANT_TEXT_MAX];
    if (g_str_equal(state, "sending"))
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: its letter is being handed over. Try again once it "
                    "is gone",
                    standing->id);
    else
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: its letter leaves at %s. Stop it first: exitdesk "
                    "draft stop %s",
                    standing->id, instant_text(query_get_number(&query), at),
                    standing->id);
    return false;
}

/* What stands against it, in a word; NULL: nothing does. */
static bool find_obstacle(Store *store, Sql sql, const CaseStanding *standing,
                          char **word, GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    query_put_number(&query, standing->number);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        *word = query_get_text(&query);
    return true;
}

static bool has_no_alert(Store *store, const CaseStanding *standing,
                         GError **error)
{
    g_autofree char *kind = NULL;
    if (!find_obstacle(store, SQL_CASE_ALERT, standing, &kind, error))
        return false;
    if (!kind)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s: nobody has taken its alert on (%s). First: exitdesk "
                "alert acknowledge %s --by WHO",
                standing->id, kind, standing->id);
    return false;
}

/* A letter that answers others, too, is not stopped in passing. */
bool case_is_in_no_digest(Store *store, const CaseStanding *standing,
                          GError **error)
{
    g_autofree char *first = NULL;
    if (!find_obstacle(store, SQL_CASE_DIGEST, standing, &first, error))
        return false;
    if (!first)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s: one letter answers it with others, on %s. Stop that "
                "first: exitdesk draft stop %s",
                standing->id, first, first);
    return false;
}

bool case_is_at_rest(Store *store, const CaseStanding *standing, GError **error)
{
    return case_is_in_no_digest(store, standing, error) &&
           has_no_letter(store, standing, error) &&
           has_no_alert(store, standing, error);
}

bool case_stop_letters(Store *store, const CaseStanding *standing,
                       const CaseHand *hand, guint *stopped, GError **error)
{
    int changes;
    g_auto(Query) drafts = query_new(store, SQL_CASE_STOP_DRAFTS);
    query_put_number(&drafts, hand->now);
    query_put_text(&drafts, hand->by);
    query_put_text(&drafts, hand->why);
    query_put_number(&drafts, standing->number);
    g_auto(Query) held = query_new(store, SQL_CASE_STOP_HELD);
    query_put_number(&held, standing->number);
    g_auto(Query) digest = query_new(store, SQL_DIGEST_DROP);
    query_put_text(&digest, standing->id);
    if (!query_run(&drafts, &changes, error) ||
        !query_run(&held, NULL, error) || !query_run(&digest, NULL, error))
        return false;
    *stopped = (guint)changes;
    return true;
}

static bool close_case(Store *store, const char *case_id, const CaseHand *hand,
                       guint *stopped, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return false;
    if (standing.state == TICKET_CLOSED)
        return case_act_fail(store, &standing,
                             standing.joined_to ? "joined" : "closed",
                             "already closed", error);
    if (!case_is_at_rest(store, &standing, error))
        return false;
    if (!ticket_may_become(standing.state, TICKET_CLOSED))
        return case_act_fail(store, &standing, "reopened",
                             "its letter is on its way", error);
    if (!case_stop_letters(store, &standing, hand, stopped, error) ||
        !ticket_move(store, standing.number, TICKET_CLOSED, hand->now, error) ||
        !case_act_add(store, &standing, "closed", hand, error) ||
        !case_record(store, case_id, RECORD_DECIDED, NULL, hand, error,
                     "Closed%s", *stopped ? ", its letter stopped," : ""))
        return false;
    return *stopped == 0 || trust_note_stop(store, case_id, hand->now, error);
}

bool store_case_close(Store *store, const char *case_id, const CaseHand *hand,
                      guint *stopped, GError **error)
{
    if (!case_hand_check(hand, error) ||
        !check_words(hand->why, CASE_NOTE_MAX, true, "the reason (--why)",
                     error) ||
        !transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, close_case(store, case_id, hand, stopped, error), error);
}

/* ---- reopen ------------------------------------------------------------ */

static bool part(Store *store, const CaseStanding *standing,
                 const CaseHand *hand, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_SET_JOINED);
    query_put_text(&query, NULL);
    query_put_number(&query, standing->number);
    return query_run(&query, NULL, error) &&
           case_record(store, standing->joined_to, RECORD_DECIDED, NULL, hand,
                       error, "%s is a case of its own again,", standing->id);
}

static bool reopen(Store *store, const char *case_id, const CaseHand *hand,
                   GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return false;
    bool is_over = standing.state == TICKET_ANSWERED ||
                   standing.state == TICKET_FILED ||
                   standing.state == TICKET_CLOSED;
    if (!is_over || !ticket_may_become(standing.state, TICKET_TRIAGE)) {
        g_autofree char *words = g_strdup_printf(
            "already open (%s)", ticket_state_word(standing.state));
        return case_act_fail(store, &standing, "reopened", words, error);
    }
    return (!standing.joined_to || part(store, &standing, hand, error)) &&
           ticket_move(store, standing.number, TICKET_TRIAGE, hand->now,
                       error) &&
           case_act_add(store, &standing, "reopened", hand, error) &&
           case_record(store, case_id, RECORD_DECIDED, NULL, hand, error,
                       "Opened again");
}

bool store_case_reopen(Store *store, const char *case_id, const CaseHand *hand,
                       GError **error)
{
    if (!case_hand_check(hand, error) || !transaction_begin(store, error))
        return false;
    return transaction_finish(store, reopen(store, case_id, hand, error),
                              error);
}
