#include "reply/notice.h"

#include "base/errors.h"
#include "reply/letter.h"
#include "reply/token.h"

#include <string.h>

static bool put_header(GString *out, const NoticeMail *mail, GError **error)
{
    g_autofree char *loop = token_loop_new(mail->about, mail->loop_key);
    g_autofree char *id = g_strdup_printf(
        NOTICE_ID_PREFIX "%s@%s>", mail->token, strrchr(mail->from, '@') + 1);
    return letter_mailbox_field(out, "From", mail->from_name, mail->from,
                                error) &&
           letter_field(out, "To", mail->to, error) &&
           letter_field(out, "Reply-To", mail->reply_to, error) &&
           letter_text_field(out, "Subject", mail->subject, error) &&
           letter_by_program(out, mail->now, id, loop, error);
}

GBytes *notice_mail_new(const NoticeMail *mail, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    if (!letter_address_is_plain(mail->to)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no plain mail address", mail->to);
        return NULL;
    }
    if (strlen(mail->text) > NOTICE_TEXT_MAX) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_LIMIT,
                            "the notice is too long");
        return NULL;
    }
    if (!put_header(out, mail, error))
        return NULL;
    g_string_append(out, "\r\n");
    letter_body(out, mail->text);
    return g_string_free_to_bytes(g_steal_pointer(&out));
}
