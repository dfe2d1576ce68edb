#include "incident/cursor.h"

#include <string.h>

bool cursor_has(Cursor in, size_t at, const char *word)
{
    size_t length = strlen(word);
    return at <= in.length && in.length - at >= length &&
           memcmp(in.text + at, word, length) == 0;
}

size_t cursor_blank(Cursor in, size_t at)
{
    static const char *const WIDE[] = {
        "\xc2\xa0",                                     /* no-break space */
        "\xc2\xad",                                     /* soft hyphen */
        "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", /* no width */
        "\xe2\x80\xaf",                                 /* narrow no-break */
        "\xef\xbb\xbf",                                 /* byte order mark */
    };
    unsigned char c = cursor_at(in, at);
    if (c == ' ' || c == '\t')
        return 1;
    if (c < 0xc2)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(WIDE); i++)
        if (cursor_has(in, at, WIDE[i]))
            return strlen(WIDE[i]);
    return 0;
}

size_t cursor_skip_blanks(Cursor in, size_t at, size_t max)
{
    size_t end = at + max;
    size_t step;
    while (at < end && (step = cursor_blank(in, at)) > 0)
        at += step;
    return at;
}

size_t cursor_number(Cursor in, size_t at, size_t digits_max, long *value)
{
    size_t digits = 0;
    long sum = 0;
    while (g_ascii_isdigit(cursor_at(in, at + digits))) {
        if (digits == digits_max)
            return 0;
        sum = sum * 10 + (cursor_at(in, at + digits) - '0');
        digits++;
    }
    if (digits > 0)
        *value = sum;
    return digits;
}

bool cursor_is_word(Cursor in, size_t at)
{
    unsigned char c = cursor_at(in, at);
    return g_ascii_isalnum(c) || (c >= 0x80 && cursor_blank(in, at) == 0);
}

/* Lower the two bytes of one Greek capital in place. */
static void fold_greek(unsigned char *pair)
{
    static const unsigned char ACCENTED[][3] = {
        {0x86, 0xce, 0xac}, {0x88, 0xce, 0xad}, {0x89, 0xce, 0xae},
        {0x8a, 0xce, 0xaf}, {0x8c, 0xcf, 0x8c}, {0x8e, 0xcf, 0x8d},
        {0x8f, 0xcf, 0x8e},
    };
    unsigned char tail = pair[1];
    for (size_t i = 0; i < G_N_ELEMENTS(ACCENTED); i++)
        if (tail == ACCENTED[i][0]) {
            pair[0] = ACCENTED[i][1];
            pair[1] = ACCENTED[i][2];
            return;
        }
    if (tail >= 0x91 && tail <= 0x9f)
        pair[1] = tail + 0x20;
    else if (tail >= 0xa0 && tail <= 0xa9)
        pair[0] = 0xcf, pair[1] = tail - 0x20;
}

/* Lower the two bytes of one Latin, Greek or Cyrillic capital in place. */
static void fold_pair(unsigned char *pair)
{
    unsigned char lead = pair[0], tail = pair[1];
    if (lead == 0xce)
        fold_greek(pair);
    if (lead == 0xc3 && tail >= 0x80 && tail <= 0x9e && tail != 0x97)
        pair[1] = tail + 0x20;
    else if (lead == 0xd0 && tail >= 0x90 && tail <= 0x9f)
        pair[1] = tail + 0x20;
    else if (lead == 0xd0 && tail >= 0xa0 && tail <= 0xaf)
        pair[0] = 0xd1, pair[1] = tail - 0x20;
    else if (lead == 0xd0 && tail >= 0x80 && tail <= 0x8f)
        pair[0] = 0xd1, pair[1] = tail + 0x10;
    else if (lead == 0xc4 && tail <= 0xb7 && tail % 2 == 0)
        pair[1] = tail + 1;
    else if (lead == 0xc4 && tail >= 0xb9 && tail != 0xbf && tail % 2 == 1)
        pair[1] = tail + 1;
    else if (lead == 0xc5 && tail >= 0x81 && tail <= 0x87 && tail % 2 == 1)
        pair[1] = tail + 1;
    else if (lead == 0xc5 && tail >= 0x8a && tail <= 0xb7 && tail % 2 == 0)
        pair[1] = tail + 1;
    else if (lead == 0xc5 && tail >= 0xb9 && tail <= 0xbd && tail % 2 == 1)
        pair[1] = tail + 1;
}

size_t cursor_ideograph(Cursor in, size_t at)
{
    unsigned char lead = cursor_at(in, at);
    bool is_wide = lead >= 0xe3 && lead <= 0xed && in.length - at >= 3;
    return is_wide && (cursor_at(in, at + 1) & 0xc0) == 0x80 ? 3 : 0;
}

char *fold_new(const char *text, size_t length)
{
    char *folded = g_malloc(length + 1);
    for (size_t i = 0; i < length; i++)
        folded[i] = g_ascii_tolower(text[i]);
    folded[length] = 0;
    for (size_t i = 0; i + 1 < length; i++)
        if ((unsigned char)folded[i] >= 0xc3 &&
            (unsigned char)folded[i] <= 0xd0)
            fold_pair((unsigned char *)folded + i);
    return folded;
}
