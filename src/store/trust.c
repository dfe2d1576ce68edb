#include "store/trust.h"

#include "store/record.h"
#include "store/trust_inner.h"

#include "base/errors.h"
#include "base/log.h"

#define BY_MAX  200
#define WHY_MAX 500
#define KIND    "stepped-back"

static char *about_of(const char *member)
{
    return g_strdup_printf("member:%s", member);
}

static Automation level_of(const char *word)
{
    if (g_strcmp0(word, "auto") == 0)
        return AUTOMATION_AUTO;
    return g_strcmp0(word, "hold") == 0 ? AUTOMATION_HOLD : AUTOMATION_OFF;
}

/* ---- looking ------------------------------------------------------------ */

static bool read_member(Store *store, const char *member, TrustState *state,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_MEMBER);
    bool found;
    query_put_text(&query, member);
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    state->consent = query_get_instant(&query);
    state->consent_by = query_get_text(&query);
    state->consent_text = query_get_text(&query);
    state->consent_sha256 = query_get_text(&query);
    state->withdrawn = query_get_instant(&query);
    state->paused = query_get_instant(&query);
    state->paused_by = query_get_text(&query);
    state->paused_why = query_get_text(&query);
    state->ends = query_get_instant(&query);
    return true;
}

static void *read_level(Query *query)
{
    TrustLevel *level = g_new0(TrustLevel, 1);
    level->category = query_get_text(query);
    g_autofree char *word = query_get_text(query);
    level->level = level_of(word);
    level->since = query_get_number(query);
    level->by = query_get_text(query);
    level->why = query_get_text(query);
    level->texts = query_get_text(query);
    level->rule = query_get_text(query);
    return level;
}

static bool read_levels(Store *store, const char *member, TrustState *state,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_LEVELS);
    query_put_text(&query, member);
    GPtrArray *levels =
        query_rows(&query, read_level, (GDestroyNotify)trust_level_free, error);
    if (!levels)
        return false;
    g_ptr_array_unref(state->levels);
    state->levels = levels;
    return true;
}

static bool count_approved(Store *store, const char *member, TrustState *state,
                           GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_APPROVED);
    bool found;
    query_put_text(&query, member);
    if (!query_one(&query, &found, error))
        return false;
    state->approved = (uint32_t)query_get_number(&query);
    return true;
}

TrustState *store_trust(Store *store, const char *member, bool with_approved,
                        GError **error)
{
    g_autoptr(TrustState) state = trust_state_new();
    g_autoptr(GError) cause = NULL;
    if (read_member(store, member, state, &cause) &&
        read_levels(store, member, state, &cause) &&
        (!with_approved || count_approved(store, member, state, &cause)))
        return g_steal_pointer(&state);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

bool store_trust_drafts(Store *store, const char *member, const char *category,
                        guint max, guint *decided, guint *approved,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_DRAFTS);
    g_autoptr(GError) cause = NULL;
    query_put_text(&query, member);
    query_put_text(&query, category);
    query_put_number(&query, max);
    *decided = *approved = 0;
    while (query_next(&query, &cause)) {
        g_autofree char *state = query_get_text(&query);
        (*decided)++;
        *approved +=
            !g_str_equal(state, "stopped") && !g_str_equal(state, "changed");
    }
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

bool store_trust_relays_changed(Store *store, const char *member, Instant since,
                                bool *changed, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_RELAYS);
    query_put_text(&query, member);
    query_put_number(&query, since == INSTANT_NONE ? 0 : since);
    return query_one(&query, changed, error);
}

/* ---- what lowering does to letters that wait ---------------------------- */

typedef struct {
    int64_t number;
    bool is_automatic;
    char *category;
} Queued;

static void queued_free(Queued *queued)
{
    g_free(queued->category);
    g_free(queued);
}

static void *read_queued(Query *query)
{
    Queued *queued = g_new0(Queued, 1);
    queued->number = query_get_number(query);
    queued->is_automatic = query_get_number(query) != 0;
    queued->category = query_get_text(query);
    return queued;
}

/* category NULL: all of the member's, else its automatic ones of the kind. */
static bool hold_queued(Store *store, const char *member, const char *category,
                        const char *why, Instant now, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    {
        g_auto(Query) query = query_new(store, SQL_TRUST_QUEUED);
        query_put_text(&query, member);
        rows =
            query_rows(&query, read_queued, (GDestroyNotify)queued_free, error);
    }
    for (guint i = 0; rows && i < rows->len; i++) {
        const Queued *queued = rows->pdata[i];
        bool is_meant =
            !category || (queued->is_automatic &&
                          member_category_fit(category, queued->category));
        if (is_meant && !outbox_hold(store, queued->number, why, now, error))
            return false;
    }
    return rows != NULL;
}

/* ---- levels ------------------------------------------------------------- */

static bool put_level(Store *store, const char *member, const TrustLevel *level,
                      Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_LEVEL_SET);
    query_put_text(&query, member);
    query_put_text(&query, level->category);
    query_put_text(&query, automation_word(level->level));
    query_put_number(&query, now);
    query_put_text(&query, level->by);
    query_put_text(&query, level->why);
    query_put_text(&query, level->texts);
    query_put_text(&query, level->rule);
    return query_run(&query, NULL, error);
}

static bool set_level(Store *store, const char *member, const TrustLevel *level,
                      Instant now, GError **error)
{
    g_autofree char *about = about_of(member);
    const char *word = automation_word(level->level);
    return put_level(store, member, level, now, error) &&
           record_append(store, about, now, RECORD_DECIDED, NULL, error,
                         "Letters for %s are on \"%s\" now, by %.*s: %s",
                         level->category, word, BY_MAX, level->by,
                         level->why) &&
           (level->level == AUTOMATION_AUTO ||
            hold_queued(store, member, level->category,
                        "such letters no longer leave by themselves", now,
                        error));
}

bool store_trust_set(Store *store, const char *member, const TrustLevel *level,
                     Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, set_level(store, member, level, now, error), error);
}

static bool add_event(Store *store, const char *member, const char *category,
                      const char *cause, const char *what, Instant now,
                      GError **error)
{
    g_auto(Query) event = query_new(store, SQL_TRUST_EVENT_ADD);
    query_put_text(&event, member);
    query_put_text(&event, category);
    query_put_text(&event, cause);
    query_put_number(&event, now);
    g_auto(Query) notice = query_new(store, SQL_NOTICE_ADD);
    query_put_text(&notice, member);
    query_put_text(&notice, KIND);
    query_put_text(&notice, NULL);
    query_put_text(&notice, what);
    query_put_number(&notice, 0);
    query_put_number(&notice, now);
    query_put_number(&notice, now);
    return query_run(&event, NULL, error) && query_run(&notice, NULL, error);
}

/* Is the level, as kept, below auto already? Then it was told before. */
static bool is_back(const TrustState *state, const char *category)
{
    for (guint i = 0; i < state->levels->len; i++) {
        const TrustLevel *level = state->levels->pdata[i];
        if (g_str_equal(level->category, category))
            return level->level < AUTOMATION_AUTO;
    }
    return false;
}

bool trust_step_back(Store *store, const char *member, const char *category,
                     int trigger, Instant now, GError **error)
{
    g_autoptr(TrustState) state = store_trust(store, member, false, error);
    if (!state || is_back(state, category))
        return state != NULL;
    const char *words;
    const char *cause = trust_trigger_text((guint)trigger, &words);
    g_autofree char *what = g_strdup_printf(
        "%s: letters wait for a person again, since %s", category, words);
    TrustLevel level = {.category = (char *)category,
                        .level = AUTOMATION_HOLD,
                        .by = (char *)"the desk",
                        .why = (char *)words};
    return set_level(store, member, &level, now, error) &&
           add_event(store, member, category, cause, what, now, error);
}

bool store_trust_step_back(Store *store, const char *member,
                           const char *category, int trigger, Instant now,
                           GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, trust_step_back(store, member, category, trigger, now, error),
        error);
}

static char *scope_of(Store *store, const char *member, const char *category,
                      bool was_automatic, GError **error)
{
    g_autoptr(TrustState) state = store_trust(store, member, false, error);
    const TrustLevel *best = NULL;
    for (guint i = 0; state && i < state->levels->len; i++) {
        const TrustLevel *level = state->levels->pdata[i];
        size_t fit = member_category_fit(level->category, category);
        if (fit > (best ? member_category_fit(best->category, category) : 0))
            best = level;
    }
    if (best)
        return g_strdup(best->category);
    return state && was_automatic ? g_strdup(category) : NULL;
}

bool store_trust_case(Store *store, const char *case_id, char **member,
                      char **category, bool *was_automatic, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_CASE);
    bool found;
    query_put_text(&query, case_id);
    *member = *category = NULL;
    *was_automatic = false;
    if (!query_one(&query, &found, error))
        return false;
    if (found) {
        *member = query_get_text(&query);
        *category = query_get_text(&query);
        *was_automatic = query_get_number(&query) != 0;
    }
    return true;
}

bool trust_note_stop(Store *store, const char *case_id, Instant now,
                     GError **error)
{
    g_autofree char *member = NULL, *category = NULL;
    bool was_automatic;
    if (!store_trust_case(store, case_id, &member, &category, &was_automatic,
                          error))
        return false;
    if (!member)
        return true;
    g_autoptr(GError) cause = NULL;
    g_autofree char *scope =
        scope_of(store, member, category, was_automatic, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    return !scope || trust_step_back(store, member, scope, TRUST_PERSON_STOPPED,
                                     now, error);
}

/* ---- switches ----------------------------------------------------------- */

static bool touch(Store *store, const char *member, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_TOUCH);
    query_put_text(&query, member);
    return query_run(&query, NULL, error);
}

static bool conflict(GError **error, const char *member, const char *words)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "%s: %s", member,
                words);
    return false;
}

/* One switch of trust_member: its statement, entry, and letters that wait. */
typedef struct {
    Sql sql;
    const char *member, *by, *why;
    Instant value;     /* NONE: off */
    const char *entry; /* begins the entry of the record */
    const char *hold;  /* NULL: letters that wait may stay */
} Switch;

static bool set_switch(Store *store, const Switch *set, Instant now,
                       GError **error)
{
    g_autofree char *about = about_of(set->member);
    g_autofree char *by = foreign_text(set->by, BY_MAX);
    g_autofree char *why = foreign_text(set->why ? set->why : "", WHY_MAX);
    g_auto(Query) query = query_new(store, set->sql);
    query_put_instant(&query, set->value);
    if (set->sql == SQL_TRUST_PAUSE) {
        query_put_text(&query, by);
        query_put_text(&query, why);
    }
    query_put_text(&query, set->member);
    return touch(store, set->member, error) && query_run(&query, NULL, error) &&
           record_append(store, about, now, RECORD_DECIDED, NULL, error,
                         "%s by %s%s%s", set->entry, by, *why ? ": " : "",
                         why) &&
           (!set->hold ||
            hold_queued(store, set->member, NULL, set->hold, now, error));
}

static bool pause_member(Store *store, const char *member, bool paused,
                         const char *by, const char *why, Instant now,
                         GError **error)
{
    g_autoptr(TrustState) state = store_trust(store, member, false, error);
    if (!state)
        return false;
    if ((state->paused != INSTANT_NONE) == paused)
        return conflict(error, member,
                        paused ? "paused already" : "not paused");
    Switch set = {
        .sql = SQL_TRUST_PAUSE,
        .member = member,
        .by = by,
        .why = why,
        .value = paused ? now : INSTANT_NONE,
        .entry = paused ? "All letters in the member's name are paused"
                        : "Letters in the member's name go on",
        .hold = paused ? "letters in the member's name are paused" : NULL,
    };
    return set_switch(store, &set, now, error);
}

bool store_trust_pause(Store *store, const char *member, bool paused,
                       const char *by, const char *why, Instant now,
                       GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, pause_member(store, member, paused, by, why, now, error), error);
}

bool store_trust_end(Store *store, const char *member, Instant when,
                     const char *by, const char *why, Instant now,
                     GError **error)
{
    char day[INSTANT_TEXT_MAX];
    g_autofree char *entry = g_strdup_printf("The membership ends at %s, set",
                                             instant_text(when, day));
    Switch set = {
        .sql = SQL_TRUST_END,
        .member = member,
        .by = by,
        .why = why,
        .value = when,
        .entry = entry,
        .hold = when <= now ? "the membership has ended" : NULL,
    };
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, set_switch(store, &set, now, error),
                              error);
}

bool store_trust_withdraw(Store *store, const char *member, const char *by,
                          const char *why, Instant now, GError **error)
{
    Switch set = {
        .sql = SQL_TRUST_WITHDRAW,
        .member = member,
        .by = by,
        .why = why,
        .value = now,
        .entry = "Consent taken back",
        .hold = "the member took its consent back",
    };
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, set_switch(store, &set, now, error),
                              error);
}
