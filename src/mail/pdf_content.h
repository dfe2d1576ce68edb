/*
 * pdf_content.h - the text that a page's content stream shows.
 *
 * Reads only what places and shows text (ISO 32000-1, 9.4), keeps the matrices
 * (8.3), follows forms (8.10) to a bounded depth, and skips the rest: no
 * image, path or colour is looked at.
 */
#pragma once

#include "mail/pdf_font.h"
#include "mail/pdf_page.h"

#define PDF_FORMS_DEPTH_MAX 5
#define PDF_FORMS_MAX       500 /* drawn on one page */
#define PDF_OPERATORS_MAX   2000000

typedef struct {
    double a, b, c, d, e, f;
} PdfMatrix;

/* Content and the resources its names are looked up in. */
typedef struct {
    GBytes *bytes;
    int resources; /* the caller's number for them */
    PdfMatrix matrix;
} PdfStream;

typedef struct {
    /* The font of a name, or NULL; borrowed. */
    const PdfFont *(*font)(int resources, const char *name, void *data);
    /* The form of a name; false if it is none (an image). bytes is the
     * callee's to free. */
    bool (*form)(int resources, const char *name, PdfStream *out, void *data);
    void *data;
} PdfResources;

/* Put the pieces of text on the page. False if a limit was met. */
bool pdf_content_read(const PdfStream *stream, const PdfResources *resources,
                      PdfPage *page, PdfGlyphs *count);
