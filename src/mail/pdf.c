#include "mail/pdf.h"

#include "mail/parts.h"
#include "mail/pdf_document.h"

#include <string.h>

#define HEAD_BYTES 1024 /* rubbish in front is allowed so far */

bool pdf_is_one(const Decoded *decoded)
{
    const GByteArray *bytes = decoded->bytes;
    return memmem(bytes->data, MIN(bytes->len, HEAD_BYTES), "%PDF-", 5) != NULL;
}

static void add_text(Mail *mail, guint index, GString *text)
{
    MailPart *part = mail_part_insert(mail, index + 1, (int)index);
    MailPart *pdf = mail->parts->pdata[index];
    part->kind = PART_TEXT;
    part->content_type = g_strdup("text/plain");
    part->filename =
        g_strconcat(pdf->filename ? pdf->filename : "", "/text", NULL);
    part->attached = true;
    part->raw_at = pdf->raw_at;
    part->raw_length = pdf->raw_length;
    part->text = g_string_free(text, FALSE);
    pdf->kind = PART_MULTIPART;
}

bool pdf_take(Mail *mail, guint index, const Decoded *decoded, size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    if (part->depth + 1 >= MAIL_DEPTH_MAX || mail->parts->len >= MAIL_PARTS_MAX)
        return false;
    GString *text = g_string_new(NULL);
    const char *flaw = pdf_read((const char *)decoded->bytes->data,
                                decoded->bytes->len, *budget, text);
    part->flaw = decoded->flaw ? decoded->flaw : flaw;
    bool has_text = text->str[strspn(text->str, " \t\n")] != '\0';
    *budget -= MIN(*budget, text->len);
    if (has_text)
        add_text(mail, index, text);
    else
        g_string_free(text, TRUE);
    return has_text;
}
