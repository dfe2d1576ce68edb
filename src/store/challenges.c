#include "store/challenges.h"

#include "store/record.h"
#include "store/trust_inner.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"

#define BY_MAX 200

/* ---- asking ------------------------------------------------------------- */

static bool check_limit(Store *store, const char *address, Instant now,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CHALLENGE_RECENT);
    bool found;
    query_put_text(&query, address);
    query_put_number(&query, now - INSTANT_DAY_S);
    if (!query_one(&query, &found, error))
        return false;
    if (!found || query_get_number(&query) < CHALLENGE_DAY_MAX)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                "%s was asked %d times within a day: that is enough", address,
                CHALLENGE_DAY_MAX);
    return false;
}

bool challenge_ask(Store *store, const NewChallenge *challenge,
                   const char *address, Instant now, GError **error)
{
    g_autofree char *by = foreign_text(challenge->by, BY_MAX);
    if (!check_limit(store, address, now, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_CHALLENGE_ADD);
    query_put_text(&query, challenge->member);
    query_put_text(&query, address);
    query_put_bytes(&query, challenge->token_hash, SHA256_BYTES);
    query_put_number(&query, now);
    query_put_text(&query, by);
    query_put_number(&query, now + CHALLENGE_EXPIRES_S);
    return query_run(&query, NULL, error) &&
           record_append(store, challenge->message->about, now, RECORD_DECIDED,
                         NULL, error,
                         "%s is asked whether it reads mail for %s "
                         "(by %s)",
                         address, challenge->member, by) &&
           message_add(store, challenge->message, now, error);
}

bool store_challenge_ask(Store *store, const NewChallenge *challenge,
                         Instant now, GError **error)
{
    g_autofree char *address = g_ascii_strdown(challenge->address, -1);
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, challenge_ask(store, challenge, address, now, error), error);
}

/* ---- answers ------------------------------------------------------------ */

typedef struct {
    int64_t number;
    char *member, *address, *about;
    Instant expires, answered;
} Asked;

static void asked_clear(Asked *asked)
{
    g_clear_pointer(&asked->member, g_free);
    g_clear_pointer(&asked->address, g_free);
    g_clear_pointer(&asked->about, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static bool find(Store *store, const uint8_t hash[32], Asked *out, bool *found,
                 GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CHALLENGE_FIND);
    query_put_bytes(&query, hash, SHA256_BYTES);
    if (!query_one(&query, found, error))
        return false;
    if (!*found)
        return true;
    out->number = query_get_number(&query);
    out->member = query_get_text(&query);
    out->address = query_get_text(&query);
    out->expires = query_get_number(&query);
    out->answered = query_get_instant(&query);
    out->about = g_strdup_printf("member:%s", out->member);
    return true;
}

bool store_challenge_exists(Store *store, const uint8_t token_hash[32],
                            bool *found, GError **error)
{
    g_auto(Asked) asked = {0};
    return find(store, token_hash, &asked, found, error);
}

static ChallengeResult result_of(const Asked *asked, bool found, Instant now)
{
    if (!found)
        return CHALLENGE_UNKNOWN;
    if (asked->answered != INSTANT_NONE)
        return CHALLENGE_USED;
    return now > asked->expires ? CHALLENGE_LATE : CHALLENGE_CONFIRMED;
}

static bool confirm(Store *store, const Asked *asked, const char *by,
                    const char *way, Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CHALLENGE_ANSWER);
    query_put_number(&query, now);
    query_put_text(&query, by);
    query_put_text(&query, way);
    query_put_number(&query, asked->number);
    return query_run(&query, NULL, error) &&
           record_append(store, asked->about, now, RECORD_RECEIVED, NULL, error,
                         "%s is verified: the token came back by %s, of %s",
                         asked->address, way, by);
}

static bool answer(Store *store, const uint8_t hash[32], const char *by,
                   const char *way, Instant now, ChallengeResult *result,
                   Asked *asked, GError **error)
{
    bool found;
    if (!find(store, hash, asked, &found, error))
        return false;
    *result = result_of(asked, found, now);
    switch (*result) {
    case CHALLENGE_CONFIRMED:
        return confirm(store, asked, by, way, now, error);
    case CHALLENGE_UNKNOWN:
        return true;
    case CHALLENGE_USED:
    case CHALLENGE_LATE:
        break;
    }
    return record_append(
        store, asked->about, now, RECORD_RECEIVED, NULL, error,
        "The token for %s came back by %s, of %s: %s", asked->address, way, by,
        *result == CHALLENGE_USED ? "it was used before" : "too late");
}

bool store_challenge_answer(Store *store, const uint8_t token_hash[32],
                            const char *by, const char *way, Instant now,
                            ChallengeResult *result, char **member,
                            char **address, GError **error)
{
    g_auto(Asked) asked = {0};
    g_autofree char *shown = foreign_text(by, BY_MAX);
    if (!transaction_begin(store, error))
        return false;
    bool ok = answer(store, token_hash, shown, way, now, result, &asked, error);
    if (!transaction_finish(store, ok, error))
        return false;
    *member = g_steal_pointer(&asked.member);
    *address = g_steal_pointer(&asked.address);
    return true;
}

static bool noise(Store *store, const uint8_t hash[32], const char *why,
                  Instant now, GError **error)
{
    g_auto(Asked) asked = {0};
    bool found;
    if (!find(store, hash, &asked, &found, error))
        return false;
    return !found ||
           record_append(store, asked.about, now, RECORD_RECEIVED, NULL, error,
                         "Mail with the token for %s verifies "
                         "nothing: %s",
                         asked.address, why);
}

bool store_challenge_noise(Store *store, const uint8_t token_hash[32],
                           const char *why, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, noise(store, token_hash, why, now, error),
                              error);
}

/* ---- looking ------------------------------------------------------------ */

void contact_row_free(ContactRow *row)
{
    if (!row)
        return;
    g_free(row->member);
    g_free(row->address);
    g_free(row->asked_by);
    g_free(row->verified_by);
    g_free(row->way);
    g_free(row);
}

static void *read_contact(Query *query)
{
    ContactRow *row = g_new0(ContactRow, 1);
    row->member = query_get_text(query);
    row->address = query_get_text(query);
    row->asked = query_get_instant(query);
    row->expires = query_get_instant(query);
    row->asked_by = query_get_text(query);
    row->verified = query_get_instant(query);
    row->verified_by = query_get_text(query);
    row->way = query_get_text(query);
    return row;
}

GPtrArray *store_contacts(Store *store, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CONTACTS);
    return query_rows(&query, read_contact, (GDestroyNotify)contact_row_free,
                      error);
}

const char *contact_state_word(ContactState state)
{
    static const char *const WORDS[] = {"claimed", "verified", "expired"};
    return WORDS[state];
}

ContactState contact_state(const ContactRow *row, Instant now)
{
    if (!row || row->verified == INSTANT_NONE)
        return CONTACT_CLAIMED;
    return now - row->verified > CHALLENGE_HOLDS_S ? CONTACT_EXPIRED
                                                   : CONTACT_VERIFIED;
}
