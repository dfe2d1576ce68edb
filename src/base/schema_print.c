/*
 * schema_print.c - values and tables written back as YAML.
 *
 * A table's rows stand in the order of their sections, so a heading is due
 * wherever a path's section differs from the one before.
 */
#include "base/schema_types.h"

#include <string.h>

typedef struct {
    GString *out;
    SchemaPrint what;
    int margin;       /* blanks in front of the outermost level */
    const char *path; /* of the row before, or "" */
} Printer;

static void indent(Printer *printer, int level)
{
    for (int i = 0; i < printer->margin + level * 4; i++)
        g_string_append_c(printer->out, ' ');
}

/* Headings of the sections that path enters and the last one was not in;
 * returns the level of the setting itself. */
static int print_headings(Printer *printer, const char *path)
{
    int level = 0;
    const char *at = path;
    for (const char *dot; (dot = strchr(at, '.')); at = dot + 1, level++) {
        size_t length = (size_t)(dot + 1 - path);
        if (strncmp(printer->path, path, length) == 0)
            continue;
        if (level == 0 && printer->out->len > 0 && printer->margin == 0)
            g_string_append_c(printer->out, '\n');
        indent(printer, level);
        g_string_append_printf(printer->out, "%.*s:\n", (int)(dot - at), at);
    }
    bool leaves = level == 0 && strchr(printer->path, '.');
    if (leaves && printer->margin == 0)
        g_string_append_c(printer->out, '\n');
    printer->path = path;
    return level;
}

static void print_origin(Printer *printer, const SchemaItem *item)
{
    if (printer->what & SCHEMA_PRINT_ORIGIN) {
        if (item && item->file)
            g_string_append_printf(printer->out, "  # %s:%d", item->file,
                                   item->line);
        else
            g_string_append(printer->out, "  # default");
    }
    g_string_append_c(printer->out, '\n');
}

static void print_values(Printer *printer, const SchemaValues *values);

/* The settings of one record, one level further in. */
static void print_record(Printer *printer, const SchemaItem *item, int level)
{
    Printer inner = *printer;
    inner.margin = printer->margin + level * 4;
    inner.path = "";
    print_values(&inner, item->record);
}

static void print_items(Printer *printer, const SchemaValues *values,
                        const SchemaRow *row, int level)
{
    guint count = schema_count(values, row->path);
    g_string_append_c(printer->out, '\n');
    for (guint i = 0; i < count; i++) {
        const SchemaItem *item = schema_item(values, row->path, i);
        g_autofree char *key = item->key ? yaml_scalar_new(item->key) : NULL;
        g_autofree char *text =
            item->text ? yaml_scalar_new(item->text) : g_strdup("");
        indent(printer, level + 1);
        g_string_append_printf(printer->out, "%s%s%s", key ? key : "-",
                               key ? ":" : "", *text ? " " : "");
        g_string_append(printer->out, text);
        print_origin(printer, item);
        if (item->record)
            print_record(printer, item, level + 2);
    }
}

static void print_row(Printer *printer, const SchemaValues *values,
                      const SchemaRow *row)
{
    guint count = schema_count(values, row->path);
    bool is_set = schema_is_set(values, row->path);
    if (!is_set && (count == 0 || !(printer->what & SCHEMA_PRINT_ALL)))
        return;
    int level = print_headings(printer, row->path);
    const char *dot = strrchr(row->path, '.');
    indent(printer, level);
    g_string_append_printf(printer->out, "%s:", dot ? dot + 1 : row->path);
    if (row->shape != SCHEMA_ONE && count > 0) {
        print_items(printer, values, row, level);
        return;
    }
    const SchemaItem *item =
        count > 0 ? schema_item(values, row->path, 0) : NULL;
    g_autofree char *text = item ? yaml_scalar_new(item->text) : NULL;
    g_string_append_printf(printer->out, " %s",
                           text                        ? text
                           : row->shape == SCHEMA_LIST ? "[]"
                                                       : "{}");
    print_origin(printer, item);
}

static void print_values(Printer *printer, const SchemaValues *values)
{
    for (const SchemaRow *row = schema_rows(values); row->path; row++)
        print_row(printer, values, row);
}

char *schema_print(const SchemaValues *values, SchemaPrint what)
{
    Printer printer = {.out = g_string_new(NULL), .what = what, .path = ""};
    print_values(&printer, values);
    return g_string_free(printer.out, FALSE);
}

/* ---- samples ---------------------------------------------------------- */

/* The sentence as comment lines of at most 78 columns. */
static void print_about(Printer *printer, const char *about, int level)
{
    const int width = 74 - level * 4;
    for (const char *at = about; *at;) {
        int length = (int)strlen(at);
        if (length > width) {
            length = width;
            while (length > 0 && at[length] != ' ')
                length--;
            if (length == 0)
                length = width;
        }
        indent(printer, level);
        g_string_append_printf(printer->out, "# %.*s\n", length, at);
        at += length;
        while (*at == ' ')
            at++;
    }
}

static void print_sample_row(Printer *printer, const SchemaRow *row)
{
    int level = print_headings(printer, row->path);
    const char *dot = strrchr(row->path, '.');
    print_about(printer, row->about, level);
    indent(printer, level);
    g_string_append_printf(printer->out, "#%s:", dot ? dot + 1 : row->path);
    if (row->fallback && row->shape == SCHEMA_LIST) {
        g_auto(GStrv) words = g_strsplit(row->fallback, " ", -1);
        g_autofree char *list = g_strjoinv(", ", words);
        g_string_append_printf(printer->out, " [%s]", list);
    } else if (row->fallback) {
        g_autofree char *text = yaml_scalar_new(row->fallback);
        g_string_append_printf(printer->out, " %s", text);
    }
    g_string_append_c(printer->out, '\n');
}

char *schema_sample(const SchemaRow *rows)
{
    Printer printer = {.out = g_string_new(NULL), .path = ""};
    for (; rows->path; rows++)
        print_sample_row(&printer, rows);
    return g_string_free(printer.out, FALSE);
}
