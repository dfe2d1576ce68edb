#include "reply/notice.h"

#include "base/errors.h"
#include "reply/letter.h"
#include "reply/token.h"

#include <string.h>

static bool put_who(GString *out, const NoticeMail *mail, GError **error)
{
    g_autofree char *date = instant_new_mail_date(mail->now);
    g_autofree char *id = g_strdup_printf(
        NOTICE_ID_PREFIX "%s@%s>", mail->token, strrchr(mail->from, '@') + 1);
    return letter_mailbox_field(out, "From", mail->from_name, mail->from,
                                error) &&
           letter_field(out, "To", mail->to, error) &&
           letter_field(out, "Reply-To", mail->reply_to, error) &&
           letter_text_field(out, "Subject", mail->subject, error) &&
           letter_field(out, "Date", date, error) &&
           letter_field(out, "Message-ID", id, error);
}

static bool put_rest(GString *out, const NoticeMail *mail, GError **error)
{
    g_autofree char *loop = token_loop_new(mail->about, mail->loop_key);
    return letter_field(out, "Auto-Submitted", "auto-generated", error) &&
           letter_field(out, "X-Auto-Response-Suppress", "All", error) &&
           letter_field(out, "X-Exitdesk-Loop", loop, error) &&
           letter_field(out, "MIME-Version", "1.0", error) &&
           letter_field(out, "Content-Type", "text/plain; charset=utf-8",
                        error) &&
           letter_field(out, "Content-Transfer-Encoding", "quoted-printable",
                        error);
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
    if (!put_who(out, mail, error) || !put_rest(out, mail, error))
        return NULL;
    g_string_append(out, "\r\n");
    letter_body(out, mail->text);
    return g_string_free_to_bytes(g_steal_pointer(&out));
}
