/*
 * Addresses spelled into host names: four numbers with one kind of mark between
 * them, padded with zeros or not, with letters before or behind, in a name with
 * a dot: "c-192-0-2-1.example.net", "095-208-024-195.example.net",
 * "122x208x129x44.ap.example.net".
 *
 * The order is read as written. Some providers turn it round ("1-2-0-192"), and
 * nothing in the name says so: the reading can be wrong, which is why such a
 * hit never accuses. It is there to be compared with members' addresses.
 */
#include "incident/address.h"

#include <string.h>

#define NAME_MAX_BYTES 253 /* RFC 1035 2.3.4 */

static size_t padded_octet(Cursor in, size_t at, uint8_t *octet)
{
    long value;
    size_t digits = cursor_number(in, at, 3, &value);
    *octet = (uint8_t)value;
    return digits > 0 && value <= 255 ? digits : 0;
}

/* Does a host name go on here, up to a dot before a letter? */
static bool is_in_name(Cursor in, size_t at)
{
    for (size_t i = 0; i < NAME_MAX_BYTES; i++, at++) {
        unsigned char c = cursor_at(in, at);
        if (c == '.')
            return g_ascii_isalpha(cursor_at(in, at + 1));
        if (!g_ascii_isalnum(c) && c != '-')
            return false;
    }
    return false;
}

bool address_read_name(Cursor in, size_t at, AddressHit *hit)
{
    uint8_t octets[4];
    size_t digits = padded_octet(in, at, &octets[0]);
    unsigned char mark = cursor_at(in, at + digits);
    bool goes_before = at >= 2 && cursor_at(in, at - 1) == mark &&
                       g_ascii_isdigit(cursor_at(in, at - 2));
    if (digits == 0 || (mark != '-' && mark != 'x') || goes_before)
        return false;
    size_t end = at + digits;
    for (int i = 1; i < 4; i++) {
        if (cursor_at(in, end) != mark)
            return false;
        digits = padded_octet(in, end + 1, &octets[i]);
        if (digits == 0)
            return false;
        end += 1 + digits;
    }
    /* "1-2-3-4-5" is a longer row of numbers. */
    if ((cursor_at(in, end) == mark &&
         g_ascii_isdigit(cursor_at(in, end + 1))) ||
        octets[0] == 0 || octets[0] >= 224 || !is_in_name(in, end))
        return false;
    *hit = (AddressHit){.at = (uint32_t)at,
                        .length = (uint32_t)(end - at),
                        .end = (uint32_t)end,
                        .port = -1,
                        .prefix_bits = -1,
                        .in_name = true};
    hit->ip.bytes[10] = hit->ip.bytes[11] = 0xff;
    memcpy(hit->ip.bytes + 12, octets, 4);
    return true;
}
