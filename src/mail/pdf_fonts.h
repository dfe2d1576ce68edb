/*
 * pdf_fonts.h - the fonts of a PDF, each read once.
 */
#pragma once

#include "mail/pdf_font.h"
#include "mail/pdf_object.h"

typedef struct PdfFonts PdfFonts;

PdfFonts *pdf_fonts_new(PdfFile *file);
void pdf_fonts_free(PdfFonts *fonts);

/* The font of that name in the resources, or NULL; borrowed. */
const PdfFont *pdf_fonts_find(PdfFonts *fonts, PdfObject resources,
                              const char *name);
