#include "cli/table.h"

#include "base/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MAX    12
#define CELL_BYTES_MAX 400

struct Table {
    const char *const *headings;
    guint columns;
    GPtrArray *rows; /* of char *[columns] */
};

Table *table_new(const char *const *headings)
{
    Table *table = g_new0(Table, 1);
    table->headings = headings;
    while (headings[table->columns])
        table->columns++;
    g_assert(table->columns > 0 && table->columns <= COLUMNS_MAX);
    table->rows = g_ptr_array_new();
    return table;
}

void table_free(Table *table)
{
    if (!table)
        return;
    for (guint i = 0; i < table->rows->len; i++) {
        char **row = table->rows->pdata[i];
        for (guint c = 0; c < table->columns; c++)
            g_free(row[c]);
        g_free(row);
    }
    g_ptr_array_unref(table->rows);
    g_free(table);
}

void table_add(Table *table, const char *const *cells)
{
    char **row = g_new0(char *, table->columns);
    for (guint c = 0; c < table->columns; c++)
        row[c] = foreign_text(cells[c] ? cells[c] : "-", CELL_BYTES_MAX);
    g_ptr_array_add(table->rows, row);
}

guint table_count(const Table *table)
{
    return table->rows->len;
}

static guint char_width(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static guint text_width(const char *text)
{
    guint width = 0;
    for (; *text; text = g_utf8_next_char(text))
        width += char_width(g_utf8_get_char(text));
    return width;
}

static const char *heading(const Table *table, guint column, bool *is_right)
{
    const char *text = table->headings[column];
    *is_right = *text == '>';
    return text + *is_right;
}

static void append_blanks(GString *out, guint count)
{
    for (guint i = 0; i < count; i++)
        g_string_append_c(out, ' ');
}

/* As much of text as fits into width columns, with an ellipsis if cut. */
static void append_cut(GString *out, const char *text, guint width)
{
    if (text_width(text) <= width) {
        g_string_append(out, text);
        return;
    }
    guint used = 1; /* the ellipsis */
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        used += char_width(c);
        if (used > width)
            break;
        g_string_append_unichar(out, c);
    }
    g_string_append(out, "…");
}

static void append_line(const Table *table, GString *out, const guint *widths,
                        const char *const *cells, guint max)
{
    guint used = 0;
    for (guint c = 0; c < table->columns; c++) {
        bool is_right, is_last = c + 1 == table->columns;
        heading(table, c, &is_right);
        guint blanks = widths[c] - text_width(cells[c]);
        if (is_right)
            append_blanks(out, blanks);
        if (is_last && max > used + 10)
            append_cut(out, cells[c], max - used);
        else
            g_string_append(out, cells[c]);
        if (!is_last)
            append_blanks(out, (is_right ? 0 : blanks) + 2);
        used += widths[c] + 2;
    }
    g_string_append_c(out, '\n');
}

char *table_new_text(const Table *table, guint width)
{
    guint widths[COLUMNS_MAX] = {0};
    const char *headings[COLUMNS_MAX];
    bool is_right;
    for (guint c = 0; c < table->columns; c++) {
        headings[c] = heading(table, c, &is_right);
        widths[c] = text_width(headings[c]);
        for (guint i = 0; i < table->rows->len; i++) {
            char **row = table->rows->pdata[i];
            widths[c] = MAX(widths[c], text_width(row[c]));
        }
    }
    GString *out = g_string_new(NULL);
    append_line(table, out, widths, headings, width);
    for (guint i = 0; i < table->rows->len; i++)
        append_line(table, out, widths, table->rows->pdata[i], width);
    return g_string_free(out, FALSE);
}

void table_print(const Table *table)
{
    struct winsize size = {0};
    guint width = 0;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    g_autofree char *text = table_new_text(table, width);
    fputs(text, stdout);
}
