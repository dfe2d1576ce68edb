/*
 * Both kinds are a ZIP with one XML file that holds the text. A paragraph
 * becomes a line; within the cell of a table its end is a blank, so that a row
 * stays one line whatever stands in its cells. Words that are marked as
 * deleted, and the codes of fields, are not text.
 */
#include "mail/document.h"

#include "base/unpack_memory.h"
#include "base/xml.h"
#include "mail/flags.h"

#include <string.h>

#define LOOKED_BYTES 65536 /* of the directory at the end */
#define XML_PER_TEXT 16    /* XML is longer than the text it holds */
#define BLANKS_MAX   100

/* XML takes time whether it holds text or not: so many bytes of it cost the
 * mail as much as a byte of text. */
#define XML_PER_COST 4

typedef struct {
    GString *out;
    size_t max_bytes;
    int paragraphs; /* open ones: text outside of them is none */
    int cells;      /* open ones */
    bool is_hidden, is_first_cell, is_cut;
} Walk;

static bool has_name(const void *bytes, size_t length, const char *name)
{
    size_t looked = MIN(length, LOOKED_BYTES);
    return memmem((const char *)bytes + length - looked, looked, name,
                  strlen(name)) != NULL;
}

bool document_is_one(const void *bytes, size_t length)
{
    if (unpack_sniff(bytes, length) != UNPACK_ZIP)
        return false;
    return has_name(bytes, length, "word/document.xml") ||
           (has_name(bytes, length, "content.xml") &&
            has_name(bytes, length, "META-INF/manifest.xml"));
}

static void put(Walk *walk, const char *text, size_t length)
{
    size_t used = walk->out->len;
    size_t room = walk->max_bytes - MIN(used, walk->max_bytes);
    if (length > room)
        walk->is_cut = true;
    else
        g_string_append_len(walk->out, text, (gssize)length);
}

/* Behind a cell: the blank that its last paragraph left goes. */
static void end_cell(Walk *walk, const char *with)
{
    size_t length = walk->out->len;
    if (length > 0 && walk->out->str[length - 1] == ' ')
        g_string_truncate(walk->out, length - 1);
    put(walk, with, 1);
}

static bool is_paragraph(const char *name)
{
    return strcmp(name, "p") == 0 || strcmp(name, "h") == 0;
}

static bool is_cell(const char *name)
{
    return strcmp(name, "tc") == 0 || strcmp(name, "table-cell") == 0 ||
           strcmp(name, "covered-table-cell") == 0;
}

static bool is_row(const char *name)
{
    return strcmp(name, "tr") == 0 || strcmp(name, "table-row") == 0;
}

static bool is_hidden(const char *name)
{
    return strcmp(name, "delText") == 0 || strcmp(name, "instrText") == 0 ||
           strcmp(name, "tracked-changes") == 0;
}

static void put_blanks(Walk *walk, const char *const *attributes)
{
    const char *count = xml_attribute(attributes, "c");
    gint64 blanks = count ? g_ascii_strtoll(count, NULL, 10) : 1;
    for (gint64 i = 0; i < CLAMP(blanks, 1, BLANKS_MAX); i++)
        put(walk, " ", 1);
}

static void on_begin(const char *name, const char *const *attributes, int depth,
                     void *data)
{
    Walk *walk = data;
    if (is_hidden(name))
        walk->is_hidden = true;
    else if (is_paragraph(name))
        walk->paragraphs++;
    else if (is_row(name))
        walk->is_first_cell = true;
    else if (is_cell(name)) {
        if (!walk->is_first_cell)
            end_cell(walk, "\t");
        walk->is_first_cell = false;
        walk->cells++;
    } else if (walk->paragraphs == 0)
        return;
    else if (strcmp(name, "tab") == 0)
        put(walk, "\t", 1);
    else if (strcmp(name, "s") == 0)
        put_blanks(walk, attributes);
    else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0 ||
             strcmp(name, "line-break") == 0)
        put(walk, walk->cells ? " " : "\n", 1);
}

static void on_end(const char *name, const XmlValue *value, int depth,
                   void *data)
{
    Walk *walk = data;
    if (is_hidden(name))
        walk->is_hidden = false;
    else if (is_cell(name))
        walk->cells -= walk->cells > 0;
    else if (is_row(name))
        end_cell(walk, "\n");
    else if (is_paragraph(name)) {
        walk->paragraphs -= walk->paragraphs > 0;
        put(walk, walk->cells ? " " : "\n", 1);
    }
}

static void on_words(const char *text, size_t length, void *data)
{
    Walk *walk = data;
    if (walk->paragraphs > 0 && !walk->is_hidden)
        put(walk, text, length);
}

static bool wants_file(const char *name)
{
    return strcmp(name, "document.xml") == 0 ||
           strcmp(name, "content.xml") == 0 ||
           strcmp(name, "footnotes.xml") == 0;
}

const char *document_read(const void *bytes, size_t length, size_t max_bytes,
                          GString *out, size_t *cost)
{
    static const XmlReader READER = {on_begin, on_end};
    Unpacked unpacked;
    bool is_whole = true, is_cut = false;
    *cost = 0;
    unpack_memory(bytes, length, UNPACK_ZIP, wants_file,
                  XML_PER_TEXT * max_bytes, &unpacked);
    for (guint i = 0; i < unpacked.members->len; i++) {
        const UnpackedMember *member = unpacked.members->pdata[i];
        gsize xml_length;
        const char *xml = g_bytes_get_data(member->bytes, &xml_length);
        Walk walk = {.out = out, .max_bytes = max_bytes};
        is_whole = xml &&
                   xml_walk_words(xml, xml_length, &READER, on_words, &walk) &&
                   is_whole;
        is_cut = is_cut || walk.is_cut;
        *cost += xml_length / XML_PER_COST;
    }
    const char *flaw = unpacked.flaw ? unpacked.flaw
                       : !is_whole   ? UNPACK_FLAW_DAMAGED
                       : is_cut      ? MAIL_FLAG_TEXT_LIMIT
                                     : NULL;
    unpacked_clear(&unpacked);
    return flaw;
}
