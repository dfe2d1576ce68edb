/*
 * What members are asked: do you agree, may this kind leave by itself. A
 * question is a challenge (challenges.h) with a row beside it that says what
 * its answer means, so that limits, expiry and single use are the same.
 */
#include "store/trust.h"

#include "store/record.h"
#include "store/trust_inner.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"

#include <string.h>

#define BY_MAX      200
#define PERSON_MAX  80
#define TOKEN_BYTES 12

static bool fail_or_null(GError **error, GError *cause)
{
    if (cause)
        g_propagate_error(error, cause);
    return false;
}

/* ---- asking ------------------------------------------------------------- */

static bool ask(Store *store, const TrustQuestion *question, Instant now,
                GError **error)
{
    const NewChallenge *challenge = question->challenge;
    g_autofree char *address = g_ascii_strdown(challenge->address, -1);
    if (!challenge_ask(store, challenge, address, now, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_TRUST_ASK);
    query_put_bytes(&query, challenge->token_hash, SHA256_BYTES);
    query_put_text(&query, challenge->member);
    query_put_text(&query, address);
    query_put_text(&query, question->kind);
    query_put_text(&query, question->category);
    query_put_text(&query, question->text);
    query_put_text(&query, question->sha256);
    query_put_number(&query, now);
    query_put_number(&query, now + CHALLENGE_EXPIRES_S);
    return query_run(&query, NULL, error) &&
           record_append(store, challenge->message->about, now, RECORD_DECIDED,
                         NULL, error,
                         "What is asked: %s%s%s, words %s, sha256 %s",
                         question->kind, *question->category ? " " : "",
                         question->category, question->text, question->sha256);
}

bool store_trust_ask(Store *store, const TrustQuestion *question, Instant now,
                     GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, ask(store, question, now, error), error);
}

char *store_trust_asked(Store *store, const uint8_t token_hash[32],
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_QUESTION);
    bool found;
    query_put_bytes(&query, token_hash, SHA256_BYTES);
    if (!query_one(&query, &found, error) || !found)
        return NULL;
    return query_get_text(&query);
}

bool store_trust_step(Store *store, const char *member, const char *category,
                      Instant *asked, Instant *agreed, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_STEP);
    bool found;
    query_put_text(&query, member);
    query_put_text(&query, category);
    *asked = *agreed = INSTANT_NONE;
    if (!query_one(&query, &found, error))
        return false;
    if (found) {
        *asked = query_get_instant(&query);
        *agreed = query_get_instant(&query);
    }
    return true;
}

/* ---- answers ------------------------------------------------------------ */

typedef struct {
    char *address, *member, *kind, *category, *text, *sha256;
} Question;

static void question_clear(Question *question)
{
    g_free(question->address);
    g_free(question->member);
    g_free(question->kind);
    g_free(question->category);
    g_free(question->text);
    g_free(question->sha256);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static bool find(Store *store, const uint8_t hash[32], Question *out,
                 bool *found, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_QUESTION);
    query_put_bytes(&query, hash, SHA256_BYTES);
    if (!query_one(&query, found, error) || !*found)
        return *found;
    out->address = query_get_text(&query);
    out->member = query_get_text(&query);
    out->kind = query_get_text(&query);
    out->category = query_get_text(&query);
    out->text = query_get_text(&query);
    out->sha256 = query_get_text(&query);
    return true;
}

static bool keep_consent(Store *store, const Question *question, const char *by,
                         const char *mail, Instant now, GError **error)
{
    g_autofree char *about = g_strdup_printf("member:%s", question->member);
    g_auto(Query) touch = query_new(store, SQL_TRUST_TOUCH);
    query_put_text(&touch, question->member);
    g_auto(Query) query = query_new(store, SQL_TRUST_CONSENT);
    query_put_number(&query, now);
    query_put_text(&query, by);
    query_put_text(&query, question->text);
    query_put_text(&query, question->sha256);
    query_put_text(&query, mail);
    query_put_text(&query, question->member);
    return query_run(&touch, NULL, error) && query_run(&query, NULL, error) &&
           record_append(store, about, now, RECORD_RECEIVED, NULL, error,
                         "The member agreed to letters in its name: %s, words "
                         "%s, sha256 %s%s%s",
                         by, question->text, question->sha256,
                         mail ? ", mail " : ", typed at the desk",
                         mail ? mail : "");
}

static bool keep_answer(Store *store, const uint8_t hash[32],
                        const Question *question, const char *by,
                        const char *mail, Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_ANSWER);
    query_put_number(&query, now);
    query_put_bytes(&query, hash, SHA256_BYTES);
    if (!query_run(&query, NULL, error))
        return false;
    if (g_str_equal(question->kind, "consent"))
        return keep_consent(store, question, by, mail, now, error);
    g_autofree char *about = g_strdup_printf("member:%s", question->member);
    return record_append(store, about, now, RECORD_RECEIVED, NULL, error,
                         "The member agreed that letters for %s may leave by "
                         "themselves: %s%s%s",
                         question->category, by,
                         mail ? ", mail " : ", typed at the desk",
                         mail ? mail : "");
}

bool store_trust_agreed(Store *store, const uint8_t token_hash[32],
                        const char *by, const char *mail, Instant now,
                        char **done, GError **error)
{
    g_auto(Question) question = {0};
    bool found = false;
    g_autoptr(GError) cause = NULL;
    g_autofree char *shown = foreign_text(by, BY_MAX);
    *done = NULL;
    if (!find(store, token_hash, &question, &found, &cause))
        return cause ? fail_or_null(error, g_steal_pointer(&cause)) : true;
    if (!transaction_begin(store, error))
        return false;
    bool ok =
        keep_answer(store, token_hash, &question, shown, mail, now, error);
    if (!transaction_finish(store, ok, error))
        return false;
    *done = g_str_equal(question.kind, "consent")
                ? g_strdup_printf("%s agreed to letters in its name.",
                                  question.member)
                : g_strdup_printf("%s agreed to automatic letters for %s.",
                                  question.member, question.category);
    return true;
}

/* ---- the address that stops everything ---------------------------------- */

static char *find_stop(Store *store, Sql sql, const char *value, GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    bool found;
    query_put_text(&query, value);
    return query_one(&query, &found, error) && found ? query_get_text(&query)
                                                     : NULL;
}

static bool make_stop(Store *store, const char *member, GError **error)
{
    g_autofree char *token = random_hex_new(TOKEN_BYTES);
    g_auto(Query) touch = query_new(store, SQL_TRUST_TOUCH);
    query_put_text(&touch, member);
    g_auto(Query) query = query_new(store, SQL_TRUST_STOP_SET);
    query_put_text(&query, token);
    query_put_text(&query, member);
    return query_run(&touch, NULL, error) && query_run(&query, NULL, error);
}

char *store_trust_stop_token(Store *store, const char *member, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *token = find_stop(store, SQL_TRUST_STOP_TOKEN, member, &cause);
    if (token)
        return token;
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (!transaction_begin(store, error))
        return NULL;
    bool ok = make_stop(store, member, error);
    return transaction_finish(store, ok, error)
               ? find_stop(store, SQL_TRUST_STOP_TOKEN, member, error)
               : NULL;
}

char *store_trust_stop_member(Store *store, const char *token, GError **error)
{
    return find_stop(store, SQL_TRUST_STOP_MEMBER, token, error);
}

/* ---- what is handed to the member --------------------------------------- */

GPtrArray *store_trust_record(Store *store, const char *member, GError **error)
{
    g_autofree char *about = g_strdup_printf("member:%s", member);
    return record_of(store, about, error);
}

bool store_trust_is_alone(Store *store, const char *case_id, bool *alone,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TRUST_ALONE);
    bool found;
    query_put_text(&query, case_id);
    *alone = false;
    if (!query_one(&query, &found, error))
        return false;
    *alone = found && query_get_number(&query) == 1;
    return true;
}

/* ---- events ------------------------------------------------------------- */

void trust_event_free(TrustEvent *event)
{
    if (!event)
        return;
    g_free(event->member);
    g_free(event->category);
    g_free(event->cause);
    g_free(event);
}

static void *read_event(Query *query)
{
    TrustEvent *event = g_new0(TrustEvent, 1);
    event->number = query_get_number(query);
    event->member = query_get_text(query);
    event->category = query_get_text(query);
    event->cause = query_get_text(query);
    event->at = query_get_number(query);
    event->told = query_get_instant(query);
    return event;
}

GPtrArray *store_trust_events(Store *store, const char *member, bool untold,
                              GError **error)
{
    g_auto(Query) query =
        query_new(store, untold ? SQL_TRUST_EVENTS_UNTOLD : SQL_TRUST_EVENTS);
    if (!untold)
        query_put_text(&query, member);
    return query_rows(&query, read_event, (GDestroyNotify)trust_event_free,
                      error);
}

bool store_trust_told(Store *store, int64_t event, const NewMessage *message,
                      Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_TRUST_TOLD);
    query_put_number(&query, now);
    query_put_number(&query, event);
    bool ok = query_run(&query, NULL, error) &&
              (!message || message_add(store, message, now, error));
    query_clear(&query);
    return transaction_finish(store, ok, error);
}

/* ---- two people --------------------------------------------------------- */

/* A name without outer blanks, folded for comparing; NULL if it is none. */
static char *person_fold(const char *name, char **shown)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(name ? name : ""));
    if (!*trimmed || strlen(trimmed) > PERSON_MAX ||
        !g_utf8_validate(trimmed, -1, NULL))
        return NULL;
    if (shown)
        *shown = foreign_text(trimmed, PERSON_MAX);
    return g_utf8_casefold(trimmed, -1);
}

static bool add_yes(Store *store, const char *case_id, const char *person,
                    const char *shown, const char *login, Instant now,
                    GError **error)
{
    int changes = 0;
    g_auto(Query) query = query_new(store, SQL_TRUST_YES_ADD);
    query_put_text(&query, person);
    query_put_text(&query, shown);
    query_put_text(&query, login);
    query_put_number(&query, now);
    query_put_text(&query, case_id);
    if (!query_run(&query, &changes, error))
        return false;
    if (changes == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: %s said yes already, or no draft waits; another "
                    "person must",
                    case_id, shown);
        return false;
    }
    return record_append(store, case_id, now, RECORD_DECIDED, NULL, error,
                         "A yes to the letter by %s (login %s)", shown, login);
}

static bool count_yes(Store *store, const char *case_id, const char *mentor,
                      guint *count, bool *has_mentor, GError **error)
{
    g_autofree char *folded = person_fold(mentor, NULL);
    g_auto(Query) query = query_new(store, SQL_TRUST_YES);
    g_autoptr(GError) cause = NULL;
    query_put_text(&query, case_id);
    *count = 0;
    *has_mentor = false;
    while (query_next(&query, &cause)) {
        g_autofree char *person = query_get_text(&query);
        (*count)++;
        *has_mentor |= g_strcmp0(person, folded) == 0;
    }
    return cause ? fail_or_null(error, g_steal_pointer(&cause)) : true;
}

bool store_trust_yes(Store *store, const char *case_id, const char *name,
                     const char *login, const char *mentor, Instant now,
                     guint *count, bool *has_mentor, GError **error)
{
    g_autofree char *shown = NULL;
    g_autofree char *person = person_fold(name, &shown);
    if (!person) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "who says yes? A name of at most 80 bytes");
        return false;
    }
    if (!transaction_begin(store, error))
        return false;
    bool ok = add_yes(store, case_id, person, shown, login, now, error) &&
              count_yes(store, case_id, mentor, count, has_mentor, error);
    return transaction_finish(store, ok, error);
}
