#include "mail/pdf_fonts.h"

#include "mail/pdf_document.h"

#include <string.h>

#define MAP_BYTES_MAX   (2u * 1024 * 1024)
#define DIFFERENCES_MAX 1024
#define WIDTHS_MAX      70000
#define NAMES_MAX       5000 /* looked up: pages times fonts */

struct PdfFonts {
    PdfFile *file;
    GHashTable *by_name; /* "resources/name" -> PdfFont, borrowed */
    GHashTable *by_id;   /* object number -> PdfFont, borrowed */
    GPtrArray *all;      /* of PdfFont */
};

PdfFonts *pdf_fonts_new(PdfFile *file)
{
    PdfFonts *fonts = g_new0(PdfFonts, 1);
    fonts->file = file;
    fonts->by_name =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fonts->by_id = g_hash_table_new(NULL, NULL);
    fonts->all = g_ptr_array_new_with_free_func((GDestroyNotify)pdf_font_free);
    return fonts;
}

void pdf_fonts_free(PdfFonts *fonts)
{
    g_hash_table_unref(fonts->by_name);
    g_hash_table_unref(fonts->by_id);
    g_ptr_array_unref(fonts->all);
    g_free(fonts);
}

/* "/Encoding /WinAnsiEncoding", or a dictionary with that name and
 * differences: a code, then glyphs for it and those that follow. */
static void read_encoding(PdfFile *file, PdfObject encoding, PdfFont *font)
{
    PdfObject base = pdf_get(file, encoding, "/BaseEncoding");
    pdf_font_set_encoding(font, pdf_name(file, base ? base : encoding));
    pdf_font_set_encoding(font, pdf_name(file, encoding));
    PdfObject list = pdf_get(file, encoding, "/Differences");
    int count = MIN(pdf_length(file, list), DIFFERENCES_MAX);
    unsigned code = 0;
    for (int i = 0; i < count; i++) {
        PdfObject item = pdf_item(file, list, i);
        if (pdf_is_number(file, item))
            code = (unsigned)CLAMP(pdf_number(file, item), 0, 65535);
        else
            pdf_font_set_glyph(font, code++, pdf_name(file, item));
        pdf_release(file, item);
    }
}

static void read_widths(PdfFile *file, PdfObject dictionary, PdfFont *font)
{
    PdfObject list = pdf_get(file, dictionary, "/Widths");
    double first = pdf_number(file, pdf_get(file, dictionary, "/FirstChar"));
    PdfObject matrix = pdf_get(file, dictionary, "/FontMatrix");
    double scale = pdf_length(file, matrix) == 6
                       ? pdf_number(file, pdf_item(file, matrix, 0)) * 1000
                       : 1;
    int count = MIN(pdf_length(file, list), 256);
    for (int i = 0; i < count; i++) {
        PdfObject width = pdf_item(file, list, i);
        pdf_font_set_width(font, (unsigned)CLAMP(first, 0, 255) + (unsigned)i,
                           pdf_number(file, width) * scale);
        pdf_release(file, width);
    }
}

/* "first [w w w]" or "first last w". */
static void read_composite_widths(PdfFile *file, PdfObject list, PdfFont *font)
{
    int count = MIN(pdf_length(file, list), WIDTHS_MAX), set = 0;
    for (int i = 0; i + 1 < count && set < WIDTHS_MAX;) {
        double first = pdf_number(file, pdf_item(file, list, i));
        PdfObject second = pdf_item(file, list, i + 1);
        unsigned code = (unsigned)CLAMP(first, 0, 65535);
        if (pdf_is_array(file, second)) {
            int items = MIN(pdf_length(file, second), WIDTHS_MAX - set);
            for (int k = 0; k < items; k++, set++) {
                PdfObject width = pdf_item(file, second, k);
                pdf_font_set_width(font, code++, pdf_number(file, width));
                pdf_release(file, width);
            }
            i += 2;
            continue;
        }
        unsigned last = (unsigned)CLAMP(pdf_number(file, second), 0, 65535);
        double width = pdf_number(file, pdf_item(file, list, i + 2));
        for (; code <= last && set < WIDTHS_MAX; set++)
            pdf_font_set_width(font, code++, width);
        i += 3;
    }
}

static void read_composite(PdfFile *file, PdfObject dictionary, PdfFont *font)
{
    PdfObject below =
        pdf_item(file, pdf_get(file, dictionary, "/DescendantFonts"), 0);
    PdfObject width = pdf_get(file, below, "/DW");
    if (pdf_is_number(file, width))
        pdf_font_set_default_width(font, pdf_number(file, width));
    read_composite_widths(file, pdf_get(file, below, "/W"), font);
    pdf_font_set_encoding(
        font, pdf_name(file, pdf_get(file, dictionary, "/Encoding")));
}

static PdfFont *read_font(PdfFile *file, PdfObject dictionary)
{
    PdfObject type = pdf_get(file, dictionary, "/Subtype");
    bool is_composite = strcmp(pdf_name(file, type), "Type0") == 0;
    PdfFont *font = pdf_font_new(is_composite);
    bool is_cut = false;
    pdf_font_set_name(font,
                      pdf_name(file, pdf_get(file, dictionary, "/BaseFont")));
    if (is_composite) {
        read_composite(file, dictionary, font);
    } else {
        read_widths(file, dictionary, font);
        read_encoding(file, pdf_get(file, dictionary, "/Encoding"), font);
    }
    size_t cost;
    g_autoptr(GBytes) map =
        pdf_stream(file, pdf_get(file, dictionary, "/ToUnicode"), MAP_BYTES_MAX,
                   &cost, &is_cut);
    if (map)
        pdf_font_read_map(font, g_bytes_get_data(map, NULL),
                          g_bytes_get_size(map));
    return font;
}

static const PdfFont *find_by_object(PdfFonts *fonts, PdfObject dictionary)
{
    int id = pdf_id(fonts->file, dictionary);
    PdfFont *font =
        id ? g_hash_table_lookup(fonts->by_id, GINT_TO_POINTER(id)) : NULL;
    if (font || fonts->all->len >= PDF_FONTS_MAX)
        return font;
    if (!pdf_get(fonts->file, dictionary, "/Subtype"))
        return NULL;
    font = read_font(fonts->file, dictionary);
    g_ptr_array_add(fonts->all, font);
    if (id)
        g_hash_table_insert(fonts->by_id, GINT_TO_POINTER(id), font);
    return font;
}

const PdfFont *pdf_fonts_find(PdfFonts *fonts, PdfObject resources,
                              const char *name)
{
    g_autofree char *key = g_strdup_printf("%u/%s", resources, name);
    const char *slash = strchr(key, '/');
    gpointer known;
    if (g_hash_table_lookup_extended(fonts->by_name, key, NULL, &known))
        return known;
    PdfObject list = pdf_get(fonts->file, resources, "/Font");
    const PdfFont *font =
        find_by_object(fonts, pdf_get(fonts->file, list, slash));
    if (g_hash_table_size(fonts->by_name) < NAMES_MAX)
        g_hash_table_insert(fonts->by_name, g_steal_pointer(&key),
                            (gpointer)font);
    return font;
}
