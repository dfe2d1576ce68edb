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
    /* %3D192.0.2.1 */
    return at >= 3 && is_percent_code(in, at - 3);
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

/* The letters that end right before a place, e.g. "Version" of "Version: 1". */
static size_t word_before(Cursor in, size_t at, char word[WORD_MAX])
{
    while (at > 0 && strchr(" \t:=-(", cursor_at(in, at - 1)) &&
           cursor_at(in, at - 1))
        at--;
    size_t length = 0;
    while (length + 1 < WORD_MAX && at > length &&
           g_ascii_isalpha(cursor_at(in, at - length - 1)))
        length++;
    for (size_t i = 0; i < length; i++)
        word[i] = g_ascii_tolower(cursor_at(in, at - length + i));
    word[length] = 0;
    return length;
}

/* "Chrome/124.0.0.0", "version 1.2.3.4", "v1.2.3.4" are no addresses. */
static bool is_version(Cursor in, size_t at)
{
    static const char *const WORDS[] = {
        "version",  "ver",    "release", "build", "firmware", "rev",
        "revision", "chrome", "firefox", "edg",   "opr",      "safari",
    };
    if (at >= 2 && cursor_at(in, at - 1) == '/' &&
        g_ascii_islower(cursor_at(in, at - 2))) {
        size_t word = at - 1;
        while (word > 0 && at - word < WORD_MAX &&
               g_ascii_isalpha(cursor_at(in, word - 1)))
            word--;
        unsigned char before = word > 0 ? cursor_at(in, word - 1) : ' ';
        if (g_ascii_isupper(cursor_at(in, word)) && before != '/')
            return true;
    }
    char word[WORD_MAX];
    word_before(in, at, word);
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (strcmp(word, WORDS[i]) == 0)
            return true;
    return false;
}

/* Values that never name a host: this-network, netmasks, network bases such
 * as the 124.0.0.0 of browser versions. */
static bool is_sentinel(const AddressHit *hit)
{
    if (!ip_is_v4(&hit->ip))
        return false;
    const uint8_t *octet = hit->ip.bytes + 12;
    if (octet[0] == 0 || octet[0] == 255)
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

/* Look back for "://" within the same run of non-blanks. */
static void mark_url(Cursor in, AddressHit *hit)
{
    size_t at = hit->at;
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

static void mark_surroundings(Cursor in, AddressHit *hit)
{
    mark_url(in, hit);
    unsigned char next = cursor_at(in, hit->end);
    hit->in_mailbox = next == '@';
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
    return c && strchr(".[(]{)}%", c);
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
    return may_be_v4(in, end) && g_ascii_isdigit(cursor_at(in, at)) &&
           is_boundary(in, at) && address_read_v4(in, at, hit) &&
           !is_version(in, at) && !is_sentinel(hit);
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
