#include "store/returns.h"

#include "store/counts.h"
#include "store/digests_inner.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

#include <string.h>

#define SAID_MAX      400
#define HARD_S        (90 * INSTANT_DAY_S)
#define SOFT_S        (7 * INSTANT_DAY_S)
#define SOFT_WINDOW_S (30 * INSTANT_DAY_S)
#define SOFT_LETTERS  3
#define UNWANTED_S    (365 * INSTANT_DAY_S)

const char *return_fate_word(ReturnFate fate)
{
    switch (fate) {
    case FATE_TAKEN:
        return "taken";
    case FATE_FORGED:
        return "forged";
    case FATE_NOT_NULL:
        return "not-null";
    case FATE_NO_LETTER:
        return "no-letter";
    case FATE_NOT_SENT:
        return "not-sent";
    case FATE_TOO_LATE:
        return "too-late";
    case FATE_AGAIN:
        return "again";
    }
    g_assert_not_reached();
}

/* ---- the letter ------------------------------------------------------- */

typedef struct {
    int64_t outbox, ticket, letter;
    char *case_id, *state, *to;
    Instant left; /* or was queued, if its outcome is unknown */
    bool may_be_out;
} Letter;

static void letter_clear(Letter *letter)
{
    g_clear_pointer(&letter->case_id, g_free);
    g_clear_pointer(&letter->state, g_free);
    g_clear_pointer(&letter->to, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letter, letter_clear)

static bool find_letter(Store *store, const LetterReturn *back, Letter *out,
                        bool *found, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RETURN_LETTER);
    query_put_text(&query, back->token);
    query_put_text(&query, back->message_id);
    if (!query_one(&query, found, error) || !*found)
        return *found || !*error;
    out->outbox = query_get_number(&query);
    out->ticket = query_get_number(&query);
    out->case_id = query_get_text(&query);
    out->state = query_get_text(&query);
    out->to = query_get_text(&query);
    out->left = query_get_instant(&query);
    out->may_be_out = query_get_number(&query) != 0;
    out->letter = query_get_number(&query);
    return true;
}

static bool was_said_before(Store *store, const Letter *letter,
                            const Returned *returned, bool *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RETURN_SAID);
    query_put_number(&query, letter->outbox);
    query_put_text(&query, return_kind_word(returned->kind));
    query_put_text(&query, returned->status);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = query_get_number(&query) > 0;
    return true;
}

static bool judge(Store *store, const LetterReturn *back, Letter *letter,
                  ReturnFate *fate, GError **error)
{
    bool found = false, again = false;
    g_autoptr(GError) cause = NULL;
    if (!find_letter(store, back, letter, &found, &cause)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (!found) {
        *fate = FATE_NO_LETTER;
        return true;
    }
    if (!was_said_before(store, letter, back->returned, &again, error))
        return false;
    Instant last = letter->left + RETURN_DAYS_MAX * INSTANT_DAY_S;
    *fate = !letter->may_be_out ? FATE_NOT_SENT
            : back->now > last  ? FATE_TOO_LATE
            : again             ? FATE_AGAIN
                                : FATE_TAKEN;
    return true;
}

bool store_return_judge(Store *store, const LetterReturn *back,
                        ReturnFate *fate, char **case_id, GError **error)
{
    g_auto(Letter) letter = {0};
    if (!judge(store, back, &letter, fate, error))
        return false;
    *case_id = *fate == FATE_TAKEN ? g_steal_pointer(&letter.case_id) : NULL;
    return true;
}

/* ---- what follows ----------------------------------------------------- */

static bool add_row(Store *store, const LetterReturn *back,
                    const Letter *letter, ReturnFate fate, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RETURN_ADD);
    if (letter && letter->case_id)
        query_put_number(&query, letter->outbox);
    else
        query_put_text(&query, NULL);
    query_put_text(&query, back->inbox_id);
    query_put_number(&query, back->now);
    query_put_text(
        &query,
        return_kind_word(back->returned ? back->returned->kind : RETURN_NONE));
    query_put_text(&query, back->returned ? back->returned->status : NULL);
    query_put_text(&query, return_fate_word(fate));
    return query_run(&query, NULL, error);
}

/* "5.1.1 (550 no such user)", sanitized; yours. */
static char *said_new(const Returned *returned)
{
    const char *status = returned->status ? returned->status : "no status";
    g_autofree char *raw =
        returned->diagnostic
            ? g_strdup_printf("%s (%s)", status, returned->diagnostic)
            : g_strdup(status);
    return foreign_text(raw, SAID_MAX);
}

static bool count_failed(Store *store, const char *to, Instant since,
                         uint32_t *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RETURN_FAILED);
    query_put_text(&query, to);
    query_put_number(&query, since);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = (uint32_t)query_get_number(&query);
    return true;
}

static bool suppress_failed(Store *store, const Letter *letter,
                            const LetterReturn *back, const char *said,
                            GError **error)
{
    const char *status = back->returned->status;
    if (status && *status == '5')
        return counts_suppress(store, letter->to, back->now + HARD_S, said,
                               error);
    uint32_t letters;
    if (!count_failed(store, letter->to, back->now - SOFT_WINDOW_S, &letters,
                      error))
        return false;
    return letters < SOFT_LETTERS ||
           counts_suppress(store, letter->to, back->now + SOFT_S, said, error);
}

static bool fail_letter(Store *store, const Letter *letter,
                        const LetterReturn *back, const char *said,
                        GError **error)
{
    if (g_str_equal(letter->state, "sent") ||
        g_str_equal(letter->state, "retry")) {
        g_auto(Query) query = query_new(store, SQL_OUTBOX_SET);
        query_put_text(&query, "failed");
        query_put_text(&query, said);
        query_put_instant(&query, INSTANT_NONE);
        query_put_instant(&query, INSTANT_NONE);
        query_put_number(&query, 0);
        query_put_number(&query, letter->outbox);
        if (!query_run(&query, NULL, error))
            return false;
    }
    return suppress_failed(store, letter, back, said, error) &&
           counts_note(store, "bounce", back->now, error) &&
           ticket_move(store, letter->ticket, TICKET_TRIAGE, back->now, error);
}

static bool keep_reference(Store *store, int64_t ticket,
                           const LetterReturn *back, GError **error)
{
    if (!back->returned->reference)
        return true;
    g_auto(Query) query = query_new(store, SQL_REFERENCE_ADD);
    query_put_number(&query, ticket);
    query_put_text(&query, back->returned->reference);
    query_put_number(&query, back->now);
    return query_run(&query, NULL, error);
}

static bool act(Store *store, const Letter *letter, const LetterReturn *back,
                const char *said, GError **error)
{
    switch (back->returned->kind) {
    case RETURN_FAILED:
        return fail_letter(store, letter, back, said, error);
    case RETURN_FEEDBACK:
        return counts_suppress(store, letter->to, back->now + UNWANTED_S,
                               "called our letter unwanted", error) &&
               counts_note(store, "complaint", back->now, error) &&
               ticket_move(store, letter->ticket, TICKET_TRIAGE, back->now,
                           error);
    case RETURN_CHALLENGE:
    case RETURN_UNCLEAR:
        return ticket_move(store, letter->ticket, TICKET_TRIAGE, back->now,
                           error);
    case RETURN_RECEIPT:
        return keep_reference(store, letter->ticket, back, error);
    case RETURN_DELAYED:
    case RETURN_DELIVERED:
    case RETURN_DISPLAYED:
    case RETURN_ABSENT:
    case RETURN_NONE:
    case RETURN_COUNT:
        return true;
    }
    g_assert_not_reached();
}

static const char *sentence_of(ReturnKind kind)
{
    switch (kind) {
    case RETURN_FAILED:
        return "Letter did not arrive";
    case RETURN_DELAYED:
        return "Letter is late, still tried";
    case RETURN_DELIVERED:
        return "Letter was delivered or passed on";
    case RETURN_DISPLAYED:
        return "Read receipt";
    case RETURN_ABSENT:
        return "Automatic answer";
    case RETURN_RECEIPT:
        return "Automatic receipt";
    case RETURN_CHALLENGE:
        return "Letter is kept back until a person proves to have sent it";
    case RETURN_FEEDBACK:
        return "Letter was called unwanted";
    case RETURN_NONE:
    case RETURN_UNCLEAR:
    case RETURN_COUNT:
        break;
    }
    return "Something came back for the letter; a person must read it";
}

static bool record_return(Store *store, const char *case_id,
                          const LetterReturn *back, const char *said,
                          GError **error)
{
    g_autofree char *number =
        back->returned->reference
            ? foreign_text(back->returned->reference, SAID_MAX)
            : NULL;
    return record_append(
        store, case_id, back->now, RECORD_RECEIVED, NULL, error,
        "%s: %s%s%s (%s)", sentence_of(back->returned->kind), said,
        number ? ", their number " : "", number ? number : "", back->inbox_id);
}

/* What sends a case back to people sends all cases of a digest there. */
static bool act_on_others(Store *store, const Letter *letter,
                          const LetterReturn *back, GError **error)
{
    ReturnKind kind = back->returned->kind;
    bool is_for_people = kind == RETURN_FAILED || kind == RETURN_FEEDBACK ||
                         kind == RETURN_CHALLENGE || kind == RETURN_UNCLEAR;
    return !is_for_people ||
           digest_follow(store, letter->letter, TICKET_TRIAGE, RECORD_RECEIVED,
                         sentence_of(kind), back->now, error);
}

bool store_return(Store *store, const LetterReturn *back, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    g_auto(Letter) letter = {0};
    g_autofree char *said = said_new(back->returned);
    ReturnFate fate = FATE_NO_LETTER;
    bool ok = judge(store, back, &letter, &fate, error) &&
              add_row(store, back, &letter, fate, error) &&
              (fate != FATE_TAKEN ||
               (act(store, &letter, back, said, error) &&
                act_on_others(store, &letter, back, error) &&
                record_return(store, letter.case_id, back, said, error)));
    return transaction_finish(store, ok, error);
}

bool store_return_count(Store *store, const LetterReturn *back, ReturnFate fate,
                        GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = add_row(store, back, NULL, fate, error);
    return transaction_finish(store, ok, error);
}

/* ---- answers that came another way ------------------------------------ */

static bool find_ticket(Store *store, const char *case_id, int64_t *ticket,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TICKET_NUMBER);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "no case %s",
                    case_id);
    *ticket = found ? query_get_number(&query) : 0;
    return found;
}

bool store_return_to_case(Store *store, const char *case_id,
                          const LetterReturn *back, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    int64_t ticket;
    g_autofree char *said = said_new(back->returned);
    bool ok = find_ticket(store, case_id, &ticket, error) &&
              keep_reference(store, ticket, back, error) &&
              (back->returned->kind != RETURN_CHALLENGE ||
               ticket_move(store, ticket, TICKET_TRIAGE, back->now, error)) &&
              record_return(store, case_id, back, said, error);
    return transaction_finish(store, ok, error);
}

bool store_returns_since(Store *store, ReturnFate fate, Instant since,
                         uint32_t *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RETURNS_SINCE);
    query_put_text(&query, return_fate_word(fate));
    query_put_number(&query, since);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = (uint32_t)query_get_number(&query);
    return true;
}
