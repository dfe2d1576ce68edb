#include "intake/alerting_mail.h"

#include "base/digest.h"
#include "intake/joining.h"
#include "reply/dkim.h"
#include "reply/letter.h"
#include "reply/token.h"

#include <string.h>

#define TOKEN_BYTES 16
#define ID_PREFIX   "<alert."
/* Room for the header, signatures and what quoted-printable adds to lines. */
#define BODY_MAX (DKIM_LETTER_MAX - 4096)

static bool put_header(GString *out, const AlertMail *mail,
                       const AlertPerson *person, const char *token,
                       GError **error)
{
    const Settings *settings = mail->settings;
    g_autofree char *id = g_strdup_printf(
        ID_PREFIX "%s@%s>", token, address_domain(settings->desk.address));
    g_autofree char *loop = token_loop_new(mail->about, mail->loop_key);
    return letter_mailbox_field(out, "From", settings->desk.name,
                                settings->desk.address, error) &&
           letter_field(out, "To", person->address, error) &&
           letter_text_field(out, "Subject", mail->subject, error) &&
           letter_by_program(out, mail->now, id, loop, error);
}

/* Its first bytes, whole lines of them. */
static char *shortened(const char *page, size_t length)
{
    const char *end = page + length;
    while (end > page && end[-1] != '\n')
        end--;
    g_autofree char *kept = g_strndup(page, (size_t)(end - page));
    return g_strconcat(kept, "\n(shortened; all of it: exitdesk case brief)\n",
                       NULL);
}

/* Letters are small: what is too long for one loses the end of the page. */
static void put_body(GString *out, const AlertMail *mail)
{
    g_autofree char *page = g_strdup(mail->page);
    for (;;) {
        g_autofree char *text =
            g_strconcat(mail->text, page ? "\n" : NULL, page, NULL);
        g_autoptr(GString) body = g_string_new(NULL);
        letter_body(body, text);
        if (body->len <= BODY_MAX || !page) {
            g_string_append(out, body->str);
            return;
        }
        size_t length = strlen(page);
        g_autofree char *less =
            length > 600 ? shortened(page, length * 3 / 4) : NULL;
        g_free(page);
        page = g_steal_pointer(&less);
    }
}

bool alert_message_new(const AlertMail *mail, const AlertPerson *person,
                       NewMessage *out, GError **error)
{
    g_autofree char *token = random_hex_new(TOKEN_BYTES);
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!put_header(bytes, mail, person, token, error))
        return false;
    g_string_append(bytes, "\r\n");
    put_body(bytes, mail);
    *out = (NewMessage){
        .envelope_from = token_bounce_address_new(mail->settings->send.bounce,
                                                  token, mail->loop_key),
        .to = g_strdup(person->address),
        .token = g_steal_pointer(&token),
        .bytes = g_string_free_to_bytes(g_steal_pointer(&bytes)),
        .is_urgent = true,
    };
    return true;
}

void alert_message_clear(void *message)
{
    NewMessage *made = message;
    g_free((char *)made->envelope_from);
    g_free((char *)made->to);
    g_free((char *)made->token);
    g_clear_pointer(&made->bytes, g_bytes_unref);
}

char *alerting_token(const char *message_id)
{
    size_t prefix = strlen(ID_PREFIX);
    const char *at = strchr(message_id, '@');
    if (!g_str_has_prefix(message_id, ID_PREFIX) || !at)
        return NULL;
    g_autofree char *token =
        g_strndup(message_id + prefix, (size_t)(at - message_id) - prefix);
    return token_is_valid(token) ? g_steal_pointer(&token) : NULL;
}
