/*
 * From the tree of pages to lines of text. Everything that can be a cycle (the
 * tree, forms that draw themselves) is bounded by depth and count, and the
 * content that is looked at by its bytes, as they come and as they are packed,
 * so that one page drawn a thousand times costs no more than a thousand pages.
 *
 * Besides the page's own content its annotations are read: the fields of a
 * form that an office filled in are drawn by them.
 */
#include "mail/pdf_document.h"

#include "mail/flags.h"
#include "mail/pdf_content.h"
#include "mail/pdf_fonts.h"
#include "mail/pdf_object.h"

#include <string.h>

#define ANNOTATIONS_MAX 500 /* on one page */
#define STREAM_COST     256 /* looking at a stream, in bytes of content */
#define LETTERS_BAD_MAX 5   /* in hundred: more, and the text is flawed */

static const PdfMatrix IDENTITY = {1, 0, 0, 1, 0, 0};

typedef struct {
    PdfObject page, resources;
} Leaf;

typedef struct {
    PdfFile *file;
    PdfFonts *fonts;
    size_t bytes_left;
    bool is_cut;
    PdfGlyphs glyphs;
} Document;

/* --- the tree --- */

typedef struct {
    PdfObject kids, resources;
    int next;
} Branch;

static void add_leaf(GArray *leaves, PdfObject page, PdfObject resources)
{
    Leaf leaf = {.page = page, .resources = resources};
    g_array_append_val(leaves, leaf);
}

static void find_leaves(Document *document, GArray *leaves)
{
    PdfFile *file = document->file;
    PdfObject top = pdf_get(file, pdf_root(file), "/Pages");
    Branch stack[PDF_TREE_DEPTH_MAX] = {
        {.kids = pdf_get(file, top, "/Kids"),
         .resources = pdf_get(file, top, "/Resources")}};
    int depth = 1, visited = 0;
    while (depth > 0 && visited++ < PDF_PAGES_MAX * 4) {
        Branch *branch = &stack[depth - 1];
        if (branch->next >= pdf_length(file, branch->kids)) {
            depth--;
            continue;
        }
        PdfObject node = pdf_item(file, branch->kids, branch->next++);
        PdfObject kids = pdf_get(file, node, "/Kids");
        PdfObject own = pdf_get(file, node, "/Resources");
        PdfObject resources = own ? own : branch->resources;
        if (kids && depth < PDF_TREE_DEPTH_MAX)
            stack[depth++] = (Branch){.kids = kids, .resources = resources};
        else if (!kids && leaves->len < PDF_PAGES_MAX)
            add_leaf(leaves, node, resources);
        else
            document->is_cut = true;
    }
    document->is_cut |= depth > 0;
}

/* --- content --- */

static GBytes *take_stream(Document *document, PdfObject stream)
{
    size_t cost;
    if (document->bytes_left == 0) {
        document->is_cut = true;
        return NULL;
    }
    GBytes *bytes = pdf_stream(document->file, stream, document->bytes_left,
                               &cost, &document->is_cut);
    cost = MAX(cost, bytes ? g_bytes_get_size(bytes) : 0) + STREAM_COST;
    document->bytes_left -= MIN(document->bytes_left, cost);
    return bytes;
}

/* A page's content may be a list of streams that are one. */
static GBytes *content_of(Document *document, PdfObject page)
{
    PdfObject contents = pdf_get(document->file, page, "/Contents");
    GByteArray *all = g_byte_array_new();
    bool is_list = pdf_is_array(document->file, contents);
    int count = is_list ? pdf_length(document->file, contents) : 1, i = 0;
    for (; i < count && document->bytes_left > 0; i++) {
        PdfObject one =
            is_list ? pdf_item(document->file, contents, i) : contents;
        g_autoptr(GBytes) bytes = take_stream(document, one);
        if (!bytes)
            continue;
        g_byte_array_append(all, g_bytes_get_data(bytes, NULL),
                            (guint)g_bytes_get_size(bytes));
        g_byte_array_append(all, (const guint8 *)"\n", 1);
    }
    document->is_cut |= i < count;
    return g_byte_array_free_to_bytes(all);
}

static bool read_numbers(PdfFile *file, PdfObject array, double *out, int count)
{
    if (pdf_length(file, array) != count)
        return false;
    for (int i = 0; i < count; i++)
        out[i] = CLAMP(pdf_number(file, pdf_item(file, array, i)), -1e9, 1e9);
    return true;
}

static PdfMatrix matrix_of(PdfFile *file, PdfObject stream)
{
    double m[6];
    if (!read_numbers(file, pdf_get(file, stream, "/Matrix"), m, 6))
        return IDENTITY;
    return (PdfMatrix){m[0], m[1], m[2], m[3], m[4], m[5]};
}

static const PdfFont *find_font(int resources, const char *name, void *data)
{
    Document *document = data;
    return pdf_fonts_find(document->fonts, (PdfObject)resources, name);
}

static bool find_form(int resources, const char *name, PdfStream *out,
                      void *data)
{
    Document *document = data;
    PdfFile *file = document->file;
    g_autofree char *key = g_strconcat("/", name, NULL);
    PdfObject form =
        pdf_get(file, pdf_get(file, (PdfObject)resources, "/XObject"), key);
    if (strcmp(pdf_name(file, pdf_get(file, form, "/Subtype")), "Form") != 0)
        return false;
    PdfObject own = pdf_get(file, form, "/Resources");
    out->bytes = take_stream(document, form);
    out->resources = own ? (int)own : resources;
    out->matrix = matrix_of(file, form);
    return out->bytes != NULL;
}

static void read_content(Document *document, const PdfStream *stream,
                         PdfPage *page)
{
    PdfResources resources = {find_font, find_form, document};
    if (!pdf_content_read(stream, &resources, page, &document->glyphs))
        document->is_cut = true;
}

/* What an annotation draws, moved to where it stands. */
static void read_annotation(Document *document, PdfObject annotation,
                            PdfPage *page)
{
    PdfFile *file = document->file;
    PdfObject look = pdf_get(file, pdf_get(file, annotation, "/AP"), "/N");
    double at[4];
    if (!pdf_is_stream(file, look) ||
        !read_numbers(file, pdf_get(file, annotation, "/Rect"), at, 4))
        return;
    g_autoptr(GBytes) bytes = take_stream(document, look);
    PdfStream stream = {.bytes = bytes,
                        .resources = (int)pdf_get(file, look, "/Resources"),
                        .matrix = matrix_of(file, look)};
    stream.matrix.e += MIN(at[0], at[2]);
    stream.matrix.f += MIN(at[1], at[3]);
    if (bytes)
        read_content(document, &stream, page);
}

static bool read_page(Document *document, const Leaf *leaf, size_t max_bytes,
                      GString *out)
{
    PdfFile *file = document->file;
    PdfPage *page = pdf_page_new();
    g_autoptr(GBytes) bytes = content_of(document, leaf->page);
    PdfStream stream = {
        .bytes = bytes, .resources = (int)leaf->resources, .matrix = IDENTITY};
    read_content(document, &stream, page);
    PdfObject annotations = pdf_get(file, leaf->page, "/Annots");
    int count = MIN(pdf_length(file, annotations), ANNOTATIONS_MAX);
    for (int i = 0; i < count; i++)
        read_annotation(document, pdf_item(file, annotations, i), page);
    bool is_whole = pdf_page_write(page, max_bytes, out);
    pdf_page_free(page);
    return is_whole;
}

static bool has_letters(const GString *text, size_t from)
{
    for (size_t i = from; i < text->len; i++)
        if (g_ascii_isalnum(text->str[i]) || (text->str[i] & 0x80))
            return true;
    return false;
}

static const char *flaw_of(const Document *document, const GString *out,
                           size_t begin)
{
    const PdfGlyphs *glyphs = &document->glyphs;
    if (document->is_cut)
        return MAIL_FLAW_PDF_LIMIT;
    if (glyphs->unknown * 100 > glyphs->glyphs * LETTERS_BAD_MAX)
        return MAIL_FLAW_PDF_LETTERS;
    return has_letters(out, begin) ? NULL : MAIL_FLAW_PDF_NO_TEXT;
}

const char *pdf_read(const char *bytes, size_t length, size_t max_bytes,
                     GString *out)
{
    const char *flaw = NULL;
    size_t begin = out->len;
    PdfFile *file = pdf_file_open(bytes, length, &flaw);
    if (!file)
        return flaw;
    Document document = {.file = file,
                         .fonts = pdf_fonts_new(file),
                         .bytes_left = PDF_CONTENT_BYTES_MAX};
    g_autoptr(GArray) leaves = g_array_new(FALSE, FALSE, sizeof(Leaf));
    find_leaves(&document, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        size_t used = out->len - begin;
        if (used >= max_bytes || document.bytes_left == 0) {
            document.is_cut = true;
            break;
        }
        if (i > 0)
            g_string_append_c(out, '\n');
        if (!read_page(&document, &g_array_index(leaves, Leaf, i),
                       max_bytes - used, out))
            document.is_cut = true;
    }
    flaw = leaves->len == 0 ? MAIL_FLAW_PDF_DAMAGED
                            : flaw_of(&document, out, begin);
    pdf_fonts_free(document.fonts);
    pdf_file_close(file);
    return flaw;
}
