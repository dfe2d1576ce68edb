/*
 * Digests: cases that wait for the one letter a day.
 *
 * Problem: a reporter that wants one letter a day gets many cases answered by
 * one, and whatever becomes of that letter becomes of all of them; never twice,
 * whenever the desk is killed.
 *
 * Approach: a case waits by a row (digest_waiting) written with the case. The
 * transaction that writes the letter takes those rows away and fails if one is
 * gone, so that a second run finds nothing. The letter hangs on its first case,
 * like any letter, and so passes drafts, outbox and returns as one; the other
 * cases stand beside it (digest_case) and are moved along (digest_follow).
 *
 * Rejected: a case of the desk's own for the letter, as joint cases have it:
 * whoever looks at a case would have to look at two.
 */
#include "store/digests.h"

#include "store/counts.h"
#include "store/digests_inner.h"
#include "store/filing_inner.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/errors.h"

#include <string.h>

void digest_group_free(DigestGroup *group)
{
    if (!group)
        return;
    g_free(group->profile);
    g_free(group->member);
    g_free(group);
}

void digest_standing_clear(DigestStanding *standing)
{
    g_clear_pointer(&standing->open, g_free);
}

void digest_case_free(DigestCase *digest_case)
{
    if (!digest_case)
        return;
    g_free(digest_case->matches_json);
    g_free(digest_case->note);
    g_free(digest_case);
}

/* ---- looking ------------------------------------------------------------ */

static void *read_group(Query *query)
{
    DigestGroup *group = g_new0(DigestGroup, 1);
    group->profile = query_get_text(query);
    group->member = query_get_text(query);
    return group;
}

static void *read_counted_group(Query *query)
{
    DigestGroup *group = read_group(query);
    group->waiting = (guint)query_get_number(query);
    return group;
}

static void *read_id(Query *query)
{
    return query_get_text(query);
}

GPtrArray *store_digest_groups(Store *store, const char *profile,
                               GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_GROUPS);
    query_put_text(&query, profile);
    return query_rows(&query, read_counted_group,
                      (GDestroyNotify)digest_group_free, error);
}

static void put_group(Query *query, const DigestGroup *group)
{
    query_put_text(query, group->profile);
    query_put_text(query, group->member);
}

GPtrArray *store_digest_ids(Store *store, const DigestGroup *group, guint max,
                            GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_IDS);
    put_group(&query, group);
    query_put_number(&query, max);
    return query_rows(&query, read_id, g_free, error);
}

bool store_digest_of_case(Store *store, const char *case_id, DigestGroup **out,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_OF_CASE);
    bool found;
    query_put_text(&query, case_id);
    if (!query_one(&query, &found, error))
        return false;
    *out = found ? read_group(&query) : NULL;
    return true;
}

/* One text, or NULL. */
static bool ask_text(Query *query, char **out, GError **error)
{
    bool found;
    if (!query_one(query, &found, error))
        return false;
    *out = found ? query_get_text(query) : NULL;
    return true;
}

bool store_digest_standing(Store *store, const DigestGroup *group,
                           DigestStanding *out, GError **error)
{
    g_autofree char *name =
        g_strdup_printf("%s/%s", group->profile, group->member);
    g_auto(Query) last = query_new(store, SQL_DIGEST_LETTER_LAST);
    g_auto(Query) open = query_new(store, SQL_DIGEST_OPEN);
    bool found;
    query_put_text(&last, name);
    put_group(&open, group);
    if (!query_one(&last, &found, error) || !ask_text(&open, &out->open, error))
        return false;
    out->last = found ? query_get_instant(&last) : INSTANT_NONE;
    return true;
}

bool store_digest_pending(Store *store, const DigestGroup *group,
                          const char *case_id, uint32_t *out, GError **error)
{
    g_auto(DigestStanding) standing = {0};
    g_auto(Query) query = query_new(store, SQL_DIGEST_BEHIND);
    bool found;
    put_group(&query, group);
    query_put_text(&query, case_id ? case_id : "");
    if (!query_one(&query, &found, error) ||
        !store_digest_standing(store, group, &standing, error))
        return false;
    *out = (uint32_t)query_get_number(&query) +
           (standing.open && g_strcmp0(standing.open, case_id) != 0);
    return true;
}

bool store_digest_first(Store *store, const char *case_id, char **out,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_LED_BY);
    query_put_text(&query, case_id);
    return ask_text(&query, out, error);
}

GPtrArray *store_digest_answers(Store *store, const char *case_id,
                                GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_ANSWERS);
    query_put_text(&query, case_id);
    return query_rows(&query, read_id, g_free, error);
}

/* ---- waiting ------------------------------------------------------------ */

bool digest_wait(Store *store, int64_t ticket, const char *case_id, Instant now,
                 GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_WAIT);
    query_put_number(&query, now);
    query_put_number(&query, ticket);
    return query_run(&query, NULL, error) &&
           record_append(store, case_id, now, RECORD_DECIDED, NULL, error,
                         "Waits for the reporter's digest, one letter a day");
}

static bool take_out(Store *store, const char *case_id, bool *waited,
                     GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_DROP);
    int changes = 0;
    query_put_text(&query, case_id);
    bool done = query_run(&query, &changes, error);
    *waited = changes == 1;
    return done;
}

static bool stop_waiting(Store *store, const char *case_id, GError **error)
{
    bool waited;
    if (!take_out(store, case_id, &waited, error))
        return false;
    if (waited)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s waits for no digest", case_id);
    return false;
}

bool digest_leave(Store *store, const char *case_id, Instant now,
                  GError **error)
{
    bool waited;
    return take_out(store, case_id, &waited, error) &&
           (!waited ||
            record_append(store, case_id, now, RECORD_DECIDED, NULL, error,
                          "Waits for no digest any more: a person writes"));
}

/* ---- the other cases of a letter ---------------------------------------- */

typedef struct {
    int64_t ticket;
    char *id, *first;
} Follower;

static void follower_free(void *data)
{
    Follower *follower = data;
    g_free(follower->id);
    g_free(follower->first);
    g_free(follower);
}

static void *read_follower(Query *query)
{
    Follower *follower = g_new0(Follower, 1);
    follower->ticket = query_get_number(query);
    follower->id = query_get_text(query);
    follower->first = query_get_text(query);
    return follower;
}

bool digest_follow(Store *store, int64_t letter, TicketState to,
                   const char *kind, const char *what, Instant now,
                   GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    {
        g_auto(Query) query = query_new(store, SQL_DIGEST_FOLLOWERS);
        query_put_number(&query, letter);
        rows = query_rows(&query, read_follower, follower_free, error);
    }
    for (guint i = 0; rows && i < rows->len; i++) {
        const Follower *row = rows->pdata[i];
        bool moved = to == TICKET_ANSWERED
                         ? ticket_answered(store, row->ticket, now, error)
                         : ticket_move(store, row->ticket, to, now, error);
        if (!moved ||
            !record_append(store, row->id, now, kind, NULL, error,
                           "%s, with the digest on %s", what, row->first))
            return false;
    }
    return rows != NULL;
}

bool digest_note_answered(Store *store, int64_t letter, GError **error)
{
    g_auto(Query) signatures = query_new(store, SQL_DIGEST_SIGNATURES);
    g_auto(Query) quotes = query_new(store, SQL_DIGEST_QUOTES);
    query_put_number(&signatures, letter);
    query_put_number(&quotes, letter);
    return query_run(&signatures, NULL, error) &&
           query_run(&quotes, NULL, error);
}

/* ---- filing ------------------------------------------------------------- */

static bool put_decision(Store *store, const DigestCase *one, Instant now,
                         int64_t *ticket, GError **error)
{
    g_autofree char *decision = decision_new_json(one->decision);
    g_auto(Query) query = query_new(store, SQL_DIGEST_DECIDE);
    query_put_text(&query, action_word(one->decision->action));
    query_put_text(&query, one->decision->rule);
    query_put_text(&query, one->ticket->why);
    query_put_text(&query, verdict_word(one->ticket->verdict));
    query_put_text(&query, decision);
    query_put_text(&query, one->matches_json);
    query_put_number(&query, now);
    query_put_text(&query, one->case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *ticket = query_get_number(&query);
    return true;
}

static bool record_decision(Store *store, const DigestCase *one, Instant now,
                            GError **error)
{
    const Decision *decision = one->decision;
    const char *why = decision->hits && decision->hits->len > 0
                          ? g_array_index(decision->hits, GateHit, 0).why
                          : "";
    g_autofree char *matches = one->matches_json
                                   ? seal_new_json("matches", one->matches_json,
                                                   strlen(one->matches_json))
                                   : NULL;
    g_autofree char *text = decision_new_json(decision);
    g_autofree char *sealed = seal_new_json("decision", text, strlen(text));
    return record_append(store, one->case_id, now, RECORD_PUBLIC, matches,
                         error, "Verdict: %s (%s)",
                         verdict_word(one->ticket->verdict),
                         one->ticket->why) &&
           record_append(store, one->case_id, now, RECORD_DECIDED, sealed,
                         error, "%s by rule %s: %s",
                         action_word(decision->action), decision->rule, why);
}

/* A letter of the case's own that waits for a yes. */
static bool put_own_draft(Store *store, const DigestCase *one, int64_t ticket,
                          Instant now, GError **error)
{
    g_autofree char *claims = letter_claims_json(one->reply);
    int64_t letter;
    return letter_add(store, ticket, one->reply, claims, now, &letter, error) &&
           draft_add(store, letter, false, now, INSTANT_NONE, error) &&
           ticket_move(store, ticket, TICKET_DRAFTED, now, error);
}

static bool settle_case(Store *store, const DigestCase *one, Instant now,
                        int64_t *ticket, GError **error)
{
    *ticket = 0;
    if (!stop_waiting(store, one->case_id, error) ||
        (one->note && !record_append(store, one->case_id, now, RECORD_DECIDED,
                                     NULL, error, "%s", one->note)))
        return false;
    if (!one->decision)
        return true;
    if (!put_decision(store, one, now, ticket, error) ||
        !record_decision(store, one, now, error))
        return false;
    if (one->is_in)
        return true;
    if (one->reply)
        return put_own_draft(store, one, *ticket, now, error);
    return one->decision->action != ACTION_FILE ||
           ticket_move(store, *ticket, TICKET_FILED, now, error);
}

/* Each thread is answered by the letter, but counted once. */
static bool count_threads(Store *store, const DigestFiling *filing,
                          const DigestCase *first, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    if (first->thread)
        g_hash_table_add(seen, (void *)first->thread);
    for (guint i = 0; i < filing->cases->len; i++) {
        const DigestCase *one = filing->cases->pdata[i];
        if (!one->is_in || !one->thread ||
            !g_hash_table_add(seen, (void *)one->thread))
            continue;
        if (!counts_add_thread(store, one->thread, error))
            return false;
    }
    return true;
}

static bool queue_letter(Store *store, const DigestFiling *filing,
                         const DigestCase *first, int64_t letter,
                         int64_t ticket, GError **error)
{
    const CountKeys keys = {
        .address = filing->reply->to,
        .member = filing->member,
        .template_id = filing->reply->template_id,
        .thread = first->thread,
        .events = filing->events,
    };
    return outbox_add(store, letter, ticket, true, filing->now, filing->send_at,
                      error) &&
           counts_add(store, &keys, filing->now, error) &&
           count_threads(store, filing, first, error);
}

static bool record_letter(Store *store, const DigestFiling *filing,
                          const DigestCase *one, const DigestCase *first,
                          GError **error)
{
    const Reply *reply = filing->reply;
    g_autofree char *detail =
        seal_new_json("letter", g_bytes_get_data(reply->bytes, NULL),
                      g_bytes_get_size(reply->bytes));
    char when[INSTANT_TEXT_MAX];
    return record_append(
        store, one->case_id, filing->now, RECORD_COMPUTED, detail, error,
        "Answered by the digest on %s, composed from %s v%s; %s%s",
        first->case_id, reply->template_id, reply->template_version,
        filing->is_automatic ? "leaves at " : "waits for a yes",
        filing->is_automatic ? instant_text(filing->send_at, when) : "");
}

static bool put_case_in(Store *store, const DigestFiling *filing,
                        const DigestCase *one, const DigestCase *first,
                        int64_t ticket, int64_t first_ticket, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_ADD);
    query_put_number(&query, first_ticket);
    query_put_text(&query, one->case_id);
    return query_run(&query, NULL, error) &&
           record_letter(store, filing, one, first, error) &&
           ticket_move(store, ticket,
                       filing->is_automatic ? TICKET_SENDING : TICKET_DRAFTED,
                       filing->now, error);
}

static bool put_letter(Store *store, const DigestFiling *filing,
                       const GArray *tickets, GError **error)
{
    const DigestCase *first = NULL;
    int64_t first_ticket = 0, letter;
    for (guint i = 0; i < filing->cases->len; i++) {
        const DigestCase *one = filing->cases->pdata[i];
        int64_t ticket = g_array_index(tickets, int64_t, i);
        if (!one->is_in)
            continue;
        if (!first) {
            first = one;
            first_ticket = ticket;
        }
        if (!put_case_in(store, filing, one, first, ticket, first_ticket,
                         error))
            return false;
    }
    g_assert(first);
    g_autofree char *claims = letter_claims_json(filing->reply);
    return letter_add(store, first_ticket, filing->reply, claims, filing->now,
                      &letter, error) &&
           draft_add(store, letter, filing->is_automatic, filing->now,
                     filing->send_at, error) &&
           (!filing->is_automatic ||
            queue_letter(store, filing, first, letter, first_ticket, error));
}

static bool file_digest(Store *store, const DigestFiling *filing,
                        GError **error)
{
    g_autoptr(GArray) tickets = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < filing->cases->len; i++) {
        int64_t ticket;
        if (!settle_case(store, filing->cases->pdata[i], filing->now, &ticket,
                         error))
            return false;
        g_array_append_val(tickets, ticket);
    }
    return !filing->reply || put_letter(store, filing, tickets, error);
}

bool store_digest_file(Store *store, const DigestFiling *filing, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, file_digest(store, filing, error), error);
}
