#include "mail/pdf_filter.h"

#include "base/unpack_inflate.h"

#include <stdint.h>
#include <string.h>

typedef enum { FILTER_NONE, FILTER_FLATE, FILTER_ASCII85, FILTER_HEX } Filter;

static Filter filter_of(const char *name)
{
    if (strcmp(name, "FlateDecode") == 0 || strcmp(name, "Fl") == 0)
        return FILTER_FLATE;
    if (strcmp(name, "ASCII85Decode") == 0 || strcmp(name, "A85") == 0)
        return FILTER_ASCII85;
    if (strcmp(name, "ASCIIHexDecode") == 0 || strcmp(name, "AHx") == 0)
        return FILTER_HEX;
    return FILTER_NONE;
}

bool pdf_filter_is_known(const char *name)
{
    return filter_of(name) != FILTER_NONE;
}

/* The last group may be short: count digits make count - 1 bytes. */
static void put_group(uint32_t value, int count, GByteArray *out)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};
    if (count > 1)
        g_byte_array_append(out, bytes, (guint)count - 1);
}

static void undo_ascii85(const uint8_t *bytes, size_t length, GByteArray *out)
{
    uint32_t value = 0;
    int count = 0;
    for (size_t i = 0; i < length && bytes[i] != '~'; i++) {
        uint8_t c = bytes[i];
        if (c == 'z' && count == 0) {
            put_group(0, 5, out);
        } else if (c >= '!' && c <= 'u') {
            value = value * 85 + (c - '!');
            if (++count < 5)
                continue;
            put_group(value, 5, out);
            value = 0;
            count = 0;
        }
    }
    for (int i = count; count > 0 && i < 5; i++)
        value = value * 85 + 84;
    put_group(value, count, out);
}

static void undo_hex(const uint8_t *bytes, size_t length, GByteArray *out)
{
    int half = -1;
    for (size_t i = 0; i < length && bytes[i] != '>'; i++) {
        int digit = g_ascii_xdigit_value((char)bytes[i]);
        if (digit < 0)
            continue;
        uint8_t byte = (uint8_t)(MAX(half, 0) << 4 | digit);
        if (half >= 0)
            g_byte_array_append(out, &byte, 1);
        half = half >= 0 ? -1 : digit;
    }
}

GByteArray *pdf_filter_undo(const char *name, const void *bytes, size_t length,
                            size_t max_bytes, bool *is_cut)
{
    GByteArray *out = g_byte_array_new();
    *is_cut = false;
    switch (filter_of(name)) {
    case FILTER_NONE:
        g_byte_array_unref(out);
        return NULL;
    case FILTER_FLATE:
        *is_cut = unpack_inflate(bytes, length, max_bytes, out, NULL, NULL) !=
                  INFLATE_WHOLE;
        return out;
    case FILTER_ASCII85:
        undo_ascii85(bytes, length, out);
        break;
    case FILTER_HEX:
        undo_hex(bytes, length, out);
        break;
    }
    if (out->len > max_bytes) {
        g_byte_array_set_size(out, (guint)max_bytes);
        *is_cut = true;
    }
    return out;
}
