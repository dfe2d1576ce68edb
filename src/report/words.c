/*
 * Phrases are kept in buckets by a hash of their first three folded bytes. At
 * each position of the text the bucket of the next three bytes is compared
 * entry by entry. A bucket holds a handful of phrases of bounded length, so
 * the time is linear in the text whatever the text is. An Aho-Corasick
 * automaton would need megabytes for a thousand phrases in several scripts
 * and is no faster at this size; regular expressions backtrack.
 */
#include "report/words.h"

#include <string.h>

#define BUCKETS          4096u
#define LOOKALIKES_AHEAD 16  /* bytes */
#define GAP              '*' /* never in folded text */
#define GAP_MAX          24

typedef struct {
    const WordRow *row;
    char *folded;
    size_t length;
    bool may_begin_inside, may_go_on;
} Phrase;

struct WordIndex {
    Phrase *phrases;              /* sorted by bucket */
    uint32_t starts[BUCKETS + 1]; /* bucket -> first phrase */
    bool has_inside[BUCKETS];     /* a phrase of it may begin inside a word */
};

/* --- folding --- */

/* Latin letters that Unicode does not decompose but people replace. */
static const char *plain_letter(gunichar c)
{
    switch (c) {
    case 0xdf:
    case 0x1e9e:
        return "ss";
    case 0xe6:
        return "ae";
    case 0xf8:
        return "o";
    case 0x111:
    case 0xf0:
        return "d";
    case 0x131:
        return "i";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    case 0x2018:
    case 0x2019:
    case 0x2bc:
        return "'";
    default:
        return NULL;
    }
}

/* Nothing is seen of them within a word; direction marks, too. */
static bool is_invisible(gunichar c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0xfeff ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
           (c >= 0x300 && c <= 0x36f) || (c >= 0xfe00 && c <= 0xfe0f) ||
           c == 0x61c || c == 0x180e;
}

/* Threats are written with letters of another script, so that no filter of
 * spam finds them. What a letter looks like, in lower case; 0: like none. */
static char lookalike(gunichar c)
{
    static const struct {
        gunichar letter;
        char latin;
    } ROWS[] = {{0x430, 'a'}, {0x432, 'b'}, {0x435, 'e'}, {0x43a, 'k'},
                {0x43c, 'm'}, {0x43d, 'h'}, {0x43e, 'o'}, {0x440, 'p'},
                {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'},
                {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x4bb, 'h'},
                {0x501, 'd'}, {0x51b, 'q'}, {0x51d, 'w'}, {0x3b1, 'a'},
                {0x3b9, 'i'}, {0x3bd, 'v'}, {0x3bf, 'o'}, {0x3c1, 'p'}};
    if (c < 0x3b1 || c > 0x51d)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
        if (ROWS[i].letter == c)
            return ROWS[i].latin;
    return 0;
}

/* Letters and digits of double width and of mathematics; 0: none of them. */
static char plain_form(gunichar c)
{
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    bool is_form =
        (c >= 0xff10 && c <= 0xff5a) || (c >= 0x1d400 && c <= 0x1d7ff);
    if (!is_form ||
        g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts)) != 1 ||
        parts[0] >= 0x80 || !g_ascii_isalnum((char)parts[0]))
        return 0;
    return g_ascii_tolower((char)parts[0]);
}

/* The base letter without its accents. */
static gunichar without_accent(gunichar c)
{
    if (c < 0xc0 || c > 0x2fff)
        return c;
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    gsize count =
        g_unichar_fully_decompose(c, FALSE, parts, G_N_ELEMENTS(parts));
    return count > 0 ? parts[0] : c;
}

typedef struct {
    FoldedText *folded;
    size_t capacity;
} Folding;

static void emit(Folding *folding, const char *bytes, size_t length,
                 size_t from)
{
    FoldedText *folded = folding->folded;
    if (folded->length + length + 2 > folding->capacity) {
        folding->capacity = folding->capacity * 2 + 16;
        folded->text = g_realloc(folded->text, folding->capacity);
        folded->from = g_renew(uint32_t, folded->from, folding->capacity);
    }
    for (size_t i = 0; i < length; i++) {
        folded->text[folded->length] = bytes[i];
        folded->from[folded->length++] = (uint32_t)from;
    }
}

static void emit_blank(Folding *folding, size_t from)
{
    FoldedText *folded = folding->folded;
    if (folded->length > 0 && folded->text[folded->length - 1] == ' ')
        return;
    emit(folding, " ", 1, from);
}

/* Does a Latin word go on at text, behind letters that only look like it? */
static bool goes_on_in_latin(const char *text, const char *end)
{
    const char *stop = text + MIN(end - text, LOOKALIKES_AHEAD);
    while (text < stop && lookalike(g_unichar_tolower(g_utf8_get_char(text))))
        text = g_utf8_next_char(text);
    return text < end && g_ascii_isalpha(*text);
}

/* The Latin letter as which one is read; 0: it stands for itself. */
static char read_as(const Folding *folding, gunichar c, const char *next,
                    const char *end)
{
    const FoldedText *folded = folding->folded;
    char form = plain_form(c), latin = lookalike(g_unichar_tolower(c));
    bool is_within =
        folded->length > 0 && g_ascii_isalpha(folded->text[folded->length - 1]);
    if (form || (latin && (is_within || goes_on_in_latin(next, end))))
        return form ? form : latin;
    return 0;
}

static void emit_wide(Folding *folding, gunichar c, size_t from)
{
    c = g_unichar_tolower(c);
    const char *plain = plain_letter(c);
    if (plain) {
        emit(folding, plain, strlen(plain), from);
        return;
    }
    if (is_invisible(c))
        return;
    if (g_unichar_isspace(c) || g_unichar_ispunct(c)) {
        emit_blank(folding, from);
        return;
    }
    char bytes[6];
    int length = g_unichar_to_utf8(without_accent(c), bytes);
    emit(folding, bytes, (size_t)length, from);
}

/* Is the '>' at offset a quote mark, that is only quote marks and blanks
 * before it on its line? The caller keeps that state in line_is_blank. */
static void fold_ascii(Folding *folding, char c, size_t from,
                       bool *line_is_blank)
{
    if (c == '\n')
        *line_is_blank = true;
    bool blank = g_ascii_isspace(c) || c == '-' || c == '_' || c == '*' ||
                 (c == '>' && *line_is_blank) || (unsigned char)c < 0x20;
    if (blank) {
        emit_blank(folding, from);
        return;
    }
    *line_is_blank = false;
    c = g_ascii_tolower(c);
    emit(folding, &c, 1, from);
}

FoldedText *folded_text_new(const char *text, size_t length)
{
    Folding folding = {.folded = g_new0(FoldedText, 1), .capacity = 0};
    bool line_is_blank = true;
    emit_blank(&folding, 0);
    for (size_t at = 0; at < length;) {
        unsigned char c = (unsigned char)text[at];
        if (c < 0x80) {
            fold_ascii(&folding, (char)c, at, &line_is_blank);
            at++;
            continue;
        }
        line_is_blank = false;
        gunichar wide = g_utf8_get_char(text + at);
        const char *next = g_utf8_next_char(text + at);
        char latin = read_as(&folding, wide, next, text + length);
        if (latin)
            emit(&folding, &latin, 1, at);
        else
            emit_wide(&folding, wide, at);
        at = (size_t)(next - text);
    }
    emit_blank(&folding, length);
    FoldedText *folded = folding.folded;
    folded->text[folded->length] = '\0';
    folded->from[folded->length] = (uint32_t)length;
    return folded;
}

void folded_text_free(FoldedText *folded)
{
    if (!folded)
        return;
    g_free(folded->text);
    g_free(folded->from);
    g_free(folded);
}

/* --- the index --- */

static uint32_t bucket_of(const char *bytes)
{
    uint32_t key = (uint32_t)(unsigned char)bytes[0] << 16 |
                   (uint32_t)(unsigned char)bytes[1] << 8 |
                   (unsigned char)bytes[2];
    return (key * 2654435761u) >> 20;
}

/* A folded piece of a phrase; a blank at its front is part of it. */
static void append_piece(GString *folded, const char *piece)
{
    g_autoptr(FoldedText) text = folded_text_new(piece, strlen(piece));
    bool keeps_blank = *piece == ' ';
    const char *begin = text->text + (keeps_blank ? 0 : 1);
    size_t length = text->length - (keeps_blank ? 1 : 2);
    g_string_append_len(folded, begin, (gssize)length);
}

static Phrase phrase_of(const WordRow *row)
{
    Phrase phrase = {.row = row};
    g_autofree char *words = g_strdup(row->words);
    char *begin = words;
    if (*begin == '*') {
        phrase.may_begin_inside = true;
        begin++;
    }
    if (g_str_has_suffix(begin, "*")) {
        phrase.may_go_on = true;
        begin[strlen(begin) - 1] = '\0';
    }
    g_auto(GStrv) pieces = g_strsplit(begin, "*", 0);
    GString *folded = g_string_new(NULL);
    for (char **piece = pieces; *piece; piece++) {
        if (piece != pieces)
            g_string_append_c(folded, GAP);
        append_piece(folded, *piece);
    }
    phrase.length = folded->len;
    phrase.folded = g_string_free(folded, FALSE);
    g_assert(strcspn(phrase.folded, "*") >= 3);
    return phrase;
}

static int compare_buckets(const void *a, const void *b)
{
    uint32_t left = bucket_of(((const Phrase *)a)->folded);
    uint32_t right = bucket_of(((const Phrase *)b)->folded);
    return (left > right) - (left < right);
}

WordIndex *word_index_new(const WordRow *rows, size_t count)
{
    WordIndex *index = g_new0(WordIndex, 1);
    index->phrases = g_new0(Phrase, count);
    for (size_t i = 0; i < count; i++)
        index->phrases[i] = phrase_of(&rows[i]);
    qsort(index->phrases, count, sizeof *index->phrases, compare_buckets);
    size_t next = 0;
    for (uint32_t bucket = 0; bucket <= BUCKETS; bucket++) {
        index->starts[bucket] = (uint32_t)next;
        while (next < count &&
               bucket_of(index->phrases[next].folded) == bucket) {
            index->has_inside[bucket] |= index->phrases[next].may_begin_inside;
            next++;
        }
    }
    return index;
}

static bool is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || g_ascii_isalnum(c);
}

/* Where the word around offset at ends, GAP_MAX bytes further at most. */
static size_t word_end(const FoldedText *folded, size_t at)
{
    size_t limit = MIN(at + GAP_MAX, folded->length);
    while (at < limit && is_word_byte(folded->text[at]))
        at++;
    return at;
}

/* Where the phrase ends if it stands at offset at, else 0. A gap takes the
 * rest of a word, at most GAP_MAX bytes, before its next piece. */
static size_t phrase_end(const Phrase *phrase, const FoldedText *folded,
                         size_t at)
{
    for (size_t i = 0; i < phrase->length; i++) {
        if (phrase->folded[i] != GAP) {
            if (at >= folded->length || folded->text[at] != phrase->folded[i])
                return 0;
            at++;
            continue;
        }
        at = word_end(folded, at);
    }
    return at;
}

/* The same, and its edges are where the phrase wants them. */
static size_t phrase_stands_at(const Phrase *phrase, const FoldedText *folded,
                               size_t at)
{
    size_t end = phrase_end(phrase, folded, at);
    if (end == 0)
        return 0;
    if (!phrase->may_begin_inside && at > 0 &&
        is_word_byte(folded->text[at - 1]) && is_word_byte(folded->text[at]))
        return 0;
    if (phrase->may_go_on)
        return word_end(folded, end);
    bool ends = end >= folded->length || !is_word_byte(folded->text[end]) ||
                !is_word_byte(folded->text[end - 1]);
    return ends ? end : 0;
}

GArray *word_index_find(const WordIndex *index, const FoldedText *folded,
                        size_t limit)
{
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(WordHit));
    for (size_t at = 0; at + 3 <= folded->length; at++) {
        uint32_t bucket = bucket_of(folded->text + at);
        bool is_inside = at > 0 && is_word_byte(folded->text[at - 1]) &&
                         is_word_byte(folded->text[at]);
        if (is_inside && !index->has_inside[bucket])
            continue; /* most of the text, at the price of one look */
        for (uint32_t i = index->starts[bucket]; i < index->starts[bucket + 1];
             i++) {
            const Phrase *phrase = &index->phrases[i];
            size_t end = phrase_stands_at(phrase, folded, at);
            if (end == 0)
                continue;
            uint32_t from = folded->from[at];
            WordHit hit = {.row = phrase->row,
                           .at = from,
                           .length = folded->from[end] - from};
            g_array_append_val(hits, hit);
            if (hits->len >= limit)
                return hits;
        }
    }
    return hits;
}

const WordRow *word_index_first(const WordIndex *index,
                                const FoldedText *folded)
{
    g_autoptr(GArray) hits = word_index_find(index, folded, 1);
    return hits->len > 0 ? g_array_index(hits, WordHit, 0).row : NULL;
}
