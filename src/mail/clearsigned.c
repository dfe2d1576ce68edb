/*
 * Line by line, behind quote marks too, since a signed complaint is often
 * quoted or forwarded. Only what is armor is left out: header lines between the
 * first line and the blank one, and in a signature lines of base64; a line
 * that is neither ends it and is shown, so that nothing can be hidden by a
 * frame that is never closed.
 */
#include "mail/clearsigned.h"

#include "mail/anchors.h"

#include <string.h>

#define ARMOR_LINE_MAX 80

static const char SIGNED[] = "-----BEGIN PGP SIGNED MESSAGE-----";
static const char SIGNATURE[] = "-----BEGIN PGP SIGNATURE-----";
static const char SIGNATURE_END[] = "-----END PGP SIGNATURE-----";

typedef enum { OUTSIDE, IN_HEADERS, IN_TEXT, IN_SIGNATURE } State;

bool clearsigned_is_one(const char *text)
{
    return strstr(text, SIGNED) != NULL;
}

/* Bytes of quote marks in front of the line. */
static size_t quote_length(const char *line, size_t length)
{
    size_t at = 0, last = 0;
    for (; at < length && (line[at] == '>' || line[at] == ' '); at++)
        if (line[at] == '>')
            last = at + 1;
    return last > 0 && last < length && line[last] == ' ' ? last + 1 : last;
}

static bool is_line(const char *line, size_t length, const char *mark)
{
    while (length > 0 && g_ascii_isspace(line[length - 1]))
        length--;
    return length == strlen(mark) && memcmp(line, mark, length) == 0;
}

/* "Hash: SHA256", "Version: ...", "Comment: ...". */
static bool is_armor_header(const char *line, size_t length)
{
    static const char *const KEYS[] = {
        "Hash:", "Version:", "Comment:", "Charset:", "MessageID:", "NotDashEs"};
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
        if (length >= strlen(KEYS[i]) &&
            g_ascii_strncasecmp(line, KEYS[i], strlen(KEYS[i])) == 0)
            return true;
    return false;
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isspace(line[i]))
            return false;
    return true;
}

/* Base64 in one piece, or blank. Words have blanks between them. */
static bool is_armor(const char *line, size_t length)
{
    if (is_blank(line, length) || is_armor_header(line, length))
        return true;
    while (length > 0 && g_ascii_isspace(line[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(line[i]) && !strchr("+/=", line[i]))
            return false;
    return length <= ARMOR_LINE_MAX;
}

/* What the line (without quote marks) is; true if it is to be shown. */
static bool step(State *state, const char *line, size_t length)
{
    State was = *state;
    if (is_line(line, length, SIGNED)) {
        *state = IN_HEADERS;
        return false;
    }
    switch (was) {
    case OUTSIDE:
        return true;
    case IN_HEADERS:
        *state = is_armor_header(line, length) ? IN_HEADERS : IN_TEXT;
        return *state == IN_TEXT && !is_blank(line, length);
    case IN_TEXT:
        if (is_line(line, length, SIGNATURE))
            *state = IN_SIGNATURE;
        return *state == IN_TEXT;
    case IN_SIGNATURE:
        if (is_line(line, length, SIGNATURE_END) || !is_armor(line, length))
            *state = OUTSIDE;
        return *state == OUTSIDE && !is_line(line, length, SIGNATURE_END);
    }
    g_assert_not_reached();
}

GString *clearsigned_undo(const char *text, GArray *anchors)
{
    GString *out = g_string_sized_new(strlen(text));
    State state = OUTSIDE;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        size_t quote = quote_length(line, length);
        const char *bare = line + quote;
        size_t bare_length = length - quote;
        const char *next = line + length + (line[length] == '\n');
        if (step(&state, bare, bare_length)) {
            bool is_escaped = state == IN_TEXT && bare_length >= 2 &&
                              bare[0] == '-' && bare[1] == ' ';
            anchors_add(anchors, out->len, (size_t)(line - text));
            g_string_append_len(out, line, (gssize)quote);
            bare += is_escaped ? 2 : 0;
            anchors_add(anchors, out->len, (size_t)(bare - text));
            g_string_append_len(out, bare, next - bare);
        }
        line = next;
    }
    return out;
}
