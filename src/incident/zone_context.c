/*
 * Zones stated away from the stamps.
 *
 * Problem: "All times are UTC", "Timestamp (GMT+8)", "last_seen_utc",
 * "Note: Local timezone is +0100 (CET)", once in the mail, for many stamps.
 *
 * Approach: look for zones outside of stamps; one counts as a statement only
 * if its line (or the one before, for a sentence that wraps) has a word of
 * time. After "time zone" and the like even a bare "+0100" counts. The nearest
 * statement governs; if two differ, the reading is not certain.
 */
#include "incident/zone_context.h"

#include <string.h>

#define STATEMENTS_MAX 200
#define LINE_BYTES_MAX 600 /* longer lines hold data, no statements */
#define WORDS_MAX      80

/* Words that make a zone beside them a statement about times. */
static const char *const TIME_WORDS[] = {
    "time",  "date",    "seen", "log",   "zeit",     "datum", "heure", "hora",
    "fecha", "horario", "fuso", "orari", "data",     "tijd",  "tid",   "čas",
    "czas",  "saat",    "врем", "дата",  "uhr",      "klok",  "idő",   "aika",
    "время", "часов",   "ώρα",  "時間",  "时间",     "시간",  "時刻",  "moment",
    "zegar", "годин",   "пояс", "tz",    "detected", "first", "last",  "start",
    "occur", "stamp",   "utc",  "gmt",   " ora ",
};

/* After these a bare number is a zone. */
static const char *const ZONE_WORDS[] = {
    "timezone",     "time zone",    "time-zone",      "zeitzone",
    "utc offset",   "gmt offset",   "fuseau horaire", "zona horaria",
    "fuso orario",  "fuso horário", "tijdzone",       "tidszon",
    "časové pásmo", "часовой пояс", "strefa czasowa", "tz:",
    "tz -",         "tz=",          "offset:",
};

static bool line_holds_any(const Page *page, const Line *line,
                           const char *const *words, size_t count,
                           uint32_t *after)
{
    const char *text = page->folded.text + line->at;
    size_t size = line->end - line->at;
    for (size_t i = 0; i < count; i++) {
        const char *found = memmem(text, size, words[i], strlen(words[i]));
        if (!found)
            continue;
        if (after)
            *after = (uint32_t)(found - page->folded.text + strlen(words[i]));
        return true;
    }
    return false;
}

static bool is_in_stamp(const Page *page, const Line *line, uint32_t at)
{
    for (guint i = 0; i < line->stamp_count; i++) {
        const Stamp *stamp = page_stamp(page, line->stamp + i);
        if (at >= stamp->at && at < stamp->at + stamp->length)
            return true;
    }
    return false;
}

static void add_statement(GArray *out, const Page *page, guint page_index,
                          guint line_index, const Zone *zone)
{
    const Line *line = page_line(page, line_index);
    uint32_t from = zone->at > line->at + WORDS_MAX / 2
                        ? zone->at - WORDS_MAX / 2
                        : line->at;
    uint32_t to = MIN(zone->at + zone->length + 1, line->end);
    g_autofree char *part = g_strndup(page->text.text + from, to - from);
    g_autofree char *valid = g_utf8_make_valid(part, -1);
    ZoneStatement statement = {.zone = *zone,
                               .page = page_index,
                               .line = line_index,
                               .words = g_strdup(g_strstrip(valid))};
    g_array_append_val(out, statement);
}

/* Could a zone begin there? Cheap, for it is asked at every word. */
static bool may_begin(const Page *page, uint32_t at, bool numbers_count)
{
    unsigned char c = cursor_at(page->text, at);
    unsigned char before = at > 0 ? cursor_at(page->text, at - 1) : ' ';
    if (g_ascii_isalnum(before) || (before >= 0x80 && c < 0x80 && at >= 3 &&
                                    cursor_ideograph(page->text, at - 3) == 0))
        return false;
    if (c == '+' || c == '-')
        return g_ascii_isdigit(cursor_at(page->text, at + 1)) || numbers_count;
    if (g_ascii_isupper(c))
        return true;
    return zone_words_may_begin(cursor_at(page->folded, at));
}

/* "... local time" and "(CEST)." on the next line: a sentence that wraps. */
static bool is_wrapped(const Page *page, guint index)
{
    const Line *line = page_line(page, index);
    return index > 0 && cursor_at(page->text, line->at) == '(' &&
           line_holds_any(page, page_line(page, index - 1), TIME_WORDS,
                          G_N_ELEMENTS(TIME_WORDS), NULL);
}

static void read_line(GArray *out, const Page *page, guint page_index,
                      guint index)
{
    const Line *line = page_line(page, index);
    if (line->end - line->at > LINE_BYTES_MAX || line->kind == LINE_BLANK ||
        line->kind == LINE_RECEIVED || line->kind == LINE_MAIL_HEADER ||
        line->kind == LINE_WHOIS)
        return;
    uint32_t numbers_from = UINT32_MAX;
    line_holds_any(page, line, ZONE_WORDS, G_N_ELEMENTS(ZONE_WORDS),
                   &numbers_from);
    if (!line_holds_any(page, line, TIME_WORDS, G_N_ELEMENTS(TIME_WORDS),
                        NULL) &&
        line->stamp_count == 0 && !is_wrapped(page, index))
        return;
    for (uint32_t at = line->at; at < line->end; at++) {
        bool numbers_count = at >= numbers_from;
        if (!may_begin(page, at, numbers_count) || is_in_stamp(page, line, at))
            continue;
        Zone zone;
        size_t end = zone_read(
            page->text, at,
            numbers_count ? ZONE_AFTER_ZONE_WORD : ZONE_IN_WORDS, &zone);
        if (end == 0)
            continue;
        /* "+0300" alone counts after a stamp of its line, or in brackets. */
        unsigned char c = cursor_at(page->text, at);
        bool is_bare = g_ascii_isdigit(cursor_at(page->text, end - 1));
        if (!numbers_count && (c == '+' || c == '-') && is_bare &&
            line->stamp_count == 0)
            continue;
        if (out->len < STATEMENTS_MAX)
            add_statement(out, page, page_index, index, &zone);
        at = (uint32_t)end - 1;
    }
}

static void statement_clear(gpointer statement)
{
    g_free(((ZoneStatement *)statement)->words);
}

GArray *zone_statements_new(const Sheet *sheet)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(ZoneStatement));
    g_array_set_clear_func(out, statement_clear);
    for (guint p = 0; p < sheet->pages->len; p++) {
        const Page *page = sheet_page(sheet, p);
        if (page->block->kind == BLOCK_SAMPLE)
            continue;
        for (guint i = 0; i < page->lines->len; i++)
            read_line(out, page, p, i);
    }
    return out;
}

/* Do they mean one offset at that date? */
static bool zones_agree(const Zone *a, const Zone *b, const Civil *when)
{
    int one[ZONE_OFFSETS_MAX], two[ZONE_OFFSETS_MAX];
    bool is_odd;
    return zone_offsets_at(a, when, one, &is_odd) > 0 &&
           zone_offsets_at(b, when, two, &is_odd) > 0 && one[0] == two[0];
}

/* Smaller is nearer: same line, before on the page, after, elsewhere. */
static guint64 distance(const ZoneStatement *statement, guint page, guint line)
{
    if (statement->page != page)
        return (G_GUINT64_CONSTANT(3) << 40) + statement->page;
    if (statement->line == line)
        return 0;
    if (statement->line < line)
        return (G_GUINT64_CONSTANT(1) << 40) + (line - statement->line);
    return (G_GUINT64_CONSTANT(2) << 40) + (statement->line - line);
}

/* "CET, that is UTC+2" of a summer's day: the number beside a name that is out
 * of season says which of both clocks was meant. */
static bool explains(const ZoneStatement *number, const ZoneStatement *name,
                     const Civil *when)
{
    int offset;
    return number->page == name->page && number->line == name->line &&
           !number->zone.rules && !number->zone.usual &&
           number->zone.count == 1 &&
           zone_is_out_of_season(&name->zone, when, &offset) &&
           number->zone.offsets_s[0] == offset;
}

const ZoneStatement *zone_statement_for(const GArray *statements, guint page,
                                        guint line, const Civil *when,
                                        bool *is_sure,
                                        const ZoneStatement **other)
{
    const ZoneStatement *best = NULL;
    guint64 nearest = G_MAXUINT64;
    for (guint i = 0; i < statements->len; i++) {
        const ZoneStatement *one = &g_array_index(statements, ZoneStatement, i);
        guint64 far = distance(one, page, line);
        if (far < nearest) {
            nearest = far;
            best = one;
        }
    }
    for (guint i = 0; best && i < statements->len; i++) {
        const ZoneStatement *one = &g_array_index(statements, ZoneStatement, i);
        if (explains(one, best, when))
            best = one;
    }
    *is_sure = best != NULL;
    *other = NULL;
    for (guint i = 0; best && i < statements->len && !*other; i++) {
        const ZoneStatement *one = &g_array_index(statements, ZoneStatement, i);
        if (!zones_agree(&one->zone, &best->zone, when) &&
            !explains(best, one, when)) {
            *is_sure = nearest == 0;
            *other = one;
        }
    }
    return best;
}
