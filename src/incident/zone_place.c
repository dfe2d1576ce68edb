/*
 * Zones in words: "US Central", "Mitteleuropäische Zeit", "heure de Paris",
 * "svensk tid", "по московскому времени", "北京时间".
 *
 * Approach: written-out names of zones are a list (ZONE_PHRASES); besides, a
 * place counts as its zone if a word of time stands before or behind it, so
 * that each language needs its few words and each place its name once. What a
 * text shows at one place is folded once and compared with the few rows that
 * begin with its first byte.
 */
#include "incident/zone.h"

#include <string.h>

#define WORDS_BYTES_MAX 72 /* the longest phrase with its place and suffix */

typedef struct {
    char *words; /* without '*', '_' made a blank */
    bool is_open;
    const char *rules;
    int minutes;
    const char *usual;
} Row;

typedef struct {
    GPtrArray *phrases[256], *places[256], *before[256]; /* by first byte */
} Index;

static void index_add(GPtrArray **lists, const char *words, const char *rules,
                      int minutes, const char *usual)
{
    Row *row = g_new(Row, 1);
    *row = (Row){.words = g_strdup(words),
                 .rules = rules,
                 .minutes = minutes,
                 .usual = usual};
    size_t length = strlen(words);
    if (length > 1 && words[length - 1] == '*') {
        row->words[length - 1] = 0;
        row->is_open = true;
    }
    g_strdelimit(row->words, "_", ' ');
    GPtrArray **list = &lists[(unsigned char)words[0]];
    if (!*list)
        *list = g_ptr_array_new();
    g_ptr_array_add(*list, row);
}

static gpointer index_load(gpointer unused)
{
    Index *index = g_new0(Index, 1);
    for (const ZonePhrase *row = ZONE_PHRASES; row->words; row++)
        index_add(index->phrases, row->words, row->rules, row->minutes,
                  row->usual);
    for (const ZonePlaceNames *row = ZONE_PLACES; row->rules; row++) {
        g_auto(GStrv) names = g_strsplit(row->names, " ", -1);
        for (guint i = 0; names[i]; i++)
            index_add(index->places, names[i], row->rules, 0, NULL);
    }
    for (const char *const *row = ZONE_BEFORE_PLACE; *row; row++)
        index_add(index->before, *row, NULL, 0, NULL);
    return index;
}

static const Index *zone_index(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, index_load, NULL);
}

/* Letters go on: a word, not an ideograph. */
static bool is_letter(Cursor in, size_t at)
{
    unsigned char c = cursor_at(in, at);
    if (c < 0x80)
        return g_ascii_isalpha(c);
    return cursor_blank(in, at) == 0 && cursor_ideograph(in, at) == 0 &&
           c != 0xe2 && c != 0xef;
}

/* The longest row that stands whole at a place; the place after it. */
static size_t list_longest(GPtrArray *const *lists, Cursor in, size_t at,
                           const Row **best)
{
    const GPtrArray *list = lists[cursor_at(in, at)];
    size_t longest = 0;
    for (guint i = 0; list && i < list->len; i++) {
        const Row *row = list->pdata[i];
        size_t length = strlen(row->words);
        if (length <= longest || !cursor_has(in, at, row->words))
            continue;
        bool ends_in_letter = is_letter(in, at + length - 1) ||
                              (unsigned char)row->words[length - 1] >= 0x80;
        if (!row->is_open && ends_in_letter && is_letter(in, at + length))
            continue;
        longest = length;
        *best = row;
    }
    if (longest == 0)
        return 0;
    size_t end = at + longest;
    while ((*best)->is_open && is_letter(in, end))
        end++;
    return end;
}

static bool zone_take(Zone *zone, const Row *row)
{
    if (!row->rules) {
        zone->is_known = true;
        zone->count = 1;
        zone->offsets_s[0] = row->minutes * 60;
        if (row->usual)
            zone->usual = zone_rules(row->usual, strlen(row->usual));
        return true;
    }
    zone->rules = zone_rules(row->rules, strlen(row->rules));
    zone->is_known = zone->rules != NULL;
    return zone->is_known;
}

/* " time", "時間" behind a place. */
static size_t suffix_read(Cursor in, size_t at)
{
    size_t longest = 0;
    for (const char *const *row = ZONE_AFTER_PLACE; *row; row++) {
        size_t length = strlen(*row);
        if (length > longest && cursor_has(in, at, *row) &&
            ((unsigned char)**row >= 0xe3 || !is_letter(in, at + length)))
            longest = length;
    }
    return longest > 0 ? at + longest : 0;
}

/* "heure de Paris", "Paris time". */
static size_t place_read(Cursor in, Zone *zone)
{
    const Row *row = NULL;
    size_t before = list_longest(zone_index()->before, in, 0, &row);
    if (before > 0) {
        size_t end = list_longest(zone_index()->places, in,
                                  cursor_skip_blanks(in, before, 2), &row);
        size_t suffix = end > 0 ? suffix_read(in, end) : 0;
        if (end > 0 && zone_take(zone, row))
            return suffix > 0 ? suffix : end;
    }
    size_t end = list_longest(zone_index()->places, in, 0, &row);
    size_t suffix = end > 0 ? suffix_read(in, end) : 0;
    return suffix > 0 && zone_take(zone, row) ? suffix : 0;
}

bool zone_words_may_begin(unsigned char folded)
{
    const Index *index = zone_index();
    return index->phrases[folded] || index->places[folded] ||
           index->before[folded];
}

size_t zone_words_read(Cursor in, size_t at, Zone *zone)
{
    unsigned char c = cursor_at(in, at);
    if (c < 0x80 &&
        !zone_words_may_begin((unsigned char)g_ascii_tolower((char)c)))
        return 0;
    size_t size = MIN(in.length - at, WORDS_BYTES_MAX);
    g_autofree char *text = fold_new(in.text + at, size);
    Cursor folded = {text, size};
    const Row *row = NULL;
    size_t end = list_longest(zone_index()->phrases, folded, 0, &row);
    if (end > 0 && !cursor_has(folded, end, " europ") && zone_take(zone, row))
        return at + end;
    end = place_read(folded, zone);
    return end > 0 ? at + end : 0;
}
