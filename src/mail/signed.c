#include "mail/signed.h"

#include "base/unpack_signed.h"
#include "mail/anchors.h"
#include "mail/nested.h"
#include "mail/parts.h"

#include <string.h>

bool signed_is_one(const MailPart *part)
{
    const char *name = part->filename ? part->filename : "";
    size_t length = strlen(name);
    return strcmp(part->content_type, "application/pkcs7-mime") == 0 ||
           strcmp(part->content_type, "application/x-pkcs7-mime") == 0 ||
           (length > 4 && g_ascii_strcasecmp(name + length - 4, ".p7m") == 0);
}

void signed_prepare(void)
{
    g_autoptr(GBytes) content = NULL;
    unpack_signed("0", 1, &content);
}

/* The content is one long string: it has one place in the mail. */
static void decoded_init(Decoded *out, GBytes *content, const Decoded *from)
{
    gsize length;
    const guint8 *data = g_bytes_get_data(content, &length);
    *out = (Decoded){.bytes = g_byte_array_new(), .anchors = anchors_new()};
    g_byte_array_append(out->bytes, data ? data : (const guint8 *)"",
                        (guint)length);
    /* DER in pieces or whole: the text begins near the same offset. */
    const guint8 *at =
        memmem(from->bytes->data, from->bytes->len, data, MIN(length, 64));
    size_t begin = at ? (size_t)(at - from->bytes->data) : 0;
    g_autoptr(GArray) inner = anchors_new();
    anchors_add(inner, 0, begin);
    g_array_unref(out->anchors);
    out->anchors = anchors_chain(inner, from->anchors);
}

static bool read_content(Mail *mail, guint index, GBytes *content,
                         const Decoded *decoded, int level, size_t *budget)
{
    Decoded inner;
    decoded_init(&inner, content, decoded);
    bool has_read = nested_read(mail, index, &inner, level, budget);
    decoded_clear(&inner);
    if (has_read)
        ((MailPart *)mail->parts->pdata[index])->kind = PART_MULTIPART;
    return has_read;
}

bool signed_read(Mail *mail, guint index, const Decoded *decoded, int level,
                 size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    g_autoptr(GBytes) content = NULL;
    switch (
        unpack_signed(decoded->bytes->data, decoded->bytes->len, &content)) {
    case SIGNED_TEXT:
        mail_add_flag(mail, MAIL_FLAG_NOT_CHECKED);
        return read_content(mail, index, content, decoded, level, budget);
    case SIGNED_NOTHING:
        mail_add_flag(mail, MAIL_FLAG_NOT_CHECKED);
        return false;
    case SIGNED_ENCRYPTED:
        mail_add_flag(mail, MAIL_FLAG_ENCRYPTED);
        return false;
    case SIGNED_UNKNOWN:
        mail_add_flag(mail, MAIL_FLAG_SMIME);
        return false;
    case SIGNED_DAMAGED:
        mail_add_flag(mail, MAIL_FLAG_SMIME);
        part->flaw = "S/MIME damaged";
        return false;
    }
    g_assert_not_reached();
}
