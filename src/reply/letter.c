#include "reply/letter.h"

#include "base/errors.h"

#include <string.h>

#define MESSAGE_ID_MAX 250
/* "=?UTF-8?Q?" and "?=" take 12 of the 75 bytes of an encoded word, and the
 * first one shares its line with the field's name. */
#define ENCODED_WORD_ROOM (75 - 12 - 13)

static bool invalid(GError **error, const char *name, const char *words)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s: %s", name, words);
    return false;
}

static bool is_printable(const char *value)
{
    for (const char *at = value; *at; at++)
        if (*at < 0x20 || *at > 0x7e)
            return false;
    return true;
}

bool letter_field(GString *out, const char *name, const char *value,
                  GError **error)
{
    size_t length = strlen(value);
    if (!is_printable(value))
        return invalid(error, name, "a control or 8-bit character");
    if (strlen(name) + 2 + length > LETTER_FIELD_MAX)
        return invalid(error, name, "the value is too long");
    if (length == 0 || *value == ' ' || value[length - 1] == ' ')
        return invalid(error, name, "empty, or a blank at an end");
    g_string_append_printf(out, "%s:", name);
    size_t column = strlen(name) + 1;
    /* Words with the blanks before them, so that folding loses none. */
    for (const char *at = value; *at;) {
        size_t blanks = strspn(at, " ");
        size_t word = strcspn(at + blanks, " ");
        size_t width = MAX(blanks, 1) + word;
        if (word > 0 && at > value && column + width > LETTER_COLUMNS) {
            g_string_append(out, "\r\n");
            column = 0;
        }
        if (at == value)
            g_string_append_c(out, ' ');
        g_string_append_len(out, at, (gssize)(blanks + word));
        column += width;
        at += blanks + word;
    }
    g_string_append(out, "\r\n");
    return true;
}

/* Characters that stand for themselves in an encoded word, also within a
 * phrase (RFC 2047 section 5, rule 3). */
static bool is_plain_in_word(unsigned char c)
{
    return g_ascii_isalnum((char)c) || strchr("!*+-/", c);
}

/* RFC 2047 "Q" words of whole characters, a blank between them. */
static char *encoded_words_new(const char *text)
{
    GString *out = g_string_new(NULL);
    GString *word = g_string_new(NULL);
    for (const char *at = text; *at;) {
        const char *next = g_utf8_next_char(at);
        g_autoptr(GString) piece = g_string_new(NULL);
        for (; at < next; at++) {
            unsigned char c = (unsigned char)*at;
            if (c == ' ')
                g_string_append_c(piece, '_');
            else if (c && is_plain_in_word(c))
                g_string_append_c(piece, (char)c);
            else
                g_string_append_printf(piece, "=%02X", c);
        }
        if (word->len + piece->len > ENCODED_WORD_ROOM) {
            g_string_append_printf(out, "=?UTF-8?Q?%s?= ", word->str);
            g_string_truncate(word, 0);
        }
        g_string_append(word, piece->str);
    }
    g_string_append_printf(out, "=?UTF-8?Q?%s?=", word->str);
    g_string_free(word, TRUE);
    return g_string_free(out, FALSE);
}

/* Any UTF-8 without control characters. */
static bool text_is_sound(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
            return false;
    }
    return true;
}

bool letter_text_field(GString *out, const char *name, const char *text,
                       GError **error)
{
    if (!text_is_sound(text))
        return invalid(error, name, "a control character or no UTF-8");
    /* Text that looks like an encoded word is encoded, or it would be read
     * as one. */
    if (is_printable(text) && !strstr(text, "=?"))
        return letter_field(out, name, text, error);
    g_autofree char *encoded = encoded_words_new(text);
    return letter_field(out, name, encoded, error);
}

static char *quoted_string_new(const char *text)
{
    GString *out = g_string_new("\"");
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

bool letter_mailbox_field(GString *out, const char *name, const char *display,
                          const char *address, GError **error)
{
    if (!letter_address_is_plain(address))
        return invalid(error, name, "not one plain mail address");
    if (!text_is_sound(display) || !*display ||
        strlen(display) > LETTER_NAME_MAX)
        return invalid(error, name, "the name cannot stand in a header");
    bool is_ascii = is_printable(display) && !strstr(display, "=?");
    g_autofree char *phrase =
        is_ascii ? quoted_string_new(display) : encoded_words_new(display);
    g_autofree char *value = g_strdup_printf("%s <%s>", phrase, address);
    return letter_field(out, name, value, error);
}

bool letter_mime(GString *out, GError **error)
{
    return letter_field(out, "MIME-Version", "1.0", error) &&
           letter_field(out, "Content-Type", "text/plain; charset=utf-8",
                        error) &&
           letter_field(out, "Content-Transfer-Encoding", "quoted-printable",
                        error);
}

bool letter_by_program(GString *out, Instant now, const char *message_id,
                       const char *loop, GError **error)
{
    g_autofree char *date = instant_new_mail_date(now);
    return letter_field(out, "Date", date, error) &&
           letter_field(out, "Message-ID", message_id, error) &&
           letter_field(out, "Auto-Submitted", "auto-generated", error) &&
           letter_field(out, "X-Auto-Response-Suppress", "All", error) &&
           (!loop || letter_field(out, "X-Exitdesk-Loop", loop, error)) &&
           letter_mime(out, error);
}

/* One character of a line; blanks at the line's end are encoded. A lone dot
 * needs nothing, since the courier stuffs dots. */
static void put_quoted(GString *out, size_t *column, unsigned char c,
                       bool is_last)
{
    bool is_plain =
        (c > 0x20 && c < 0x7f && c != '=') || (c == ' ' && !is_last);
    size_t width = is_plain ? 1 : 3;
    /* Room for the soft line end's "=", unless nothing follows. */
    if (*column + width > LETTER_COLUMNS - (is_last ? 0 : 1)) {
        g_string_append(out, "=\r\n");
        *column = 0;
    }
    if (is_plain)
        g_string_append_c(out, (char)c);
    else
        g_string_append_printf(out, "=%02X", c);
    *column += width;
}

void letter_body(GString *out, const char *text)
{
    size_t column = 0;
    for (const char *at = text; *at; at++) {
        if (*at == '\n') {
            g_string_append(out, "\r\n");
            column = 0;
            continue;
        }
        /* Mailboxes of the mbox kind put a ">" before it, and then no
         * signature holds (RFC 3156 section 3). */
        if ((at == text || at[-1] == '\n') && g_str_has_prefix(at, "From ")) {
            g_string_append(out, "=46");
            column += 3;
            continue;
        }
        put_quoted(out, &column, (unsigned char)*at, at[1] == '\n' || !at[1]);
    }
}

static bool domain_is_plain(const char *domain)
{
    size_t length = strlen(domain);
    if (length == 0 || length > 253 || !strchr(domain, '.') ||
        strchr(".-", *domain) || strchr(".-", domain[length - 1]) ||
        strstr(domain, ".."))
        return false;
    for (const char *at = domain; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '.')
            return false;
    return true;
}

bool letter_address_is_plain(const char *address)
{
    const char *at = strchr(address, '@');
    if (!at || at == address || at - address > 64 || !domain_is_plain(at + 1) ||
        *address == '.' || at[-1] == '.')
        return false;
    for (const char *c = address; c < at; c++)
        if ((!g_ascii_isalnum(*c) && !strchr("!#$%&'*+-/=?^_`{|}~.", *c)) ||
            (c[0] == '.' && c[1] == '.'))
            return false;
    return true;
}

bool letter_message_id_is_plain(const char *id)
{
    size_t length = strlen(id);
    if (length < 5 || length > MESSAGE_ID_MAX || *id != '<' ||
        id[length - 1] != '>')
        return false;
    size_t ats = 0;
    for (size_t i = 1; i < length - 1; i++) {
        if (id[i] <= 0x20 || id[i] > 0x7e || strchr("<>,;\"\\()", id[i]))
            return false;
        ats += id[i] == '@';
    }
    return ats == 1 && id[1] != '@' && id[length - 2] != '@';
}
