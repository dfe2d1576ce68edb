#include "store/remedy.h"

#include "store/letters.h"
#include "store/record.h"
#include "store/versions.h"

#include "base/errors.h"
#include "base/log.h"

#define TEXT_MAX 500

static const char *const STATES[REMEDY_STATES] = {
    [REMEDY_PROPOSED] = "proposed",   [REMEDY_AGREED] = "agreed",
    [REMEDY_INSTALLED] = "installed", [REMEDY_WITHDRAWN] = "withdrawn",
    [REMEDY_EXPIRED] = "expired",     [REMEDY_REMOVED] = "removed",
};

const char *remedy_state_word(RemedyState state)
{
    g_assert(state < REMEDY_STATES);
    return STATES[state];
}

bool remedy_is_wanted(RemedyState state)
{
    return state == REMEDY_AGREED || state == REMEDY_INSTALLED;
}

static RemedyState state_of(const char *word)
{
    for (guint i = 0; i < REMEDY_STATES; i++)
        if (g_str_equal(word, STATES[i]))
            return (RemedyState)i;
    g_assert_not_reached();
}

/* ---- rows ---------------------------------------------------------------- */

void remedy_relay_free(RemedyRelay *relay)
{
    if (!relay)
        return;
    g_free(relay->fingerprint);
    g_free(relay->view);
    g_free(relay->rule);
    relay_document_free(relay->document);
    g_free(relay);
}

void remedy_row_free(RemedyRow *row)
{
    if (!row)
        return;
    g_free(row->case_id);
    g_free(row->member);
    g_free(row->destination);
    g_free(row->ports);
    g_free(row->reason);
    g_free(row->owner);
    g_free(row->forced);
    g_free(row->proposed_by);
    g_free(row->agreed_by);
    g_free(row->ended_by);
    g_free(row->note);
    g_free(row->letter_why);
    g_clear_pointer(&row->relays, g_ptr_array_unref);
    g_free(row);
}

static void *read_row(Query *query)
{
    RemedyRow *row = g_new0(RemedyRow, 1);
    row->number = query_get_number(query);
    row->case_id = query_get_text(query);
    row->member = query_get_text(query);
    row->destination = query_get_text(query);
    row->ports = query_get_text(query);
    g_autofree char *state = query_get_text(query);
    row->state = state_of(state);
    row->reason = query_get_text(query);
    row->owner = query_get_text(query);
    row->forced = query_get_text(query);
    row->proposed = query_get_number(query);
    row->proposed_by = query_get_text(query);
    row->agreed = query_get_instant(query);
    row->agreed_by = query_get_text(query);
    row->expires = query_get_number(query);
    row->ended = query_get_instant(query);
    row->ended_by = query_get_text(query);
    row->note = query_get_text(query);
    row->letter = query_get_number(query);
    row->letter_why = query_get_text(query);
    bool is_target =
        remedy_target_parse(row->destination, row->ports, &row->target, NULL);
    g_assert(is_target); /* it was when it was written */
    return row;
}

static void *read_relay(Query *query)
{
    RemedyRelay *relay = g_new0(RemedyRelay, 1);
    relay->fingerprint = query_get_text(query);
    relay->view = query_get_text(query);
    relay->rule = query_get_text(query);
    relay->is_own_line = query_get_number(query) != 0;
    relay->consensus = query_get_number(query);
    relay->since = query_get_instant(query);
    Instant when = query_get_instant(query);
    g_autofree char *sha256 = query_get_text(query);
    g_autofree char *name = query_get_text(query);
    if (!sha256)
        return relay;
    const RelayDocument document = {.type = "server-descriptor",
                                    .when = when,
                                    .sha256 = sha256,
                                    .name = name};
    relay->document = relay_document_copy(&document);
    return relay;
}

static bool read_relays(Store *store, RemedyRow *row, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_REMEDY_RELAYS);
    query_put_number(&query, row->number);
    row->relays = query_rows(&query, read_relay,
                             (GDestroyNotify)remedy_relay_free, error);
    return row->relays != NULL;
}

RemedyRow *store_remedy(Store *store, int64_t number, GError **error)
{
    g_autoptr(RemedyRow) row = NULL;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY);
        bool found;
        query_put_number(&query, number);
        if (!query_one(&query, &found, error))
            return NULL;
        if (found)
            row = read_row(&query);
    }
    if (!row) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no remedy %" G_GINT64_FORMAT, number);
        return NULL;
    }
    return read_relays(store, row, error) ? g_steal_pointer(&row) : NULL;
}

GPtrArray *store_remedies(Store *store, const char *member, bool with_removed,
                          GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDIES);
        query_put_text(&query, member);
        query_put_number(&query, with_removed);
        rows = query_rows(&query, read_row, (GDestroyNotify)remedy_row_free,
                          error);
    }
    for (guint i = 0; rows && i < rows->len; i++)
        if (!read_relays(store, rows->pdata[i], error))
            return NULL;
    return g_steal_pointer(&rows);
}

/* ---- proposing and agreeing ---------------------------------------------- */

static bool add(Store *store, const NewRemedy *remedy, Instant now,
                int64_t *number, GError **error)
{
    g_autofree char *reason = foreign_text(remedy->reason, TEXT_MAX);
    g_autofree char *owner = foreign_text(remedy->owner, TEXT_MAX);
    g_autofree char *by = foreign_text(remedy->by, TEXT_MAX);
    g_autofree char *forced =
        remedy->forced ? foreign_text(remedy->forced, TEXT_MAX) : NULL;
    bool found;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_ADD);
        query_put_text(&query, remedy->case_id);
        query_put_text(&query, remedy->destination);
        query_put_text(&query, remedy->ports);
        query_put_text(&query, reason);
        query_put_text(&query, owner);
        query_put_text(&query, forced);
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_number(&query, remedy->expires);
        if (!query_one(&query, &found, error))
            return false;
        if (found)
            *number = query_get_number(&query);
    }
    if (!found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: no case of a member, or this remedy is there already",
                    remedy->case_id);
        return false;
    }
    return record_append(
        store, remedy->case_id, now, RECORD_DECIDED, NULL, error,
        "Remedy %" G_GINT64_FORMAT
        " proposed by %s: close exits to %s, port %s (%s); "
        "whose it is: %s%s%s",
        *number, by, remedy->destination, remedy->ports, reason, owner,
        forced ? "; in spite of its cost: " : "", forced ? forced : "");
}

bool store_remedy_propose(Store *store, const NewRemedy *remedy, Instant now,
                          int64_t *number, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, add(store, remedy, now, number, error),
                              error);
}

static bool fail_state(const RemedyRow *row, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "remedy %" G_GINT64_FORMAT " is %s", row->number,
                remedy_state_word(row->state));
    return false;
}

static bool agree(Store *store, int64_t number, const char *by,
                  const char *login, const char *note, Instant now,
                  GError **error)
{
    g_autoptr(RemedyRow) row = store_remedy(store, number, error);
    if (!row)
        return false;
    int changes = 0;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_AGREE);
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_text(&query, note);
        query_put_number(&query, number);
        if (!query_run(&query, &changes, error))
            return false;
    }
    return changes == 1 ? record_append(store, row->case_id, now,
                                        RECORD_DECIDED, NULL, error,
                                        "Remedy %" G_GINT64_FORMAT
                                        ": %s agreed by %s (noted by %s)%s%s",
                                        number, row->member, by, login,
                                        note ? ": " : "", note ? note : "")
                        : fail_state(row, error);
}

bool store_remedy_agree(Store *store, int64_t number, const char *by,
                        const char *login, const char *note, Instant now,
                        GError **error)
{
    g_autofree char *who = foreign_text(by, TEXT_MAX);
    g_autofree char *why = note ? foreign_text(note, TEXT_MAX) : NULL;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, agree(store, number, who, login, why, now, error), error);
}

/* ---- ending -------------------------------------------------------------- */

static bool end(Store *store, int64_t number, RemedyState to, const char *by,
                const char *note, Instant now, GError **error)
{
    g_autoptr(RemedyRow) row = store_remedy(store, number, error);
    if (!row)
        return false;
    if (row->state > REMEDY_INSTALLED)
        return fail_state(row, error);
    RemedyState next = row->state == REMEDY_PROPOSED ? REMEDY_REMOVED : to;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_END);
        query_put_text(&query, remedy_state_word(next));
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_text(&query, note);
        query_put_number(&query, number);
        query_put_text(&query, remedy_state_word(row->state));
        if (!query_run(&query, NULL, error))
            return false;
    }
    return record_append(store, row->case_id, now, RECORD_DECIDED, NULL, error,
                         "Remedy %" G_GINT64_FORMAT " %s by %s%s%s", number,
                         remedy_state_word(to), by, note ? ": " : "",
                         note ? note : "");
}

bool store_remedy_end(Store *store, int64_t number, RemedyState to,
                      const char *by, const char *note, Instant now,
                      GError **error)
{
    g_autofree char *who = foreign_text(by, TEXT_MAX);
    g_autofree char *why = note ? foreign_text(note, TEXT_MAX) : NULL;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, end(store, number, to, who, why, now, error), error);
}

/* ---- seeing -------------------------------------------------------------- */

static bool add_relay(Store *store, int64_t remedy, const RemedyRelay *relay,
                      GError **error)
{
    const RelayDocument *document = relay->document;
    g_auto(Query) query = query_new(store, SQL_REMEDY_RELAY_ADD);
    query_put_number(&query, remedy);
    query_put_text(&query, relay->fingerprint);
    query_put_text(&query, relay->view);
    query_put_text(&query, relay->rule);
    query_put_number(&query, relay->is_own_line);
    query_put_number(&query, relay->consensus);
    query_put_instant(&query, relay->since);
    query_put_instant(&query, document ? document->when : INSTANT_NONE);
    query_put_text(&query, document ? document->sha256 : NULL);
    query_put_text(&query, document ? document->name : NULL);
    return query_run(&query, NULL, error);
}

static bool move(Store *store, const RemedyRow *row, RemedyState to,
                 const GPtrArray *relays, Instant now, GError **error)
{
    if (to == row->state)
        return true;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_MOVE);
        query_put_text(&query, remedy_state_word(to));
        query_put_number(&query, row->number);
        query_put_text(&query, remedy_state_word(row->state));
        if (!query_run(&query, NULL, error))
            return false;
    }
    const RemedyRelay *first = relays->len > 0 ? relays->pdata[0] : NULL;
    char when[INSTANT_TEXT_MAX];
    return record_append(
        store, row->case_id, now, RECORD_PUBLIC, NULL, error,
        "Remedy %" G_GINT64_FORMAT
        " is %s, was %s; relays looked at: %u, consensus of %s",
        row->number, remedy_state_word(to), remedy_state_word(row->state),
        relays->len,
        instant_text(first ? first->consensus : INSTANT_NONE, when));
}

static bool keep_look(Store *store, const RemedyRow *row,
                      const GPtrArray *relays, RemedyState to, Instant now,
                      GError **error)
{
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_RELAYS_CLEAR);
        query_put_number(&query, row->number);
        if (!query_run(&query, NULL, error))
            return false;
    }
    for (guint i = 0; i < relays->len; i++)
        if (!add_relay(store, row->number, relays->pdata[i], error))
            return false;
    return move(store, row, to, relays, now, error);
}

bool store_remedy_seen(Store *store, const RemedyRow *row,
                       const GPtrArray *relays, RemedyState to, Instant now,
                       GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, keep_look(store, row, relays, to, now, error), error);
}

/* ---- the letter ---------------------------------------------------------- */

/* The case's ticket; one whose answer waits or is on its way takes no second
 * letter, since a yes goes to the newest one. */
static bool find_ticket(Store *store, const RemedyRow *row, int64_t *ticket,
                        GError **error)
{
    {
        g_auto(Query) query = query_new(store, SQL_TICKET_NUMBER);
        bool found;
        query_put_text(&query, row->case_id);
        if (!query_one(&query, &found, error))
            return false;
        g_assert(found); /* the remedy refers to it */
        *ticket = query_get_number(&query);
    }
    g_auto(Query) query = query_new(store, SQL_TICKET_STATE);
    bool found;
    query_put_number(&query, *ticket);
    if (!query_one(&query, &found, error))
        return false;
    g_autofree char *state = query_get_text(&query);
    if (row->letter == 0 && !g_str_equal(state, "drafted") &&
        !g_str_equal(state, "sending"))
        return store_may_begin(store, row->case_id, error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                row->letter ? "%s: the letter is written already"
                            : "%s: its first letter has not left yet",
                row->case_id);
    return false;
}

static bool keep_letter(Store *store, const RemedyRow *row, const Reply *reply,
                        Instant now, GError **error)
{
    int64_t ticket, letter;
    g_autofree char *claims = letter_claims_json(reply);
    if (!find_ticket(store, row, &ticket, error) ||
        !letter_add(store, ticket, reply, claims, now, &letter, error) ||
        !draft_add(store, letter, false, now, INSTANT_NONE, error) ||
        !ticket_move(store, ticket, TICKET_TRIAGE, now, error) ||
        !ticket_move(store, ticket, TICKET_DRAFTED, now, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_REMEDY_LETTER);
    query_put_number(&query, letter);
    query_put_number(&query, row->number);
    return query_run(&query, NULL, error) &&
           record_append(store, row->case_id, now, RECORD_COMPUTED, NULL, error,
                         "Remedy %" G_GINT64_FORMAT
                         ": letter %s drafted, waits for a person",
                         row->number, reply->template_id);
}

bool store_remedy_letter(Store *store, const RemedyRow *row, const Reply *reply,
                         Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, keep_letter(store, row, reply, now, error),
                              error);
}

static bool keep_no_letter(Store *store, const RemedyRow *row, const char *why,
                           Instant now, GError **error)
{
    int changes = 0;
    {
        g_auto(Query) query = query_new(store, SQL_REMEDY_NO_LETTER);
        query_put_text(&query, why);
        query_put_number(&query, row->number);
        if (!query_run(&query, &changes, error))
            return false;
    }
    return changes == 0 ||
           record_append(store, row->case_id, now, RECORD_COMPUTED, NULL, error,
                         "Remedy %" G_GINT64_FORMAT ": no letter: %s",
                         row->number, why);
}

bool store_remedy_no_letter(Store *store, const RemedyRow *row, const char *why,
                            Instant now, GError **error)
{
    g_autofree char *safe = foreign_text(why, TEXT_MAX);
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, keep_no_letter(store, row, safe, now, error), error);
}
