#include "mail/pdf_font.h"

#include "mail/charset.h"
#include "mail/pdf_glyphs.h"
#include "mail/pdf_map.h"

#include <string.h>

#define CODES_SIMPLE    256
#define CODES_COMPOSITE 65536
#define WIDTH_UNKNOWN   (-1)
#define COURIER_WIDTH   600
#define TIMES_SCALE     0.9 /* of Helvetica's widths */
#define REPLACEMENT     0xfffd

/* How a composite font's codes are to be read without a map of its own. */
typedef enum { CODES_GLYPHS, CODES_UTF16, CODES_CHARSET } Codes;

struct PdfFont {
    bool is_composite;
    PdfMap *map;                /* or NULL */
    char *glyphs[CODES_SIMPLE]; /* names from Differences; NULL: by encoding */
    const char *charset;        /* of the encoding; NULL: StandardEncoding */
    Codes codes;
    int16_t *widths; /* of CODES_..., WIDTH_UNKNOWN; NULL if none is stated */
    double default_width;
    double scale; /* of the usual widths */
};

/* Beginnings of the names of predefined character maps. */
static const struct {
    const char *prefix, *charset;
} MAPS[] = {
    {"GBK", "gb18030"},     {"GB-", "gb18030"},      {"GBpc", "gb18030"},
    {"ETen-B5", "big5"},    {"B5pc", "big5"},        {"HKscs", "big5"},
    {"ETenms-B5", "big5"},  {"90ms-RKSJ", "cp932"},  {"90msp-RKSJ", "cp932"},
    {"90pv-RKSJ", "cp932"}, {"83pv-RKSJ", "cp932"},  {"KSCms-UHC", "cp949"},
    {"KSC-EUC", "euc-kr"},  {"KSCpc-EUC", "euc-kr"},
};

PdfFont *pdf_font_new(bool is_composite)
{
    PdfFont *font = g_new0(PdfFont, 1);
    font->is_composite = is_composite;
    font->default_width = is_composite ? 1000 : WIDTH_UNKNOWN;
    font->scale = 1;
    return font;
}

void pdf_font_free(PdfFont *font)
{
    if (!font)
        return;
    pdf_map_free(font->map);
    for (int i = 0; i < CODES_SIMPLE; i++)
        g_free(font->glyphs[i]);
    g_free(font->widths);
    g_free(font);
}

void pdf_font_set_encoding(PdfFont *font, const char *name)
{
    if (!font->is_composite) {
        if (strcmp(name, "WinAnsiEncoding") == 0)
            font->charset = "windows-1252";
        else if (strcmp(name, "MacRomanEncoding") == 0)
            font->charset = "macintosh";
        return;
    }
    if (g_str_has_prefix(name, "Uni") &&
        (strstr(name, "UCS2") || strstr(name, "UTF16")))
        font->codes = CODES_UTF16;
    for (size_t i = 0; i < G_N_ELEMENTS(MAPS); i++)
        if (g_str_has_prefix(name, MAPS[i].prefix)) {
            font->codes = CODES_CHARSET;
            font->charset = MAPS[i].charset;
        }
}

void pdf_font_set_glyph(PdfFont *font, unsigned code, const char *glyph)
{
    if (font->is_composite || code >= CODES_SIMPLE)
        return;
    g_free(font->glyphs[code]);
    font->glyphs[code] = g_strdup(glyph);
}

void pdf_font_read_map(PdfFont *font, const char *bytes, size_t length)
{
    pdf_map_free(font->map);
    font->map = pdf_map_new(bytes, length);
}

void pdf_font_set_width(PdfFont *font, unsigned code, double width)
{
    size_t codes = font->is_composite ? CODES_COMPOSITE : CODES_SIMPLE;
    if (code >= codes)
        return;
    if (!font->widths) {
        font->widths = g_new(int16_t, codes);
        for (size_t i = 0; i < codes; i++)
            font->widths[i] = WIDTH_UNKNOWN;
    }
    font->widths[code] = (int16_t)CLAMP(width, 0, INT16_MAX);
}

void pdf_font_set_default_width(PdfFont *font, double width)
{
    font->default_width = CLAMP(width, 0, INT16_MAX);
}

void pdf_font_set_name(PdfFont *font, const char *name)
{
    if (strstr(name, "Courier"))
        font->default_width = COURIER_WIDTH;
    else if (strstr(name, "Times"))
        font->scale = TIMES_SCALE;
}

static double width_of(const PdfFont *font, unsigned code)
{
    if (font->widths && font->widths[code] != WIDTH_UNKNOWN)
        return font->widths[code];
    return font->default_width >= 0 ? font->default_width
                                    : font->scale * pdf_usual_width(code);
}

static void show_letter(gunichar letter, GString *out, PdfGlyphs *count)
{
    bool is_good = letter >= ' ' && g_unichar_validate(letter);
    g_string_append_unichar(out, is_good ? letter : REPLACEMENT);
    count->unknown += !is_good;
}

/* Bytes of a charset that are one letter. */
static void show_bytes(const char *charset, const char *bytes, size_t length,
                       GString *out, PdfGlyphs *count)
{
    g_autofree char *text = charset_new_text(charset, bytes, length);
    gunichar letter = g_utf8_get_char_validated(text, -1);
    show_letter(letter == 0xfffd ? 0 : letter, out, count);
}

static void show_simple(const PdfFont *font, unsigned code, GString *out,
                        PdfGlyphs *count)
{
    char byte = (char)code;
    if (font->glyphs[code]) {
        if (pdf_glyph_show(font->glyphs[code], out))
            return;
        show_letter(0, out, count);
    } else if (code == '\t' || code == '\n' || code == '\r') {
        g_string_append_c(out, ' ');
    } else if (font->charset && code >= 128) {
        show_bytes(font->charset, &byte, 1, out, count);
    } else {
        show_letter(font->charset ? code : pdf_standard_letter(code), out,
                    count);
    }
}

/* How long is a code of a character map that mixes one and two bytes? */
static size_t code_length(const PdfFont *font, const char *bytes, size_t length)
{
    if (!font->is_composite || length == 1)
        return 1;
    uint8_t first = (uint8_t)bytes[0];
    if (font->codes != CODES_CHARSET)
        return 2;
    bool is_kana =
        strcmp(font->charset, "cp932") == 0 && first >= 0xa1 && first <= 0xdf;
    return first <= 0x80 || is_kana ? 1 : 2;
}

size_t pdf_font_show(const PdfFont *font, const char *bytes, size_t length,
                     GString *out, double *width, PdfGlyphs *count)
{
    size_t taken = code_length(font, bytes, length);
    unsigned code = (uint8_t)bytes[0];
    if (taken == 2)
        code = code << 8 | (uint8_t)bytes[1];
    *width = width_of(font, code);
    count->glyphs++;
    if (font->map && pdf_map_show(font->map, code, out))
        return taken;
    if (!font->is_composite)
        show_simple(font, code, out, count);
    else if (font->codes == CODES_UTF16)
        show_letter(code, out, count);
    else if (font->codes == CODES_CHARSET)
        show_bytes(font->charset, bytes, taken, out, count);
    else
        show_letter(0, out, count);
    return taken;
}
