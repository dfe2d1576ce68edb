/*
 * Grammar of one address, hand-written because every separator has a dozen
 * broken spellings in the field:
 *
 *   v4    := octet dot octet dot octet dot octet
 *   dot   := "." | "[.]" | "(.)" | "{.}" | "[.": any bracket, open or shut,
 *            around "." or the word "dot" | "%2E" | "\\." | " dot " | the same
 *            with "]" and "[" of bracketed numbers: [192].[0].[2].[1]; a blank
 *            may stand around brackets
 *   v6    := RFC 4291 groups; ":" may be "[:]" or "%3A"; the last group may be
 *            dotted IPv4
 *   after := ":port" "#port" ".port" or ".service" (tcpdump) "/port" (Cisco)
 *            "(port)" beside an arrow (Cisco IOS) "/bits" "]:port" "-octet"
 *
 * Only unicast IPv6 that can be on a wire (2000::/3, fc00::/7, fe80::/10,
 * ::ffff:0:0/96, 64:ff9b::/96) counts: "::" is also C++, and colons are also
 * times and MAC addresses.
 */
#include "incident/address.h"

#include <string.h>

#define OCTET_DIGITS 3
#define BRACKET_MAX  6 /* bytes of the longest broken dot, "[ . ]" */

static bool is_opening(unsigned char c)
{
    return c == '[' || c == '(' || c == '{';
}

static bool is_closing(unsigned char c)
{
    return c == ']' || c == ')' || c == '}';
}

/* Read one separator, whole or broken; returns the place after it or 0. */
static size_t separator_end(Cursor in, size_t at, char mark,
                            const char *percent)
{
    if (mark == '.' && cursor_has(in, at, " dot "))
        return at + 5;
    if (mark == '.' && cursor_has(in, at, "\\."))
        return at + 2;
    bool is_spaced =
        cursor_at(in, at) == ' ' && is_opening(cursor_at(in, at + 1));
    if (is_spaced)
        at++;
    size_t start = at;
    while (at < start + BRACKET_MAX &&
           (is_opening(cursor_at(in, at)) || is_closing(cursor_at(in, at))))
        at++;
    if (at > start)
        at = cursor_skip_blanks(in, at, 1);
    if (cursor_at(in, at) == (unsigned char)mark)
        at++;
    else if (cursor_has(in, at, percent))
        at += 3;
    else if (mark == '.' && at > start &&
             (cursor_has(in, at, "dot") || cursor_has(in, at, "DOT")))
        at += 3;
    else
        return 0;
    size_t inner = cursor_skip_blanks(in, at, 1);
    if (is_closing(cursor_at(in, inner)))
        at = inner + 1;
    if (is_opening(cursor_at(in, at)) && is_closing(cursor_at(in, start)))
        at++;
    if (is_spaced && cursor_at(in, at) == ' ')
        at++;
    /* Characters without width hide in copied text. */
    while (cursor_at(in, at) >= 0xc2 && cursor_blank(in, at) > 0)
        at += cursor_blank(in, at);
    return at;
}

static size_t octet_read(Cursor in, size_t at, uint8_t *octet)
{
    long value;
    size_t digits = cursor_number(in, at, OCTET_DIGITS, &value);
    if (digits == 0 || value > 255 || (digits > 1 && cursor_at(in, at) == '0'))
        return 0;
    *octet = (uint8_t)value;
    return digits;
}

/* Four octets; returns the place after the last, or 0. */
static size_t quad_end(Cursor in, size_t at, uint8_t octets[4])
{
    for (int i = 0; i < 4; i++) {
        size_t digits = octet_read(in, at, &octets[i]);
        if (digits == 0)
            return 0;
        at += digits;
        if (i == 3)
            break;
        at = separator_end(in, at, '.', i % 2 == 0 ? "%2E" : "%2e");
        if (at == 0)
            return 0;
    }
    return at;
}

/* A number up to 65535 at a place; its digits, 0 if there is none. */
static size_t port_read(Cursor in, size_t at, int *port)
{
    long value;
    size_t digits = cursor_number(in, at, 5, &value);
    if (digits == 0 || value < 1 || value > 65535)
        return 0;
    unsigned char next = cursor_at(in, at + digits);
    if (g_ascii_isalpha(next) || next == '_')
        return 0;
    *port = (int)value;
    return digits;
}

/* tcpdump glues the port on with a dot. A fifth number is one only where the
 * run ends there and an arrow or the final colon shows a flow, or where it is
 * too big for a part of a version. */
static size_t dotted_port(Cursor in, size_t start, size_t at, int *port)
{
    int value;
    size_t digits = port_read(in, at + 1, &value);
    size_t end = at + 1 + digits;
    if (digits == 0 ||
        (cursor_at(in, end) == '.' && g_ascii_isalnum(cursor_at(in, end + 1))))
        return 0;
    size_t next = cursor_skip_blanks(in, end, 4);
    bool is_flow = cursor_at(in, next) == '>' || cursor_has(in, next, "->") ||
                   cursor_has(in, next, "\xe2\x86\x92") ||
                   cursor_at(in, end) == ':' ||
                   (start > 1 && cursor_has(in, start - 2, "> "));
    if (!is_flow && value < 256)
        return 0;
    *port = value;
    return end;
}

/* tcpdump writes well-known ports by their names: "192.0.2.1.ssh > ". */
static const struct {
    const char *name;
    int port;
} SERVICES[] = {
    {"ftp", 21},
    {"ssh", 22},
    {"telnet", 23},
    {"smtp", 25},
    {"domain", 53},
    {"http", 80},
    {"pop3", 110},
    {"sunrpc", 111},
    {"ntp", 123},
    {"netbios-ns", 137},
    {"imap2", 143},
    {"snmp", 161},
    {"https", 443},
    {"microsoft-ds", 445},
    {"submission", 587},
    {"imaps", 993},
    {"ms-sql-s", 1433},
    {"mysql", 3306},
    {"ms-wbt-server", 3389},
    {"sip", 5060},
};

/* A service's name where tcpdump ("A.ssh > B.domain:") or Cisco ("A/ssh ")
 * puts one; returns the place after it or 0. */
static size_t service_end(Cursor in, size_t at, int *port)
{
    bool is_cisco = cursor_at(in, at) == '/';
    for (size_t i = 0; i < G_N_ELEMENTS(SERVICES); i++) {
        size_t end = at + 1 + strlen(SERVICES[i].name);
        if (!cursor_has(in, at + 1, SERVICES[i].name) ||
            !(cursor_at(in, end) == ':' || cursor_has(in, end, " >") ||
              (is_cisco && cursor_at(in, end) <= ' ')))
            continue;
        *port = SERVICES[i].port;
        return end;
    }
    return 0;
}

/* Cisco IOS: "192.0.2.1(44120) -> 198.51.100.2(22)". Elsewhere a number in
 * brackets may count something. */
static size_t bracket_port(Cursor in, size_t at, const AddressHit *hit,
                           int *port)
{
    int value;
    size_t digits = port_read(in, at + 1, &value);
    size_t end = at + 1 + digits;
    if (digits == 0 || cursor_at(in, end) != ')')
        return 0;
    end++;
    size_t from = hit->at > 40 ? hit->at - 40 : 0;
    bool is_flow = memmem(in.text + from, hit->at - from, "->", 2) ||
                   memmem(in.text + end, MIN(in.length - end, 60), "->", 2);
    if (!is_flow)
        return 0;
    *port = value;
    return end;
}

/* "192.0.2.1-50": a range within the last octet; the place after it or 0. */
static size_t range_end(Cursor in, size_t at)
{
    long last;
    size_t digits = cursor_number(in, at + 1, OCTET_DIGITS, &last);
    unsigned char next = cursor_at(in, at + 1 + digits);
    bool is_range =
        digits > 0 && last <= 255 && !g_ascii_isalnum(next) &&
        !(next && strchr("-_:/[", next)) &&
        !(next == '.' && g_ascii_isalnum(cursor_at(in, at + 2 + digits)));
    return is_range ? at + 1 + digits : 0;
}

/* Does a byte of the address stand behind its network's bits? */
static bool has_host_bits(Cursor in, const AddressHit *hit, long bits)
{
    AddressHit copy = *hit;
    uint8_t octets[4];
    if (quad_end(in, copy.at, octets) == 0)
        return false;
    uint32_t number = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
                      (uint32_t)octets[2] << 8 | octets[3];
    return bits > 0 && bits < 32 && (number & (UINT32_MAX >> bits)) != 0;
}

/* Is the address an end of a flow: "from A/22 to B/22", "A/22->B/22"? */
static bool is_flow_end(Cursor in, const AddressHit *hit, size_t end)
{
    static const char *const BEFORE[] = {"->", "> ", "to ", "from "};
    for (size_t i = 0; i < G_N_ELEMENTS(BEFORE); i++) {
        size_t length = strlen(BEFORE[i]);
        if (hit->at >= length && cursor_has(in, hit->at - length, BEFORE[i]))
            return true;
    }
    return cursor_has(in, end, "->") || cursor_has(in, end, " ->") ||
           cursor_has(in, end, " to ");
}

/* "/24" is a network, "/443" a port; returns the place after it or at. */
static size_t slash_read(Cursor in, size_t at, long bits_max, AddressHit *hit)
{
    long value;
    size_t digits = cursor_number(in, at + 1, 5, &value);
    unsigned char next = cursor_at(in, at + 1 + digits);
    if (digits == 0 || g_ascii_isalpha(next) ||
        (next == '.' && g_ascii_isdigit(cursor_at(in, at + 2 + digits))))
        return at;
    unsigned char before = hit->at > 0 ? cursor_at(in, hit->at - 1) : 0;
    bool is_cisco = hit->at > 1 && before == ':' &&
                    g_ascii_isalnum(cursor_at(in, hit->at - 2));
    bool is_asterisk = before == '/' && hit->at > 3 &&
                       (cursor_at(in, hit->at - 2) == 'P' ||
                        cursor_at(in, hit->at - 2) == 'S');
    size_t end = at + 1 + digits;
    bool is_host = bits_max == 32 && has_host_bits(in, hit, value);
    bool is_flow = is_host && is_flow_end(in, hit, end);
    if (value > bits_max || is_cisco || is_asterisk || is_flow) {
        if (value < 1 || value > 65535)
            return at;
        hit->port = (int)value;
    } else if (value < bits_max) {
        hit->has_mask = is_host;
        hit->prefix_bits = is_host ? -1 : (int)value;
    }
    return end;
}

/* What may follow an address: closing bracket, port, prefix length. */
static void tail_read(Cursor in, size_t at, long bits_max, AddressHit *hit)
{
    size_t after = at;
    bool closed = cursor_at(in, after) == ']';
    if (closed)
        after++;
    unsigned char c = cursor_at(in, after);
    size_t digits = 0;
    if (c == ':' || c == '#')
        digits = port_read(in, after + 1, &hit->port);
    if (digits > 0)
        after += 1 + digits;
    else if (cursor_has(in, after, "%3A") &&
             (digits = port_read(in, after + 3, &hit->port)) > 0)
        after += 3 + digits;
    else if (c == '/' && !closed)
        after = slash_read(in, after, bits_max, hit);
    else if (c == '.' && !closed && g_ascii_isdigit(cursor_at(in, after + 1))) {
        size_t end = dotted_port(in, hit->at, after, &hit->port);
        after = end > 0 ? end : after;
    }
    hit->end = (uint32_t)after;
}

/* IPv4 only: what else may follow. */
static void tail_read_v4(Cursor in, AddressHit *hit)
{
    size_t after = 0;
    switch (cursor_at(in, hit->end)) {
    case '.':
    case '/':
        after = service_end(in, hit->end, &hit->port);
        break;
    case '(':
        after = bracket_port(in, hit->end, hit, &hit->port);
        break;
    case '-':
        after = range_end(in, hit->end);
        hit->is_range = after > 0;
        break;
    default:
        break;
    }
    if (after > 0)
        hit->end = (uint32_t)after;
}

/* May an address end before this byte? "_" may emphasise it, or stand for the
 * slash of a rewritten link. */
static bool is_end(Cursor in, size_t at, size_t begin)
{
    unsigned char next = cursor_at(in, at);
    if (g_ascii_isalnum(next))
        return false;
    if (next != '_' || !g_ascii_isalnum(cursor_at(in, at + 1)))
        return true;
    return begin >= 5 && cursor_has(in, begin - 5, "-3A__");
}

static void hit_start(AddressHit *hit, size_t at)
{
    *hit = (AddressHit){.at = (uint32_t)at, .port = -1, .prefix_bits = -1};
}

bool address_read_v4(Cursor in, size_t at, AddressHit *hit)
{
    uint8_t octets[4];
    size_t end = quad_end(in, at, octets);
    if (end == 0)
        return false;
    if (!is_end(in, end, at))
        return false;

    hit_start(hit, at);
    memset(hit->ip.bytes, 0, 10);
    hit->ip.bytes[10] = hit->ip.bytes[11] = 0xff;
    memcpy(hit->ip.bytes + 12, octets, 4);
    hit->length = (uint32_t)(end - at);
    tail_read(in, end, 32, hit);
    if (hit->end == end)
        tail_read_v4(in, hit);
    unsigned char next = cursor_at(in, end);
    /* A fifth number that is no port: a version or an object identifier. */
    if (hit->end == end && next == '.' &&
        (g_ascii_isdigit(cursor_at(in, end + 1)) ||
         cursor_at(in, end + 1) == '*'))
        return false;
    return true;
}

/* One run of groups being read. */
typedef struct {
    char text[IP_TEXT_MAX + 8]; /* the plain spelling, for ip_parse */
    size_t used;
    int groups;
    bool has_gap, only_pairs;
    int glued_port;
} Groups;

static bool groups_add(Groups *groups, const char *text, size_t length)
{
    if (groups->used + length + 1 >= sizeof groups->text)
        return false;
    memcpy(groups->text + groups->used, text, length);
    groups->used += length;
    return true;
}

/* A colon, whole or broken; returns the place after it or 0. */
static size_t colon_end(Cursor in, size_t at)
{
    if (cursor_has(in, at, "[:]"))
        return at + 3;
    if (cursor_at(in, at) == ':')
        return at + 1;
    if (cursor_has(in, at, "%3A") || cursor_has(in, at, "%3a"))
        return at + 3;
    return 0;
}

static size_t hex_digits(Cursor in, size_t at)
{
    size_t digits = 0;
    while (digits < 6 && g_ascii_isxdigit(cursor_at(in, at + digits)))
        digits++;
    return digits;
}

/* The last group may be a port without brackets around the address. */
static bool groups_end_in_port(Cursor in, size_t at, size_t digits,
                               Groups *groups)
{
    if (groups->groups < 8 && digits != 5)
        return false;
    int port;
    size_t read = port_read(in, at, &port);
    if (read == 0 || read != digits)
        return false;
    groups->glued_port = port;
    return true;
}

/* Read "group colon group ..."; returns the place after the last one. */
static size_t groups_read(Cursor in, size_t at, Groups *groups)
{
    size_t end = at; /* after the last complete group or gap */
    size_t colon = colon_end(in, at);
    if (colon > 0) {
        if (colon_end(in, colon) == 0)
            return 0;
        groups->has_gap = true;
        groups_add(groups, "::", 2);
        end = at = colon_end(in, colon);
    }
    while (groups->groups <= 8) {
        size_t digits = hex_digits(in, at);
        uint8_t octets[4];
        size_t quad = groups->groups > 0 || groups->has_gap
                          ? quad_end(in, at, octets)
                          : 0;
        if (quad > 0 && groups_add(groups, in.text + at, quad - at)) {
            groups->groups += 2;
            return quad;
        }
        if (digits == 0)
            return end;
        if (groups_end_in_port(in, at, digits, groups)) {
            /* Take back the colon written before the port. */
            groups->used--;
            return at + digits;
        }
        if (digits > 4 || groups->groups == 8 ||
            !groups_add(groups, in.text + at, digits))
            return 0;
        groups->only_pairs = groups->only_pairs && digits == 2;
        groups->groups++;
        end = at + digits;
        colon = colon_end(in, end);
        if (colon == 0)
            return end;
        size_t second = colon_end(in, colon);
        if (second > 0) {
            if (groups->has_gap)
                return 0;
            groups->has_gap = true;
            groups_add(groups, "::", 2);
            end = at = second;
        } else if (hex_digits(in, colon) == 0) {
            return end;
        } else {
            groups_add(groups, ":", 1);
            at = colon;
        }
    }
    return 0;
}

/* Is it space a host can have? */
static bool is_unicast_v6(const IpAddress *ip)
{
    const uint8_t *b = ip->bytes;
    static const uint8_t NAT64[4] = {0x00, 0x64, 0xff, 0x9b};
    return ip_is_v4(ip) || (b[0] & 0xe0) == 0x20 || (b[0] & 0xfe) == 0xfc ||
           (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) ||
           memcmp(b, NAT64, sizeof NAT64) == 0;
}

bool address_read_v6(Cursor in, size_t at, AddressHit *hit)
{
    Groups groups = {.only_pairs = true, .glued_port = -1};
    size_t end = groups_read(in, at, &groups);
    if (end == 0 || (groups.groups < 8 && !groups.has_gap))
        return false;
    /* Eight pairs are a hardware address (EUI-64), not a host. */
    if (groups.groups == 8 && !groups.has_gap && groups.only_pairs)
        return false;
    if (!is_end(in, end, at))
        return false;

    hit_start(hit, at);
    if (!ip_parse(groups.text, groups.used, &hit->ip) ||
        !is_unicast_v6(&hit->ip))
        return false;
    hit->length = (uint32_t)(end - at);
    hit->port = groups.glued_port;
    tail_read(in, end, 128, hit);
    if (hit->port < 0)
        hit->port = groups.glued_port;
    return true;
}
