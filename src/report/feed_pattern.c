/* Matching a line with a feed's pattern: see feed_pattern.h. */
#include "report/feed_pattern.h"

#include "report/csv_table.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static size_t skip_blanks(Line line, size_t i)
{
    while (i < line.length && is_blank(line.at[i]))
        i++;
    return i;
}

/* Does the literal (up to '%' or the end) fit at i? Where it ends, else
 * SIZE_MAX. Behind a % its first blank must be there. */
static size_t match_literal(const char *literal, Line line, size_t i,
                            bool behind_slot)
{
    for (; *literal && *literal != '%'; literal++) {
        if (*literal == ' ') {
            if (behind_slot && !(i < line.length && is_blank(line.at[i])))
                return SIZE_MAX;
            i = skip_blanks(line, i);
        } else if (i < line.length &&
                   g_ascii_tolower(line.at[i]) == g_ascii_tolower(*literal)) {
            i++;
        } else {
            return SIZE_MAX;
        }
        behind_slot = false;
    }
    return i;
}

static FeedSlot slot_of(char code)
{
    switch (code) {
    case 'a':
    case 'h':
        return SLOT_ADDRESS;
    case 'p':
        return SLOT_PORT;
    case 'v':
        return SLOT_TARGET;
    case 'P':
        return SLOT_TARGET_PORT;
    case 't':
        return SLOT_TIME;
    case 'T':
        return SLOT_TIME_LAST;
    case 'z':
        return SLOT_ZONE;
    case 'x':
        return SLOT_PROTOCOL;
    case 'k':
        return SLOT_KIND;
    case 'r':
        return SLOT_REFERENCE;
    default:
        return SLOT_COUNT;
    }
}

static bool is_one_word(char code)
{
    return strchr("ahpvPrx", code) != NULL;
}

static Line trim(Line value)
{
    static const char FRONT[] = " \t\r*'\"<", BACK[] = " \t\r*'\">,;.";
    while (value.length > 0 && strchr(FRONT, *value.at))
        value.at++, value.length--;
    while (value.length > 0 && strchr(BACK, value.at[value.length - 1]))
        value.length--;
    return value;
}

/* "http://192.0.2.7/x": does the host look like an address? */
static bool is_url_of_address(Line value)
{
    const char *host = memmem(value.at, value.length, "://", 3);
    if (!host)
        return false;
    host += 3;
    size_t left = value.length - (size_t)(host - value.at);
    const char *colon = memchr(host, ':', left);
    size_t digits = 0, dots = 0;
    for (size_t i = 0; i < left && strchr("0123456789.[]", host[i]); i++) {
        digits += g_ascii_isdigit(host[i]);
        dots += host[i] == '.';
    }
    bool is_v4 = dots >= 3 && digits >= 4;
    bool is_v6 = left > 2 &&
                 (*host == '[' ||
                  (g_ascii_isxdigit(*host) && colon &&
                   memchr(colon + 1, ':', left - (size_t)(colon + 1 - host))));
    return is_v4 || is_v6;
}

/* Is the value of the kind that the % asks for? */
static bool fits(char code, Line value)
{
    IpAddress ip;
    bool has_digit = false;
    for (size_t i = 0; i < value.length && !has_digit; i++)
        has_digit = g_ascii_isdigit(value.at[i]);
    switch (code) {
    case '*':
        return true;
    case 'a':
        return csv_is_address(value.at, value.length, &ip);
    case 'h':
        return is_url_of_address(value);
    case 'p':
    case 'P':
        return has_digit && value.length <= 5;
    case 't':
    case 'T':
        return has_digit;
    default:
        return value.length > 0;
    }
}

/* Where the words of a % that begins at i end, SIZE_MAX if nowhere. One word
 * may have blanks before what must follow. */
static size_t find_end(const char *rest, char code, Line line, size_t i)
{
    bool is_last = *rest == '\0' || *rest == '%';
    for (size_t end = i; end <= line.length; end++) {
        bool at_end = end == line.length;
        bool blank = !at_end && is_blank(line.at[end]);
        if (is_last ? at_end || (blank && is_one_word(code))
                    : match_literal(rest, line, end, true) != SIZE_MAX)
            return end;
        if (blank && is_one_word(code))
            return match_literal(rest, line, skip_blanks(line, end), false) ==
                           SIZE_MAX
                       ? SIZE_MAX
                       : end;
    }
    return SIZE_MAX;
}

bool feed_pattern_match(const char *pattern, Line line, FeedMatch *out)
{
    size_t i = 0;
    *out = (FeedMatch){0};
    if (line.length > FEED_LINE_BYTES_MAX)
        return false;
    bool behind_slot = false;
    while (*pattern) {
        if (*pattern != '%') {
            i = match_literal(pattern, line, i, behind_slot);
            if (i == SIZE_MAX)
                return false;
            pattern += strcspn(pattern, "%");
            behind_slot = false;
            continue;
        }
        char code = pattern[1];
        pattern += 2;
        while (is_one_word(code) && i < line.length && line.at[i] == ' ')
            i++;
        size_t end = find_end(pattern, code, line, i);
        if (end == SIZE_MAX)
            return false;
        Line value = trim((Line){line.at + i, end - i});
        if (!fits(code, value))
            return false;
        if (slot_of(code) < SLOT_COUNT)
            out->slots[slot_of(code)] = value;
        behind_slot = *pattern == ' ' || *pattern == '\t';
        i = is_one_word(code) && !behind_slot ? skip_blanks(line, end) : end;
    }
    return skip_blanks(line, i) == line.length;
}
