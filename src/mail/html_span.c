/*
 * One table at a time is followed: a table within a cell begins anew, and the
 * cell around it spans no further. Mail nests tables for layout only, and
 * those hold no rows of data beside each other.
 */
#include "mail/html_span.h"

#include <string.h>

void spans_clear(Spans *spans)
{
    for (guint i = 0; i < SPAN_COLUMNS_MAX; i++) {
        g_clear_pointer(&spans->cells[i].text, g_free);
        spans->cells[i].rows = 0;
    }
    spans->column = 0;
    spans->open_rows = 0;
}

void spans_begin_row(Spans *spans)
{
    spans->column = 0;
    spans->open_rows = 0;
}

const char *spans_take(Spans *spans)
{
    if (spans->column >= SPAN_COLUMNS_MAX ||
        spans->cells[spans->column].rows == 0)
        return NULL;
    guint column = spans->column++;
    const char *text = spans->cells[column].text;
    spans->cells[column].rows--;
    spans->repeated += strlen(text);
    return spans->repeated <= SPAN_TOTAL_MAX ? text : "";
}

/* A number from 1 on; 1 for anything else. */
static guint span_of(const char *attribute, guint most)
{
    guint64 value = attribute ? g_ascii_strtoull(attribute, NULL, 10) : 1;
    return (guint)CLAMP(value, 1, most);
}

void spans_begin_cell(Spans *spans, const char *rowspan, const char *colspan,
                      size_t at)
{
    spans->open_rows = span_of(rowspan, SPAN_ROWS_MAX);
    spans->open_width = span_of(colspan, SPAN_COLUMNS_MAX);
    spans->open_at = at;
}

void spans_end_cell(Spans *spans, const GString *text)
{
    if (spans->open_rows == 0)
        return;
    guint column = spans->column;
    spans->column += spans->open_width;
    size_t at = MIN(spans->open_at, text->len), length = text->len - at;
    if (spans->open_rows > 1 && column < SPAN_COLUMNS_MAX &&
        length <= SPAN_CELL_MAX && !memchr(text->str + at, '\n', length) &&
        !memchr(text->str + at, '\t', length)) {
        g_free(spans->cells[column].text);
        spans->cells[column].text = g_strndup(text->str + at, length);
        spans->cells[column].rows = spans->open_rows - 1;
    }
    spans->open_rows = 0;
}
