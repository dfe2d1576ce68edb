#include "base/digest.h"
#include "mail/mail.h"

#include <string.h>

/* All text with each run of white space as one blank, since mail programs
 * re-wrap what they pass on. */
static void append_folded(GString *out, const char *text)
{
    bool wants_blank = out->len > 0;
    for (; *text; text++) {
        if (g_ascii_isspace(*text)) {
            wants_blank = true;
            continue;
        }
        if (wants_blank && out->len > 0)
            g_string_append_c(out, ' ');
        wants_blank = false;
        g_string_append_c(out, *text);
    }
}

void mail_key(const Mail *mail, uint8_t out[32])
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (part->text)
            append_folded(text, part->text);
    }
    g_autofree char *address = NULL, *name = NULL;
    const char *from = mail_header(mail, "From");
    if (mail_mailbox(from, &address, &name))
        from = address;
    const char *id = mail_header(mail, "Message-ID");
    if (!id || !*id)
        id = mail_header(mail, "Date");
    from = from ? from : "";
    id = id ? id : "";
    DigestPiece pieces[] = {{.data = from, .length = strlen(from)},
                            {.data = id, .length = strlen(id)},
                            {.data = text->str, .length = text->len}};
    digest_pieces(pieces, G_N_ELEMENTS(pieces), out);
}
