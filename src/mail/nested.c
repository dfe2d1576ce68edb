/*
 * RFC 2046 section 5.2.1 allows no base64 for message/rfc822, but mail
 * programs that attach a saved .eml do just that, and complaints and spam
 * samples come this way. The bytes are parsed as a mail of their own, and its
 * parts are grafted into the outer array with their places carried over: each
 * anchor leads through the decoded bytes to the raw message.
 *
 * This recurses, at most three levels and never over MAIL_DEPTH_MAX.
 */
#include "mail/nested.h"

#include "mail/anchors.h"
#include "mail/headers.h"
#include "mail/parts.h"

#include <string.h>

bool nested_is_message(const MailPart *part, const Decoded *decoded)
{
    static const char *const types[] = {"message/rfc822", "message/rfc2822",
                                        "message/global", "message/news"};
    bool is_claimed =
        part->filename && g_str_has_suffix(part->filename, ".eml");
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        is_claimed |= strcmp(part->content_type, types[i]) == 0;
    const char *bytes = (const char *)decoded->bytes->data;
    return is_claimed && header_is_field(bytes, bytes + decoded->bytes->len);
}

static void move_headers(GPtrArray *headers, const GArray *anchors)
{
    for (guint i = 0; i < headers->len; i++) {
        MailHeader *header = headers->pdata[i];
        uint32_t end = header->raw_at + header->raw_length;
        uint32_t at = anchors_find(anchors, header->raw_at);
        header->raw_length = MAX(anchors_find(anchors, end), at) - at;
        header->raw_at = at;
    }
}

/* Make the places of an inner part places of the outer message. */
static void move_part(MailPart *part, const GArray *anchors)
{
    uint32_t end = part->raw_at + part->raw_length;
    part->raw_at = anchors_find(anchors, part->raw_at);
    part->raw_length =
        MAX(anchors_find(anchors, end), part->raw_at) - part->raw_at;
    if (part->anchors) {
        GArray *chain = anchors_chain(part->anchors, anchors);
        g_array_unref(part->anchors);
        part->anchors = chain;
    }
}

static void graft(Mail *mail, guint index, Mail *inner, const GArray *anchors)
{
    MailPart *part = mail->parts->pdata[index];
    int count = (int)inner->parts->len;
    for (guint i = index + 1; i < mail->parts->len; i++) {
        MailPart *later = mail->parts->pdata[i];
        if (later->parent > (int)index)
            later->parent += count;
    }
    move_headers(inner->headers, anchors);
    g_ptr_array_set_free_func(inner->parts, NULL);
    for (int i = 0; i < count; i++) {
        MailPart *child = inner->parts->pdata[i];
        if (child->headers != inner->headers)
            move_headers(child->headers, anchors);
        move_part(child, anchors);
        child->parent =
            child->parent < 0 ? (int)index : child->parent + (int)index + 1;
        child->depth = (uint8_t)(child->depth + part->depth + 1);
        g_ptr_array_insert(mail->parts, (int)index + 1 + i, child);
    }
    for (guint i = 0; i < inner->flags->len; i++)
        mail_add_flag(mail, inner->flags->pdata[i]);
    part->kind = PART_MESSAGE;
}

static bool fits(const Mail *mail, const MailPart *part, const Mail *inner)
{
    for (guint i = 0; i < inner->parts->len; i++) {
        const MailPart *child = inner->parts->pdata[i];
        if (part->depth + 1 + child->depth >= MAIL_DEPTH_MAX)
            return false;
    }
    return mail->parts->len + inner->parts->len <= MAIL_PARTS_MAX;
}

bool nested_read(Mail *mail, guint index, const Decoded *decoded, int level,
                 size_t *budget)
{
    MailPart *part = mail->parts->pdata[index];
    size_t left = *budget;
    g_autoptr(GBytes) raw =
        g_bytes_new(decoded->bytes->data, decoded->bytes->len);
    g_autoptr(Mail) inner = mail_parse_nested(raw, level + 1, &left, NULL);
    if (!inner || !fits(mail, part, inner))
        return false;
    graft(mail, index, inner, decoded->anchors);
    part->flaw = decoded->flaw;
    *budget = left;
    return true;
}
