/*
 * Mail hops: "Received: from NAME (NAME [ADDRESS]) by NAME ..." (RFC 5321
 * section 4.4). Hops within the receiver's own organisation say nothing about
 * where a mail came from; the first one from outside does. Everything below
 * that one was written by the sender and may be forged.
 */
#include "incident/hop.h"
#include "incident/role.h"

#include <string.h>

#define FIELD_LINES 8
#define HOST_MAX    256

/* The line where the field begins that holds a line. */
static guint field_begin(const Page *page, guint line)
{
    guint first = line;
    while (first > 0 && line - first < FIELD_LINES &&
           !cursor_has(page->folded, page_line(page, first)->at, "received:"))
        first--;
    return first;
}

/* The name after a word of the field, e.g. after "from". */
static size_t name_after(const char *text, size_t size, const char *word,
                         const char **name)
{
    const char *found = memmem(text, size, word, strlen(word));
    if (!found)
        return 0;
    *name = found + strlen(word);
    size_t length = 0, left = size - (size_t)(*name - text);
    while (length < left && length < HOST_MAX &&
           (g_ascii_isalnum((*name)[length]) || (*name)[length] == '.' ||
            (*name)[length] == '-'))
        length++;
    return length;
}

/* The last two labels of a host name: near enough to an organisation. */
static size_t organisation(const char **name, size_t length)
{
    size_t dots = 0, at = length;
    while (at > 0 && !((*name)[at - 1] == '.' && ++dots == 2))
        at--;
    *name += at;
    return length - at;
}

/* text: one field in lower case, from its name or value on. */
static bool crosses(const char *text, size_t size)
{
    const char *sender, *receiver;
    size_t sent = name_after(text, size, "from ", &sender);
    size_t received = name_after(text, size, "by ", &receiver);
    if (sent == 0 || received == 0 || !memchr(sender, '.', sent))
        return sent > 0 || memmem(text, size, "from ", 5) != NULL;
    sent = organisation(&sender, sent);
    received = organisation(&receiver, received);
    return sent != received || memcmp(sender, receiver, sent) != 0;
}

bool hop_crosses_border(const Page *page, const Mention *mention)
{
    guint first = field_begin(page, mention->line);
    guint last = MIN(mention->line + FIELD_LINES, page->lines->len - 1);
    uint32_t from = page_line(page, first)->at;
    uint32_t to = page_line(page, mention->line)->end;
    for (guint i = mention->line + 1; i <= last; i++) {
        const Line *line = page_line(page, i);
        if (line->kind != LINE_RECEIVED ||
            cursor_has(page->folded, line->at, "received:"))
            break;
        to = line->end;
    }
    return crosses(page->folded.text + from, to - from);
}

bool hop_read(const char *value, AddressHit *hit, Stamp *stamp)
{
    size_t length = strlen(value);
    g_autofree char *folded = fold_new(value, length);
    Cursor text = {value, length};
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    address_scan(text, hits);
    stamp_scan(text, (Cursor){folded, length}, stamps);
    if (hits->len == 0 || stamps->len == 0 || !crosses(folded, length))
        return false;
    /* Receivers write the address of the sender in brackets, before "by". */
    *hit = g_array_index(hits, AddressHit, 0);
    for (guint i = 0; i < hits->len; i++) {
        const AddressHit *one = &g_array_index(hits, AddressHit, i);
        if (one->at > 0 && strchr("[(", value[one->at - 1])) {
            *hit = *one;
            break;
        }
    }
    *stamp = g_array_index(stamps, Stamp, stamps->len - 1);
    return stamp->kind == STAMP_FULL && !ip_is_nobody(&hit->ip);
}
