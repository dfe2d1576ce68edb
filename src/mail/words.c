/*
 * "=?charset[*language]?B|Q?text?=" (RFC 2047 section 2, RFC 2231 section 5).
 * White space between two encoded words vanishes. Neighbours of the same
 * charset are joined before conversion, because mailers split multi-byte
 * characters across words though they must not. Tolerated: words inside
 * quoted strings, without white space around, longer than 75 bytes, blanks in
 * the text of a "Q" word.
 */
#include "mail/words.h"

#include "mail/anchors.h"
#include "mail/charset.h"
#include "mail/transfer.h"

#include <glib.h>
#include <string.h>

#define CHARSET_LABEL_MAX 60
#define WORD_MAX          2000 /* of a "Q" word with "?" in it */

typedef struct {
    const char *charset, *text, *end; /* end: behind "?=" */
    size_t charset_length, text_length;
    char encoding; /* 'b' or 'q' */
} Word;

/* Is there an encoded word at `at`? */
static bool word_at(const char *at, Word *word)
{
    if (at[0] != '=' || at[1] != '?')
        return false;
    word->charset = at + 2;
    word->charset_length = strcspn(word->charset, "?* \t\"");
    const char *mark = word->charset + strcspn(word->charset, "? \t\"");
    if (word->charset_length == 0 || word->charset_length > CHARSET_LABEL_MAX ||
        *mark != '?')
        return false;
    word->encoding = mark[1] ? g_ascii_tolower(mark[1]) : '\0';
    if ((word->encoding != 'b' && word->encoding != 'q') || mark[2] != '?')
        return false;
    word->text = mark + 3;
    const char *close = strchr(word->text, '?');
    while (close && close[1] != '=' && close - word->text < WORD_MAX)
        close = word->encoding == 'q' ? strchr(close + 1, '?') : NULL;
    if (!close || close[1] != '=')
        return false;
    word->text_length = (size_t)(close - word->text);
    word->end = close + 2;
    return true;
}

static bool is_same_charset(const Word *a, const Word *b)
{
    return a->charset_length == b->charset_length &&
           g_ascii_strncasecmp(a->charset, b->charset, a->charset_length) == 0;
}

static void append_decoded(const Word *word, GByteArray *bytes)
{
    Decoded decoded;
    g_autofree char *text = g_strndup(word->text, word->text_length);
    for (char *c = text; word->encoding == 'q' && *c; c++)
        if (*c == '_')
            *c = ' ';
    Transfer transfer =
        word->encoding == 'b' ? TRANSFER_BASE64 : TRANSFER_QUOTED_PRINTABLE;
    /* A trailing blank of a Q word is meant; the decoder drops blanks at line
     * ends. */
    size_t blanks = 0;
    while (word->encoding == 'q' && blanks < word->text_length &&
           text[word->text_length - 1 - blanks] == ' ')
        blanks++;
    transfer_decode(transfer, (const uint8_t *)text, 0,
                    word->text_length - blanks, &decoded);
    g_byte_array_append(bytes, decoded.bytes->data, decoded.bytes->len);
    for (; blanks > 0; blanks--)
        g_byte_array_append(bytes, (const uint8_t *)" ", 1);
    decoded_clear(&decoded);
}

static void append_text(const char *text, bool is_structured, bool in_quotes,
                        GString *out)
{
    bool must_quote =
        is_structured && !in_quotes && strpbrk(text, "()<>[]:;@\\,.\"");
    if (must_quote)
        g_string_append_c(out, '"');
    for (; *text; text++) {
        if (is_structured && (in_quotes || must_quote) &&
            (*text == '"' || *text == '\\'))
            g_string_append_c(out, '\\');
        if ((unsigned char)*text >= ' ' && *text != 127)
            g_string_append_c(out, *text);
        else if (*text == '\n' || *text == '\t')
            g_string_append_c(out, ' ');
    }
    if (must_quote)
        g_string_append_c(out, '"');
}

/* Decode the run of encoded words at `at`; returns its end. */
static const char *append_run(const char *at, Word word, bool is_structured,
                              bool in_quotes, GString *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (bool is_more = true; is_more;) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        Word first = word;
        do {
            append_decoded(&word, bytes);
            at = word.end;
            is_more = word_at(at + strspn(at, " \t"), &word);
        } while (is_more && is_same_charset(&first, &word));
        g_autofree char *charset =
            g_strndup(first.charset, first.charset_length);
        g_autofree char *piece =
            charset_new_text(charset, (const char *)bytes->data, bytes->len);
        g_string_append(text, piece);
    }
    append_text(text->str, is_structured, in_quotes, out);
    return at;
}

char *words_decode(const char *text, bool is_structured)
{
    GString *out = g_string_sized_new(strlen(text) + 1);
    bool in_quotes = false;
    while (*text) {
        Word word;
        if (word_at(text, &word)) {
            text = append_run(text, word, is_structured, in_quotes, out);
            continue;
        }
        if (*text == '\\' && text[1] && in_quotes)
            g_string_append_c(out, *text++);
        else if (*text == '"')
            in_quotes = !in_quotes;
        if ((unsigned char)*text >= ' ' && *text != 127)
            g_string_append_c(out, *text);
        text++;
    }
    return g_string_free(out, false);
}
