/*
 * XLSX is a ZIP of XML. What a person sees in a cell is put together from
 * three places: the cell itself, the strings that all sheets share, and the
 * formats that tell a date from a number: both are stored as 46142.4247.
 *
 * Formats are reduced to one question: does the cell show a date or a time?
 * Then its serial number is written as ISO 8601 without zone, since a
 * spreadsheet knows none; else the number stands as it is stored. Formulas
 * are not computed: their last value is stored beside them.
 *
 * Authority: ECMA-376 part 1, 18.3 (sheets), 18.4 (shared strings), 18.8.30
 * (number formats), 18.17.4 (serial dates, with the leap day of 1900 that never
 * was: harmless from March 1900 on).
 */
#include "mail/spreadsheet.h"

#include "base/unpack_memory.h"
#include "base/xml.h"
#include "mail/parts.h"

#include <string.h>

#define SHEETS_MAX      50
#define COLUMNS_MAX     256
#define STRINGS_MAX     500000
#define FORMATS_MAX     5000
#define LOOKED_BYTES    65536 /* of the directory, for the workbook's name */
#define XML_PER_TEXT    8     /* XML is longer than the text it holds */
#define EPOCH_1900_DAYS 25569 /* serial number of 1970-01-01 */
#define EPOCH_1904_DAYS 24107
#define SERIAL_MAX      2958466 /* 10000-01-01 */

typedef struct {
    GPtrArray *strings; /* of char *: shared */
    GArray *is_date;    /* of bool: by cell format */
    GHashTable *dates;  /* numbers of own formats that show dates */
    bool is_1904;
} Workbook;

typedef struct {
    Workbook *book;
    GString *text; /* of the sheet, or of the string being read */
    size_t max_bytes;
    int formats_depth;
    int column, next_column, tabs; /* of the cell; of one that does not say;
                                      written in this row */
    bool is_phonetic, cell_is_date;
    char cell_type[12];
    GString *cell;
} Walk;

bool spreadsheet_is_one(const Decoded *decoded)
{
    static const char NAME[] = "xl/workbook.xml";
    const GByteArray *bytes = decoded->bytes;
    if (unpack_sniff(bytes->data, bytes->len) != UNPACK_ZIP)
        return false;
    /* The directory stands at the end. */
    size_t looked = MIN(bytes->len, LOOKED_BYTES);
    return memmem(bytes->data + bytes->len - looked, looked, NAME,
                  sizeof NAME - 1) != NULL;
}

/* --- what all sheets share --- */

static void string_begin(const char *name, const char *const *attributes,
                         int depth, void *data)
{
    Walk *walk = data;
    if (strcmp(name, "si") == 0)
        g_string_truncate(walk->text, 0);
    else if (strcmp(name, "rPh") == 0)
        walk->is_phonetic = true;
}

static void string_end(const char *name, const XmlValue *value, int depth,
                       void *data)
{
    Walk *walk = data;
    GPtrArray *strings = walk->book->strings;
    if (strcmp(name, "t") == 0 && !walk->is_phonetic)
        g_string_append(walk->text, value->whole);
    else if (strcmp(name, "rPh") == 0)
        walk->is_phonetic = false;
    else if (strcmp(name, "si") == 0 && strings->len < STRINGS_MAX)
        g_ptr_array_add(strings, g_strdup(walk->text->str));
}

/* Does a format show a date or a time? Words in quotes, brackets and behind a
 * backslash are not its own letters. */
static bool code_is_date(const char *code)
{
    for (; *code; code++) {
        if (*code == '"' || *code == '[') {
            const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
            if (!end)
                return false;
            code = end;
        } else if (*code == '\\' && code[1]) {
            code++;
        } else if (strchr("ydhsYDHS", *code)) {
            return true;
        }
    }
    return false;
}

static bool number_is_date(const Workbook *book, const char *number)
{
    gint64 id = number ? g_ascii_strtoll(number, NULL, 10) : 0;
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) ||
           (id >= 45 && id <= 47) || (id >= 50 && id <= 58) ||
           g_hash_table_contains(book->dates, GINT_TO_POINTER((int)id));
}

static void style_begin(const char *name, const char *const *attributes,
                        int depth, void *data)
{
    Walk *walk = data;
    Workbook *book = walk->book;
    const char *id = xml_attribute(attributes, "numFmtId");
    const char *code = xml_attribute(attributes, "formatCode");
    if (strcmp(name, "cellXfs") == 0)
        walk->formats_depth = depth;
    if (strcmp(name, "numFmt") == 0 && id && code && code_is_date(code) &&
        g_hash_table_size(book->dates) < FORMATS_MAX)
        g_hash_table_add(book->dates,
                         GINT_TO_POINTER((int)g_ascii_strtoll(id, NULL, 10)));
    if (strcmp(name, "xf") == 0 && walk->formats_depth > 0 &&
        book->is_date->len < FORMATS_MAX) {
        bool is_date = number_is_date(book, id);
        g_array_append_val(book->is_date, is_date);
    }
}

static void style_end(const char *name, const XmlValue *value, int depth,
                      void *data)
{
    Walk *walk = data;
    if (depth == walk->formats_depth)
        walk->formats_depth = 0;
}

static void book_begin(const char *name, const char *const *attributes,
                       int depth, void *data)
{
    Walk *walk = data;
    const char *is_1904 = xml_attribute(attributes, "date1904");
    if (strcmp(name, "workbookPr") == 0 && is_1904)
        walk->book->is_1904 =
            strcmp(is_1904, "1") == 0 || strcmp(is_1904, "true") == 0;
}

static void book_end(const char *name, const XmlValue *value, int depth,
                     void *data)
{
}

/* --- one sheet --- */

/* "AB12" is column 27, counted from 0; -1 if it is nothing. */
static int column_of(const char *reference)
{
    int column = 0;
    if (!reference || !g_ascii_isalpha(*reference))
        return -1;
    for (; g_ascii_isalpha(*reference) && column < 20000; reference++)
        column = column * 26 + g_ascii_toupper(*reference) - 'A' + 1;
    return column - 1;
}

static void sheet_begin(const char *name, const char *const *attributes,
                        int depth, void *data)
{
    Walk *walk = data;
    if (strcmp(name, "row") == 0)
        walk->next_column = walk->tabs = 0;
    if (strcmp(name, "c") != 0)
        return;
    const char *type = xml_attribute(attributes, "t");
    const char *style = xml_attribute(attributes, "s");
    int column = column_of(xml_attribute(attributes, "r"));
    gint64 format = style ? g_ascii_strtoll(style, NULL, 10) : 0;
    walk->column = column < 0 ? walk->next_column : column;
    g_strlcpy(walk->cell_type, type ? type : "n", sizeof walk->cell_type);
    walk->cell_is_date =
        format >= 0 && format < (gint64)walk->book->is_date->len &&
        g_array_index(walk->book->is_date, bool, (guint)format);
    g_string_truncate(walk->cell, 0);
}

/* "2026-04-30 10:11:12"; without the clock for whole days, without the date
 * below one day. */
static char *date_new_text(const Workbook *book, const char *number)
{
    double serial = g_ascii_strtod(number, NULL);
    if (!(serial >= 0 && serial < SERIAL_MAX))
        return g_strdup(number);
    gint64 seconds = (gint64)(serial * INSTANT_DAY_S + 0.5);
    bool is_day = seconds % INSTANT_DAY_S == 0;
    int days = book->is_1904 ? EPOCH_1904_DAYS : EPOCH_1900_DAYS;
    Civil at = civil_from_instant(seconds - (gint64)days * INSTANT_DAY_S, 0);
    if (serial < 1 && !is_day)
        return g_strdup_printf("%02d:%02d:%02d", at.hour, at.minute, at.second);
    if (is_day)
        return g_strdup_printf("%04d-%02d-%02d", at.year, at.month, at.day);
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month,
                           at.day, at.hour, at.minute, at.second);
}

static void put_cell(Walk *walk, const char *value)
{
    if (walk->column >= COLUMNS_MAX || walk->column < walk->next_column ||
        walk->text->len + strlen(value) + COLUMNS_MAX > walk->max_bytes)
        return;
    for (; walk->tabs < walk->column; walk->tabs++)
        g_string_append_c(walk->text, '\t');
    size_t at = walk->text->len;
    g_string_append(walk->text, value);
    for (; at < walk->text->len; at++)
        if (strchr("\t\r\n", walk->text->str[at]))
            walk->text->str[at] = ' ';
}

static void take_value(Walk *walk, const char *value)
{
    const GPtrArray *strings = walk->book->strings;
    if (strcmp(walk->cell_type, "s") == 0) {
        guint64 index = g_ascii_strtoull(value, NULL, 10);
        if (index < strings->len)
            g_string_assign(walk->cell, strings->pdata[index]);
    } else if (walk->cell_is_date && strcmp(walk->cell_type, "n") == 0) {
        g_autofree char *date = date_new_text(walk->book, value);
        g_string_assign(walk->cell, date);
    } else {
        g_string_assign(walk->cell, value);
    }
}

static void sheet_end(const char *name, const XmlValue *value, int depth,
                      void *data)
{
    Walk *walk = data;
    if (strcmp(name, "v") == 0) {
        take_value(walk, value->text);
    } else if (strcmp(name, "t") == 0) {
        g_string_append(walk->cell, value->whole);
    } else if (strcmp(name, "c") == 0) {
        if (walk->cell->len > 0)
            put_cell(walk, walk->cell->str);
        walk->next_column = MAX(walk->next_column, walk->column + 1);
    } else if (strcmp(name, "row") == 0 &&
               walk->text->len + 1 < walk->max_bytes) {
        g_string_append_c(walk->text, '\n');
    }
}

/* --- the whole --- */

static bool is_sheet(const char *name)
{
    return g_str_has_prefix(name, "sheet") && g_str_has_suffix(name, ".xml");
}

static bool wants_file(const char *name)
{
    return is_sheet(name) || strcmp(name, "sharedStrings.xml") == 0 ||
           strcmp(name, "styles.xml") == 0 || strcmp(name, "workbook.xml") == 0;
}

/* Walk over the members of that name; false if one is damaged. */
static bool walk_over(const Unpacked *unpacked, const char *name,
                      const XmlReader *reader, Walk *walk)
{
    bool is_whole = true;
    for (guint i = 0; i < unpacked->members->len; i++) {
        const UnpackedMember *member = unpacked->members->pdata[i];
        gsize length;
        const char *text = g_bytes_get_data(member->bytes, &length);
        if (strcmp(member->name, name) == 0 && text)
            is_whole = xml_walk(text, length, reader, walk) && is_whole;
    }
    return is_whole;
}

static void add_sheet(Mail *mail, guint at, guint index, const char *name,
                      GString *text, size_t *budget)
{
    MailPart *part = mail_part_insert(mail, at, (int)index);
    const MailPart *book = mail->parts->pdata[index];
    part->content_type = g_strdup("text/tab-separated-values");
    part->filename =
        g_strconcat(book->filename ? book->filename : "", "/", name, NULL);
    part->attached = true;
    part->raw_at = book->raw_at;
    part->raw_length = book->raw_length;
    part->kind = PART_TEXT;
    *budget -= MIN(*budget, text->len);
    part->text = g_string_free(text, FALSE);
}

/* The sheets as parts behind the book's; how many. */
static guint add_sheets(Mail *mail, guint index, const Unpacked *unpacked,
                        Walk *walk, size_t *budget)
{
    static const XmlReader SHEET = {sheet_begin, sheet_end};
    guint count = 0;
    for (guint i = 0; i < unpacked->members->len && count < SHEETS_MAX; i++) {
        const UnpackedMember *member = unpacked->members->pdata[i];
        if (!is_sheet(member->name) || mail->parts->len >= MAIL_PARTS_MAX)
            continue;
        gsize length;
        const char *xml = g_bytes_get_data(member->bytes, &length);
        walk->text = g_string_new(NULL);
        walk->max_bytes = *budget;
        bool is_whole = xml && xml_walk(xml, length, &SHEET, walk);
        MailPart *book = mail->parts->pdata[index];
        if (!is_whole)
            book->flaw = UNPACK_FLAW_DAMAGED;
        else if (walk->text->len + COLUMNS_MAX > walk->max_bytes)
            book->flaw = MAIL_FLAG_TEXT_LIMIT;
        add_sheet(mail, index + 1 + count++, index, member->name, walk->text,
                  budget);
    }
    return count;
}

static bool read_book(Mail *mail, guint index, const Unpacked *unpacked,
                      size_t *budget)
{
    static const XmlReader STRINGS = {string_begin, string_end};
    static const XmlReader STYLES = {style_begin, style_end};
    static const XmlReader BOOK = {book_begin, book_end};
    Workbook book = {.strings = g_ptr_array_new_with_free_func(g_free),
                     .is_date = g_array_new(FALSE, FALSE, sizeof(bool)),
                     .dates = g_hash_table_new(NULL, NULL)};
    g_autoptr(GString) cell = g_string_new(NULL);
    g_autoptr(GString) string = g_string_new(NULL);
    Walk walk = {.book = &book, .text = string, .cell = cell};
    walk_over(unpacked, "workbook.xml", &BOOK, &walk);
    walk_over(unpacked, "styles.xml", &STYLES, &walk);
    bool is_whole = walk_over(unpacked, "sharedStrings.xml", &STRINGS, &walk);
    guint sheets = add_sheets(mail, index, unpacked, &walk, budget);
    MailPart *part = mail->parts->pdata[index];
    if (!is_whole)
        part->flaw = UNPACK_FLAW_DAMAGED;
    if (sheets > 0)
        part->kind = PART_MULTIPART;
    g_ptr_array_unref(book.strings);
    g_array_unref(book.is_date);
    g_hash_table_unref(book.dates);
    return sheets > 0;
}

bool spreadsheet_read(Mail *mail, guint index, const Decoded *decoded,
                      size_t *budget)
{
    const MailPart *part = mail->parts->pdata[index];
    Unpacked unpacked;
    if (part->depth + 1 >= MAIL_DEPTH_MAX)
        return false;
    unpack_memory(decoded->bytes->data, decoded->bytes->len, UNPACK_ZIP,
                  wants_file, XML_PER_TEXT * *budget, &unpacked);
    size_t bytes = 0;
    for (guint i = 0; i < unpacked.members->len; i++)
        bytes += g_bytes_get_size(
            ((UnpackedMember *)unpacked.members->pdata[i])->bytes);
    size_t before = *budget;
    bool has_read = read_book(mail, index, &unpacked, budget);
    *budget = MIN(*budget, before - MIN(before, bytes / XML_PER_TEXT));
    if (unpacked.flaw)
        ((MailPart *)mail->parts->pdata[index])->flaw = unpacked.flaw;
    unpacked_clear(&unpacked);
    return has_read;
}
