/*
 * A reporter's number has no grammar: "4711", "W-20991", "2023/1187" and
 * "CERT-XX#88120" are all numbers of a matter. What can be told is what is
 * *not* one, since the numbers of everything else do have a grammar. Each of
 * them is one predicate below; what none of them knows may be a reference.
 *
 * Rejected: a list of the shapes of known ticket systems. Half of the
 * reporters number their mails by a scheme of their own.
 */
#include "report/reference_number.h"

#include "base/ipaddress.h"

#include <glib.h>
#include <string.h>

#define VALUE_BYTES_MAX 64
#define DIGITS_SURE     5 /* digits, or digits and letters in groups */

static bool is_mark(char c)
{
    return c && strchr(":#._/@+-", c) != NULL;
}

/* Bytes of the letter or digit at text, 0 if it is neither. */
static size_t letter_bytes(const char *text, size_t length)
{
    if (length == 0)
        return 0;
    if ((unsigned char)*text < 0x80)
        return g_ascii_isalnum(*text);
    gunichar c = g_utf8_get_char_validated(text, (gssize)MIN(length, 4));
    if (c == (gunichar)-1 || c == (gunichar)-2 || !g_unichar_isalpha(c))
        return 0;
    return (size_t)g_unichar_to_utf8(c, NULL);
}

size_t reference_length(const char *text, size_t length)
{
    size_t n = 0, last = 0;
    while (n < length) {
        size_t letter = letter_bytes(text + n, length - n);
        if (letter == 0 && !is_mark(text[n]))
            break;
        n += MAX(letter, 1);
        if (letter > 0)
            last = n;
    }
    return last;
}

static size_t digits_at(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && g_ascii_isdigit(text[n]))
        n++;
    return n;
}

static size_t letters_at(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && g_ascii_isalpha(text[n]))
        n++;
    return n;
}

static bool ends_with(const char *text, size_t length, const char *tail)
{
    size_t n = strlen(tail);
    return length > n && memcmp(text + length - n, tail, n) == 0;
}

/* "2026-05-03", "14:02:11Z", "03.05.2026": digits in groups of at most four
 * with marks between them; "12h30"; "20260501T100000". */
static bool is_time(const char *text, size_t length)
{
    size_t first = digits_at(text, length);
    if (first >= 1 && first <= 2 && first < length && text[first] == 'h' &&
        length - first - 1 <= 2 &&
        digits_at(text + first + 1, length - first - 1) == length - first - 1)
        return true;
    if (first == 8 && length >= 13 && text[8] == 'T' &&
        digits_at(text + 9, length - 9) >= 4)
        return true;
    size_t groups = 0, digits = 0, longest = 0;
    if (ends_with(text, length, "Z"))
        length--;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && g_ascii_isdigit(text[i])) {
            digits++;
            continue;
        }
        if (i < length && !strchr("-:./_+T", text[i]))
            return false;
        groups += digits > 0;
        longest = MAX(longest, digits);
        digits = 0;
    }
    return groups >= 3 && longest <= 4;
}

/* "20260501": a day written without marks. */
static bool is_plain_day(const char *text, size_t length)
{
    if (length != 8 || digits_at(text, length) != 8 ||
        (memcmp(text, "19", 2) != 0 && memcmp(text, "20", 2) != 0))
        return false;
    int month = (text[4] - '0') * 10 + (text[5] - '0');
    int day = (text[6] - '0') * 10 + (text[7] - '0');
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* "192.0.2.7", "192.0.2.0/24", "192.0.2.7:443", "00:16:3e:12:34:56" */
static bool is_address(const char *text, size_t length)
{
    IpAddress ip;
    if (ip_parse(text, length, &ip))
        return true;
    const char *slash = memchr(text, '/', length);
    if (slash && ip_parse(text, (size_t)(slash - text), &ip))
        return true;
    const char *colon = memchr(text, ':', length);
    if (colon && ip_parse(text, (size_t)(colon - text), &ip))
        return true;
    if (length != 17)
        return false;
    for (size_t i = 0; i < length; i++)
        if (i % 3 == 2 ? !strchr(":-", text[i]) : !g_ascii_isxdigit(text[i]))
            return false;
    return true;
}

/* "22/tcp", "tcp/22" */
static bool is_port(const char *text, size_t length)
{
    static const char *const NAMES[] = {"/tcp", "/udp", "/TCP", "/UDP"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (ends_with(text, length, NAMES[i]) ||
            (length > 4 && memcmp(text, NAMES[i] + 1, 3) == 0 &&
             text[3] == '/'))
            return true;
    return false;
}

/* "9.8", "v2.14", "nginx/1.18.0", "OpenSSH_8.9p1": groups of at most three
 * digits with points between them, a name in front or not. */
static bool is_version(const char *text, size_t length)
{
    size_t name = letters_at(text, length);
    if (name > 1 && name < length && strchr("/_-", text[name]))
        name++;
    else if (name > 1)
        return false;
    size_t groups = 0, at = name;
    while (at < length) {
        size_t digits = digits_at(text + at, length - at);
        if (digits == 0 || digits > 3)
            return false;
        groups++;
        at += digits;
        if (at >= length || text[at] != '.')
            break;
        at++;
    }
    return groups >= 2 && length - at <= 4 &&
           !memchr(text + at, '-', length - at);
}

/* "web01.example.com", "backup-1.tar": small letters behind the last point. */
static bool is_host_or_file(const char *text, size_t length)
{
    size_t letters = 0;
    while (letters < length && g_ascii_islower(text[length - letters - 1]))
        letters++;
    return letters >= 2 && letters < length &&
           text[length - letters - 1] == '.';
}

/* Letters that begin the numbers of flaws, standards, sums, networks, and
 * techniques of attackers; nothing but a mark and figures follows them, unless
 * they say enough alone. */
static const struct {
    const char *letters;
    bool is_enough;
} STANDARDS[] = {
    {"CVE-", true}, {"CWE-", true}, {"GHSA-", true}, {"CAPEC-", true},
    {"RFC", false}, {"ISO", false}, {"AS", false},   {"KB", false},
    {"MS", false},  {"MD", false},  {"SHA", false},  {"TLS", false},
    {"UTF", false}, {"IPV", false}, {"T", false},    {"EN", false},
    {"TA", false},  {"SSL", false}, {"ET", false},   {"SID", false},
};

/* "AS64496", "MS17-010", "T1110.001", "ISO-27001" */
static bool is_standard(const char *text, size_t length)
{
    size_t letters = letters_at(text, length);
    for (size_t i = 0; i < G_N_ELEMENTS(STANDARDS); i++) {
        size_t n = strlen(STANDARDS[i].letters);
        if (length <= n || g_ascii_strncasecmp(text, STANDARDS[i].letters, n))
            continue;
        if (STANDARDS[i].is_enough)
            return true;
        if (letters != n)
            continue;
        size_t at = n + (text[n] == '-');
        size_t figures = 0;
        while (at + figures < length &&
               (g_ascii_isdigit(text[at + figures]) ||
                (figures > 0 && strchr(".-", text[at + figures]))))
            figures++;
        if (figures > 0 && at + figures == length && figures <= 9)
            return true;
    }
    return false;
}

/* An account: two capitals, two digits, then mostly digits. */
static bool is_account(const char *text, size_t length)
{
    size_t digits = 0;
    for (size_t i = 2; i < length; i++)
        digits += g_ascii_isdigit(text[i]);
    return length >= 15 && length <= 34 && g_ascii_isupper(text[0]) &&
           g_ascii_isupper(text[1]) && g_ascii_isdigit(text[2]) &&
           g_ascii_isdigit(text[3]) && digits + 6 >= length &&
           !memchr(text, '-', length) && !memchr(text, '/', length);
}

/* "1:2019401:3": generator, signature and revision of a Snort rule. */
static bool is_rule(const char *text, size_t length)
{
    size_t groups = 0;
    for (size_t at = 0; at < length; at++) {
        size_t digits = digits_at(text + at, length - at);
        if (digits == 0)
            return false;
        groups++;
        at += digits;
        if (at < length && text[at] != ':')
            return false;
    }
    return groups == 3;
}

/* What is numbered or named by others. */
static bool is_others(const char *text, size_t length)
{
    static const char *const HANDLES[] = {"-RIPE", "-ARIN",   "-APNIC",  "-MNT",
                                          "-NIC",  "-LACNIC", "-AFRINIC"};
    for (size_t i = 0; i < G_N_ELEMENTS(HANDLES); i++)
        if (ends_with(text, length, HANDLES[i]))
            return true;
    const char *at = memchr(text, '@', length);
    return *text == '+' ||
           (at && memchr(at, '.', length - (size_t)(at - text))) ||
           g_strstr_len(text, (gssize)length, "://") != NULL ||
           is_standard(text, length) || is_account(text, length) ||
           is_rule(text, length);
}

bool reference_is_good(const char *text, size_t length)
{
    size_t digits = 0;
    if (length < 2 || length > VALUE_BYTES_MAX || strchr("-_", *text) ||
        is_address(text, length) || is_time(text, length) ||
        is_port(text, length) || is_version(text, length) ||
        is_host_or_file(text, length) || is_others(text, length))
        return false;
    for (size_t i = 0; i < length; i++)
        digits += g_ascii_isdigit(text[i]);
    return digits >= 2 || (digits == 1 && !g_ascii_isalpha(text[length - 1]));
}

bool reference_is_sure(const char *text, size_t length)
{
    size_t digits = 0, others = 0;
    for (size_t i = 0; i < length; i++) {
        digits += g_ascii_isdigit(text[i]);
        others += !g_ascii_isdigit(text[i]) && text[i] != '.';
    }
    return digits + MIN(others, 2) >= DIGITS_SURE && digits >= 3 &&
           !is_plain_day(text, length);
}

bool reference_is_formal(const char *text, size_t length)
{
    bool has_capital = false, has_letter = false, has_mark = false;
    for (size_t i = 0; i < length; i++) {
        has_capital = has_capital || g_ascii_isupper(text[i]);
        has_letter = has_letter || g_ascii_isalpha(text[i]) || text[i] & 0x80;
        has_mark = has_mark || is_mark(text[i]);
    }
    return reference_is_sure(text, length) &&
           (has_letter ? has_capital : has_mark);
}
