/*
 * Who is told what, and when.
 *
 * Days are compared as dates of the person's own calendar and never computed
 * by adding 24 hours, so that a day of 23 or 25 hours has one digest like any
 * other, and a clock that is put back sends no second one.
 *
 * A digest without anything to tell is not sent; the day counts as done then,
 * so that the hour stays the hour: what comes at noon waits until tomorrow
 * unless it is urgent.
 */
#include "intake/telling.h"

#include "base/errors.h"
#include "base/log.h"
#include "intake/telling_mail.h"
#include "store/cases.h"
#include "store/challenges.h"
#include "store/notices.h"

#include <string.h>

/* The answer is due before somebody could be expected to have read a digest
 * and acted: at the next one and a day. */
#define URGENT_S (2 * INSTANT_DAY_S)

/* Days to the next time, by how often the person was told. */
static const int WAIT_DAYS[TELLING_TIMES_MAX] = {0, 1, 2, 7, 7, 7};
static const int64_t STATEMENT_DAYS[] = {14, 3};

typedef struct {
    Person person;
    Store *store;
    char *today, *last_day;
    Instant last_at;
    guint *told;
} Round;

/* ---- what follows if nothing is done -------------------------------------- */

static Instant next_at(const WaitingDraft *draft, Instant now)
{
    uint32_t times = draft->times + 1;
    return times >= TELLING_TIMES_MAX ? INSTANT_NONE
                                      : now + WAIT_DAYS[times] * INSTANT_DAY_S;
}

static NextTime next_time(const WaitingDraft *draft)
{
    uint32_t times = draft->times + 1;
    if (times >= TELLING_TIMES_MAX)
        return NEXT_NEVER;
    return WAIT_DAYS[times] == 1 ? NEXT_TOMORROW : NEXT_LATER;
}

static bool is_urgent(const Round *round, const WaitingDraft *draft)
{
    return draft->times == 0 && draft->due != INSTANT_NONE &&
           draft->due <= round->person.now + URGENT_S;
}

/* Is it this day's turn? */
static bool is_turn(const Round *round, const WaitingDraft *draft)
{
    if (draft->times == 0)
        return true;
    if (draft->next_at == INSTANT_NONE)
        return false;
    g_autofree char *day = telling_day(&round->person, draft->next_at);
    return strcmp(day, round->today) <= 0;
}

/* ---- mails ----------------------------------------------------------------- */

static bool has_room(const Round *round, bool *room, GError **error)
{
    uint32_t count;
    if (!store_told_count(round->store, round->person.address,
                          round->person.now - INSTANT_DAY_S, &count, error))
        return false;
    *room = count < round->person.settings->notices.per_day;
    return true;
}

static bool put_seal(const Round *round, GString *text, GError **error)
{
    int64_t entries;
    g_autofree char *seal = NULL;
    if (!store_record_head(round->store, &entries, &seal, error))
        return false;
    text_put_foot(text, &round->person, entries, seal ? seal : "-");
    return true;
}

/* What cannot be written is said in the log and tried again another time. */
static bool queue(Round *round, const char *subject, const GString *text,
                  const char *token, Telling *telling, GError **error)
{
    g_auto(ReadyMail) mail = {0};
    g_autoptr(GError) cause = NULL;
    if (!telling_mail(&round->person, subject, text->str, token, &mail,
                      &cause)) {
        log_warning(NULL, "notice to %s: %s", round->person.address,
                    cause->message);
        return true;
    }
    telling->message = &mail.message;
    if (!store_tell(round->store, telling, round->person.now, error))
        return false;
    (*round->told)++;
    return true;
}

static Telling telling_to(const Round *round)
{
    const Member *member = round->person.member;
    return (Telling){.member = member ? member->id : "",
                     .address = round->person.address};
}

/* One draft by itself, at once. */
static bool tell_urgent(Round *round, const WaitingDraft *draft, GError **error)
{
    bool room = false;
    if (!has_room(round, &room, error))
        return false;
    if (!room)
        return true;
    g_autofree char *token = telling_token_new();
    g_autoptr(GString) text = g_string_new(NULL);
    text_put_hello(text, &round->person);
    text_put_draft(text, &round->person, draft, token, next_time(draft));
    if (!put_seal(round, text, error))
        return false;
    g_autofree char *subject = phrases_fill(
        round->person.phrases, "subject.ask", "case", draft->case_id, NULL);
    ToldDraft told = {.letter = draft->letter,
                      .token = token,
                      .next_at = next_at(draft, round->person.now)};
    Telling telling = telling_to(round);
    telling.drafts = &told;
    telling.draft_count = 1;
    return queue(round, subject, text, token, &telling, error);
}

/* ---- the digest ------------------------------------------------------------ */

typedef struct {
    GPtrArray *drafts; /* of WaitingDraft, borrowed: told today */
    guint left_out;
    GPtrArray *news, *relays; /* of NewsRow; of NoticeRow */
    GString *statements;
} Digest;

static void digest_clear(Digest *digest)
{
    g_clear_pointer(&digest->drafts, g_ptr_array_unref);
    g_clear_pointer(&digest->news, g_ptr_array_unref);
    g_clear_pointer(&digest->relays, g_ptr_array_unref);
    if (digest->statements)
        g_string_free(digest->statements, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Digest, digest_clear)

static void find_drafts(const Round *round, const GPtrArray *waiting,
                        Digest *digest)
{
    digest->drafts = g_ptr_array_new();
    for (guint i = 0; i < waiting->len; i++) {
        WaitingDraft *draft = waiting->pdata[i];
        if (!is_turn(round, draft))
            continue;
        if (digest->drafts->len < TELLING_DRAFTS_MAX)
            g_ptr_array_add(digest->drafts, draft);
        else
            digest->left_out++;
    }
}

/* Said once at each mark: when the time left fell below it since the last
 * digest. */
static void find_statements(const Round *round, Digest *digest)
{
    const Member *member = round->person.member;
    Instant now = round->person.now;
    digest->statements = g_string_new(NULL);
    for (guint i = 0; member->statements && i < member->statements->len; i++) {
        const MemberStatement *statement = member->statements->pdata[i];
        for (guint m = 0; m < G_N_ELEMENTS(STATEMENT_DAYS); m++) {
            Instant mark = statement->until - STATEMENT_DAYS[m] * INSTANT_DAY_S;
            if (statement->until == INSTANT_NONE || now >= statement->until ||
                mark > now || mark <= round->last_at)
                continue;
            g_autofree char *day =
                telling_day(&round->person, statement->until);
            g_autofree char *line =
                phrases_fill(round->person.phrases, "statement", "name",
                             statement->text, "day", day, NULL);
            g_string_append_printf(digest->statements, "%s\n", line);
            break;
        }
    }
}

static bool fill_digest(const Round *round, const GPtrArray *waiting,
                        Digest *digest, GError **error)
{
    const char *id = round->person.member->id;
    find_drafts(round, waiting, digest);
    find_statements(round, digest);
    digest->news = store_news(round->store, id, round->last_at, error);
    digest->relays =
        digest->news ? store_notices(round->store, id, true, error) : NULL;
    if (!digest->relays)
        return false;
    for (guint i = digest->relays->len; i > 0; i--) {
        const NoticeRow *row = digest->relays->pdata[i - 1];
        if (row->noticed <= round->last_at)
            g_ptr_array_remove_index(digest->relays, i - 1);
    }
    return true;
}

static bool is_empty(const Digest *digest)
{
    return digest->drafts->len == 0 && digest->news->len == 0 &&
           digest->relays->len == 0 && digest->statements->len == 0;
}

static void put_digest(GString *text, const Round *round, const Digest *digest,
                       GPtrArray *tokens)
{
    const Person *person = &round->person;
    text_put_hello(text, person);
    if (digest->drafts->len > 0)
        text_put_heading(text, person, "digest.waits");
    for (guint i = 0; i < digest->drafts->len; i++) {
        const WaitingDraft *draft = digest->drafts->pdata[i];
        text_put_draft(text, person, draft, tokens->pdata[i], next_time(draft));
    }
    if (digest->left_out > 0) {
        g_autofree char *count = g_strdup_printf("%u", digest->left_out);
        g_autofree char *more =
            phrases_fill(person->phrases, "digest.more", "count", count, NULL);
        g_string_append_printf(text, "%s\n\n", more);
    }
    text_put_news(text, person, digest->news);
    text_put_relays(text, person, digest->relays);
    if (digest->statements->len > 0) {
        text_put_heading(text, person, "digest.statements");
        g_string_append_printf(text, "%s\n", digest->statements->str);
    }
}

static char *digest_subject(const Round *round, const Digest *digest)
{
    const Person *person = &round->person;
    g_autofree char *count = g_strdup_printf("%u", digest->drafts->len);
    if (digest->drafts->len > 1)
        return phrases_fill(person->phrases, "subject.many", "count", count,
                            NULL);
    if (digest->drafts->len == 1) {
        const WaitingDraft *draft = digest->drafts->pdata[0];
        return phrases_fill(person->phrases, "subject.ask", "case",
                            draft->case_id, NULL);
    }
    return phrases_fill(person->phrases, "subject.digest", "member",
                        person->member->name, "day", round->today, NULL);
}

/* Answers to a mail with one draft are about that; with more, the address
 * that the text names beside each draft tells which. */
static bool send_digest(Round *round, const Digest *digest, GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(ToldDraft));
    for (guint i = 0; i < digest->drafts->len; i++) {
        const WaitingDraft *draft = digest->drafts->pdata[i];
        char *token =
            draft->token ? g_strdup(draft->token) : telling_token_new();
        ToldDraft row = {.letter = draft->letter,
                         .token = token,
                         .next_at = next_at(draft, round->person.now)};
        g_ptr_array_add(tokens, token);
        g_array_append_val(told, row);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    put_digest(text, round, digest, tokens);
    if (!put_seal(round, text, error))
        return false;
    g_autofree char *subject = digest_subject(round, digest);
    Telling telling = telling_to(round);
    telling.drafts = (const ToldDraft *)(void *)told->data;
    telling.draft_count = told->len;
    telling.day = round->today;
    return queue(round, subject, text,
                 tokens->len == 1 ? tokens->pdata[0] : NULL, &telling, error);
}

static bool mark_day(Round *round, GError **error)
{
    Telling telling = telling_to(round);
    telling.day = round->today;
    return store_tell(round->store, &telling, round->person.now, error);
}

static bool is_hour(const Round *round, uint32_t hour)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(round->person.now);
    g_autoptr(GDateTime) local =
        g_date_time_to_timezone(utc, round->person.zone);
    return (uint32_t)g_date_time_get_hour(local) >= hour &&
           (!round->last_day || strcmp(round->last_day, round->today) < 0);
}

static bool tell_digest(Round *round, const GPtrArray *waiting, GError **error)
{
    g_auto(Digest) digest = {0};
    bool room;
    if (!is_hour(round, round->person.member->notice_hour))
        return true;
    if (!has_room(round, &room, error))
        return false;
    if (!room)
        return true;
    if (!fill_digest(round, waiting, &digest, error))
        return false;
    return is_empty(&digest) ? mark_day(round, error)
                             : send_digest(round, &digest, error);
}

/* ---- one person ------------------------------------------------------------ */

static void round_clear(Round *round)
{
    g_free(round->today);
    g_free(round->last_day);
    g_clear_pointer(&round->person.zone, g_time_zone_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

/* New people are told of the last day. */
static bool begin_round(Round *round, const char *zone, GError **error)
{
    const Member *member = round->person.member;
    round->person.zone = g_time_zone_new_identifier(zone ? zone : "UTC");
    if (!round->person.zone)
        round->person.zone = g_time_zone_new_utc();
    round->today = telling_day(&round->person, round->person.now);
    if (!store_last_digest(round->store, member ? member->id : "",
                           round->person.address, &round->last_day,
                           &round->last_at, error))
        return false;
    if (!round->last_day)
        round->last_at = round->person.now - INSTANT_DAY_S;
    return true;
}

static bool tell_person(Round *round, GError **error)
{
    const Member *member = round->person.member;
    if (!begin_round(round, member->notice_zone, error))
        return false;
    g_autoptr(GPtrArray) waiting = store_waiting_for(
        round->store, member->id, round->person.address, error);
    if (!waiting)
        return false;
    if (!tell_digest(round, waiting, error))
        return false;
    g_autoptr(GPtrArray) left = store_waiting_for(round->store, member->id,
                                                  round->person.address, error);
    for (guint i = 0; left && i < left->len; i++)
        if (is_urgent(round, left->pdata[i]) &&
            !tell_urgent(round, left->pdata[i], error))
            return false;
    return left != NULL;
}

static bool tell_member(Store *store, const Settings *settings,
                        GBytes *loop_key, const GPtrArray *contacts,
                        const Member *member, Instant now, guint *told,
                        GError **error)
{
    g_autoptr(Phrases) phrases = NULL;
    for (guint i = 0; member->contacts && i < member->contacts->len; i++) {
        g_autofree char *address =
            g_ascii_strdown(member->contacts->pdata[i], -1);
        bool may;
        if (!telling_may_reach(store, contacts, member->id, address, now, &may,
                               error))
            return false;
        if (!may)
            continue;
        if (!phrases)
            phrases = phrases_load(
                (const char *const *)settings->template_directories->pdata,
                member->language, error);
        if (!phrases)
            return false;
        g_auto(Round) round = {.person = {.settings = settings,
                                          .loop_key = loop_key,
                                          .member = member,
                                          .address = address,
                                          .phrases = phrases,
                                          .now = now},
                               .store = store,
                               .told = told};
        if (!tell_person(&round, error))
            return false;
    }
    return true;
}

/* ---- staff ----------------------------------------------------------------- */

static bool send_todo(Round *round, const GPtrArray *rows, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "What waits for a person at %s: %u.\n\n",
                           round->person.settings->desk.name, rows->len);
    text_put_todo(text, &round->person, rows);
    g_string_append(text, "\nMore: exitdesk todo\n\n");
    if (!put_seal(round, text, error))
        return false;
    g_autofree char *subject =
        g_strdup_printf("%s: %u wait for a person",
                        round->person.settings->desk.name, rows->len);
    Telling telling = telling_to(round);
    telling.day = round->today;
    return queue(round, subject, text, NULL, &telling, error);
}

static bool tell_staff(Round *round, GError **error)
{
    const Settings *settings = round->person.settings;
    if (!begin_round(round, settings->notices.zone, error))
        return false;
    if (!is_hour(round, settings->notices.todo_hour))
        return true;
    g_autoptr(GPtrArray) rows = store_todo(round->store, error);
    if (!rows)
        return false;
    return rows->len > 0 ? send_todo(round, rows, error)
                         : mark_day(round, error);
}

static bool tell_all_staff(Store *store, const Settings *settings,
                           GBytes *loop_key, Instant now, guint *told,
                           GError **error)
{
    const GPtrArray *list = settings->notices.todo_to;
    if (!list || list->len == 0)
        return true;
    g_autoptr(Phrases) phrases =
        phrases_load((const char *const *)settings->template_directories->pdata,
                     "en", error);
    for (guint i = 0; phrases && i < list->len; i++) {
        g_autofree char *address = g_ascii_strdown(list->pdata[i], -1);
        g_auto(Round) round = {.person = {.settings = settings,
                                          .loop_key = loop_key,
                                          .address = address,
                                          .phrases = phrases,
                                          .now = now},
                               .store = store,
                               .told = told};
        if (!tell_staff(&round, error))
            return false;
    }
    return phrases != NULL;
}

bool telling_run(Store *store, const Settings *settings, GBytes *loop_key,
                 Instant now, guint *told, GError **error)
{
    *told = 0;
    if (settings->desk.mode != MODE_LIVE || !settings->send.via)
        return true;
    g_autoptr(GPtrArray) contacts = store_contacts(store, error);
    if (!contacts)
        return false;
    for (guint i = 0; settings->members && i < members_count(settings->members);
         i++) {
        const Member *member = members_at(settings->members, i);
        if (member->consent_given == INSTANT_NONE ||
            (member->ended != INSTANT_NONE && member->ended <= now))
            continue;
        if (!tell_member(store, settings, loop_key, contacts, member, now, told,
                         error))
            return false;
    }
    return tell_all_staff(store, settings, loop_key, now, told, error);
}
