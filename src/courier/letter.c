#include "courier/letter.h"

#include "base/errors.h"

#include <stdint.h>
#include <string.h>

bool letter_address_is_fit(const char *address, bool may_be_null)
{
    if (!address || strlen(address) > LETTER_ADDRESS_MAX)
        return false;
    if (!*address)
        return may_be_null;
    guint ats = 0;
    for (const char *at = address; *at; at++) {
        if (*at <= ' ' || *at > '~' || strchr("<>()[],;:\\\"", *at))
            return false;
        ats += *at == '@';
    }
    return ats == 1 && *address != '@' && !g_str_has_suffix(address, "@");
}

static bool fail(DeskErrorCode code, const char *why, GError **error)
{
    g_set_error(error, DESK_ERROR, (int)code, "the letter cannot be sent: %s",
                why);
    return false;
}

/* What is wrong with the lines, or NULL. */
static const char *find_flaw(const uint8_t *data, size_t length)
{
    if (length < 2 || memcmp(data + length - 2, "\r\n", 2) != 0)
        return "it does not end with a line break";
    if (memchr(data, '\0', length))
        return "it holds a NUL";
    for (size_t at = 0; at < length;) {
        const uint8_t *lf = memchr(data + at, '\n', length - at);
        const uint8_t *cr = memchr(data + at, '\r', length - at);
        if (!lf || !cr || lf != cr + 1)
            return "it holds a stray CR or LF";
        if ((size_t)(cr - data) - at > LETTER_LINE_MAX)
            return "a line is longer than 998 bytes";
        at = (size_t)(lf - data) + 1;
    }
    return NULL;
}

bool letter_check(const char *envelope_from, const char *to, GBytes *bytes,
                  size_t max_bytes, GError **error)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    if (!letter_address_is_fit(envelope_from, true))
        return fail(DESK_ERROR_INVALID, "its envelope sender is no address",
                    error);
    if (!letter_address_is_fit(to, false))
        return fail(DESK_ERROR_INVALID, "its recipient is no address", error);
    if (length > max_bytes)
        return fail(DESK_ERROR_LIMIT, "it is too long", error);
    const char *flaw = find_flaw(data, length);
    return !flaw || fail(DESK_ERROR_INVALID, flaw, error);
}

bool letter_is_8bit(GBytes *bytes)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    for (gsize i = 0; i < length; i++)
        if (data[i] > 0x7f)
            return true;
    return false;
}

GByteArray *letter_stuff(GBytes *bytes)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    GByteArray *stuffed = g_byte_array_sized_new((guint)length + 64);
    for (size_t at = 0; at < length;) {
        const uint8_t *lf = memchr(data + at, '\n', length - at);
        size_t end = lf ? (size_t)(lf - data) + 1 : length;
        if (data[at] == '.')
            g_byte_array_append(stuffed, (const uint8_t *)".", 1);
        g_byte_array_append(stuffed, data + at, (guint)(end - at));
        at = end;
    }
    g_assert(stuffed->len >= 2);
    g_byte_array_set_size(stuffed, stuffed->len - 2);
    return stuffed;
}
