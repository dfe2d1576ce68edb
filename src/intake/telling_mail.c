#include "intake/telling_mail.h"

#include "base/digest.h"
#include "reply/notice.h"
#include "reply/token.h"

#define TOKEN_BYTES 16

void ready_mail_clear(ReadyMail *mail)
{
    g_clear_pointer(&mail->about, g_free);
    g_clear_pointer(&mail->envelope_from, g_free);
    g_clear_pointer(&mail->token, g_free);
    g_clear_pointer(&mail->bytes, g_bytes_unref);
}

char *telling_token_new(void)
{
    return random_hex_new(TOKEN_BYTES);
}

char *telling_answer_address(const Person *person, const char *token)
{
    return token_bounce_address_new(person->settings->send.bounce, token,
                                    person->loop_key);
}

static bool is_sealed(const Person *person)
{
    return person->member && person->member->pgp_keys &&
           person->member->pgp_keys->len > 0;
}

static bool compose(const Person *person, const char *subject, const char *text,
                    const char *answer_token, ReadyMail *out, GError **error)
{
    g_autofree char *reply_to = telling_answer_address(
        person, answer_token ? answer_token : out->token);
    NoticeMail mail = {
        .from_name = person->settings->desk.name,
        .from = person->settings->desk.address,
        .to = person->address,
        .reply_to = reply_to,
        .subject = is_sealed(person) ? person->settings->desk.name : subject,
        .text = text,
        .token = out->token,
        .about = "notice",
        .loop_key = person->loop_key,
        .now = person->now,
    };
    out->bytes = notice_mail_new(&mail, error);
    return out->bytes != NULL;
}

bool telling_mail(const Person *person, const char *subject, const char *text,
                  const char *answer_token, ReadyMail *out, GError **error)
{
    out->token = telling_token_new();
    out->envelope_from = telling_answer_address(person, out->token);
    out->about = person->member
                     ? g_strdup_printf("member:%s", person->member->id)
                     : g_strdup("desk");
    if (!compose(person, subject, text, answer_token, out, error))
        return false;
    out->message = (NewMessage){
        .about = out->about,
        .envelope_from = out->envelope_from,
        .to = person->address,
        .token = out->token,
        .bytes = out->bytes,
        .readers = is_sealed(person) ? person->member->id : NULL,
    };
    return true;
}

static char *format(const Person *person, Instant when, const char *how)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(when);
    g_autoptr(GDateTime) local =
        utc ? g_date_time_to_timezone(utc, person->zone) : NULL;
    char *text = local ? g_date_time_format(local, how) : NULL;
    return text ? text : g_strdup("-");
}

char *telling_moment(const Person *person, Instant when)
{
    return format(person, when, "%Y-%m-%d %H:%M %Z");
}

char *telling_day(const Person *person, Instant when)
{
    return format(person, when, "%Y-%m-%d");
}

const char *telling_category(const Person *person, const char *category)
{
    g_autofree char *whole = g_strdup_printf("category.%s", category);
    const char *text = phrases_get(person->phrases, whole);
    if (text)
        return text;
    g_auto(GStrv) pieces = g_strsplit(category, "/", 2);
    g_autofree char *class = g_strdup_printf("category.%s", pieces[0]);
    text = phrases_get(person->phrases, class);
    return text ? text : phrases_get(person->phrases, "category.unknown");
}

bool telling_may_reach(Store *store, const GPtrArray *contacts,
                       const char *member, const char *address, Instant now,
                       bool *may, GError **error)
{
    Instant failed;
    *may = false;
    for (guint i = 0; i < contacts->len; i++) {
        const ContactRow *row = contacts->pdata[i];
        if (!g_str_equal(row->member, member) ||
            g_ascii_strcasecmp(row->address, address) != 0 ||
            contact_state(row, now) != CONTACT_VERIFIED)
            continue;
        if (!store_told_failed(store, address, &failed, error))
            return false;
        *may = failed == INSTANT_NONE || failed < row->verified;
        return true;
    }
    return true;
}
