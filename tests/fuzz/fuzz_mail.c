#include "mail/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mail_prepare();
    g_autoptr(GBytes) raw = g_bytes_new(data, size);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    for (guint i = 0; mail && i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        g_assert(!part->text || g_utf8_validate(part->text, -1, NULL));
        g_assert(mail_place(mail, (uint16_t)i, size, 1).raw_at <= size);
    }
    return 0;
}
