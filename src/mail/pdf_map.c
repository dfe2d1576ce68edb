/*
 * Two sections matter: bfchar (code, text) and bfrange (first, last, text of
 * the first, or a list of texts). Rows are kept in the order of their first
 * code; of rows that overlap, which no honest font has, one of them answers.
 */
#include "mail/pdf_map.h"

#include "mail/pdf_lex.h"

#include <string.h>

#define TEXT_BYTES_MAX  64 /* of one code; ligatures have four letters */
#define TEXTS_BYTES_MAX (4u * 1024 * 1024)

typedef struct {
    uint32_t first, last;
    uint32_t text_at, text_length;
    bool counts; /* the last letter goes up with the code */
} Row;

static uint32_t code_of(const GString *text)
{
    uint32_t code = 0;
    for (size_t i = 0; i < MIN(text->len, 4); i++)
        code = code << 8 | (uint8_t)text->str[i];
    return code;
}

/* UTF-16 in bytes, big end first. */
static void append_utf16(const GString *bytes, GString *out)
{
    size_t length = MIN(bytes->len, TEXT_BYTES_MAX);
    if (length == 1) {
        g_string_append_unichar(out, (uint8_t)bytes->str[0]);
        return;
    }
    for (size_t i = 0; i + 1 < length; i += 2) {
        uint32_t c =
            (uint32_t)(uint8_t)bytes->str[i] << 8 | (uint8_t)bytes->str[i + 1];
        if ((c & 0xfc00) == 0xd800 && i + 3 < length) {
            uint32_t low = (uint32_t)(uint8_t)bytes->str[i + 2] << 8 |
                           (uint8_t)bytes->str[i + 3];
            c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
            i += 2;
        }
        if (c >= ' ' && g_unichar_validate(c))
            g_string_append_unichar(out, c);
    }
}

static void add_row(PdfMap *map, uint32_t first, uint32_t last,
                    const GString *text, bool counts)
{
    if (map->rows->len >= PDF_MAP_ROWS_MAX ||
        map->texts->len >= TEXTS_BYTES_MAX || last < first)
        return;
    size_t at = map->texts->len;
    append_utf16(text, map->texts);
    Row row = {.first = first,
               .last = last,
               .text_at = (uint32_t)at,
               .text_length = (uint32_t)(map->texts->len - at),
               .counts = counts};
    g_array_append_val(map->rows, row);
}

static void read_chars(PdfMap *map, PdfLexer *lexer)
{
    while (pdf_lex(lexer) == PDF_STRING) {
        uint32_t code = code_of(lexer->text);
        if (pdf_lex(lexer) != PDF_STRING)
            return;
        add_row(map, code, code, lexer->text, false);
    }
}

static void read_ranges(PdfMap *map, PdfLexer *lexer)
{
    while (pdf_lex(lexer) == PDF_STRING) {
        uint32_t first = code_of(lexer->text);
        if (pdf_lex(lexer) != PDF_STRING)
            return;
        uint32_t last = code_of(lexer->text);
        PdfTokenKind kind = pdf_lex(lexer);
        if (kind == PDF_STRING) {
            add_row(map, first, last, lexer->text, true);
            continue;
        }
        if (kind != PDF_MARK)
            return;
        for (; pdf_lex(lexer) == PDF_STRING; first++)
            add_row(map, first, first, lexer->text, false);
    }
}

static int compare_rows(const void *a, const void *b)
{
    const Row *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

PdfMap *pdf_map_new(const char *bytes, size_t length)
{
    PdfMap *map = g_new0(PdfMap, 1);
    map->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    map->texts = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    PdfLexer lexer = pdf_lexer(bytes, length, text);
    PdfTokenKind kind;
    while ((kind = pdf_lex(&lexer)) != PDF_END) {
        if (kind != PDF_WORD)
            continue;
        if (strcmp(text->str, "beginbfchar") == 0)
            read_chars(map, &lexer);
        else if (strcmp(text->str, "beginbfrange") == 0)
            read_ranges(map, &lexer);
    }
    g_array_sort(map->rows, compare_rows);
    return map;
}

void pdf_map_free(PdfMap *map)
{
    if (!map)
        return;
    g_array_unref(map->rows);
    g_string_free(map->texts, TRUE);
    g_free(map);
}

static void append_counted(const char *text, size_t length, uint32_t by,
                           GString *out)
{
    const char *last = text + length;
    while (last > text && ((uint8_t) * --last & 0xc0) == 0x80)
        continue;
    gunichar c = g_utf8_get_char(last) + by;
    g_string_append_len(out, text, last - text);
    if (g_unichar_validate(c))
        g_string_append_unichar(out, c);
}

bool pdf_map_show(const PdfMap *map, uint32_t code, GString *out)
{
    guint low = 0, high = map->rows->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(map->rows, Row, middle).first <= code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    const Row *row = &g_array_index(map->rows, Row, low - 1);
    if (code > row->last || row->text_length == 0)
        return false;
    const char *text = map->texts->str + row->text_at;
    if (row->counts && code > row->first)
        append_counted(text, row->text_length, code - row->first, out);
    else
        g_string_append_len(out, text, row->text_length);
    return true;
}
