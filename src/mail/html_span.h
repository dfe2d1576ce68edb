/*
 * html_span.h - cells of HTML tables that stand for several rows.
 *
 * <td rowspan="3">192.0.2.1</td> is one cell beside three rows of others. As
 * text each row has to say it, or the rows below it lose an address and move
 * a column to the left. Bounded: a page of a few bytes must not become a long
 * text.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define SPAN_COLUMNS_MAX 32
#define SPAN_ROWS_MAX    200
#define SPAN_CELL_MAX    200         /* bytes; longer ones are not repeated */
#define SPAN_TOTAL_MAX   (64 * 1024) /* bytes a page */

typedef struct {
    struct {
        guint rows; /* still to come */
        char *text;
    } cells[SPAN_COLUMNS_MAX];
    guint column;     /* of the next cell of the row */
    guint open_rows;  /* rowspan of the open cell; 0 if it has none */
    guint open_width; /* its colspan */
    size_t open_at;   /* where its text begins */
    size_t repeated;  /* bytes */
} Spans;

/* A table or its end: nothing spans further. Also frees. */
void spans_clear(Spans *spans);
void spans_begin_row(Spans *spans);
/* The cell of a row above that stands at the next place of this one, which is
 * then taken; NULL if none does. Valid until the next call. */
const char *spans_take(Spans *spans);
/* A cell's begin in the text, and its end. The attributes may be NULL. */
void spans_begin_cell(Spans *spans, const char *rowspan, const char *colspan,
                      size_t at);
void spans_end_cell(Spans *spans, const GString *text);
