/*
 * Finding addresses in prose and logs.
 *
 * Problem: complaints write addresses in twenty ways (complaint-format notes in
 * the documentation), and many dotted or coloned runs are no addresses at all:
 * versions, object identifiers, hardware addresses, netmasks, times, masked
 * addresses.
 *
 * Approach: one pass from left to right. Only the start of a run is tried
 * (nothing alphanumeric before it, no dot that belongs to a longer run), the
 * grammar in address_read.c reads at most some 60 bytes from there, and the
 * scan goes on after it; so the time is linear whatever the text. What stands
 * directly before and after decides about versions and names.
 *
 * Rejected: a regular expression (the exceptions need look-behind and are the
 * longer part), and strict parsing of every word (defanged notations break
 * words). Private space is not excluded here: reports that were made anonymous
 * carry it as stand-ins, and only the whole mail can tell.
 */
#include "incident/address.h"

#include <string.h>

#define URL_BACK_MAX 300 /* bytes looked at before an address for "://" */
#define WORD_MAX     16

/* "%3A" */
static bool is_percent_code(Cursor in, size_t at)
{
    return cursor_at(in, at) == '%' &&
           g_ascii_isxdigit(cursor_at(in, at + 1)) &&
           g_ascii_isxdigit(cursor_at(in, at + 2));
}

/* Is the byte before a start one that a run can begin after? */
static bool is_boundary(Cursor in, size_t at)
{
    if (at == 0)
        return true;
    unsigned char before = cursor_at(in, at - 1);
    if (before == '.' || before == '_')
        return at < 2 || !cursor_is_word(in, at - 2);
    if (!g_ascii_isalnum(before))
        return true;
    /* %3D192.0.2.1, and escapes of C and JSON: \n192.0.2.1 */
    if (at >= 3 && is_percent_code(in, at - 3))
        return true;
    return at >= 2 && cursor_at(in, at - 2) == '\\' && strchr("nrt", before);
}

/* May an IPv6 run start at, though a colon and a word stand before it?
 * "IPv6:2001:..." and "outside:2001:..." yes, "00:2001:..." no. */
static bool is_boundary_v6(Cursor in, size_t at)
{
    if (at == 0 || cursor_at(in, at - 1) != ':')
        return is_boundary(in, at);
    size_t word = at - 1;
    bool is_hex = true;
    for (int i = 0; i < WORD_MAX && word > 0; i++) {
        unsigned char c = cursor_at(in, word - 1);
        if (!g_ascii_isalnum(c))
            break;
        is_hex = is_hex && g_ascii_isxdigit(c);
        word--;
    }
    if (word == at - 1)
        return at < 2 || cursor_at(in, at - 2) != ':';
    return !is_hex;
}

/* Values that never name a host: this-network, netmasks, network bases such
 * as the 124.0.0.0 of browser versions, the root of object identifiers. */
static bool is_sentinel(const AddressHit *hit)
{
    if (!ip_is_v4(&hit->ip))
        return false;
    const uint8_t *octet = hit->ip.bytes + 12;
    static const uint8_t OID_INTERNET[4] = {1, 3, 6, 1};
    if (octet[0] == 0 || octet[0] == 255 ||
        memcmp(octet, OID_INTERNET, sizeof OID_INTERNET) == 0)
        return true;
    return octet[1] == 0 && octet[2] == 0 && octet[3] == 0;
}

/* Does "scheme://" end right before the two slashes at a place? Defanged
 * spellings put a blank or a bracket between colon and slashes. */
static bool is_scheme_end(Cursor in, size_t slashes)
{
    size_t at = slashes;
    while (at > 0 && slashes - at < 3 && cursor_at(in, at - 1) &&
           strchr(" ])", cursor_at(in, at - 1)))
        at--;
    return at > 1 && cursor_at(in, at - 1) == ':';
}

/* Links rewritten by mail filters keep the first one in their query, with its
 * slashes encoded: "?url=http%3A%2F%2FADDRESS", "?u=http-3A__ADDRESS". */
static bool is_wrapped_link(Cursor in, size_t at)
{
    return (at > 9 && (cursor_has(in, at - 9, "%3A%2F%2F") ||
                       cursor_has(in, at - 9, "%3a%2f%2f"))) ||
           (at > 5 && cursor_has(in, at - 5, "-3A__"));
}

/* Look back for "://" within the same run of non-blanks. */
static void mark_url(Cursor in, AddressHit *hit)
{
    size_t at = hit->at;
    if (is_wrapped_link(in, at)) {
        hit->in_url_host = true;
        return;
    }
    size_t least = at > URL_BACK_MAX ? at - URL_BACK_MAX : 0;
    while (at > least + 1) {
        unsigned char c = cursor_at(in, at - 1);
        if (c <= ' ' || strchr("\"'<>|,;", c))
            return;
        at--;
        if (c != '/' || cursor_at(in, at - 1) != '/' ||
            !is_scheme_end(in, at - 1))
            continue;
        size_t host = at + 1;
        bool has_slash =
            host < hit->at && memchr(in.text + host, '/', hit->at - host);
        bool has_query =
            host < hit->at && memchr(in.text + host, '?', hit->at - host);
        hit->in_url_path = has_slash || has_query;
        hit->in_url_host = !hit->in_url_path;
        return;
    }
}

/* "7.2.0.192.in-addr.arpa" (RFC 1035 section 3.5) asks for 192.0.2.7. */
static void turn_round(Cursor in, AddressHit *hit)
{
    uint8_t *octet = hit->ip.bytes + 12;
    if (!ip_is_v4(&hit->ip) || !cursor_has(in, hit->end, ".in-addr.arpa"))
        return;
    const uint8_t written[4] = {octet[0], octet[1], octet[2], octet[3]};
    for (int i = 0; i < 4; i++)
        octet[i] = written[3 - i];
}

static void mark_surroundings(Cursor in, AddressHit *hit)
{
    mark_url(in, hit);
    turn_round(in, hit);
    unsigned char next = cursor_at(in, hit->end);
    hit->in_mailbox = next == '@';
    if (hit->in_name)
        return;
    hit->in_name = (next == '.' || next == '-') && hit->port < 0 &&
                   g_ascii_isalpha(cursor_at(in, hit->end + 1));
}

/* Where the run of digits, hex letters, dots and colons ends: nothing inside
 * it can start another address. */
static size_t run_end(Cursor in, size_t at)
{
    while (g_ascii_isxdigit(cursor_at(in, at)))
        at++;
    return at;
}

/* Cheap looks at what follows the first number, before the real reading. */
static bool may_be_v4(Cursor in, size_t end)
{
    unsigned char c = cursor_at(in, end);
    return c && strchr(".[(]{)}%\\ ", c);
}

static bool may_be_v6(Cursor in, size_t at, size_t end)
{
    unsigned char c = cursor_at(in, end);
    return end - at <= 4 && (c == ':' || c == '[' || c == '%') &&
           is_boundary_v6(in, at);
}

static bool hit_at(Cursor in, size_t at, size_t end, AddressHit *hit)
{
    if (may_be_v6(in, at, end) && address_read_v6(in, at, hit))
        return true;
    if (address_read_name(in, at, hit))
        return true;
    return may_be_v4(in, end) && g_ascii_isdigit(cursor_at(in, at)) &&
           is_boundary(in, at) && address_read_v4(in, at, hit) &&
           !address_is_version(in, at) && !is_sentinel(hit);
}

void address_scan(Cursor text, GArray *hits)
{
    size_t at = 0;
    while (at < text.length && hits->len < ADDRESS_HITS_MAX) {
        unsigned char c = cursor_at(text, at);
        if (!g_ascii_isxdigit(c) && c != ':') {
            at += is_percent_code(text, at) ? 3 : 1;
            continue;
        }
        AddressHit hit;
        size_t end = run_end(text, at);
        if (hit_at(text, at, end, &hit)) {
            mark_surroundings(text, &hit);
            g_array_append_val(hits, hit);
            at = hit.end;
        } else {
            at = MAX(end, at + 1);
        }
    }
}
