/*
 * csv_cells.h - the rows and cells of a table in text. Private to report/.
 *
 * Authority: RFC 4180, and what spreadsheets of all countries write: comma,
 * semicolon, tab or bar between cells.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CSV_COLUMNS_MAX 256 /* the rest of a row is not looked at */

typedef struct {
    size_t at, length; /* in the text, without quotes and blanks around */
} CsvCell;

typedef struct {
    const char *text;
    size_t length;
    size_t cursor; /* where the next row begins */
    char mark;     /* between cells */
    bool one_line; /* quoted cells end with their line: one did not end */
    CsvCell cells[CSV_COLUMNS_MAX];
    size_t count; /* of cells in the row that was read */
} CsvReader;

/* Read the next row; false at the end. Linear over all rows. */
bool csv_next_row(CsvReader *reader);
