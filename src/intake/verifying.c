#include "intake/verifying.h"

#include "base/digest.h"
#include "base/errors.h"
#include "intake/joining.h"
#include "reply/letter.h"
#include "reply/phrases.h"
#include "reply/token.h"
#include "store/trust.h"

#include <string.h>

#define TOKEN_BYTES 16
#define TOKEN_HEX   (2 * TOKEN_BYTES)
#define ID_PREFIX   "<verify."
#define DAY_LENGTH  (sizeof "2026-05-04" - 1)

/* ---- the message -------------------------------------------------------- */

typedef struct {
    const Settings *settings;
    GBytes *loop_key;
    const Member *member;
    const char *address;
    Phrases *phrases; /* in the member's language */
    Instant now;
    char *token;        /* what must come back */
    char *return_token; /* of the return path: no secret */
    char *reply_to, *envelope_from;
} Question;

static void question_clear(Question *q)
{
    g_free(q->token);
    g_free(q->return_token);
    g_free(q->reply_to);
    g_free(q->envelope_from);
    g_clear_pointer(&q->phrases, phrases_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static void hash_of(const char *token, uint8_t out[SHA256_BYTES])
{
    digest_sha256(token, strlen(token), out);
}

static char *new_text(const Question *q)
{
    char expires[INSTANT_TEXT_MAX];
    const char *desk = q->settings->desk.name, *member = q->member->name;
    const Phrases *words = q->phrases;
    g_autofree char *day = g_strndup(
        instant_text(q->now + CHALLENGE_EXPIRES_S, expires), DAY_LENGTH);
    g_autofree char *why =
        phrases_fill(words, "verify.why", "desk", desk, "member", member, NULL);
    g_autofree char *yes =
        phrases_fill(words, "verify.yes", "member", member, NULL);
    g_autofree char *no = phrases_fill(words, "verify.no", "day", day, NULL);
    g_autofree char *number =
        phrases_fill(words, "verify.number", "token", q->token, NULL);
    g_autofree char *program = phrases_fill(words, "foot.program", NULL);
    return g_strdup_printf("%s\n\n%s\n\n%s\n\n%s\n\n-- \n%s, %s\n%s\n", why,
                           yes, no, number, desk, q->settings->desk.address,
                           program);
}

static bool put_header(GString *out, const Question *q, GError **error)
{
    const Settings *settings = q->settings;
    g_autofree char *id = g_strdup_printf(
        ID_PREFIX "%s@%s>", q->token, address_domain(settings->desk.address));
    g_autofree char *subject = phrases_fill(q->phrases, "verify.subject",
                                            "member", q->member->name, NULL);
    return letter_mailbox_field(out, "From", settings->desk.name,
                                settings->desk.address, error) &&
           letter_field(out, "To", q->address, error) &&
           letter_field(out, "Reply-To", q->reply_to, error) &&
           letter_text_field(out, "Subject", subject, error) &&
           letter_by_program(out, q->now, id, NULL, error);
}

static GBytes *compose(const Question *q, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *text = new_text(q);
    if (!put_header(out, q, error))
        return NULL;
    g_string_append(out, "\r\n");
    letter_body(out, text);
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

/* ---- asking ------------------------------------------------------------- */

static bool check(const Settings *settings, const char *member,
                  const char *address, const Member **out, GError **error)
{
    *out = settings->members ? members_by_id(settings->members, member) : NULL;
    if (!*out)
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no member \"%s\" (a new file counts after "
                    "systemctl reload exitdeskd)",
                    member);
    else if (!letter_address_is_plain(address))
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no plain mail address", address);
    else if (address_is_ours(settings, address) &&
             g_strcmp0(address_domain(address),
                       address_domain(settings->desk.address)) == 0)
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s is at the desk's own domain: it cannot speak for a "
                    "member",
                    address);
    else
        return true;
    return false;
}

bool verifying_ask(Store *store, const Settings *settings, GBytes *loop_key,
                   const char *member, const char *address, const char *by,
                   Instant now, char **text, GError **error)
{
    g_auto(Question) q = {.settings = settings,
                          .loop_key = loop_key,
                          .address = address,
                          .now = now};
    if (!check(settings, member, address, &q.member, error))
        return false;
    q.phrases =
        phrases_load((const char *const *)settings->template_directories->pdata,
                     q.member->language, error);
    if (!q.phrases)
        return false;
    q.token = random_hex_new(TOKEN_BYTES);
    q.return_token = random_hex_new(TOKEN_BYTES);
    q.reply_to =
        token_bounce_address_new(settings->send.bounce, q.token, loop_key);
    q.envelope_from = token_bounce_address_new(settings->send.bounce,
                                               q.return_token, loop_key);
    g_autoptr(GBytes) bytes = compose(&q, error);
    if (!bytes)
        return false;
    uint8_t hash[SHA256_BYTES];
    hash_of(q.token, hash);
    g_autofree char *about = g_strdup_printf("member:%s", q.member->id);
    NewMessage message = {.about = about,
                          .envelope_from = q.envelope_from,
                          .to = address,
                          .token = q.return_token,
                          .bytes = bytes};
    if (!store_challenge_ask(store,
                             &(NewChallenge){.member = q.member->id,
                                             .address = address,
                                             .by = by,
                                             .token_hash = hash,
                                             .message = &message},
                             now, error))
        return false;
    char expires[INSTANT_TEXT_MAX];
    *text = g_strdup_printf(
        "%s is asked whether it reads mail for %s. An answer until %.10s "
        "verifies it.",
        address, q.member->id,
        instant_text(now + CHALLENGE_EXPIRES_S, expires));
    return true;
}

static bool needs_asking(const ContactRow *row, Instant now)
{
    return contact_state(row, now) == CONTACT_EXPIRED &&
           row->asked <= row->verified + CHALLENGE_HOLDS_S;
}

/* Is the address still one of the member's, in its file? */
static bool is_still_given(const Settings *settings, const ContactRow *row)
{
    const Member *member = settings->members
                               ? members_by_id(settings->members, row->member)
                               : NULL;
    for (guint i = 0; member && member->contacts && i < member->contacts->len;
         i++)
        if (g_ascii_strcasecmp(member->contacts->pdata[i], row->address) == 0)
            return true;
    return false;
}

bool verifying_renew(Store *store, const Settings *settings, GBytes *loop_key,
                     Instant now, bool *asked, GError **error)
{
    *asked = false;
    g_autoptr(GPtrArray) contacts = store_contacts(store, error);
    if (!contacts)
        return false;
    for (guint i = 0; i < contacts->len; i++) {
        const ContactRow *row = contacts->pdata[i];
        if (!needs_asking(row, now) || !is_still_given(settings, row))
            continue;
        g_autofree char *text = NULL;
        *asked =
            verifying_ask(store, settings, loop_key, row->member, row->address,
                          "the desk, after half a year", now, &text, error);
        return *asked;
    }
    return true;
}

/* ---- answers ------------------------------------------------------------ */

static bool is_token(const char *text, size_t length)
{
    return length == TOKEN_HEX && strspn(text, "0123456789abcdef") >= TOKEN_HEX;
}

bool verifying_confirm(Store *store, const char *token, const char *by,
                       Instant now, char **text, GError **error)
{
    uint8_t hash[SHA256_BYTES];
    ChallengeResult result;
    g_autofree char *member = NULL, *address = NULL;
    g_autofree char *low = g_ascii_strdown(token, -1);
    g_strstrip(low);
    hash_of(low, hash);
    if (!store_challenge_answer(store, hash, by, "console", now, &result,
                                &member, &address, error))
        return false;
    switch (result) {
    case CHALLENGE_CONFIRMED:
        if (!store_trust_agreed(store, hash, by, NULL, now, text, error))
            return false;
        if (!*text)
            *text = g_strdup_printf("%s is verified for %s.", address, member);
        return true;
    case CHALLENGE_UNKNOWN:
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_MISSING,
                            "no question of ours has this token");
        return false;
    case CHALLENGE_USED:
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "the token for %s was used before", address);
        return false;
    case CHALLENGE_LATE:
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "the question to %s has expired; ask again: exitdesk "
                    "contact verify %s --member %s",
                    address, address, member);
        return false;
    }
    g_assert_not_reached();
}

/* "<verify.TOKEN@domain>" among what the mail answers. */
static char *token_of_reference(const char *id)
{
    size_t prefix = strlen(ID_PREFIX);
    const char *at = strchr(id, '@');
    if (!g_str_has_prefix(id, ID_PREFIX) || !at ||
        !is_token(id + prefix, (size_t)(at - id) - prefix))
        return NULL;
    return g_strndup(id + prefix, TOKEN_HEX);
}

/* A token of ours that the mail came with, if the store knows it. */
static bool try_token(const Desk *desk, char *token, Judgement *judgement,
                      GError **error)
{
    g_autofree char *owned = token;
    uint8_t hash[SHA256_BYTES];
    bool found = false;
    if (!token || judgement->challenge_token)
        return true;
    hash_of(token, hash);
    if (!store_challenge_exists(desk->store, hash, &found, error))
        return false;
    if (found)
        judgement->challenge_token = g_steal_pointer(&owned);
    return true;
}

static bool try_recipient(const Desk *desk, const char *recipient,
                          Judgement *judgement, GError **error)
{
    g_autofree char *token = reply_bounce_token(
        recipient, desk->settings->send.bounce, desk->loop_key);
    bool found = false;
    if (!token)
        return true;
    if (!store_message_exists(desk->store, token, &found, error))
        return false;
    if (found && !judgement->message_token)
        judgement->message_token = g_strdup(token);
    g_autoptr(GError) cause = NULL;
    if (!judgement->stop_member)
        judgement->stop_member =
            store_trust_stop_member(desk->store, token, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    return try_token(desk, g_steal_pointer(&token), judgement, error);
}

bool verifying_find(const Desk *desk, const Delivery *delivery,
                    Judgement *judgement, GError **error)
{
    const GPtrArray *references = judgement->strict->references;
    if (desk->loop_key)
        for (guint i = 0; i < delivery->recipients->len; i++)
            if (!try_recipient(desk, delivery->recipients->pdata[i], judgement,
                               error))
                return false;
    for (guint i = 0; i < references->len; i++)
        if (!try_token(desk, token_of_reference(references->pdata[i]),
                       judgement, error))
            return false;
    if (!judgement->challenge_token && !judgement->message_token &&
        !judgement->stop_member)
        return true;
    /* Whatever its words are, it accuses nobody. */
    g_ptr_array_set_size(judgement->tickets, 0);
    Report *report = judgement->findings->report;
    if (report->disposition != DISPOSITION_BOUNCE &&
        report->disposition != DISPOSITION_AUTO_REPLY)
        report->disposition = DISPOSITION_REPLY;
    return true;
}

/* Why such a mail shows nothing of a reader; NULL: a person sent it. */
static const char *noise_in(const Delivery *delivery,
                            const Judgement *judgement)
{
    const char *automatic = judgement->strict->auto_submitted;
    const Report *report = judgement->findings->report;
    if (!delivery->envelope_from || !*delivery->envelope_from)
        return "its return path is empty";
    if (automatic && g_ascii_strcasecmp(automatic, "no") != 0)
        return "a program sent it";
    if (judgement->message_token && !judgement->challenge_token)
        return "it came to the return path";
    if (judgement->strict->is_bulk || judgement->strict->is_list ||
        report->disposition == DISPOSITION_BOUNCE ||
        report->disposition == DISPOSITION_AUTO_REPLY)
        return "it is an automatic answer";
    return NULL;
}

static bool note_bounce(const Desk *desk, const Judgement *judgement,
                        Instant now, GError **error)
{
    const Report *report = judgement->findings->report;
    bool found;
    if (!judgement->message_token || report->disposition != DISPOSITION_BOUNCE)
        return true;
    const char *status = report->returned ? report->returned->status : NULL;
    return store_message_bounced(desk->store, judgement->message_token,
                                 status ? status : "no status given", now,
                                 &found, error);
}

/* An agreement is believed from the address that was asked alone. */
static bool asks_this_address(const Desk *desk, const uint8_t hash[32],
                              const char *from, bool *is_theirs, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *asked = store_trust_asked(desk->store, hash, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    *is_theirs = !asked || g_ascii_strcasecmp(asked, from) == 0;
    return true;
}

bool verifying_note(const Desk *desk, const Delivery *delivery,
                    const Judgement *judgement, Instant now, GError **error)
{
    uint8_t hash[SHA256_BYTES];
    ChallengeResult result;
    g_autofree char *member = NULL, *address = NULL;
    if (!note_bounce(desk, judgement, now, error))
        return false;
    if (!judgement->challenge_token)
        return true;
    hash_of(judgement->challenge_token, hash);
    const char *noise = noise_in(delivery, judgement);
    if (noise)
        return store_challenge_noise(desk->store, hash, noise, now, error);
    const char *from = judgement->strict->from;
    if (!from)
        from = delivery->envelope_from;
    bool is_theirs = true;
    if (!asks_this_address(desk, hash, from, &is_theirs, error))
        return false;
    if (!is_theirs)
        return store_challenge_noise(desk->store, hash,
                                     "it is not from the address that was "
                                     "asked to agree",
                                     now, error);
    if (!store_challenge_answer(desk->store, hash, from, "mail", now, &result,
                                &member, &address, error))
        return false;
    g_autofree char *done = NULL;
    return result != CHALLENGE_CONFIRMED ||
           store_trust_agreed(desk->store, hash, from, delivery->id, now, &done,
                              error);
}
