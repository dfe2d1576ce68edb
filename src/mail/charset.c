/*
 * Text is converted line by line with the converter's state carried over: in
 * every charset we read but UTF-16 the byte 0x0A is a newline and nothing
 * else, so each output line can be anchored to its input line.
 *
 * What a mail claims is often not so. In order: a byte order mark wins; a
 * claim of us-ascii, of nothing, or of Latin 1 over bytes that are valid
 * UTF-8 is read as UTF-8, and so is one of any other charset if all bytes fit
 * that; a claim of UTF-8 over bytes that are mostly not is
 * read as windows-1252 (which cannot fail); single bad bytes become U+FFFD.
 * Every deviation is a flaw of the part, never silent.
 */
#include "mail/charset.h"

#include "mail/anchors.h"
#include "mail/charset_table.h"
#include "mail/mail.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT  "\xEF\xBF\xBD"
#define CHARSETS_MAX 256
#define LABEL_MAX    40
#define WIDE_ENOUGH  4
#define PIECE_BYTES  512 /* given to iconv at a time */

/* Parallel to charset_rows; (iconv_t)-1 where there is none. Not for two
 * conversions at a time, hence the lock. */
static iconv_t converters[CHARSETS_MAX];
static GMutex converters_lock;
static bool is_prepared;

void charset_prepare(void)
{
    g_mutex_lock(&converters_lock);
    for (size_t i = 0; !is_prepared && charset_rows[i].label; i++) {
        g_assert(i < CHARSETS_MAX);
        converters[i] = (iconv_t)-1;
        if (charset_rows[i].kind != CHARSET_ICONV)
            continue;
        size_t same = 0;
        while (g_strcmp0(charset_rows[same].iconv, charset_rows[i].iconv))
            same++;
        converters[i] = same < i ? converters[same]
                                 : iconv_open("UTF-8", charset_rows[i].iconv);
    }
    is_prepared = true;
    g_mutex_unlock(&converters_lock);
}

static const CharsetRow *find_row(const char *name)
{
    char label[LABEL_MAX];
    size_t length = 0;
    name += strspn(name, " \t\"'=");
    for (; name[length] && length < sizeof label - 1; length++) {
        if (strchr(" \t\"';,()", name[length]))
            break;
        label[length] = g_ascii_tolower(name[length]);
    }
    label[length] = '\0';
    for (const CharsetRow *row = charset_rows; row->label; row++)
        if (strcmp(row->label, label) == 0)
            return row;
    return NULL;
}

bool charset_is_known(const char *name)
{
    const CharsetRow *row = find_row(name);
    return row && row->kind != CHARSET_REFUSED;
}

/* Multi-byte sequences and wrong bytes of a text taken as UTF-8. */
typedef struct {
    size_t good, bad;
} Utf8Count;

static Utf8Count count_utf8(const char *bytes, size_t length)
{
    Utf8Count count = {0};
    const char *end = bytes + length;
    while (bytes < end) {
        const char *stop;
        g_utf8_validate_len(bytes, (gsize)(end - bytes), &stop);
        for (; bytes < stop; bytes++)
            count.good += ((uint8_t)*bytes & 0xC0) == 0xC0;
        if (bytes < end)
            count.bad += *bytes++ != '\0';
    }
    return count;
}

static bool append_utf8(const char *bytes, size_t length, GString *out)
{
    const char *end = bytes + length;
    bool is_clean = true;
    while (bytes < end) {
        const char *stop;
        g_utf8_validate_len(bytes, (gsize)(end - bytes), &stop);
        g_string_append_len(out, bytes, stop - bytes);
        bytes = stop;
        if (bytes < end && *bytes++ != '\0') {
            g_string_append(out, REPLACEMENT);
            is_clean = false;
        }
    }
    return is_clean;
}

static const uint16_t windows_1252_high[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

static void append_windows_1252(const char *bytes, size_t length, GString *out)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t c = (uint8_t)bytes[i];
        if (c >= 0xA0)
            g_string_append_unichar(out, c);
        else if (c >= 0x80)
            g_string_append_unichar(out, windows_1252_high[c - 0x80]);
        else if (c)
            g_string_append_c(out, (char)c);
    }
}

/* A converter's output may hold NUL where the input did. */
static void append_without_nul(const char *text, size_t length, GString *out)
{
    if (!memchr(text, '\0', length)) {
        g_string_append_len(out, text, (gssize)length);
        return;
    }
    for (size_t i = 0; i < length; i++)
        if (text[i])
            g_string_append_c(out, text[i]);
}

/* In pieces, because sanitizers look at the whole input on every call. */
static bool append_iconv(iconv_t converter, const char *bytes, size_t length,
                         GString *out)
{
    char *in = (char *)bytes;
    const char *end = bytes + length;
    bool is_clean = true;
    while (in < end) {
        char buffer[PIECE_BYTES * 4], *to = buffer;
        size_t to_left = sizeof buffer;
        size_t piece = MIN((size_t)(end - in), PIECE_BYTES);
        size_t in_left = piece;
        bool is_bad =
            iconv(converter, &in, &in_left, &to, &to_left) == (size_t)-1 &&
            errno != E2BIG;
        append_without_nul(buffer, (size_t)(to - buffer), out);
        /* A character that the end of the piece cut in two is whole in the
         * next. */
        bool is_cut =
            is_bad && errno == EINVAL && in_left < piece && in + in_left < end;
        if (is_bad && !is_cut) {
            g_string_append(out, REPLACEMENT);
            is_clean = false;
            in++;
        }
    }
    return is_clean;
}

static bool append_piece(const CharsetRow *row, const char *bytes,
                         size_t length, GString *out)
{
    switch (row->kind) {
    case CHARSET_ICONV:
        return append_iconv(converters[row - charset_rows], bytes, length, out);
    case CHARSET_WINDOWS_1252:
        append_windows_1252(bytes, length, out);
        return true;
    case CHARSET_UTF8:
    case CHARSET_ASCII:
    case CHARSET_UTF16:
    case CHARSET_UTF16_LE:
    case CHARSET_UTF16_BE:
    case CHARSET_REFUSED:
        break;
    }
    return append_utf8(bytes, length, out);
}

/* Append as many newlines as the run of CR and LF at `at` means: CR...CR LF
 * is one (gateways double the CR), CRs alone are one each. They go through the
 * converter, which may hold the last character of the line back. Returns the
 * end of the run. */
static const char *append_newlines(const CharsetRow *row, const char *at,
                                   const char *end, GString *out)
{
    const char *run = at;
    while (run < end && *run == '\r')
        run++;
    bool has_lf = run < end && *run == '\n';
    size_t count = has_lf ? 1 : (size_t)(run - at);
    for (; count > 0; count--)
        append_piece(row, "\n", 1, out);
    return has_lf ? run + 1 : run;
}

/* What the converter holds back at the end of the text. */
static void append_rest(const CharsetRow *row, GString *out)
{
    char buffer[64], *to = buffer;
    size_t left = sizeof buffer;
    if (row->kind != CHARSET_ICONV)
        return;
    iconv(converters[row - charset_rows], NULL, NULL, &to, &left);
    g_string_append_len(out, buffer, to - buffer);
}

/* The CR or LF that ends the line at `at`, or end. *newline is the next LF,
 * looked for again only behind it: text with CR alone stays linear. */
static const char *line_break(const char *at, const char *end,
                              const char **newline)
{
    if (!*newline || *newline < at) {
        *newline = memchr(at, '\n', (size_t)(end - at));
        *newline = *newline ? *newline : end;
    }
    const char *cr = memchr(at, '\r', (size_t)(*newline - at));
    return cr ? cr : *newline;
}

/* Line by line; false if some bytes were not of the charset. */
static bool convert_lines(const CharsetRow *row, const char *bytes,
                          size_t length, size_t max_bytes, CharsetText *out)
{
    const char *at = bytes, *end = bytes + length;
    const char *newline = NULL;
    bool is_clean = true;
    while (at < end && out->text->len < max_bytes) {
        anchors_add(out->anchors, out->text->len, (size_t)(at - bytes));
        const char *stop = line_break(at, end, &newline);
        is_clean &= append_piece(row, at, (size_t)(stop - at), out->text);
        at = stop < end ? append_newlines(row, stop, end, out->text) : end;
    }
    append_rest(row, out->text);
    return is_clean;
}

static uint32_t utf16_unit(const char *at, bool is_big)
{
    uint8_t a = (uint8_t)at[0], b = (uint8_t)at[1];
    return is_big ? (uint32_t)(a << 8 | b) : (uint32_t)(b << 8 | a);
}

static bool convert_utf16(bool is_big, const char *bytes, size_t length,
                          size_t max_bytes, CharsetText *out)
{
    bool is_clean = length % 2 == 0, is_line_start = true;
    for (size_t i = 0; i + 1 < length && out->text->len < max_bytes; i += 2) {
        uint32_t c = utf16_unit(bytes + i, is_big);
        uint32_t next = i + 3 < length ? utf16_unit(bytes + i + 2, is_big) : 0;
        if (is_line_start)
            anchors_add(out->anchors, out->text->len, i);
        if (c == 0 || c == 0xFEFF || (c == '\r' && next == '\n'))
            continue;
        if (c == '\r')
            c = '\n';
        if ((c & 0xFC00) == 0xD800 && (next & 0xFC00) == 0xDC00) {
            c = 0x10000 + ((c & 0x3FF) << 10) + (next & 0x3FF);
            i += 2;
        } else if ((c & 0xF800) == 0xD800) {
            c = 0xFFFD;
            is_clean = false;
        }
        g_string_append_unichar(out->text, c);
        is_line_start = c == '\n';
    }
    return is_clean;
}

static const CharsetRow utf8_row = {.label = "utf-8", .kind = CHARSET_UTF8};
static const CharsetRow windows_1252_row = {.label = "windows-1252",
                                            .kind = CHARSET_WINDOWS_1252};
static const CharsetRow utf16_le_row = {.label = "utf-16le",
                                        .kind = CHARSET_UTF16_LE};
static const CharsetRow utf16_be_row = {.label = "utf-16be",
                                        .kind = CHARSET_UTF16_BE};

/* Of text that says nothing usable about its charset. */
static const CharsetRow *row_by_bytes(const Utf8Count *count)
{
    return count->bad == 0 || count->good > 4 * count->bad ? &utf8_row
                                                           : &windows_1252_row;
}

/* UTF-16 without a mark: ASCII text in it has a NUL in every other byte. */
static const CharsetRow *row_of_utf16(const CharsetRow *claimed,
                                      const char *bytes, size_t length,
                                      const char **flaw)
{
    if (!memchr(bytes, '\0', MIN(length, 256)) && length >= 8 &&
        g_utf8_validate_len(bytes, length, NULL)) {
        *flaw = "charset wrong";
        return &utf8_row;
    }
    if (claimed->kind != CHARSET_UTF16)
        return claimed;
    return length >= 2 && bytes[0] && !bytes[1] ? &utf16_le_row : &utf16_be_row;
}

/* Text in a charset of one byte a letter is hardly ever valid UTF-8; of two
 * bytes, a word or two may be ("\xC1\xAA\xCD\xA8" is one in GBK). */
static bool is_surely_utf8(const CharsetRow *claimed, const Utf8Count *count)
{
    static const char *const WIDE[] = {"BIG5",  "GB",       "EUC-", "CP932",
                                       "CP949", "ISO-2022", "JOHAB"};
    size_t enough = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(WIDE); i++)
        if (g_str_has_prefix(claimed->iconv, WIDE[i]))
            enough = WIDE_ENOUGH;
    return count->bad == 0 && count->good >= enough;
}

static const CharsetRow *row_of_claim(const char *name, const char *bytes,
                                      size_t length, const char **flaw)
{
    const CharsetRow *claimed = name && *name ? find_row(name) : NULL;
    if (claimed && claimed->kind >= CHARSET_UTF16 &&
        claimed->kind <= CHARSET_UTF16_BE)
        return row_of_utf16(claimed, bytes, length, flaw);
    Utf8Count count = count_utf8(bytes, length);
    if (claimed && claimed->kind == CHARSET_ICONV &&
        converters[claimed - charset_rows] != (iconv_t)-1) {
        if (!is_surely_utf8(claimed, &count))
            return claimed;
        *flaw = "charset wrong";
        return &utf8_row;
    }
    bool is_7bit = count.good == 0 && count.bad == 0;
    bool is_latin = claimed && claimed->kind == CHARSET_WINDOWS_1252;
    const CharsetRow *row = row_by_bytes(&count);
    if (is_latin && (count.good == 0 || count.bad > 0))
        row = claimed;
    if (!name || !*name)
        *flaw = is_7bit ? NULL : "charset not stated";
    else if (!claimed)
        *flaw = "charset unknown";
    else if (claimed->kind == CHARSET_REFUSED)
        *flaw = "charset refused";
    else if (claimed->kind != row->kind && !is_7bit)
        *flaw = "charset wrong";
    else if (row->kind == CHARSET_UTF8 && count.bad > 0)
        *flaw = "bytes that are not of the charset";
    return row;
}

/* A byte order mark says more than any label. */
static const CharsetRow *row_of_mark(const char *bytes, size_t length,
                                     size_t *skip)
{
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        *skip = 3;
        return &utf8_row;
    }
    *skip = 0;
    if (length >= 2 && length % 2 == 0 && memcmp(bytes, "\xFF\xFE", 2) == 0)
        return &utf16_le_row;
    if (length >= 2 && length % 2 == 0 && memcmp(bytes, "\xFE\xFF", 2) == 0)
        return &utf16_be_row;
    return NULL;
}

static bool convert_as(const CharsetRow *row, const char *bytes, size_t length,
                       size_t max_bytes, CharsetText *out)
{
    g_string_truncate(out->text, 0);
    g_array_set_size(out->anchors, 0);
    if (row->kind == CHARSET_UTF16_LE || row->kind == CHARSET_UTF16_BE)
        return convert_utf16(row->kind == CHARSET_UTF16_BE, bytes, length,
                             max_bytes, out);
    if (row->kind != CHARSET_ICONV)
        return convert_lines(row, bytes, length, max_bytes, out);
    g_mutex_lock(&converters_lock);
    iconv(converters[row - charset_rows], NULL, NULL, NULL, NULL);
    bool is_clean = convert_lines(row, bytes, length, max_bytes, out);
    g_mutex_unlock(&converters_lock);
    return is_clean;
}

/* Cut at max_bytes, not within a character. */
static void cut_text(CharsetText *out, size_t max_bytes)
{
    if (out->text->len <= max_bytes)
        return;
    size_t length = max_bytes;
    while (length > 0 && ((uint8_t)out->text->str[length] & 0xC0) == 0x80)
        length--;
    g_string_truncate(out->text, length);
    out->flaw = MAIL_FLAG_TEXT_LIMIT;
}

void charset_convert(const char *name, const char *bytes, size_t length,
                     size_t max_bytes, CharsetText *out)
{
    *out = (CharsetText){.text = g_string_sized_new(length + 1),
                         .anchors = anchors_new()};
    size_t skip = 0;
    const CharsetRow *row = row_of_mark(bytes, length, &skip);
    if (!row)
        row = row_of_claim(name, bytes, length, &out->flaw);
    bool is_clean =
        convert_as(row, bytes + skip, length - skip, max_bytes, out);
    Utf8Count count = is_clean ? (Utf8Count){0} : count_utf8(bytes, length);
    if (row->kind == CHARSET_ICONV && count.good > 0 && count.bad == 0) {
        convert_as(&utf8_row, bytes, length, max_bytes, out);
        out->flaw = "charset wrong";
    } else if (!is_clean) {
        out->flaw = "bytes that are not of the charset";
    }
    for (guint i = 0; skip > 0 && i < out->anchors->len; i++)
        g_array_index(out->anchors, Anchor, i).from += (uint32_t)skip;
    cut_text(out, max_bytes);
}

void charset_text_clear(CharsetText *text)
{
    if (text->text)
        g_string_free(g_steal_pointer(&text->text), true);
    g_clear_pointer(&text->anchors, g_array_unref);
}

char *charset_new_text(const char *name, const char *bytes, size_t length)
{
    CharsetText text;
    charset_convert(name, bytes, length, 64 * 1024, &text);
    char *result = g_string_free(g_steal_pointer(&text.text), false);
    charset_text_clear(&text);
    return result;
}
