/*
 * Inline forwards, as mail programs write them.
 *
 * Two shapes. A marker line ("---------- Forwarded message ---------",
 * "-----Ursprüngliche Nachricht-----", "Begin forwarded message:") and then
 * header lines; or, in Outlook's newer style, header lines alone, known by
 * "From" followed at once by "Sent" ("Von"/"Gesendet", "De"/"Envoyé").
 * "From"/"Date" without a marker is not enough: that is how the headers of a
 * spam sample look.
 *
 * A third shape is known by the Subject alone: "Fwd: ..." over "On DATE, NAME
 * wrote:" and quoted lines, as telephones write it; in a mail without such a
 * Subject the same lines are an answer.
 *
 * To add one: forwarded_words.c.
 */
#include "report/forwarded_words.h"
#include "report/lines.h"
#include "report/study.h"

#include <string.h>

#define LABEL_BYTES     48
#define MARKER_REST_MAX 120  /* a name and an address */
#define LEAD_MAX        200  /* of dashes in front of a marker's words */
#define HEADER_LINES    14   /* of a forward; long recipient lists are cut */
#define NOTE_BYTES_MAX  4000 /* of what stands above a forward */
#define TEXT_BYTES_MAX  (512u * 1024) /* where forwards are looked for */

/* "Name: value", also with the wide colon of Chinese and Japanese. */
static bool split_field(Line line, Line *name, Line *value)
{
    static const char WIDE[] = "：";
    const char *colon =
        memmem(line.at, MIN(line.length, LABEL_BYTES), WIDE, sizeof WIDE - 1);
    if (!colon || colon == line.at)
        return line_field(line, name, value);
    const char *after = colon + sizeof WIDE - 1;
    *name = (Line){.at = line.at, .length = (size_t)(colon - line.at)};
    *value =
        (Line){.at = after, .length = line.length - (size_t)(after - line.at)};
    return true;
}

static ForwardLabel label_of(Line line, Line *value)
{
    Line name, bare = line_bare(line);
    /* "*From:* Ann" is bold turned to text */
    while (bare.length > 0 && *bare.at == '*')
        bare.at++, bare.length--;
    if (!split_field(bare, &name, value) || name.length > LABEL_BYTES)
        return LABEL_NONE;
    return forwarded_label(name.at, name.length);
}

/* The address in "Name <a@b.example>", "a@b.example" or
 * "Name [mailto:a@b.example]". */
static char *address_in(Line value)
{
    const char *at_sign = memchr(value.at, '@', value.length);
    if (!at_sign)
        return NULL;
    const char *begin = at_sign, *end = at_sign + 1;
    const char *last = value.at + value.length;
    while (begin > value.at && !strchr(" <>[]():,;\"'*", begin[-1]))
        begin--;
    while (end < last && !strchr(" <>[]():,;\"'*", *end))
        end++;
    size_t length = (size_t)(end - begin);
    if (begin == at_sign || end == at_sign + 1 || length > ADDRESS_TEXT_MAX)
        return NULL;
    return g_strndup(begin, length);
}

/* Read the header lines from cursor on; returns where the body begins. */
static size_t read_headers(const char *text, size_t length, size_t cursor,
                           char **author)
{
    size_t body = cursor;
    bool seen = false;
    Line line, value;
    for (int i = 0; i < HEADER_LINES; i++) {
        if (!line_next(text, length, &cursor, &line))
            break;
        bool blank = line_bare(line).length == 0;
        if (blank && seen)
            return cursor;
        ForwardLabel label = label_of(line, &value);
        if (!blank && label == LABEL_NONE && !seen)
            return body;
        if (label == LABEL_FROM && !*author)
            *author = address_in(value);
        seen = seen || label != LABEL_NONE;
        body = cursor;
    }
    return body;
}

/* Nothing on the marker's line but the phrase, dashes and a name. */
static bool is_marker_line(const char *text, size_t length, size_t at,
                           size_t hit_length, size_t *line_at)
{
    size_t begin = at;
    for (; begin > 0 && text[begin - 1] != '\n'; begin--)
        if (!strchr("->|_=*[ \t.", text[begin - 1]) || at - begin > LEAD_MAX)
            return false;
    if (memchr(text + at, '\n', hit_length))
        return false;
    size_t behind = at + hit_length;
    size_t looked = MIN(length - behind, MARKER_REST_MAX + 1);
    const char *end = memchr(text + behind, '\n', looked);
    size_t rest = end ? (size_t)(end - text) - behind : looked;
    *line_at = begin;
    if (rest > MARKER_REST_MAX)
        return false;
    /* "Original message text follows" is prose, a marker has marks. */
    const char *after = text + at + hit_length;
    return rest == 0 || strchr("-=:_*]\r ", *after) != NULL ||
           memcmp(after, "：", MIN(rest, 3)) == 0;
}

static bool find_marker(const char *text, size_t length, InlineForward *out)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    g_autoptr(GArray) hits = word_index_find(forwarded_markers(), folded, 200);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        size_t at = hit->at, marker;
        while (at < length && g_ascii_isspace(text[at]))
            at++;
        if (at >= hit->at + hit->length ||
            !is_marker_line(text, length, at, hit->at + hit->length - at,
                            &marker))
            continue;
        size_t body = hit->at + hit->length;
        while (body < length && text[body] != '\n')
            body++;
        *out = (InlineForward){.marker = marker};
        out->body =
            read_headers(text, length, MIN(body + 1, length), &out->author);
        if (!out->author)
            out->author =
                address_in((Line){.at = text + at, .length = body - at});
        return true;
    }
    return false;
}

static bool find_outlook(const char *text, size_t length, InlineForward *out)
{
    size_t cursor = 0, before = 0, from_at = 0;
    bool after_from = false;
    Line line, value;
    while (line_next(text, length, &cursor, &line)) {
        ForwardLabel label = label_of(line, &value);
        if (label == LABEL_SENT && after_from) {
            *out = (InlineForward){.marker = from_at};
            out->body = read_headers(text, length, from_at, &out->author);
            return true;
        }
        after_from = label == LABEL_FROM;
        if (after_from)
            from_at = before;
        before = cursor;
    }
    return false;
}

/* "On 1 May 2026, Ann <ann@example.com> wrote:", perhaps over two lines, and
 * then a quoted line. */
static bool find_attribution(const char *text, size_t length,
                             InlineForward *out)
{
    size_t cursor = 0, at = 0, before = 0;
    Line line;
    for (; line_next(text, length, &cursor, &line); before = at, at = cursor) {
        if (line.length == 0 || *line.at == '>')
            continue;
        size_t next = cursor;
        Line below = {0};
        while (line_next(text, length, &next, &below) && below.length == 0)
            continue;
        if (below.length == 0 || *below.at != '>')
            continue;
        g_autoptr(FoldedText) folded = folded_text_new(line.at, line.length);
        if (!word_index_first(forwarded_writes(), folded))
            continue;
        char *author = address_in(line);
        bool is_two = !author && before < at;
        if (is_two)
            author = address_in(
                (Line){.at = text + before, .length = at - before - 1});
        *out = (InlineForward){.marker = is_two && author ? before : at,
                               .body = cursor,
                               .author = author};
        return true;
    }
    return false;
}

bool note_passes_on(const char *note, size_t length)
{
    length = MIN(length, NOTE_BYTES_MAX);
    while (length > 0 && (note[length] & 0xc0) == 0x80)
        length--;
    g_autoptr(FoldedText) folded = folded_text_new(note, length);
    return word_index_first(forwarded_passes_on(), folded) != NULL;
}

bool subject_says_forward(const char *subject)
{
    size_t count;
    const char *const *prefixes = forwarded_prefixes(&count);
    subject += strspn(subject, " ");
    const char *colon = subject + strcspn(subject, ":");
    const char *wide = strstr(subject, "：");
    if (wide && (!*colon || wide < colon))
        colon = wide;
    size_t length = (size_t)(colon - subject);
    while (length > 0 && subject[length - 1] == ' ')
        length--; /* French puts a blank before the colon */
    for (size_t i = 0; *colon && i < count; i++)
        if (strlen(prefixes[i]) == length &&
            g_ascii_strncasecmp(subject, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

bool inline_forward_find(const char *text, size_t length, bool is_forward,
                         InlineForward *out)
{
    length = MIN(length, TEXT_BYTES_MAX);
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    InlineForward marked = {0}, bare = {0};
    bool has_marker = find_marker(text, length, &marked);
    bool has_bare = find_outlook(text, length, &bare);
    if (has_marker && (!has_bare || marked.marker <= bare.marker)) {
        *out = marked;
        g_free(bare.author);
        return true;
    }
    if (has_bare) {
        *out = bare;
        g_free(marked.author);
    }
    return has_bare || (is_forward && find_attribution(text, length, out));
}
