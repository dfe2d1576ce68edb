/*
 * Letters to known reporters, and approvals of their profiles.
 *
 * A reporter's letters are counted where a letter is queued (outbox_add), also
 * one that a person approved: "one letter a day" and "one a case" are promises
 * to the reporter, who cannot tell who said yes.
 *
 * A person is a name, compared without case and outer blanks; the login that
 * it came from is kept beside it. A desk whose staff share a login has only
 * the names to tell two pairs of eyes apart.
 */
#include "store/reporters.h"

#include "store/counts.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

#include <string.h>

#define SCOPE      "reporter" /* of letter_count, as SQL_REPORTER_COUNT has it */
#define PERSON_MAX 80

/* ---- letters ---------------------------------------------------------- */

bool reporter_note_ticket(Store *store, int64_t ticket, const char *profile,
                          const char *quote, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TICKET_REPORTER);
    query_put_text(&query, profile);
    query_put_text(&query, quote);
    query_put_number(&query, ticket);
    return query_run(&query, NULL, error);
}

bool reporter_count_letter(Store *store, int64_t ticket, Instant now,
                           GError **error)
{
    g_auto(Query) count = query_new(store, SQL_REPORTER_COUNT);
    query_put_number(&count, now);
    query_put_number(&count, ticket);
    g_auto(Query) quote = query_new(store, SQL_QUOTE_ADD);
    query_put_number(&quote, ticket);
    return query_run(&count, NULL, error) && query_run(&quote, NULL, error);
}

static bool count_quote(Store *store, const ReporterStanding *reporter,
                        const char *member, const char *case_id, uint32_t *out,
                        GError **error)
{
    *out = 0;
    if (!reporter->quote)
        return true;
    g_auto(Query) query = query_new(store, SQL_QUOTE_SEEN);
    query_put_text(&query, reporter->profile->id);
    query_put_text(&query, member);
    query_put_text(&query, reporter->quote);
    query_put_text(&query, case_id ? case_id : "");
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = (uint32_t)query_get_number(&query);
    return true;
}

static bool count_own(Store *store, const char *case_id, uint32_t *out,
                      GError **error)
{
    *out = 0;
    if (!case_id)
        return true;
    g_auto(Query) query = query_new(store, SQL_CASE_LETTERS);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = (uint32_t)query_get_number(&query);
    return true;
}

bool store_reporter_letters(Store *store, const ReporterStanding *reporter,
                            const char *member, const char *case_id,
                            Instant now, uint32_t *letters_1d,
                            uint32_t *letters_of_quote, GError **error)
{
    const char *for_whom = member ? member : "";
    g_autofree char *name =
        g_strdup_printf("%s/%s", reporter->profile->id, for_whom);
    uint32_t all, own;
    if (!counts_since(store, SCOPE, name, now - INSTANT_DAY_S, &all, error) ||
        !count_own(store, case_id, &own, error) ||
        !count_quote(store, reporter, for_whom, case_id, letters_of_quote,
                     error))
        return false;
    *letters_1d = all > own ? all - own : 0;
    return true;
}

/* ---- approvals -------------------------------------------------------- */

static void approval_free(void *data)
{
    ProfileApproval *approval = data;
    g_free(approval->person);
    g_free(approval->login);
    g_free(approval);
}

static void *read_approval(Query *query)
{
    ProfileApproval *approval = g_new0(ProfileApproval, 1);
    approval->person = query_get_text(query);
    approval->login = query_get_text(query);
    approval->at = query_get_number(query);
    return approval;
}

GPtrArray *store_profile_approvals(Store *store, const char *profile,
                                   const char *sha256, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_APPROVALS);
    query_put_text(&query, profile);
    query_put_text(&query, sha256);
    return query_rows(&query, read_approval, approval_free, error);
}

bool store_profile_yes_count(Store *store, const char *profile,
                             const char *sha256, uint32_t *count,
                             GError **error)
{
    g_autoptr(GPtrArray) approvals =
        store_profile_approvals(store, profile, sha256, error);
    *count = approvals ? approvals->len : 0;
    return approvals != NULL;
}

/* A name without outer blanks; NULL if it is none. */
static char *person_new(const char *person)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(person ? person : ""));
    bool is_name = *trimmed && strlen(trimmed) <= PERSON_MAX &&
                   g_utf8_validate(trimmed, -1, NULL);
    return is_name ? foreign_text(trimmed, PERSON_MAX) : NULL;
}

static bool add_approval(Store *store, const char *profile, const char *sha256,
                         const char *person, const char *login, Instant now,
                         GError **error)
{
    int changes;
    g_autofree char *same = g_utf8_casefold(person, -1);
    g_auto(Query) query = query_new(store, SQL_APPROVAL_ADD);
    query_put_text(&query, profile);
    query_put_text(&query, sha256);
    query_put_text(&query, same);
    query_put_text(&query, person);
    query_put_text(&query, login);
    query_put_number(&query, now);
    if (!query_run(&query, &changes, error))
        return false;
    if (changes > 0)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s approved %s already; another person must", person, profile);
    return false;
}

static bool approve(Store *store, const char *profile, const char *sha256,
                    const char *name, const char *login, Instant now,
                    GError **error)
{
    g_autofree char *person = person_new(name);
    if (!person) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "who approves? A name of at most 80 bytes");
        return false;
    }
    g_autofree char *detail =
        g_strdup_printf("{\"profile_sha256\":\"%s\"}", sha256);
    return add_approval(store, profile, sha256, person, login, now, error) &&
           record_append(store, RECORD_DESK, now, RECORD_DECIDED, detail, error,
                         "Reporter profile %s approved by %s (login %s)",
                         profile, person, login);
}

bool store_approve_profile(Store *store, const char *profile,
                           const char *sha256, const char *person,
                           const char *login, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, approve(store, profile, sha256, person, login, now, error),
        error);
}
