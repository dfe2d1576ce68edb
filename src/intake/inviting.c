#include "intake/inviting.h"

#include "base/digest.h"
#include "base/errors.h"
#include "intake/joining.h"
#include "intake/telling_mail.h"
#include "reply/letter.h"
#include "reply/token.h"

#include <string.h>

#define TOKEN_BYTES 16

/* To change the words: a new version, too. What was agreed to is kept by its
 * hash; the message itself is forgotten, since it holds a token. */
static const Delegation DELEGATIONS[] = {
    {"en", "2", "May we answer complaints in your name?", "We ask ",
     " to answer complaints about our Tor relays in the name of\n",
     ".\nAt first each letter waits until a person has read and approved it\n"
     "(\"hold\"). No letter leaves by itself before we have agreed to that "
     "for\n"
     "each kind of complaint. No letter to an authority, a court or a lawyer\n"
     "leaves without a person who has read it. We may stop all of it at any\n"
     "time, without giving a reason.\n"},
    {"de", "2", "D\xc3\xbcrfen wir Beschwerden in Ihrem Namen beantworten?",
     "Wir bitten ",
     ", Beschwerden \xc3\xbc"
     "ber unsere Tor-Relays zu beantworten,\nim Namen von ",
     ".\nZuerst wartet jeder Brief, bis ein Mensch ihn gelesen und "
     "freigegeben\n"
     "hat (\"hold\"). Kein Brief geht von selbst hinaus, bevor wir dem "
     "f\xc3\xbcr\n"
     "die jeweilige Art von Beschwerde zugestimmt haben. An Beh\xc3\xb6rden,\n"
     "Gerichte und Anw\xc3\xa4lte geht kein Brief, den nicht ein Mensch "
     "gelesen\n"
     "hat. Wir k\xc3\xb6nnen das jederzeit ohne Angabe von Gr\xc3\xbcnden "
     "beenden.\n"},
};

const Delegation *delegation_in(const char *language)
{
    for (guint i = 0; language && i < G_N_ELEMENTS(DELEGATIONS); i++)
        if (g_ascii_strcasecmp(DELEGATIONS[i].language, language) == 0)
            return &DELEGATIONS[i];
    return &DELEGATIONS[0];
}

/* ---- one message -------------------------------------------------------- */

typedef struct {
    const Inviter *inviter;
    const Member *member;
    const char *to, *subject;
    Phrases *phrases;   /* in the reader's language */
    char *token;        /* what must come back; NULL: nothing */
    char *return_token; /* of the return path: no secret */
    char *agree_at, *stop_at, *envelope_from, *about;
    GBytes *bytes;
} Mailing;

static void mailing_clear(Mailing *mailing)
{
    g_clear_pointer(&mailing->phrases, phrases_free);
    g_free(mailing->token);
    g_free(mailing->return_token);
    g_free(mailing->agree_at);
    g_free(mailing->stop_at);
    g_free(mailing->envelope_from);
    g_free(mailing->about);
    g_clear_pointer(&mailing->bytes, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Mailing, mailing_clear)

static bool begin(Mailing *mailing, const char *language, bool asks,
                  GError **error)
{
    const Inviter *inviter = mailing->inviter;
    const char *bounce = inviter->settings->send.bounce;
    const GPtrArray *directories = inviter->settings->template_directories;
    mailing->phrases =
        phrases_load((const char *const *)directories->pdata, language, error);
    if (!mailing->phrases)
        return false;
    g_autofree char *stop =
        store_trust_stop_token(inviter->store, mailing->member->id, error);
    if (!stop)
        return false;
    mailing->about = g_strdup_printf("member:%s", mailing->member->id);
    mailing->return_token = random_hex_new(TOKEN_BYTES);
    mailing->envelope_from = token_bounce_address_new(
        bounce, mailing->return_token, inviter->loop_key);
    mailing->stop_at =
        token_bounce_address_new(bounce, stop, inviter->loop_key);
    if (asks) {
        mailing->token = random_hex_new(TOKEN_BYTES);
        mailing->agree_at =
            token_bounce_address_new(bounce, mailing->token, inviter->loop_key);
    }
    return true;
}

static bool put_header(GString *out, const Mailing *mailing, GError **error)
{
    const Settings *settings = mailing->inviter->settings;
    g_autofree char *id =
        g_strdup_printf("<member.%s@%s>", mailing->return_token,
                        address_domain(settings->desk.address));
    return letter_mailbox_field(out, "From", settings->desk.name,
                                settings->desk.address, error) &&
           letter_field(out, "To", mailing->to, error) &&
           letter_text_field(out, "Subject", mailing->subject, error) &&
           letter_by_program(out, mailing->inviter->now, id, NULL, error);
}

static bool finish(Mailing *mailing, const char *text, GError **error)
{
    const Settings *settings = mailing->inviter->settings;
    g_autoptr(GString) out = g_string_new(NULL);
    if (!put_header(out, mailing, error))
        return false;
    g_string_append(out, "\r\n");
    g_autofree char *stop =
        phrases_fill(mailing->phrases, "foot.stop", "member",
                     mailing->member->name, "address", mailing->stop_at, NULL);
    g_autofree char *program =
        phrases_fill(mailing->phrases, "foot.program", NULL);
    g_autofree char *whole =
        g_strdup_printf("%s\n\n%s\n\n-- \n%s, %s\n%s\n", text, stop,
                        settings->desk.name, settings->desk.address, program);
    letter_body(out, whole);
    mailing->bytes = g_string_free_to_bytes(g_steal_pointer(&out));
    return true;
}

static NewMessage message_of(const Mailing *mailing)
{
    return (NewMessage){.about = mailing->about,
                        .envelope_from = mailing->envelope_from,
                        .to = mailing->to,
                        .token = mailing->return_token,
                        .bytes = mailing->bytes};
}

/* ---- asking ------------------------------------------------------------- */

static bool ask(Mailing *mailing, const char *kind, const char *category,
                const char *version, const char *words, GError **error)
{
    const Inviter *inviter = mailing->inviter;
    uint8_t token_hash[SHA256_BYTES], words_hash[SHA256_BYTES];
    digest_sha256(mailing->token, strlen(mailing->token), token_hash);
    digest_sha256(words, strlen(words), words_hash);
    g_autofree char *sha256 = hex_new(words_hash, sizeof words_hash);
    NewMessage message = message_of(mailing);
    NewChallenge challenge = {.member = mailing->member->id,
                              .address = mailing->to,
                              .by = inviter->by,
                              .token_hash = token_hash,
                              .message = &message};
    return store_trust_ask(inviter->store,
                           &(TrustQuestion){.kind = kind,
                                            .category = category,
                                            .text = version,
                                            .sha256 = sha256,
                                            .challenge = &challenge},
                           inviter->now, error);
}

/* How to agree. Yours. */
static char *how_to_agree(const Mailing *mailing)
{
    char until[INSTANT_TEXT_MAX];
    instant_text(mailing->inviter->now + CHALLENGE_EXPIRES_S, until);
    until[10] = 0;
    return phrases_fill(mailing->phrases, "agree", "address", mailing->agree_at,
                        "until", until, "token", mailing->token, NULL);
}

/* What a kind of complaint is called in the reader's language. */
static const char *kind_of(const Mailing *mailing, const char *category)
{
    const Person person = {.phrases = mailing->phrases};
    return telling_category(&person, category);
}

static const Member *check(const Inviter *inviter, const char *member,
                           const char *address, GError **error)
{
    const Settings *settings = inviter->settings;
    const Member *found =
        settings->members ? members_by_id(settings->members, member) : NULL;
    if (!found)
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no member \"%s\" (a new file counts after "
                    "systemctl reload exitdeskd)",
                    member);
    else if (!letter_address_is_plain(address))
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no plain mail address", address);
    else if (g_strcmp0(address_domain(address),
                       address_domain(settings->desk.address)) == 0)
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s is at the desk's own domain: it cannot agree for a "
                    "member",
                    address);
    else
        return found;
    return NULL;
}

bool inviting_ask(const Inviter *inviter, const char *member,
                  const char *address, const char *language, char **text,
                  GError **error)
{
    g_auto(Mailing) mailing = {.inviter = inviter, .to = address};
    mailing.member = check(inviter, member, address, error);
    if (!mailing.member)
        return false;
    const char *desk = inviter->settings->desk.name;
    const Delegation *words =
        delegation_in(language ? language : mailing.member->language);
    if (!begin(&mailing, words->language, true, error))
        return false;
    mailing.subject = words->subject;
    g_autofree char *agreement =
        g_strconcat(words->ask, desk, words->in_name, mailing.member->name,
                    words->rest, NULL);
    char until[INSTANT_TEXT_MAX];
    instant_text(inviter->now + CHALLENGE_EXPIRES_S, until);
    g_autofree char *intro =
        phrases_fill(mailing.phrases, "consent.intro", "desk", desk, "member",
                     mailing.member->name, "id", mailing.member->id, "version",
                     words->version, NULL);
    g_autofree char *how = how_to_agree(&mailing);
    g_autofree char *body =
        g_strdup_printf("%s\n\n%s\n%s", intro, agreement, how);
    if (!finish(&mailing, body, error) ||
        !ask(&mailing, "consent", "", words->version, agreement, error))
        return false;
    *text = g_strdup_printf("%s is invited to agree for %s, words %s-%s, until "
                            "%.10s. Silence agrees to nothing.",
                            address, mailing.member->id, words->language,
                            words->version, until);
    return true;
}

bool inviting_ask_step(const Inviter *inviter, const Member *member,
                       const char *address, const char *category,
                       GError **error)
{
    g_auto(Mailing)
        mailing = {.inviter = inviter, .member = member, .to = address};
    if (!begin(&mailing, member->language, true, error))
        return false;
    const Phrases *phrases = mailing.phrases;
    mailing.subject = phrases_get(phrases, "step.subject");
    g_autofree char *count = g_strdup_printf("%d", TRUST_DRAFTS_UNCHANGED);
    g_autofree char *intro =
        phrases_fill(phrases, "step.intro", "count", count, NULL);
    g_autofree char *agreement =
        phrases_fill(phrases, "step.words", "member", member->name, "kind",
                     kind_of(&mailing, category), "category", category, NULL);
    g_autofree char *how = how_to_agree(&mailing);
    g_autofree char *body =
        g_strdup_printf("%s\n\n%s\n\n%s", intro, agreement, how);
    return finish(&mailing, body, error) &&
           ask(&mailing, "step", category, "1", agreement, error);
}

/* ---- telling ------------------------------------------------------------ */

/* Why, in the reader's language; as it is kept if it is no trigger's. */
static char *words_of(const Phrases *phrases, const char *cause)
{
    for (guint i = 0; i < TRUST_TRIGGERS; i++) {
        const char *words;
        const char *id = trust_trigger_text(i, &words);
        g_autofree char *key = g_strdup_printf("cause.%s", id);
        const char *text = phrases_get(phrases, key);
        if (g_str_equal(id, cause))
            return g_strdup(text ? text : words);
    }
    return g_strdup(cause);
}

/* The member's first contact that answers mail; NULL: none does. */
static const char *reader_of(const GPtrArray *contacts, const Member *member,
                             Instant now)
{
    for (guint i = 0; i < contacts->len; i++) {
        const ContactRow *row = contacts->pdata[i];
        if (g_str_equal(row->member, member->id) &&
            contact_state(row, now) == CONTACT_VERIFIED)
            return row->address;
    }
    return NULL;
}

static bool tell(const Inviter *inviter, const TrustEvent *event,
                 const Member *member, const char *to, GError **error)
{
    g_auto(Mailing) mailing = {.inviter = inviter, .member = member, .to = to};
    if (!begin(&mailing, member->language, false, error))
        return false;
    const Phrases *phrases = mailing.phrases;
    char when[INSTANT_TEXT_MAX];
    g_autofree char *cause = words_of(phrases, event->cause);
    mailing.subject = phrases_get(phrases, "back.subject");
    g_autofree char *body = phrases_fill(
        phrases, "back.text", "moment", instant_text(event->at, when), "member",
        member->name, "kind", kind_of(&mailing, event->category), "category",
        event->category, "cause", cause, NULL);
    if (!finish(&mailing, body, error))
        return false;
    NewMessage message = message_of(&mailing);
    return store_trust_told(inviter->store, event->number, &message,
                            inviter->now, error);
}

bool inviting_tell(Store *store, const Settings *settings, GBytes *loop_key,
                   Instant now, GError **error)
{
    const Inviter inviter = {.store = store,
                             .settings = settings,
                             .loop_key = loop_key,
                             .by = "the desk",
                             .now = now};
    g_autoptr(GPtrArray) events = store_trust_events(store, NULL, true, error);
    if (!events || events->len == 0)
        return events != NULL;
    g_autoptr(GPtrArray) contacts = store_contacts(store, error);
    if (!contacts)
        return false;
    const TrustEvent *event = events->pdata[0];
    const Member *member = settings->members
                               ? members_by_id(settings->members, event->member)
                               : NULL;
    const char *to = member ? reader_of(contacts, member, now) : NULL;
    return to ? tell(&inviter, event, member, to, error)
              : store_trust_told(store, event->number, NULL, now, error);
}
