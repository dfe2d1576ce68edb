/*
 * A reader of rows that knows where each cell stands, which is why it is not
 * libcsv: that one hands out copies without their places.
 *
 * Quotes are where linear time is lost: one that never ends invites to look
 * for its end from every cell anew. So a quoted cell has at most
 * QUOTED_BYTES_MAX; a quote without end is a character like others for the
 * rest of its row, and from then on no quoted cell crosses a line's end.
 */
#include "report/csv_cells.h"

#include <glib.h>
#include <string.h>

#define QUOTED_BYTES_MAX 8192

static bool is_row_end(char c)
{
    return c == '\n' || c == '\0';
}

/* The quote that ends the cell that begins behind `at`, or NULL. A quote
 * inside is doubled, or at least not followed by a mark; one that begins the
 * next cell shows that this one has no end. */
static const char *find_quote_end(const CsvReader *reader, const char *at)
{
    const char *end = reader->text + reader->length;
    const char *last = at + MIN((size_t)(end - at), QUOTED_BYTES_MAX);
    for (; at < last; at++) {
        if (reader->one_line && *at == '\n')
            return NULL;
        if (*at != '"')
            continue;
        if (at + 1 < end && at[1] == '"' &&
            !(at + 2 < end && at[2] == reader->mark)) {
            at++;
            continue;
        }
        const char *next = at + 1;
        while (next < end && *next == ' ')
            next++;
        if (next >= end || is_row_end(*next) || *next == reader->mark)
            return at;
        if (at[-1] == reader->mark)
            return NULL;
    }
    return NULL;
}

static void keep_cell(CsvReader *reader, const char *begin, const char *end)
{
    while (begin < end && g_ascii_isspace(*begin))
        begin++;
    while (end > begin && g_ascii_isspace(end[-1]))
        end--;
    if (reader->count < CSV_COLUMNS_MAX)
        reader->cells[reader->count++] =
            (CsvCell){.at = (size_t)(begin - reader->text),
                      .length = (size_t)(end - begin)};
}

bool csv_next_row(CsvReader *reader)
{
    const char *at = reader->text + reader->cursor;
    const char *end = reader->text + reader->length;
    bool quotes_count = true;
    reader->count = 0;
    if (at >= end)
        return false;
    for (;;) {
        const char *begin = at;
        while (begin < end && *begin == ' ')
            begin++;
        const char *quote = NULL;
        if (quotes_count && begin < end && *begin == '"') {
            quote = find_quote_end(reader, begin + 1);
            quotes_count = quote != NULL;
            reader->one_line = reader->one_line || !quote;
        }
        at = quote ? quote + 1 : at;
        while (at < end && *at != reader->mark && *at != '\n')
            at++;
        if (quote)
            keep_cell(reader, begin + 1, quote);
        else
            keep_cell(reader, begin, at);
        if (at >= end || *at == '\n')
            break;
        at++;
    }
    reader->cursor = (size_t)(MIN(at + 1, end) - reader->text);
    return true;
}
