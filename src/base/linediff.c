/*
 * The longest common subsequence by a table, after the equal ends are taken
 * off. A letter has some thirty lines; the table of 400 x 400 is the limit,
 * and a text beyond it is shown as replaced. Myers' algorithm would be faster
 * for long texts, which there are none of.
 */
#include "base/linediff.h"

#include <string.h>

static void diff_line_free(DiffLine *line)
{
    g_free(line->line);
    g_free(line);
}

static void add(GPtrArray *out, char mark, const char *line)
{
    DiffLine *row = g_new0(DiffLine, 1);
    row->mark = mark;
    row->line = g_strdup(line);
    g_ptr_array_add(out, row);
}

static char **lines_of(const char *text, guint *count)
{
    char **lines = g_strsplit(text, "\n", -1);
    *count = g_strv_length(lines);
    if (*count > 0 && !*lines[*count - 1])
        (*count)--;
    return lines;
}

/* The part of both texts that differs. */
typedef struct {
    char **before, **after;
    guint rows, columns;
} Middle;

static void add_replaced(GPtrArray *out, const Middle *middle)
{
    for (guint i = 0; i < middle->rows; i++)
        add(out, '-', middle->before[i]);
    for (guint i = 0; i < middle->columns; i++)
        add(out, '+', middle->after[i]);
}

/* length[i][k]: of the common subsequence of what follows row i and column
 * k. */
static guint16 *table_of(const Middle *middle)
{
    gsize width = middle->columns + 1;
    guint16 *length = g_new0(guint16, (middle->rows + 1) * width);
    for (guint i = middle->rows; i-- > 0;)
        for (guint k = middle->columns; k-- > 0;) {
            guint16 *here = &length[i * width + k];
            *here = g_str_equal(middle->before[i], middle->after[k])
                        ? (guint16)(here[width + 1] + 1)
                        : MAX(here[1], here[width]);
        }
    return length;
}

static void add_middle(GPtrArray *out, const Middle *middle)
{
    if (middle->rows > LINEDIFF_LINES_MAX ||
        middle->columns > LINEDIFF_LINES_MAX) {
        add_replaced(out, middle);
        return;
    }
    gsize width = middle->columns + 1;
    g_autofree guint16 *length = table_of(middle);
    guint i = 0, k = 0;
    while (i < middle->rows || k < middle->columns) {
        bool is_both = i < middle->rows && k < middle->columns &&
                       g_str_equal(middle->before[i], middle->after[k]);
        if (is_both) {
            add(out, ' ', middle->before[i++]);
            k++;
        } else if (i < middle->rows &&
                   (k == middle->columns ||
                    length[(i + 1) * width + k] >= length[i * width + k + 1])) {
            add(out, '-', middle->before[i++]);
        } else {
            add(out, '+', middle->after[k++]);
        }
    }
}

GPtrArray *linediff_new(const char *before, const char *after)
{
    GPtrArray *out =
        g_ptr_array_new_with_free_func((GDestroyNotify)diff_line_free);
    guint rows, columns, begin = 0, end = 0;
    g_auto(GStrv) old = lines_of(before, &rows);
    g_auto(GStrv) new = lines_of(after, &columns);
    guint least = MIN(rows, columns);
    while (begin < least && g_str_equal(old[begin], new[begin]))
        begin++;
    while (end < least - begin &&
           g_str_equal(old[rows - 1 - end], new[columns - 1 - end]))
        end++;
    const Middle middle = {.before = old + begin,
                           .after = new + begin,
                           .rows = rows - begin - end,
                           .columns = columns - begin - end};
    for (guint i = 0; i < begin; i++)
        add(out, ' ', old[i]);
    add_middle(out, &middle);
    for (guint i = 0; i < end; i++)
        add(out, ' ', old[rows - end + i]);
    return out;
}

guint linediff_count(const GPtrArray *lines)
{
    guint total = 0, gone = 0, come = 0;
    for (guint i = 0; i <= lines->len; i++) {
        const DiffLine *line = i < lines->len ? lines->pdata[i] : NULL;
        char mark = ' ';
        if (line)
            mark = line->mark;
        gone += mark == '-';
        come += mark == '+';
        if (mark != ' ')
            continue;
        total += MAX(gone, come);
        gone = come = 0;
    }
    return total;
}
