#include "reply/refill.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
    GString *out;
    glong column; /* characters on the open line; 0: no line is open */
    bool gap;     /* an empty line is due before the next text */
} Fill;

static void close_line(Fill *fill)
{
    if (fill->column > 0)
        g_string_append_c(fill->out, '\n');
    fill->column = 0;
}

static void make_gap(Fill *fill)
{
    if (fill->gap && fill->out->len > 0)
        g_string_append_c(fill->out, '\n');
    fill->gap = false;
}

static void add_word(Fill *fill, const char *word)
{
    glong width = g_utf8_strlen(word, -1);
    if (fill->column > 0 && fill->column + 1 + width > REFILL_COLUMNS)
        close_line(fill);
    make_gap(fill);
    if (fill->column > 0) {
        g_string_append_c(fill->out, ' ');
        fill->column++;
    }
    g_string_append(fill->out, word);
    fill->column += width;
}

static void add_filled(Fill *fill, const char *line)
{
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    for (char **word = words; *word; word++)
        if (**word)
            add_word(fill, *word);
}

static void add_kept(Fill *fill, const char *line)
{
    close_line(fill);
    make_gap(fill);
    g_string_append(fill->out, line);
    g_string_append_c(fill->out, '\n');
}

char *refill_new(const char *text)
{
    Fill fill = {.out = g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool in_signature = false;
    for (char **at = lines; *at; at++) {
        char *line = *at;
        in_signature |= g_str_equal(line, "-- ");
        bool is_empty = !line[strspn(line, " \t\r")];
        if (is_empty) {
            close_line(&fill);
            fill.gap = true;
        } else if (in_signature || strchr(" \t->", *line)) {
            add_kept(&fill, line);
        } else {
            add_filled(&fill, line);
        }
    }
    close_line(&fill);
    return g_string_free(fill.out, FALSE);
}
