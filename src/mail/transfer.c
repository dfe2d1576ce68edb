/*
 * Both decoders walk the raw lines once and set an anchor at each, so a
 * decoded byte leads back to its raw line.
 *
 * Base64 in the wild: padding in the middle where a program joined two
 * encoded pieces (go on after it); lost line ends, blanks, "!" at line ends
 * of old gateways (skip, say so); plain-text footers of mailing lists behind
 * the end (not base64: leave out, say so); a cut last group (keep the whole
 * bytes, say so).
 *
 * Quoted-printable in the wild: lower-case hex, a lone "=" (keep it), blanks
 * after a soft line break, 8-bit bytes (keep them).
 */
#include "mail/transfer.h"

#include "mail/anchors.h"

#include <stdbool.h>
#include <string.h>

Transfer transfer_of(const char *value)
{
    if (!value)
        return TRANSFER_IDENTITY;
    value += strspn(value, " \t\r\n\"'");
    if (g_ascii_strncasecmp(value, "base64", 6) == 0)
        return TRANSFER_BASE64;
    if (g_ascii_strncasecmp(value, "quoted-printable", 16) == 0 ||
        g_ascii_strncasecmp(value, "quoted printable", 16) == 0)
        return TRANSFER_QUOTED_PRINTABLE;
    return TRANSFER_IDENTITY;
}

static const uint8_t *line_end(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Only base64 characters, padding and white space at the end? */
static bool is_base64_line(const uint8_t *at, const uint8_t *end)
{
    while (end > at && is_blank(end[-1]))
        end--;
    while (end > at && end[-1] == '=')
        end--;
    for (; at < end; at++)
        if (base64_value(*at) < 0)
            return false;
    return true;
}

typedef struct {
    uint32_t bits;
    unsigned held;  /* base64 characters in bits, 0..3 */
    bool is_padded; /* the group before was closed by "=" */
} Base64;

static void base64_close(Base64 *state, Decoded *out)
{
    uint8_t bytes[2] = {(uint8_t)(state->bits >> (state->held == 3 ? 10 : 4)),
                        (uint8_t)(state->bits >> 2)};
    if (state->held >= 2)
        g_byte_array_append(out->bytes, bytes, state->held - 1);
    else if (state->held == 1)
        out->flaw = "base64 damaged";
    state->held = 0;
    state->bits = 0;
}

static void base64_byte(Base64 *state, uint8_t c, Decoded *out)
{
    int value = base64_value(c);
    if (value >= 0) {
        state->bits = state->bits << 6 | (uint32_t)value;
        state->is_padded = false;
        if (++state->held < 4)
            return;
        uint8_t bytes[3] = {(uint8_t)(state->bits >> 16),
                            (uint8_t)(state->bits >> 8), (uint8_t)state->bits};
        g_byte_array_append(out->bytes, bytes, sizeof bytes);
        state->held = 0;
        state->bits = 0;
    } else if (c == '=') {
        if (state->held > 0)
            base64_close(state, out);
        state->is_padded = true;
    } else if (!is_blank(c)) {
        out->flaw = "base64 damaged";
    }
}

static void decode_base64(const uint8_t *raw, size_t raw_at, size_t length,
                          Decoded *out)
{
    const uint8_t *begin = raw + raw_at, *end = begin + length;
    Base64 state = {0};
    for (const uint8_t *at = begin, *next; at < end; at = next) {
        next = line_end(at, end);
        if (state.is_padded && !is_base64_line(at, next)) {
            out->flaw = "text after the end of base64 left out";
            continue;
        }
        anchors_add(out->anchors, out->bytes->len, (size_t)(at - raw));
        for (; at < next; at++)
            base64_byte(&state, *at, out);
    }
    if (state.held > 0) {
        out->flaw = "base64 cut short";
        base64_close(&state, out);
    }
}

static int hex_value(uint8_t c)
{
    return g_ascii_isxdigit((char)c) ? g_ascii_xdigit_value((char)c) : -1;
}

/* One line without its line end. True if it ends in a soft line break. */
static bool decode_quoted_line(const uint8_t *at, const uint8_t *end,
                               Decoded *out)
{
    while (end > at && is_blank(end[-1]))
        end--;
    bool is_soft = end > at && end[-1] == '=';
    if (is_soft)
        end--;
    while (at < end) {
        int high = -1, low = -1;
        if (*at == '=' && end - at >= 3) {
            high = hex_value(at[1]);
            low = hex_value(at[2]);
        }
        if (high >= 0 && low >= 0) {
            uint8_t byte = (uint8_t)(high << 4 | low);
            g_byte_array_append(out->bytes, &byte, 1);
            at += 3;
            continue;
        }
        if (*at == '=')
            out->flaw = "quoted-printable damaged";
        const uint8_t *next = memchr(at + 1, '=', (size_t)(end - at - 1));
        size_t plain = (size_t)((next ? next : end) - at);
        g_byte_array_append(out->bytes, at, (guint)plain);
        at += plain;
    }
    return is_soft;
}

static void decode_quoted(const uint8_t *raw, size_t raw_at, size_t length,
                          Decoded *out)
{
    const uint8_t *begin = raw + raw_at, *end = begin + length;
    for (const uint8_t *at = begin, *next; at < end; at = next) {
        next = line_end(at, end);
        anchors_add(out->anchors, out->bytes->len, (size_t)(at - raw));
        bool is_soft = decode_quoted_line(at, next, out);
        if (!is_soft && next[-1] == '\n')
            g_byte_array_append(out->bytes, (const uint8_t *)"\n", 1);
    }
}

void transfer_decode(Transfer transfer, const uint8_t *raw, size_t raw_at,
                     size_t length, Decoded *out)
{
    *out = (Decoded){.bytes = g_byte_array_sized_new((guint)length + 1),
                     .anchors = anchors_new()};
    switch (transfer) {
    case TRANSFER_BASE64:
        decode_base64(raw, raw_at, length, out);
        break;
    case TRANSFER_QUOTED_PRINTABLE:
        decode_quoted(raw, raw_at, length, out);
        break;
    case TRANSFER_IDENTITY:
        anchors_add(out->anchors, 0, raw_at);
        g_byte_array_append(out->bytes, raw + raw_at, (guint)length);
        break;
    }
}

void decoded_clear(Decoded *decoded)
{
    g_clear_pointer(&decoded->bytes, g_byte_array_unref);
    g_clear_pointer(&decoded->anchors, g_array_unref);
}
