/*
 * Which words of a text may speak for a category.
 *
 * Words that only happen to stand there say nothing: names of hosts, mail
 * addresses ("mail-abuse@spamreport.example"), links ("/spam/report.html"),
 * and phrases that use the word for something else ("spam folder", "this is
 * not spam", "scanned for viruses"). What a sender guesses about our machine
 * ("it is likely infected") is kept apart: it decides only where nothing that
 * was seen does.
 *
 * Of a link's path, words of web attacks do count: it is the link that was
 * attacked.
 */
#include "report/category_hits.h"

#include "report/category_words.h"

#include <string.h>

#define TOKEN_BYTES 200 /* looked at on each side of a hit */
#define PHRASE_MIN  4   /* a phrase of this weight says what a pair does */

/* --- links, hosts, mail addresses --- */

typedef struct {
    const char *at;
    size_t length, hit; /* where in it the hit begins */
} Token;

static bool ends_token(char c)
{
    return g_ascii_isspace(c) || (c && strchr("<>\"'()[]{},;|=*", c));
}

/* The blank-free stretch of text around a hit; false if the hit is longer. */
static bool token_around(const char *text, size_t length, const WordHit *hit,
                         Token *token)
{
    size_t begin = hit->at, end = hit->at;
    while (begin > 0 && hit->at - begin < TOKEN_BYTES &&
           !ends_token(text[begin - 1]))
        begin--;
    while (end < length && end - hit->at < TOKEN_BYTES &&
           !ends_token(text[end]))
        end++;
    if (end < hit->at + hit->length)
        return false;
    *token = (Token){text + begin, end - begin, hit->at - begin};
    return true;
}

/* Ends of host names people write; a country's has two letters. What ends
 * otherwise may be a file ("robots.txt") or a missing blank ("spam.Please"). */
static bool is_top_level(const char *label, size_t length)
{
    static const char *const KNOWN[] = {
        "com",  "net",    "org",     "edu",     "gov",     "mil",
        "int",  "info",   "biz",     "name",    "arpa",    "cloud",
        "site", "online", "shop",    "network", "systems", "email",
        "host", "tech",   "example", "test",    "invalid", "local"};
    static const char *const FILES[] = {"py", "pl", "sh", "js", "gz", "so",
                                        "md", "db", "vb", "ps", "rb", "cc"};
    for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
        if (strlen(KNOWN[i]) == length && strncmp(label, KNOWN[i], length) == 0)
            return true;
    for (size_t i = 0; length == 2 && i < G_N_ELEMENTS(FILES); i++)
        if (strncmp(label, FILES[i], 2) == 0)
            return false;
    return length == 2 && g_ascii_islower(label[0]) &&
           g_ascii_islower(label[1]);
}

/* The bytes of a host name at the front of text, 0 if there is none. */
static size_t host_length(const char *text, size_t length)
{
    size_t end = 0, dot = SIZE_MAX;
    while (end < length &&
           (g_ascii_isalnum(text[end]) || strchr("-_.", text[end]))) {
        if (text[end] == '.' && end + 1 < length &&
            g_ascii_isalnum(text[end + 1]))
            dot = end;
        end++;
    }
    if (dot == SIZE_MAX || dot == 0)
        return 0;
    size_t last = end;
    while (last > dot && !g_ascii_isalnum(text[last - 1]))
        last--;
    return is_top_level(text + dot + 1, last - dot - 1) ? last : 0;
}

static bool is_of_web_attacks(const WordRow *row)
{
    return strchr(row->words, '/') || strstr(row->words, ".php") ||
           strcmp(row->meaning, "connection/vulnerability_scan") == 0 ||
           strcmp(row->meaning, "connection/sql_injection") == 0;
}

static bool is_name_only(const char *text, size_t length, const WordHit *hit)
{
    Token token;
    if (!token_around(text, length, hit, &token))
        return false;
    const char *mark = g_strstr_len(token.at, (gssize)token.length, "://");
    size_t begin = mark ? (size_t)(mark - token.at) + 3 : 0;
    size_t host = host_length(token.at + begin, token.length - begin);
    if (memchr(token.at, '@', token.length) && token.at[0] != '@')
        return true;
    if (!mark && host == 0)
        return false;
    return token.hit < begin + host || !is_of_web_attacks(hit->row);
}

/* --- what a phrase around the word makes of it --- */

/* The masks that cover a hit, walking along with the hits. */
typedef struct {
    GArray *masks; /* of WordHit */
    guint next;
} MaskWalk;

static const WordRow *mask_over(MaskWalk *walk, const WordHit *hit)
{
    const WordRow *found = NULL;
    for (guint i = walk->next; i < walk->masks->len; i++) {
        const WordHit *mask = &g_array_index(walk->masks, WordHit, i);
        if (mask->at >= hit->at + hit->length)
            break;
        if (mask->at + mask->length <= hit->at && i == walk->next)
            walk->next++;
        else if (mask->at < hit->at + hit->length &&
                 mask->at + mask->length >= hit->at + hit->length)
            found = mask->row;
    }
    return found;
}

/* A pair says nothing new where a phrase has said it. */
static bool is_said(const GArray *hits, const WordRow *pair)
{
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, CategoryHit, i).word.row;
        if (row->weight >= PHRASE_MIN &&
            strcmp(row->meaning, pair->meaning) == 0)
            return true;
    }
    return false;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t left = ((const CategoryHit *)a)->word.at;
    uint32_t right = ((const CategoryHit *)b)->word.at;
    return (left > right) - (left < right);
}

/* Those of found that no mask covers and that are no mere names. */
static void append_spoken(GArray *hits, const GArray *found, GArray *masks,
                          const char *text, size_t length)
{
    MaskWalk walk = {.masks = masks};
    for (guint i = 0; i < found->len; i++) {
        CategoryHit hit = {.word = g_array_index(found, WordHit, i)};
        const WordRow *mask = mask_over(&walk, &hit.word);
        if (mask && strcmp(mask->meaning, CATEGORY_MASK_GUESS) != 0)
            continue;
        if (is_name_only(text, length, &hit.word))
            continue;
        hit.is_guess = mask != NULL;
        g_array_append_val(hits, hit);
    }
}

GArray *category_hits(const FoldedText *folded, const char *text, size_t length)
{
    g_autoptr(GArray) phrases =
        word_index_find(category_words(), folded, CATEGORY_HITS_MAX);
    g_autoptr(GArray) masks =
        word_index_find(category_masks(), folded, CATEGORY_HITS_MAX);
    g_autoptr(GArray) pairs = category_pairs_find(folded, text);
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(CategoryHit));
    append_spoken(hits, phrases, masks, text, length);
    g_autoptr(GArray) unsaid = g_array_new(FALSE, FALSE, sizeof(WordHit));
    for (guint i = 0; i < pairs->len; i++)
        if (!is_said(hits, g_array_index(pairs, WordHit, i).row))
            g_array_append_val(unsaid, g_array_index(pairs, WordHit, i));
    append_spoken(hits, unsaid, masks, text, length);
    g_array_sort(hits, compare_places);
    return hits;
}
