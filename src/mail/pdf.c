#include "mail/pdf.h"

#include "mail/letter.h"
#include "mail/pdf_document.h"

#include <string.h>

#define HEAD_BYTES 1024 /* rubbish in front is allowed so far */

bool pdf_is_one(const Decoded *decoded)
{
    const GByteArray *bytes = decoded->bytes;
    return bytes->len > 0 && /* else data is NULL */
           memmem(bytes->data, MIN(bytes->len, HEAD_BYTES), "%PDF-", 5) != NULL;
}

bool pdf_take(Mail *mail, guint index, const Decoded *decoded, size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    if (!letter_has_room(mail, index))
        return false;
    GString *text = g_string_new(NULL);
    const char *flaw = pdf_read((const char *)decoded->bytes->data,
                                decoded->bytes->len, *budget, text);
    part->flaw = decoded->flaw ? decoded->flaw : flaw;
    bool has_text = text->str[strspn(text->str, " \t\n")] != '\0';
    *budget -= MIN(*budget, text->len);
    if (has_text)
        letter_add_text(mail, index, text);
    else
        g_string_free(text, TRUE);
    return has_text;
}
