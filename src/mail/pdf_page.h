/*
 * pdf_page.h - pieces of text on a page, put into lines.
 *
 * A page says where each piece stands, not what is a line: a row of a table is
 * five pieces at the same height, in any order. Pieces at one height become
 * a line, from left to right; wide gaps in it become tabs.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define PDF_PIECES_MAX 100000 /* on one page */

typedef struct {
    double x, y;  /* where it begins; y grows upwards */
    double end_x; /* where it ends */
    double size;  /* of the letters, > 0 */
    int turn;     /* quarter turns of the text; x and y are along it */
    size_t text_at, text_length;
    size_t order; /* of appearance */
} PdfPiece;

typedef struct {
    GArray *pieces; /* of PdfPiece */
    GString *text;  /* of all pieces, UTF-8 */
} PdfPage;

PdfPage *pdf_page_new(void);
void pdf_page_free(PdfPage *page);

/* Append the lines of the page to out, each with its newline; at most
 * max_bytes. False if there was more. */
bool pdf_page_write(PdfPage *page, size_t max_bytes, GString *out);
