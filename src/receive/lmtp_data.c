/*
 * The end of a mail is CRLF "." CRLF; the CRLF of the DATA line counts as the
 * first. Everything else that other programs have taken for an end (LF.LF,
 * CR.CR, CRLF.LF, CRLF.CR, with a NUL between, ...) is content: were it an
 * end here and not for the sender, the rest of a complaint could carry
 * commands of its own ("SMTP smuggling", CVE-2023-51764).
 *
 * One machine of five places, fed with any split. A dot that begins a line is
 * held back until the next byte says whether it was stuffing (RFC 5321 4.5.2:
 * it is dropped) or the end; so is the CR after it.
 */
#include "receive/lmtp_data.h"

#include <string.h>

#define RESERVE_STEP (64 * 1024)

enum {
    AT_LINE_START,
    IN_LINE,
    AFTER_CR,
    AFTER_DOT,    /* a dot at the start of a line, held back */
    AFTER_DOT_CR, /* and a CR */
};

void content_begin(Content *content)
{
    content->place = AT_LINE_START;
    content->fate = CONTENT_FITS;
    content->bytes = g_byte_array_new();
}

static void drop(Content *content, const LmtpConfig *config, ContentFate fate)
{
    content_release(content, config);
    content->fate = fate;
}

static bool reserve_for(Content *content, const LmtpConfig *config,
                        size_t total)
{
    if ((int64_t)total <= content->reserved)
        return true;
    int64_t step = (int64_t)total - content->reserved;
    step = (step + RESERVE_STEP - 1) / RESERVE_STEP * RESERVE_STEP;
    if (config->reserve && !config->reserve(config->data, step))
        return false;
    content->reserved += step;
    return true;
}

static void keep(Content *content, const LmtpConfig *config,
                 const uint8_t *data, size_t length)
{
    if (content->fate != CONTENT_FITS || length == 0)
        return;
    size_t total = content->bytes->len + length;
    if (total > config->max_bytes)
        drop(content, config, CONTENT_TOO_BIG);
    else if (!reserve_for(content, config, total))
        drop(content, config, CONTENT_NO_MEMORY);
    else
        g_byte_array_append(content->bytes, data, (guint)length);
}

/* From within a line: keep all up to and with the next CR. */
static size_t feed_line(Content *content, const LmtpConfig *config,
                        const uint8_t *data, size_t length)
{
    const uint8_t *cr = memchr(data, '\r', length);
    size_t count = cr ? (size_t)(cr - data) + 1 : length;
    keep(content, config, data, count);
    content->place = cr ? AFTER_CR : IN_LINE;
    return count;
}

/* One byte at a place where it matters. True: it ended the mail. */
static bool feed_byte(Content *content, const LmtpConfig *config, uint8_t byte)
{
    static const uint8_t CR = '\r';
    int place = content->place;
    if (place == AT_LINE_START && byte == '.') {
        content->place = AFTER_DOT;
        return false;
    }
    if (place == AFTER_DOT && byte == '\r') {
        content->place = AFTER_DOT_CR;
        return false;
    }
    if (place == AFTER_DOT_CR) {
        if (byte == '\n')
            return true;
        keep(content, config, &CR, 1);
        place = AFTER_CR;
    }
    keep(content, config, &byte, 1);
    if (byte == '\r')
        content->place = AFTER_CR;
    else if (byte == '\n' && place == AFTER_CR)
        content->place = AT_LINE_START;
    else
        content->place = IN_LINE;
    return false;
}

bool content_feed(Content *content, const LmtpConfig *config,
                  const uint8_t *data, size_t length, size_t *used)
{
    size_t at = 0;
    bool ended = false;
    while (at < length && !ended) {
        if (content->place == IN_LINE)
            at += feed_line(content, config, data + at, length - at);
        else
            ended = feed_byte(content, config, data[at++]);
    }
    *used = at;
    return ended;
}

GBytes *content_steal(Content *content)
{
    return g_byte_array_free_to_bytes(g_steal_pointer(&content->bytes));
}

void content_release(Content *content, const LmtpConfig *config)
{
    g_clear_pointer(&content->bytes, g_byte_array_unref);
    if (content->reserved > 0 && config->reserve)
        config->reserve(config->data, -content->reserved);
    content->reserved = 0;
}
