/*
 * csv_table.h - an attached table whose heads are understood. Private to
 * report/.
 */
#pragma once

#include "base/ipaddress.h"
#include "report/csv_cells.h"
#include "report/csv_heads.h"
#include "report/study.h"

typedef struct {
    Study *study;
    uint16_t part;
    CsvReader reader;
    size_t head_count;
    Head heads[CSV_COLUMNS_MAX];
    size_t head_at[CSV_COLUMNS_MAX]; /* in the part's text */
    int column[HEAD_COUNT];          /* chosen for each meaning, -1 for none */
    int clock;   /* HEAD_TIME is a date, and this the time of day; or -1 */
    Quote *zone; /* of all rows, or NULL */
    GHashTable *kinds;   /* of csv.c: cell -> category (static) or "" */
    GHashTable *counts;  /* of csv.c: category -> rows */
    const CsvFeed *feed; /* whose table it is, or NULL */
    const char *only;    /* the one address that is meant, or NULL */
} CsvTable;

/* Find the heads in the reader's text and choose the columns; the reader then
 * stands in front of the first row. False if it is no table with addresses;
 * else free zone. */
bool csv_table_open(CsvTable *table);
/* The same for a table without heads (csv_bare.c). accused: the one address
 * of the Subject, or NULL. */
bool csv_table_open_bare(CsvTable *table, const char *accused);

/* The cell of the current row; *length is 0 for a column that is not there and
 * for the words of nothing: "-", "N/A". */
const char *csv_cell_text(const CsvTable *table, int column, size_t *length);
/* The same as a quote, NULL for nothing. */
Quote *csv_cell_quote(const CsvTable *table, int column);

/* Is it an address as tables write them: defanged, in brackets, with prefix
 * length or port, as the host of a URL? */
bool csv_is_address(const char *text, size_t length, IpAddress *ip);
/* A clock without a date: "01:45:59", "7:05 PM". */
bool csv_is_clock(const char *text, size_t length);
/* Numbers or names with two marks between them and no clock. */
bool csv_is_date(const char *text, size_t length);
