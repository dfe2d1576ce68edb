#include "relay/contact_tokens.h"

#include "relay/contact_words.h"

#include <string.h>

/* Three signs on each side: "__AT__", "[<at>]". */
#define WRAP_MAX 3

typedef struct {
    const char *text;
    size_t length, at;
    bool has_sign; /* the text has an "@" or "[]" of its own */
    bool is_spaced;
    int32_t other, angle;
    uint32_t marks;
    GArray *tokens;
} Scan;

static bool is_space(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f;
}

static bool is_word(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("._+-", c));
}

static void add(Scan *s, Token token, size_t length)
{
    token.is_spaced = s->is_spaced;
    token.at = (uint32_t)s->at;
    token.end = (uint32_t)(s->at + length);
    token.other = s->other;
    token.marks = s->marks;
    token.angle = s->angle;
    if (token.kind == TOKEN_OTHER) {
        s->other = (int32_t)s->tokens->len;
        if (token.sign == '<')
            s->angle = s->other;
        else if (token.sign == '>')
            s->angle = -1;
    }
    if (token.kind != TOKEN_OTHER && token.kind != TOKEN_WORD)
        s->marks++;
    g_array_append_val(s->tokens, token);
    s->at += length;
    s->is_spaced = false;
}

static Token token_of_mark(const Mark *mark)
{
    switch (mark->kind) {
    case MARK_AT:
        return (Token){.kind = TOKEN_AT, .sign = '@'};
    case MARK_DOT:
        return (Token){.kind = TOKEN_DOT, .sign = '.'};
    case MARK_JOIN:
    case MARK_NONE:
        break;
    }
    return (Token){.kind = TOKEN_JOIN, .sign = mark->sign};
}

static size_t run_of(const Scan *s, size_t from, const char *set, size_t max)
{
    size_t count = 0;
    while (count < max && from + count < s->length && s->text[from + count] &&
           strchr(set, s->text[from + count]))
        count++;
    return count;
}

/* "(dot)", "<=aT=>", "{ at ]", "[@]", "(--at--)", "| DOT|": the length, 0 if there is
 * none. */
static size_t hard_mark(const Scan *s, size_t at, const Mark **out)
{
    bool is_bar = s->text[at] == '|';
    size_t from = at + run_of(s, at, is_bar ? "|" : "([{<", WRAP_MAX);
    from += run_of(s, from, " =-_*<", WRAP_MAX);
    const Mark *mark =
        contact_mark_find(s->text + from, s->length - from, MARK_HARD);
    if (!mark)
        return 0;
    from += strlen(mark->word);
    from += run_of(s, from, is_bar ? " =-_*>" : " =-_*", WRAP_MAX);
    size_t closing = run_of(s, from, is_bar ? "|" : ")]}>", WRAP_MAX);
    *out = mark;
    return closing > 0 ? from + closing - at : 0;
}

/* "_at_", "--dot--": as many of one sign on both sides; ".at." only behind a
 * blank, since a host may be called relay.at.host.example. */
static size_t soft_mark(const Scan *s, size_t at, const Mark **out)
{
    const char sign[] = {s->text[at], '\0'};
    if (sign[0] == '.' && at > 0 && is_word(s->text[at - 1]))
        return 0;
    size_t wrap = run_of(s, at, sign, WRAP_MAX);
    size_t from = at + wrap;
    const Mark *mark =
        contact_mark_find(s->text + from, s->length - from, MARK_SOFT);
    if (!mark)
        return 0;
    from += strlen(mark->word);
    *out = mark;
    return run_of(s, from, sign, WRAP_MAX) == wrap ? from + wrap - at : 0;
}

/* The mark in brackets or signs that begins here. Between equal signs a word
 * is one only where no "@" stands: look_at_me@example.com is one address. */
static size_t wrapped_mark(const Scan *s, size_t at, const Mark **out)
{
    char c = s->text[at];
    if (c && strchr("([{<|", c))
        return hard_mark(s, at, out);
    if (!s->has_sign && c && strchr("_-.*~=/", c))
        return soft_mark(s, at, out);
    return 0;
}

static void take_other(Scan *s)
{
    const Mark *mark = NULL;
    size_t wrapped = wrapped_mark(s, s->at, &mark);
    if (wrapped > 0)
        add(s, token_of_mark(mark), wrapped);
    else if (s->text[s->at] == '@')
        add(s, (Token){.kind = TOKEN_AT, .sign = '@', .is_literal = true}, 1);
    else if (s->at + 1 < s->length && memcmp(s->text + s->at, "[]", 2) == 0)
        add(s, (Token){.kind = TOKEN_AT, .sign = '@', .is_literal = true}, 2);
    else
        add(s, (Token){.kind = TOKEN_OTHER, .sign = s->text[s->at]}, 1);
}

/* A URL to its end: what stands in it is no address. */
static bool take_url(Scan *s, size_t word)
{
    size_t end = s->at + word;
    if (s->length - end < 3 || memcmp(s->text + end, "://", 3) != 0)
        return false;
    while (end < s->length && !is_space(s->text[end]) &&
           !strchr("<>\"", s->text[end]))
        end++;
    add(s, (Token){.kind = TOKEN_OTHER, .sign = 'U'}, end - s->at);
    return true;
}

static bool has_letter(const Scan *s, size_t word)
{
    for (size_t i = 0; i < word; i++)
        if (g_ascii_isalnum(s->text[s->at + i]))
            return true;
    return false;
}

/* Is the whole word between blanks (or at an end) "at", "dot", ...? "A7" and
 * "D07" are the two for those who like digits. */
static bool take_bare(Scan *s, size_t word)
{
    const char *text = s->text + s->at;
    size_t end = s->at + word;
    if (!s->is_spaced || (end < s->length && !is_space(s->text[end])))
        return false;
    Token token = {.is_bare = true, .sign = '.'};
    const Mark *mark = contact_mark_find(text, word, MARK_BARE);
    if (mark && strlen(mark->word) == word)
        token = token_of_mark(mark);
    else if (word == 2 && memcmp(text, "A7", 2) == 0)
        token = (Token){.kind = TOKEN_AT, .sign = '@'};
    else if (word == 1 && *text == '.')
        token = (Token){.kind = TOKEN_DOT, .sign = '.'};
    else if (word == 1 && strchr("+_", *text))
        token = (Token){.kind = TOKEN_JOIN, .sign = *text};
    else if (word == 3 && memcmp(text, "D07", 3) == 0)
        token = (Token){.kind = TOKEN_DOT, .sign = '.'};
    else
        return false;
    token.is_bare = true;
    add(s, token, word);
    return true;
}

static void take_word(Scan *s)
{
    size_t word = 0;
    const Mark *mark = NULL;
    while (s->at + word < s->length && is_word(s->text[s->at + word]) &&
           wrapped_mark(s, s->at + word, &mark) == 0)
        word++;
    if (word == 0) {
        take_other(s);
        return;
    }
    if (take_url(s, word) || take_bare(s, word))
        return;
    if (has_letter(s, word))
        add(s, (Token){.kind = TOKEN_WORD}, word);
    else
        add(s, (Token){.kind = TOKEN_OTHER, .sign = s->text[s->at]}, word);
}

GArray *contact_tokens(const char *text, size_t length)
{
    Scan s = {.text = text,
              .length = length,
              .is_spaced = true,
              .other = -1,
              .angle = -1};
    s.tokens = g_array_new(false, true, sizeof(Token));
    s.has_sign = memchr(text, '@', length) || memmem(text, length, "[]", 2);
    while (s.at < length) {
        if (is_space(text[s.at])) {
            s.is_spaced = true;
            s.at++;
        } else if (is_word(text[s.at]))
            take_word(&s);
        else
            take_other(&s);
    }
    add(&s, (Token){.kind = TOKEN_OTHER}, 0);
    return s.tokens;
}
