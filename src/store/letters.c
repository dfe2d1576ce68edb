#include "store/letters.h"

#include "store/counts.h"
#include "store/digests_inner.h"

#include "base/json.h"

/* ---- the ticket ------------------------------------------------------- */

/* What comes late for a case that was joined concerns the other. */
static bool find_root(Store *store, int64_t *ticket, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_ROOT_NUMBER);
    query_put_number(&query, *ticket);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        *ticket = query_get_number(&query);
    return true;
}

/* *found: there is one, in a state that we know. */
static bool read_state(Store *store, int64_t ticket, TicketState *out,
                       bool *found, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TICKET_STATE);
    query_put_number(&query, ticket);
    if (!query_one(&query, found, error))
        return false;
    g_autofree char *word = query_get_text(&query);
    *found = *found && ticket_state_parse(word, out);
    return true;
}

bool ticket_move(Store *store, int64_t ticket, TicketState to, Instant now,
                 GError **error)
{
    if (to == TICKET_TRIAGE && !find_root(store, &ticket, error))
        return false;
    TicketState from;
    bool found;
    if (!read_state(store, ticket, &from, &found, error))
        return false;
    if (!found || !ticket_may_become(from, to))
        return true;
    g_auto(Query) query = query_new(store, SQL_TICKET_MOVE);
    query_put_text(&query, ticket_state_word(to));
    query_put_number(&query, now);
    query_put_number(&query, ticket);
    return query_run(&query, NULL, error);
}

bool ticket_answered(Store *store, int64_t ticket, Instant now, GError **error)
{
    TicketState from;
    bool found;
    if (!read_state(store, ticket, &from, &found, error))
        return false;
    return !found || from != TICKET_SENDING ||
           ticket_move(store, ticket, TICKET_ANSWERED, now, error);
}

/* ---- the letter ------------------------------------------------------- */

static const char *answer_word(ClaimAnswer answer)
{
    switch (answer) {
    case CLAIM_NO:
        return "no";
    case CLAIM_YES:
        return "yes";
    case CLAIM_UNKNOWN:
        return "unknown";
    }
    g_assert_not_reached();
}

char *letter_claims_json(const Reply *reply)
{
    Json json;
    json_init(&json);
    json_array(&json);
    for (guint i = 0; reply->claims && i < reply->claims->len; i++) {
        const Claim *claim = reply->claims->pdata[i];
        json_object(&json);
        json_put_text(&json, "name", claim->name);
        json_put_text(&json, "answer", answer_word(claim->answer));
        json_put_text(&json, "exhibit", claim->exhibit);
        json_end_object(&json);
    }
    for (guint i = 0; reply->laws && i < reply->laws->len; i++) {
        const LawCandidate *law = reply->laws->pdata[i];
        g_autofree char *name = g_strconcat("law ", law->id, NULL);
        json_object(&json);
        json_put_text(&json, "name", name);
        json_put_text(&json, "answer", law->why_not ? "no" : "yes");
        json_put_text(&json, "exhibit",
                      law->why_not ? law->why_not : law->source);
        json_end_object(&json);
    }
    json_end_array(&json);
    return json_steal(&json);
}

bool letter_add(Store *store, int64_t ticket, const Reply *reply,
                const char *claims_json, Instant now, int64_t *letter,
                GError **error)
{
    bool has_recipient = reply->to && *reply->to;
    g_auto(Query) query = query_new(store, SQL_LETTER_ADD);
    query_put_number(&query, ticket);
    query_put_number(&query, now);
    query_put_text(&query, reply->envelope_from);
    query_put_text(&query, has_recipient ? reply->to : NULL);
    query_put_text(&query, reply->message_id);
    query_put_text(&query, reply->token);
    query_put_text(&query, reply->subject);
    query_put_text(&query, reply->text);
    query_put_text(&query, reply->template_id);
    query_put_text(&query, reply->template_version);
    query_put_text(&query, claims_json);
    query_put_bytes(&query, g_bytes_get_data(reply->bytes, NULL),
                    g_bytes_get_size(reply->bytes));
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *letter = query_get_number(&query);
    return true;
}

bool draft_add(Store *store, int64_t letter, bool automatic, Instant now,
               Instant send_at, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_ADD);
    query_put_number(&query, letter);
    query_put_text(&query, automatic ? "approved" : "waiting");
    query_put_instant(&query, automatic ? now : INSTANT_NONE);
    query_put_text(&query, automatic ? "policy" : NULL);
    query_put_instant(&query, automatic ? send_at : INSTANT_NONE);
    return query_run(&query, NULL, error);
}

bool outbox_add(Store *store, int64_t letter, int64_t ticket, bool automatic,
                Instant now, Instant send_at, GError **error)
{
    g_auto(Query) signature = query_new(store, SQL_SIGNATURE_ADD);
    query_put_number(&signature, ticket);
    if (!query_run(&signature, NULL, error))
        return false;
    if (!counts_add_ever(store, letter, error) ||
        !reporter_count_letter(store, ticket, now, error) ||
        !digest_note_answered(store, letter, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_OUTBOX_ADD);
    query_put_number(&query, letter);
    query_put_number(&query, ticket);
    query_put_number(&query, automatic);
    query_put_number(&query, now);
    query_put_number(&query, send_at);
    return query_run(&query, NULL, error);
}
