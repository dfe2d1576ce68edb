/*
 * Places and the words that stand there. A line number is found from marks
 * every 4 KiB, so a mail with 20,000 cited lines stays linear.
 */
#include "mail/anchors.h"
#include "mail/parts.h"

#include <string.h>

#define MARK_BYTES 4096

/* Of a block of MARK_BYTES. */
typedef struct {
    uint32_t lines;   /* newlines before it */
    uint32_t line_at; /* where the line begins that its first byte is in */
} LineMark;

/* Count the newlines of a stretch; *line_at moves behind the last one. */
static uint32_t count_newlines(const char *raw, size_t at, size_t end,
                               uint32_t *line_at)
{
    uint32_t count = 0;
    const char *newline;
    while ((newline = memchr(raw + at, '\n', end - at))) {
        count++;
        at = (size_t)(newline + 1 - raw);
        *line_at = (uint32_t)at;
    }
    return count;
}

GArray *line_marks_new(const char *raw, size_t length)
{
    GArray *marks = g_array_new(false, false, sizeof(LineMark));
    LineMark mark = {0};
    for (size_t at = 0; at < length; at += MARK_BYTES) {
        g_array_append_val(marks, mark);
        mark.lines += count_newlines(raw, at, MIN(at + MARK_BYTES, length),
                                     &mark.line_at);
    }
    return marks;
}

/* Move the place to the beginning of its raw line and count the lines. */
static void find_line(const Mail *mail, const char *raw, Place *place)
{
    guint block = place->raw_at / MARK_BYTES;
    if (block >= mail->line_marks->len)
        return;
    LineMark mark = g_array_index(mail->line_marks, LineMark, block);
    uint32_t newlines = count_newlines(raw, (size_t)block * MARK_BYTES,
                                       place->raw_at, &mark.line_at);
    place->line = mark.lines + newlines + 1;
    place->raw_at = mark.line_at;
}

/* The raw byte at which the Subject header field begins. */
static uint32_t subject_at(const Mail *mail)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const MailHeader *header = mail->headers->pdata[i];
        if (g_ascii_strcasecmp(header->name, "Subject") == 0)
            return header->raw_at;
    }
    return 0;
}

uint32_t place_column(const char *text, size_t at)
{
    uint32_t column = 1;
    for (size_t i = at; i > 0 && text[i - 1] != '\n'; i--) {
        if (at - i >= COLUMN_MAX)
            return 0;
        column += (text[i - 1] & 0xc0) != 0x80;
    }
    return column;
}

Place mail_header_place(const Mail *mail, const MailHeader *header)
{
    Place place = {.part = PLACE_NOWHERE, .raw_at = header->raw_at};
    gsize raw_length;
    const char *raw = g_bytes_get_data(mail->raw, &raw_length);
    if (place.raw_at < raw_length)
        find_line(mail, raw, &place);
    return place;
}

Place mail_place(const Mail *mail, uint16_t part, size_t at, size_t length)
{
    Place place = {
        .part = part, .at = (uint32_t)at, .length = (uint32_t)length};
    gsize raw_length;
    const char *raw = g_bytes_get_data(mail->raw, &raw_length);
    if (part == PLACE_SUBJECT) {
        place.raw_at = subject_at(mail);
    } else if (part < mail->parts->len) {
        const MailPart *where = mail->parts->pdata[part];
        place.raw_at = where->anchors
                           ? anchors_find(where->anchors, (uint32_t)at)
                           : where->raw_at;
    } else {
        return place;
    }
    if (place.raw_at >= raw_length)
        place.raw_at = raw_length > 0 ? (uint32_t)raw_length - 1 : 0;
    find_line(mail, raw, &place);
    return place;
}

Quote *quote_new(const char *words, size_t length, Place place)
{
    Quote *quote = g_new0(Quote, 1);
    length = MIN(length, QUOTE_MAX);
    const char *end;
    if (!g_utf8_validate_len(words, length, &end))
        length = (size_t)(end - words);
    quote->words = g_strndup(words, length);
    quote->place = place;
    return quote;
}

Quote *quote_copy(const Quote *quote)
{
    if (!quote)
        return NULL;
    return quote_new(quote->words, strlen(quote->words), quote->place);
}

void quote_free(Quote *quote)
{
    if (!quote)
        return;
    g_free(quote->words);
    g_free(quote);
}
