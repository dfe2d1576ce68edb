#include "mail/letter.h"

#include "base/unpack_memory.h"
#include "mail/document.h"
#include "mail/parts.h"
#include "mail/rtf.h"

#include <string.h>

#define HEAD_BYTES 64

bool letter_has_room(const Mail *mail, guint index)
{
    const MailPart *part = mail->parts->pdata[index];
    return part->depth + 1 < MAIL_DEPTH_MAX &&
           mail->parts->len < MAIL_PARTS_MAX;
}

void letter_add_text(Mail *mail, guint index, GString *text)
{
    MailPart *part = mail_part_insert(mail, index + 1, (int)index);
    MailPart *document = mail->parts->pdata[index];
    part->kind = PART_TEXT;
    part->content_type = g_strdup("text/plain");
    part->filename = g_strconcat(document->filename ? document->filename : "",
                                 "/text", NULL);
    part->attached = true;
    part->is_letter = true;
    part->raw_at = document->raw_at;
    part->raw_length = document->raw_length;
    part->text = g_string_free(text, FALSE);
    document->kind = PART_MULTIPART;
}

static bool is_rtf(const Decoded *decoded)
{
    return decoded->bytes->len > 6 &&
           memcmp(decoded->bytes->data, "{\\rtf", 5) == 0;
}

bool letter_is_one(const Decoded *decoded)
{
    return is_rtf(decoded) ||
           document_is_one(decoded->bytes->data, decoded->bytes->len);
}

bool letter_read(Mail *mail, guint index, const Decoded *decoded,
                 size_t *budget)
{
    const GByteArray *bytes = decoded->bytes;
    if (!letter_has_room(mail, index))
        return false;
    GString *text = g_string_new(NULL);
    size_t cost = 0;
    const char *flaw =
        is_rtf(decoded)
            ? rtf_read((const char *)bytes->data, bytes->len, *budget, text)
            : document_read(bytes->data, bytes->len, *budget, text, &cost);
    MailPart *part = mail->parts->pdata[index];
    part->flaw = decoded->flaw ? decoded->flaw : flaw;
    *budget -= MIN(*budget, MAX(cost, text->len));
    bool has_text = text->str[strspn(text->str, " \t\n")] != '\0';
    if (has_text)
        letter_add_text(mail, index, text);
    else
        g_string_free(text, TRUE);
    return has_text;
}
