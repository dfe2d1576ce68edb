/*
 * pdf_glyphs.h - what the names of glyphs mean, and the fixed encodings.
 *
 * Authority: Adobe Glyph List 1.7 and its specification; ISO 32000-1, annex D.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Append what a glyph of that name shows: "eacute", "f_i", "uni20AC",
 * "one.oldstyle". False if the name means nothing ("g37"). */
bool pdf_glyph_show(const char *name, GString *out);

/* The letter of a code in StandardEncoding; 0 if none. */
gunichar pdf_standard_letter(unsigned code);

/* Widths of Helvetica's ASCII glyphs in 1/1000, for fonts that every viewer
 * has and that therefore state none. */
int pdf_usual_width(unsigned code);
