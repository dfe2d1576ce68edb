/*
 * pdf_map.h - a font's own map from codes to Unicode (ToUnicode).
 *
 * Authority: ISO 32000-1, 9.10.3; Adobe Technical Note 5411.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_MAP_ROWS_MAX 70000

typedef struct {
    GArray *rows;   /* private */
    GString *texts; /* private */
} PdfMap;

PdfMap *pdf_map_new(const char *bytes, size_t length);
void pdf_map_free(PdfMap *map);

/* Append what the code shows; false if the map does not say. */
bool pdf_map_show(const PdfMap *map, uint32_t code, GString *out);
