/*
 * pdf_font.h - from the bytes of a string in a PDF to the letters it shows.
 *
 * A font says it in three ways: a map to Unicode made for the purpose, the
 * names of its glyphs, or a standard encoding. What none of them tells is
 * U+FFFD and counted, never guessed.
 *
 * Authority: ISO 32000-1, 9.6 to 9.10 and annex D; Adobe Glyph List 1.7.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct PdfFont PdfFont;

/* is_composite: codes of two bytes (Type0). */
PdfFont *pdf_font_new(bool is_composite);
void pdf_font_free(PdfFont *font);

/* "WinAnsiEncoding", "MacRomanEncoding"; for a composite font the name of
 * its character map ("Identity-H", "UniJIS-UTF16-H", "GBK-EUC-H"). */
void pdf_font_set_encoding(PdfFont *font, const char *name);
/* One entry of Differences: the glyph of a code (not for composites). */
void pdf_font_set_glyph(PdfFont *font, unsigned code, const char *glyph);
/* The font's own map to Unicode: "ToUnicode". */
void pdf_font_read_map(PdfFont *font, const char *bytes, size_t length);
/* In 1/1000 of the font's size. */
void pdf_font_set_width(PdfFont *font, unsigned code, double width);
void pdf_font_set_default_width(PdfFont *font, double width);
/* "Courier-Bold": tells the usual widths where none are stated. */
void pdf_font_set_name(PdfFont *font, const char *name);

typedef struct {
    size_t glyphs, unknown; /* shown so far; of them without a letter */
} PdfGlyphs;

/* One glyph of bytes: append what it shows to out. Returns how many bytes its
 * code has (never 0 for length > 0) and its width. */
size_t pdf_font_show(const PdfFont *font, const char *bytes, size_t length,
                     GString *out, double *width, PdfGlyphs *count);
