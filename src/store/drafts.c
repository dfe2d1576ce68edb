#include "store/drafts.h"

#include "store/digests.h"
#include "store/digests_inner.h"
#include "store/letters.h"
#include "store/record.h"
#include "store/trust_inner.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

#define SECRET_BYTES 32
#define PEOPLE_MAX   120 /* bytes of a name shown in the record */

void draft_free(Draft *draft)
{
    if (!draft)
        return;
    g_free(draft->case_id);
    g_free(draft->member);
    g_free(draft->state);
    g_free(draft->to);
    g_free(draft->subject);
    g_free(draft->text);
    g_free(draft->template_id);
    g_free(draft->template_version);
    g_free(draft->claims_json);
    g_clear_pointer(&draft->bytes, g_bytes_unref);
    g_free(draft->decided_by);
    g_free(draft->note);
    g_free(draft->changed_by);
    g_free(draft->change);
    g_free(draft->source);
    g_free(draft->checked_by);
    g_free(draft);
}

Draft *draft_read(Query *query)
{
    Draft *draft = g_new0(Draft, 1);
    draft->case_id = query_get_text(query);
    draft->member = query_get_text(query);
    draft->state = query_get_text(query);
    draft->to = query_get_text(query);
    draft->subject = query_get_text(query);
    draft->text = query_get_text(query);
    draft->template_id = query_get_text(query);
    draft->template_version = query_get_text(query);
    draft->claims_json = query_get_text(query);
    draft->bytes = query_get_bytes(query);
    draft->made = query_get_number(query);
    draft->decided = query_get_instant(query);
    draft->send_at = query_get_instant(query);
    draft->decided_by = query_get_text(query);
    draft->note = query_get_text(query);
    draft->version = (guint)query_get_number(query);
    draft->changed_by = query_get_text(query);
    draft->change = query_get_text(query);
    draft->source = query_get_text(query);
    draft->checked_by = query_get_text(query);
    draft->replaces = (guint)query_get_number(query);
    return draft;
}

GPtrArray *store_drafts(Store *store, const char *state, const char *member,
                        GError **error)
{
    g_autoptr(GPtrArray) drafts =
        g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
    bool waiting = g_strcmp0(state, "waiting") == 0;
    g_auto(Query) query =
        query_new(store, waiting ? SQL_DRAFTS_WAITING : SQL_DRAFTS);
    query_put_text(&query, member);
    if (!waiting)
        query_put_text(&query, state);
    g_autoptr(GError) cause = NULL;
    while (query_next(&query, &cause))
        g_ptr_array_add(drafts, draft_read(&query));
    if (!cause)
        return g_steal_pointer(&drafts);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

/* A case whose answer is a digest has no draft of its own. */
static bool fail_missing(Store *store, const char *case_id, GError **error)
{
    g_autofree char *first = NULL;
    g_autoptr(DigestGroup) group = NULL;
    if (!store_digest_first(store, case_id, &first, error) ||
        !store_digest_of_case(store, case_id, &group, error))
        return false;
    if (first)
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "%s is answered by the digest on %s; see that", case_id,
                    first);
    else if (group)
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no draft for the case %s: it waits for the digest to %s, "
                    "see exitdesk case show %s",
                    case_id, group->profile, case_id);
    else
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no draft for the case %s", case_id);
    return false;
}

Draft *store_draft(Store *store, const char *case_id, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_OF_CASE);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return NULL;
    if (found)
        return draft_read(&query);
    fail_missing(store, case_id, error);
    return NULL;
}

/* ---- deciding --------------------------------------------------------- */

/* The newest letter of a case with where it stands. */
typedef struct {
    int64_t letter, ticket, outbox; /* outbox 0: not queued */
    char *state, *decided_by, *to, *outbox_state, *changed_by;
    guint version;
    Instant decided, sent;
} Standing;

static void standing_clear(Standing *standing)
{
    g_clear_pointer(&standing->state, g_free);
    g_clear_pointer(&standing->decided_by, g_free);
    g_clear_pointer(&standing->to, g_free);
    g_clear_pointer(&standing->outbox_state, g_free);
    g_clear_pointer(&standing->changed_by, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Standing, standing_clear)

static bool find_standing(Store *store, const char *case_id, Standing *out,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_STANDING);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return fail_missing(store, case_id, error);
    out->letter = query_get_number(&query);
    out->ticket = query_get_number(&query);
    out->state = query_get_text(&query);
    out->decided_by = query_get_text(&query);
    out->decided = query_get_instant(&query);
    out->to = query_get_text(&query);
    out->outbox = query_get_number(&query);
    out->outbox_state = query_get_text(&query);
    out->sent = query_get_instant(&query);
    out->version = (guint)query_get_number(&query);
    out->changed_by = query_get_text(&query);
    return true;
}

static bool fail_decided(const char *case_id, const Standing *standing,
                         GError **error)
{
    char when[INSTANT_TEXT_MAX];
    if (g_strcmp0(standing->outbox_state, "sent") == 0)
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: too late, the letter went out at %s", case_id,
                    instant_text(standing->sent, when));
    else if (g_strcmp0(standing->outbox_state, "sending") == 0)
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: too late, the letter is being handed over", case_id);
    else
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: already %s by %s at %s", case_id, standing->state,
                    standing->decided_by ? standing->decided_by : "-",
                    instant_text(standing->decided, when));
    return false;
}

static bool decide_draft(Store *store, int64_t letter, const char *state,
                         const char *by, const char *note, Instant now,
                         Instant send_at, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_DECIDE);
    query_put_text(&query, state);
    query_put_number(&query, now);
    query_put_text(&query, by);
    query_put_text(&query, note);
    query_put_instant(&query, send_at);
    query_put_number(&query, letter);
    return query_run(&query, NULL, error);
}

static bool approve(Store *store, const char *case_id, const char *by,
                    const char *note, Instant now, Instant send_at,
                    GError **error)
{
    g_auto(Standing) standing = {0};
    if (!find_standing(store, case_id, &standing, error))
        return false;
    if (!g_str_equal(standing.state, "waiting"))
        return fail_decided(case_id, &standing, error);
    if (!standing.to) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                    "%s: the letter has no address to go to", case_id);
        return false;
    }
    char when[INSTANT_TEXT_MAX];
    g_autofree char *how =
        standing.changed_by
            ? g_strdup_printf("changed (version %u, by %.*s)", standing.version,
                              PEOPLE_MAX, standing.changed_by)
            : g_strdup("unchanged");
    return decide_draft(store, standing.letter, "approved", by, note, now,
                        send_at, error) &&
           outbox_add(store, standing.letter, standing.ticket, false, now,
                      send_at, error) &&
           ticket_move(store, standing.ticket, TICKET_SENDING, now, error) &&
           digest_follow(store, standing.letter, TICKET_SENDING, RECORD_DECIDED,
                         "Letter approved", now, error) &&
           record_append(store, case_id, now, RECORD_DECIDED, NULL, error,
                         "Letter approved %s by %.*s, leaves at %s%s%s", how,
                         PEOPLE_MAX, by, instant_text(send_at, when),
                         note ? ": " : "", note ? note : "");
}

bool store_approve_draft(Store *store, const char *case_id, const char *by,
                         const char *note, Instant now, Instant send_at,
                         GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = approve(store, case_id, by, note, now, send_at, error);
    return transaction_finish(store, ok, error);
}

static bool stop_outbox(Store *store, int64_t outbox, int *changes,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_STOP);
    query_put_number(&query, outbox);
    return query_run(&query, changes, error);
}

static bool stop(Store *store, const char *case_id, const char *by,
                 const char *note, Instant now, GError **error)
{
    g_auto(Standing) standing = {0};
    if (!find_standing(store, case_id, &standing, error))
        return false;
    int changes = 0;
    if (standing.outbox &&
        !stop_outbox(store, standing.outbox, &changes, error))
        return false;
    bool was_waiting = g_str_equal(standing.state, "waiting");
    if (!was_waiting && changes == 0)
        return fail_decided(case_id, &standing, error);
    return decide_draft(store, standing.letter, "stopped", by, note, now,
                        INSTANT_NONE, error) &&
           ticket_move(store, standing.ticket, TICKET_TRIAGE, now, error) &&
           digest_follow(store, standing.letter, TICKET_TRIAGE, RECORD_DECIDED,
                         "Letter stopped", now, error) &&
           record_append(store, case_id, now, RECORD_DECIDED, NULL, error,
                         "Letter stopped by %.*s%s%s", PEOPLE_MAX, by,
                         note ? ": " : "", note ? note : "") &&
           trust_note_stop(store, case_id, now, error);
}

bool store_stop_draft(Store *store, const char *case_id, const char *by,
                      const char *note, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = stop(store, case_id, by, note, now, error);
    return transaction_finish(store, ok, error);
}

/* ---- the pause switch ------------------------------------------------- */

void pause_state_clear(PauseState *state)
{
    g_clear_pointer(&state->by, g_free);
    g_clear_pointer(&state->why, g_free);
}

bool store_pause_state(Store *store, PauseState *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_PAUSE);
    PauseState state = {.since = INSTANT_NONE};
    if (!query_one(&query, &state.is_paused, error))
        return false;
    if (state.is_paused) {
        state.since = query_get_number(&query);
        state.by = query_get_text(&query);
        state.why = query_get_text(&query);
    }
    *out = state;
    return true;
}

static bool set_paused(Store *store, bool paused, const char *by,
                       const char *why, Instant now, GError **error)
{
    g_auto(Query) query =
        query_new(store, paused ? SQL_PAUSE_SET : SQL_PAUSE_CLEAR);
    if (paused) {
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_text(&query, why ? why : "");
    }
    return query_run(&query, NULL, error) &&
           record_append(store, RECORD_DESK, now, RECORD_DECIDED, NULL, error,
                         "Sending %s by %.*s%s%s",
                         paused ? "paused" : "resumed", PEOPLE_MAX, by,
                         why ? ": " : "", why ? why : "");
}

bool store_set_paused(Store *store, bool paused, const char *by,
                      const char *why, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = set_paused(store, paused, by, why, now, error);
    return transaction_finish(store, ok, error);
}

/* ---- secrets ---------------------------------------------------------- */

static GBytes *find_secret(Store *store, const char *fact, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FACT);
    query_put_text(&query, fact);
    bool found;
    if (!query_one(&query, &found, error) || !found)
        return NULL;
    return query_get_bytes(&query);
}

static bool make_secret(Store *store, const char *fact, GError **error)
{
    uint8_t secret[SECRET_BYTES];
    random_fill(secret, sizeof secret);
    g_auto(Query) query = query_new(store, SQL_FACT_SET);
    query_put_text(&query, fact);
    query_put_bytes(&query, secret, sizeof secret);
    return query_run(&query, NULL, error);
}

GBytes *store_secret(Store *store, const char *name, GError **error)
{
    g_autofree char *fact = g_strdup_printf("secret:%s", name);
    g_autoptr(GError) cause = NULL;
    GBytes *secret = find_secret(store, fact, &cause);
    if (secret)
        return secret;
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (store->mode == STORE_READ) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "the desk has made no secret \"%s\" yet", name);
        return NULL;
    }
    if (!transaction_begin(store, error))
        return NULL;
    bool made = make_secret(store, fact, error);
    return transaction_finish(store, made, error)
               ? find_secret(store, fact, error)
               : NULL;
}
