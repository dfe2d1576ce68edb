/*
 * Sentences of hard-wrapped mail.
 *
 * Problem: a quote should be what a person would underline: one sentence, not
 * half of it because an editor broke the line, and not the table below it. No
 * grammar of a language is known here.
 *
 * Approach: a full stop ends a sentence when a blank and no small letter
 * follow, unless the word before is an abbreviation (a list, or
 * with a stop inside). A line break ends one when what follows is no
 * continuation: an empty line, a list mark, a labelled line, a line that
 * begins with figures (a log), or a line whose first word would still have
 * fitted on this one - nobody's editor wraps there.
 *
 * Each step moves forward, and looks at most at the line behind: linear.
 */
#include "report/sentence.h"

#include "report/lines.h"

#include <glib.h>
#include <string.h>

#define WRAP_MIN     56 /* no editor wraps a line before this column */
#define LABEL_MAX    30 /* bytes of "Name" in "Name: value" */
#define ABBREVIATION 6  /* letters */
#define LOG_LOOK     24 /* bytes in which a log's stamp begins */

typedef struct {
    const char *text;
    size_t length;
} Text;

static size_t line_end(Text text, size_t at)
{
    const char *end = memchr(text.text + at, '\n', text.length - at);
    return end ? (size_t)(end - text.text) : text.length;
}

/* The line at offset at without blanks and quote marks around. */
static Line bare_line(Text text, size_t at)
{
    size_t end = line_end(text, at);
    return line_bare(
        (Line){.at = text.text + at, .length = MIN(end - at, SENTENCE_MAX)});
}

/* "[2026-05-01 ...", "May  1 04:11:02 gate ...", "1746093600.1 ..." */
bool sentence_is_log(const char *text, size_t length)
{
    size_t look = MIN(length, LOG_LOOK), at = 0;
    while (at < look && strchr("[(<\"", text[at]))
        at++;
    size_t letters = at;
    while (letters < look && g_ascii_isalpha(text[letters]))
        letters++;
    bool is_month = letters == at + 3 && letters + 2 < look &&
                    text[letters] == ' ' &&
                    (g_ascii_isdigit(text[letters + 1]) ||
                     g_ascii_isdigit(text[letters + 2]));
    if (at >= look || (!g_ascii_isdigit(text[at]) && !is_month))
        return false;
    for (size_t i = at; i + 2 < look; i++)
        if ((text[i + 1] == ':' || text[i + 1] == '-') &&
            g_ascii_isdigit(text[i]) && g_ascii_isdigit(text[i + 2]))
            return true;
    return false;
}

static bool is_log(Line line)
{
    return sentence_is_log(line.at, line.length);
}

/* "Source IP: 192.0.2.7"; not "Please note: ..." in running text, which has
 * more than four words before its colon. */
static bool is_labelled(Line line)
{
    Line name, value;
    if (!line_field(line, &name, &value) || name.length > LABEL_MAX)
        return false;
    size_t blanks = 0;
    for (size_t i = 0; i < name.length; i++)
        blanks += name.at[i] == ' ';
    return blanks <= 3 &&
           (value.length == 0 || value.at[-1] == ' ' || value.at[-1] == '\t');
}

static bool is_list_mark(Line line)
{
    if (line.length < 2)
        return line.length == 1 && !g_ascii_isalnum(*line.at);
    if (strchr("-*+#=_~", *line.at))
        return true;
    if (g_str_has_prefix(line.at, "\xe2\x80\xa2")) /* bullet */
        return true;
    return g_ascii_isalnum(line.at[0]) &&
           (line.at[1] == ')' ||
            (line.at[1] == '.' && line.length > 2 && line.at[2] == ' '));
}

/* Does the text go on behind the line break at offset at? */
static bool goes_on(Text text, size_t line_at, size_t at)
{
    if (at + 1 >= text.length)
        return false;
    Line now =
        line_bare((Line){.at = text.text + line_at, .length = at - line_at});
    Line next = bare_line(text, at + 1);
    if (next.length == 0 || is_list_mark(next) || is_labelled(next) ||
        is_log(now))
        return false;
    /* "... from there at" and the date on the next line is no log. */
    if (is_log(next) &&
        (now.length == 0 || !g_ascii_islower(now.at[now.length - 1])))
        return false;
    if (is_labelled(now) && !g_ascii_islower(*next.at))
        return false;
    const char *blank = memchr(next.at, ' ', next.length);
    size_t word = blank ? (size_t)(blank - next.at) : next.length;
    return at - line_at + 1 + word > WRAP_MIN;
}

/* Is the stop at offset at that of an abbreviation ("Nr.", "z.B.")? */
static bool is_abbreviated(Text text, size_t at, size_t begin)
{
    static const char *const SHORT[] = {
        "nr",  "no", "mr",  "mrs", "ms",  "dr",   "st",  "az",
        "ca",  "co", "inc", "ltd", "abs", "art",  "tel", "vs",
        "str", "cf", "sig", "ing", "mgr", "prof", "ul",  "approx"};
    size_t first = at;
    while (first > begin && at - first <= ABBREVIATION &&
           g_ascii_isalpha(text.text[first - 1]))
        first--;
    size_t letters = at - first;
    if (letters == 0 || letters > ABBREVIATION)
        return false;
    if (first > begin && text.text[first - 1] == '.')
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(SHORT); i++)
        if (strlen(SHORT[i]) == letters &&
            g_ascii_strncasecmp(text.text + first, SHORT[i], letters) == 0)
            return true;
    return false;
}

/* Does the mark at offset at end a sentence that began at begin? */
static bool is_end(Text text, size_t at, size_t begin)
{
    char c = text.text[at];
    if (c == '!' || c == '?')
        return at + 1 >= text.length || g_ascii_isspace(text.text[at + 1]);
    if (c != '.')
        return false;
    size_t next = at + 1;
    if (next < text.length && !g_ascii_isspace(text.text[next]))
        return false;
    while (next < text.length && g_ascii_isspace(text.text[next]))
        next++;
    if (next >= text.length)
        return true;
    if (g_ascii_islower(text.text[next]))
        return false;
    return !is_abbreviated(text, at, begin);
}

static bool is_front(char c)
{
    return g_ascii_isspace(c) || c == '>' || c == '|' || c == '-' || c == '*' ||
           c == '#' || c == '=' || c == '_';
}

Sentence sentence_next(const char *bytes, size_t length, size_t *cursor)
{
    Text text = {.text = bytes, .length = length};
    size_t at = *cursor;
    while (at < length && is_front(bytes[at]))
        at++;
    size_t begin = at, line_at = at, end;
    while (line_at > 0 && begin - line_at < WRAP_MIN &&
           bytes[line_at - 1] != '\n')
        line_at--;
    for (;; at++) {
        end = at;
        if (at >= length || at - begin >= SENTENCE_MAX)
            break;
        if (bytes[at] == '\n') {
            if (!goes_on(text, line_at, at))
                break;
            line_at = at + 1;
        } else if (g_str_has_prefix(bytes + at, "\xe3\x80\x82")) {
            end = at += 3; /* the ideographic full stop */
            break;
        } else if (is_end(text, at, begin)) {
            end = ++at;
            break;
        }
    }
    *cursor = end;
    while (end > begin && g_ascii_isspace(bytes[end - 1]))
        end--;
    while (end > begin && end < length && (bytes[end] & 0xc0) == 0x80)
        end--;
    return (Sentence){.at = begin, .length = end - begin};
}

Sentence sentence_around(const char *text, size_t length, size_t at)
{
    size_t cursor = at;
    for (size_t looked = 0; cursor > 0 && looked < SENTENCE_MAX;
         cursor--, looked++)
        if (text[cursor - 1] == '\n' && cursor > 1 && text[cursor - 2] == '\n')
            break;
    while (cursor < at && (text[cursor] & 0xc0) == 0x80)
        cursor++;
    for (;;) {
        Sentence sentence = sentence_next(text, length, &cursor);
        if (sentence.length == 0 || cursor > at)
            return sentence;
    }
}
