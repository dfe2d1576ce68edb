/*
 * Groups in braces, control words behind a backslash, and text. Groups whose
 * first word is in HIDDEN, or that begin with "\*" (what only some programs
 * know), hold fonts, styles and pictures, no text. Letters beyond ASCII come as
 * "\'e4" in the document's code page, collected and converted together, or
 * as "\u228" with a substitute behind it that is left out.
 */
#include "mail/rtf.h"

#include "mail/charset.h"
#include "mail/flags.h"

#include <stdbool.h>
#include <string.h>

#define GROUPS_MAX 256
#define WORD_MAX   32

#define UTF8_BYTES_MAX 4 /* one byte of a code page is one letter at most */

typedef struct {
    bool is_hidden;
    int skip; /* bytes of substitute behind a \u */
} Group;

typedef struct {
    const char *at, *end;
    GString *out, *bytes; /* bytes in the code page, not converted yet */
    char charset[24];
    Group groups[GROUPS_MAX];
    int depth;
    int substitutes; /* still to be left out */
    bool is_too_deep;
} Rtf;

static const char *const HIDDEN[] = {
    "fonttbl",   "colortbl",          "stylesheet", "info",     "pict",
    "object",    "themedata",         "datastore",  "xmlnstbl", "rsidtbl",
    "listtable", "listoverridetable", "generator",  "fldinst",  "header",
    "footer",    "htmltag",           "revtbl",     "filetbl",  "latentstyles",
};

static const struct {
    const char *word, *text;
} SHOWN[] = {
    {"par", "\n"},      {"line", "\n"},     {"row", "\n"},   {"page", "\n"},
    {"sect", "\n"},     {"tab", "\t"},      {"cell", "\t"},  {"emdash", "—"},
    {"endash", "–"},    {"bullet", "•"},    {"lquote", "‘"}, {"rquote", "’"},
    {"ldblquote", "“"}, {"rdblquote", "”"},
};

/* A paragraph may be as long as the document. */
static void flush(Rtf *rtf)
{
    if (rtf->bytes->len == 0)
        return;
    CharsetText text;
    charset_convert(rtf->charset, rtf->bytes->str, rtf->bytes->len,
                    rtf->bytes->len * UTF8_BYTES_MAX, &text);
    g_string_append_len(rtf->out, text.text->str, (gssize)text.text->len);
    charset_text_clear(&text);
    g_string_truncate(rtf->bytes, 0);
}

static void put_byte(Rtf *rtf, char c)
{
    if (rtf->substitutes > 0)
        rtf->substitutes--;
    else if (!rtf->groups[rtf->depth].is_hidden)
        g_string_append_c(rtf->bytes, c);
}

static void put_text(Rtf *rtf, const char *text)
{
    if (rtf->groups[rtf->depth].is_hidden)
        return;
    flush(rtf);
    g_string_append(rtf->out, text);
}

static void put_letter(Rtf *rtf, int number)
{
    gunichar c = (gunichar)(number < 0 ? number + 65536 : number);
    Group *group = &rtf->groups[rtf->depth];
    rtf->substitutes = group->skip;
    if (group->is_hidden || c < ' ' || !g_unichar_validate(c))
        return;
    flush(rtf);
    g_string_append_unichar(rtf->out, c);
}

static void open_group(Rtf *rtf)
{
    if (rtf->depth + 1 >= GROUPS_MAX) {
        rtf->is_too_deep = true;
        return;
    }
    rtf->groups[rtf->depth + 1] = rtf->groups[rtf->depth];
    rtf->depth++;
    rtf->substitutes = 0;
}

static void close_group(Rtf *rtf)
{
    flush(rtf);
    rtf->substitutes = 0;
    rtf->depth -= rtf->depth > 0;
}

static void run_word(Rtf *rtf, const char *word, int number)
{
    Group *group = &rtf->groups[rtf->depth];
    for (size_t i = 0; i < G_N_ELEMENTS(HIDDEN); i++)
        if (strcmp(word, HIDDEN[i]) == 0)
            group->is_hidden = true;
    for (size_t i = 0; i < G_N_ELEMENTS(SHOWN); i++)
        if (strcmp(word, SHOWN[i].word) == 0)
            put_text(rtf, SHOWN[i].text);
    if (strcmp(word, "u") == 0)
        put_letter(rtf, number);
    else if (strcmp(word, "uc") == 0)
        group->skip = CLAMP(number, 0, 8);
    else if (strcmp(word, "ansicpg") == 0)
        g_snprintf(rtf->charset, sizeof rtf->charset, "windows-%d", number);
    else if (strcmp(word, "bin") == 0)
        rtf->at += MIN((ptrdiff_t)MAX(number, 0), rtf->end - rtf->at);
}

/* "\word-12 ": the blank belongs to it. */
static void take_word(Rtf *rtf)
{
    char word[WORD_MAX];
    size_t length = 0;
    for (; rtf->at < rtf->end && g_ascii_isalpha(*rtf->at); rtf->at++)
        if (length + 1 < sizeof word)
            word[length++] = *rtf->at;
    word[length] = '\0';
    bool is_negative = rtf->at < rtf->end && *rtf->at == '-';
    rtf->at += is_negative;
    int number = 0;
    for (; rtf->at < rtf->end && g_ascii_isdigit(*rtf->at); rtf->at++)
        number = MIN(number * 10 + (*rtf->at - '0'), 100000000);
    rtf->at += rtf->at < rtf->end && *rtf->at == ' ';
    run_word(rtf, word, is_negative ? -number : number);
}

static void take_control(Rtf *rtf)
{
    if (rtf->at >= rtf->end)
        return;
    char c = *rtf->at;
    if (g_ascii_isalpha(c)) {
        take_word(rtf);
        return;
    }
    rtf->at++;
    if (c == '\'' && rtf->end - rtf->at >= 2) {
        int high = g_ascii_xdigit_value(rtf->at[0]);
        int low = g_ascii_xdigit_value(rtf->at[1]);
        rtf->at += 2;
        if (high >= 0 && low >= 0)
            put_byte(rtf, (char)(high << 4 | low));
    } else if (c == '*') {
        rtf->groups[rtf->depth].is_hidden = true;
    } else if (c == '~' || c == '_') {
        put_byte(rtf, c == '~' ? ' ' : '-');
    } else if (c == '\\' || c == '{' || c == '}') {
        put_byte(rtf, c);
    } else if (c == '\n' || c == '\r') {
        put_text(rtf, "\n");
    }
}

const char *rtf_read(const char *bytes, size_t length, size_t max_bytes,
                     GString *out)
{
    Rtf rtf = {.at = bytes,
               .end = bytes + length,
               .out = out,
               .bytes = g_string_new(NULL),
               .charset = "windows-1252",
               .groups = {{.skip = 1}}};
    while (rtf.at < rtf.end && !rtf.is_too_deep &&
           out->len + rtf.bytes->len < max_bytes) {
        char c = *rtf.at++;
        if (c == '\\')
            take_control(&rtf);
        else if (c == '{')
            open_group(&rtf);
        else if (c == '}')
            close_group(&rtf);
        else if (c != '\n' && c != '\r' && c != '\0')
            put_byte(&rtf, c);
    }
    flush(&rtf);
    g_string_free(rtf.bytes, TRUE);
    return rtf.at < rtf.end ? MAIL_FLAG_TEXT_LIMIT : NULL;
}
