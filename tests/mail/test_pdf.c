/*
 * pdf.table is run against a page made here. Then files that are made to do
 * harm: what they cost is bounded, and the flaw says what is missing.
 */
#include "base/files.h"
#include "mail/flags.h"
#include "mail/mail.h"
#include "mail/pdf_document.h"

#include <string.h>
#include <time.h>
#include <zlib.h>

#define TEXT_MAX (1u << 20)

typedef struct {
    GString *bytes;
    GArray *places; /* of size_t: of each object */
} Pdf;

static Pdf pdf_begin(void)
{
    return (Pdf){.bytes = g_string_new("%PDF-1.4\n"),
                 .places = g_array_new(FALSE, FALSE, sizeof(size_t))};
}

/* Objects get the numbers 1, 2, ... */
static void add(Pdf *pdf, const char *object)
{
    size_t at = pdf->bytes->len;
    g_array_append_val(pdf->places, at);
    g_string_append_printf(pdf->bytes, "%u 0 obj\n%s\nendobj\n",
                           pdf->places->len, object);
}

static void add_stream(Pdf *pdf, const char *entries, const char *content,
                       size_t length)
{
    size_t at = pdf->bytes->len;
    g_array_append_val(pdf->places, at);
    g_string_append_printf(pdf->bytes, "%u 0 obj\n<<%s /Length %zu>>\nstream\n",
                           pdf->places->len, entries, length);
    g_string_append_len(pdf->bytes, content, (gssize)length);
    g_string_append(pdf->bytes, "\nendstream\nendobj\n");
}

/* The root is object 1. */
static GBytes *pdf_end(Pdf *pdf)
{
    size_t table = pdf->bytes->len;
    g_string_append_printf(pdf->bytes, "xref\n0 %u\n0000000000 65535 f \n",
                           pdf->places->len + 1);
    for (guint i = 0; i < pdf->places->len; i++)
        g_string_append_printf(pdf->bytes, "%010zu 00000 n \n",
                               g_array_index(pdf->places, size_t, i));
    g_string_append_printf(pdf->bytes,
                           "trailer\n<</Size %u /Root 1 0 R>>\n"
                           "startxref\n%zu\n%%%%EOF\n",
                           pdf->places->len + 1, table);
    g_array_unref(pdf->places);
    return g_string_free_to_bytes(pdf->bytes);
}

static const char MAP[] = "1 beginbfchar <0001> <00E9> endbfchar\n"
                          "1 beginbfchar <0002> <006600660069> endbfchar\n"
                          "1 beginbfrange <0011> <0018> <0041> endbfrange\n"
                          "1 beginbfrange <0021> <0022> [<0416> <65E5>] "
                          "endbfrange\n";

static const char RESOURCES[] =
    "/Resources <</Font <</F1 5 0 R /F2 6 0 R /F3 8 0 R /F4 9 0 R>> "
    "/XObject <</X1 10 0 R /X2 11 0 R>>>>";

static GBytes *page_with(const char *content, size_t length,
                         const char *entries)
{
    Pdf pdf = pdf_begin();
    add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    add(&pdf, "<</Type /Pages /Kids [3 0 R] /Count 1>>");
    g_autofree char *page = g_strdup_printf(
        "<</Type /Page /Parent 2 0 R /Contents 4 0 R %s>>", RESOURCES);
    add(&pdf, page);
    add_stream(&pdf, entries, content, length);
    add(&pdf, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica "
              "/Encoding /WinAnsiEncoding>>");
    add(&pdf, "<</Type /Font /Subtype /Type0 /BaseFont /A "
              "/Encoding /Identity-H /ToUnicode 7 0 R>>");
    add_stream(&pdf, "", MAP, sizeof MAP - 1);
    add(&pdf, "<</Type /Font /Subtype /Type1 /BaseFont /A /Encoding "
              "<</Differences [1 /Euro /eacute /f_i /afii10017 /uni20AC "
              "/one.oldstyle /zcaron]>>>>");
    add(&pdf, "<</Type /Font /Subtype /Type0 /BaseFont /A "
              "/Encoding /Identity-H>>");
    static const char FORM[] = "BT /F1 10 Tf (in a form) Tj ET";
    static const char ROUND[] = "BT /F1 10 Tf 5 5 Td (round) Tj ET /X2 Do";
    g_autofree char *form =
        g_strdup_printf("/Type /XObject /Subtype /Form %s", RESOURCES);
    add_stream(&pdf, form, FORM, sizeof FORM - 1);
    add_stream(&pdf, form, ROUND, sizeof ROUND - 1);
    return pdf_end(&pdf);
}

static char *read_text(GBytes *pdf, const char **flaw)
{
    gsize length;
    const char *bytes = g_bytes_get_data(pdf, &length);
    GString *text = g_string_new(NULL);
    *flaw = pdf_read(bytes, length, TEXT_MAX, text);
    g_assert_cmpuint(text->len, <=, 2 * TEXT_MAX);
    g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
    return g_string_free(text, FALSE);
}

static void test_table(void)
{
    g_autoptr(GBytes) file = file_read(TEST_DIR "/pdf.table", 1 << 20, NULL);
    g_assert_nonnull(file);
    g_autofree char *all =
        g_strndup(g_bytes_get_data(file, NULL), g_bytes_get_size(file));
    g_auto(GStrv) lines = g_strsplit(all, "\n", 0);
    size_t run = 0;
    for (char **line = lines; *line; line++) {
        char *arrow = strstr(*line, " ==> ");
        if (**line == '#' || !arrow)
            continue;
        *arrow = '\0';
        const char *flaw;
        g_autofree char *want = g_strcompress(arrow + 5);
        g_autoptr(GBytes) pdf = page_with(*line, strlen(*line), "");
        g_autofree char *text = read_text(pdf, &flaw);
        if (strcmp(text, want) != 0)
            g_test_message("%s", *line);
        g_assert_cmpstr(text, ==, want);
        run++;
    }
    g_assert_cmpuint(run, >=, 20);
}

static char *deflated(size_t zeros, uLongf *length)
{
    g_autofree char *plain = g_strnfill(zeros, ' ');
    *length = compressBound(zeros);
    char *packed = g_malloc(*length);
    g_assert_cmpint(compress((Bytef *)packed, length, (Bytef *)plain, zeros),
                    ==, Z_OK);
    return packed;
}

/* 200 MB of blanks in 200 KB. */
static void test_bomb(void)
{
    uLongf length;
    const char *flaw;
    g_autofree char *packed = deflated(200u << 20, &length);
    g_autoptr(GBytes) pdf = page_with(packed, length, "/Filter /FlateDecode");
    g_autofree char *text = read_text(pdf, &flaw);
    g_assert_cmpstr(flaw, ==, MAIL_FLAW_PDF_LIMIT);
    g_assert_cmpstr(text, ==, "");
}

/* A page of that many times the same stream, which holds nothing. */
static double seconds_for_nothing(size_t bytes, int times, const char **flaw)
{
    g_autofree char *nothing = g_strnfill(bytes, '~');
    g_autoptr(GString) page = g_string_new("<</Type /Page /Contents [");
    for (int i = 0; i < times; i++)
        g_string_append(page, "4 0 R ");
    g_string_append(page, "]>>");
    Pdf pdf = pdf_begin();
    add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    add(&pdf, "<</Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3>>");
    add(&pdf, page->str);
    add_stream(&pdf, "/Filter /ASCII85Decode", nothing, bytes);
    g_autoptr(GBytes) file = pdf_end(&pdf);
    clock_t begin = clock();
    g_autofree char *text = read_text(file, flaw);
    g_assert_cmpstr(text, ==, "");
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/* What is read in vain is counted, too: 3 GB here, 300,000 streams there. */
static void test_nothing(void)
{
    const char *flaw;
    double large = seconds_for_nothing(2000000, 500, &flaw);
    g_assert_cmpstr(flaw, ==, MAIL_FLAW_PDF_LIMIT);
    double many = seconds_for_nothing(1, 100000, &flaw);
    g_assert_cmpstr(flaw, ==, MAIL_FLAW_PDF_LIMIT);
    g_test_message("large %.3f s, many %.3f s", large, many);
}

/* One packed page is read like any other. */
static void test_packed(void)
{
    static const char CONTENT[] = "BT /F1 10 Tf 50 700 Td (packed) Tj ET";
    char packed[200];
    uLongf length = sizeof packed;
    const char *flaw;
    compress((Bytef *)packed, &length, (const Bytef *)CONTENT,
             sizeof CONTENT - 1);
    g_autoptr(GBytes) pdf = page_with(packed, length, "/Filter /FlateDecode");
    g_autofree char *text = read_text(pdf, &flaw);
    g_assert_cmpstr(text, ==, "packed\n");
    g_assert_null(flaw);
}

/* A page that shows only a form without text. */
static void test_no_text(void)
{
    const char *flaw;
    g_autoptr(GBytes) pdf = page_with("0 0 5 5 re f", 12, "");
    g_autofree char *text = read_text(pdf, &flaw);
    g_assert_cmpstr(flaw, ==, MAIL_FLAW_PDF_NO_TEXT);
}

/* Letters that no table tells are a flaw of the whole. */
static void test_unknown_letters(void)
{
    static const char CONTENT[] = "BT /F4 10 Tf 50 700 Td <000100020003> Tj ET";
    const char *flaw;
    g_autoptr(GBytes) pdf = page_with(CONTENT, sizeof CONTENT - 1, "");
    g_autofree char *text = read_text(pdf, &flaw);
    g_assert_cmpstr(flaw, ==, MAIL_FLAW_PDF_LETTERS);
}

/* A tree of pages that is its own branch, and one 3,000 deep. */
static void test_tree(void)
{
    const char *flaw;
    Pdf loop = pdf_begin();
    add(&loop, "<</Type /Catalog /Pages 2 0 R>>");
    add(&loop, "<</Type /Pages /Kids [2 0 R 2 0 R] /Count 1>>");
    g_autoptr(GBytes) round = pdf_end(&loop);
    g_autofree char *none = read_text(round, &flaw);
    g_assert_nonnull(flaw);
    Pdf deep = pdf_begin();
    add(&deep, "<</Type /Catalog /Pages 2 0 R>>");
    for (int i = 3; i < 3000; i++) {
        g_autofree char *node =
            g_strdup_printf("<</Type /Pages /Kids [%d 0 R]>>", i);
        add(&deep, node);
    }
    g_autoptr(GBytes) tower = pdf_end(&deep);
    g_autofree char *nothing = read_text(tower, &flaw);
    g_assert_nonnull(flaw);
}

/* Every cut and many changed bytes of a good file. */
static void test_damaged(void)
{
    static const char CONTENT[] = "BT /F1 10 Tf 50 700 Td (whole) Tj ET";
    g_autoptr(GBytes) good = page_with(CONTENT, sizeof CONTENT - 1, "");
    gsize length;
    const char *bytes = g_bytes_get_data(good, &length);
    for (gsize cut = 0; cut < length; cut += 41) {
        const char *flaw;
        g_autoptr(GBytes) part = g_bytes_new(bytes, cut);
        g_autofree char *text = read_text(part, &flaw);
        g_assert_true(flaw || strstr(text, "whole"));
    }
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int i = 0; i < 200; i++) {
        const char *flaw;
        g_autofree char *copy = g_memdup2(bytes, length);
        for (int k = 0; k < 8; k++)
            copy[g_rand_int_range(random, 0, (gint32)length)] =
                (char)g_rand_int_range(random, 0, 256);
        g_autoptr(GBytes) changed = g_bytes_new(copy, length);
        g_autofree char *text = read_text(changed, &flaw);
    }
}

static double seconds_for(const char *unit, size_t times)
{
    g_autoptr(GString) content = g_string_new("BT /F1 10 Tf 50 700 Td ");
    for (size_t i = 0; i < times; i++)
        g_string_append(content, unit);
    const char *flaw;
    g_autoptr(GBytes) pdf = page_with(content->str, content->len, "");
    clock_t begin = clock();
    g_autofree char *text = read_text(pdf, &flaw);
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/* Four times the content never costs more than ten times as much. */
static void test_linear(void)
{
    static const char *const UNITS[] = {
        "(a) Tj ", "[(a) 1 (b)] TJ ", "q ",      "( ",      "<<",
        "[",       "BI ID ",          "/X2 Do ", "0 0 Td ", "1 ",
        "%",       "0 -12 Td (b) Tj "};
    for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
        double small = seconds_for(UNITS[i], 10000);
        double big = seconds_for(UNITS[i], 40000);
        if (big > 0.2)
            g_assert_cmpfloat(big, <, 10 * small);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/pdf/table", test_table);
    g_test_add_func("/pdf/bomb", test_bomb);
    g_test_add_func("/pdf/nothing", test_nothing);
    g_test_add_func("/pdf/packed", test_packed);
    g_test_add_func("/pdf/no-text", test_no_text);
    g_test_add_func("/pdf/unknown-letters", test_unknown_letters);
    g_test_add_func("/pdf/tree", test_tree);
    g_test_add_func("/pdf/damaged", test_damaged);
    g_test_add_func("/pdf/linear", test_linear);
    return g_test_run();
}
