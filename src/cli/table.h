/*
 * table.h - columns for people: aligned by what a terminal shows, with wide
 * and combining characters counted right and control characters made safe.
 */
#pragma once

#include <glib.h>

typedef struct Table Table;

/* Headings, NULL-terminated; one that begins with ">" is of a column set to
 * the right. Borrowed (static). */
Table *table_new(const char *const *headings);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* One row, as many texts as headings; NULL is shown as "-". Copied, and made
 * safe by foreign_text(). */
void table_add(Table *table, const char *const *cells);
#define TABLE_ADD(table, ...)                                                  \
    table_add((table), (const char *const[]){__VA_ARGS__})

guint table_count(const Table *table);

/* The lines, headings first; the last column is cut where it would pass
 * width columns (0: no cut). Yours to free. */
char *table_new_text(const Table *table, guint width);

/* Print it, cut to the terminal if it is one. */
void table_print(const Table *table);
