/*
 * Pieces are sorted by height and cut into lines: one that stands less than
 * half a letter below the line's first piece is of the same line (exponents,
 * cells that are set a little higher). Within a line the order is from left to
 * right. Bold text that is drawn twice is written once. Where a line stands
 * further below than lines do, a blank line says so, since sentences and
 * tables are told apart by it.
 *
 * Rejected: finding columns of running text. A letter's margin notes then
 * stand beside its lines, but no row of a table is ever torn apart, and rows
 * are what accuses.
 */
#include "mail/pdf_page.h"

#include <math.h>
#include <string.h>

/* In heights of a letter. */
#define SAME_LINE  0.5
#define WORD_GAP   0.15
#define CELL_GAP   0.7
#define SAME_PLACE 0.12
#define PARAGRAPH  1.9

PdfPage *pdf_page_new(void)
{
    PdfPage *page = g_new0(PdfPage, 1);
    page->pieces = g_array_new(FALSE, FALSE, sizeof(PdfPiece));
    page->text = g_string_new(NULL);
    return page;
}

void pdf_page_free(PdfPage *page)
{
    if (!page)
        return;
    g_array_unref(page->pieces);
    g_string_free(page->text, TRUE);
    g_free(page);
}

static int compare(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int by_height(const void *a, const void *b)
{
    const PdfPiece *left = a, *right = b;
    if (left->turn != right->turn)
        return left->turn < right->turn ? -1 : 1;
    int order = compare(right->y, left->y);
    return order ? order : left->order < right->order ? -1 : 1;
}

static int by_column(const void *a, const void *b)
{
    const PdfPiece *left = a, *right = b;
    int order = compare(left->x, right->x);
    return order ? order : left->order < right->order ? -1 : 1;
}

static const char *text_of(const PdfPage *page, const PdfPiece *piece)
{
    return page->text->str + piece->text_at;
}

/* The same words at the same place: bold, or a shadow. */
static bool is_again(const PdfPage *page, const PdfPiece *before,
                     const PdfPiece *piece)
{
    return before && before->text_length == piece->text_length &&
           fabs(before->x - piece->x) < SAME_PLACE * piece->size &&
           memcmp(text_of(page, before), text_of(page, piece),
                  piece->text_length) == 0;
}

static void write_line(const PdfPage *page, const PdfPiece *pieces,
                       size_t count, GString *out)
{
    const PdfPiece *before = NULL;
    size_t line_at = out->len;
    for (size_t i = 0; i < count; i++) {
        const PdfPiece *piece = &pieces[i];
        if (is_again(page, before, piece))
            continue;
        double gap = before ? piece->x - before->end_x : 0;
        bool has_blank = out->len == line_at ||
                         g_ascii_isspace(out->str[out->len - 1]) ||
                         *text_of(page, piece) == ' ';
        if (gap > CELL_GAP * piece->size)
            g_string_append_c(out, '\t');
        else if (gap > WORD_GAP * piece->size && !has_blank)
            g_string_append_c(out, ' ');
        g_string_append_len(out, text_of(page, piece),
                            (gssize)piece->text_length);
        before = piece;
    }
    while (out->len > line_at && g_ascii_isspace(out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

/* How many pieces from the first on are of its line. */
static size_t line_length(const PdfPiece *pieces, size_t count)
{
    size_t length = 1;
    while (length < count && pieces[length].turn == pieces->turn &&
           pieces->y - pieces[length].y <
               SAME_LINE * MIN(pieces->size, pieces[length].size))
        length++;
    return length;
}

bool pdf_page_write(PdfPage *page, size_t max_bytes, GString *out)
{
    PdfPiece *pieces = (PdfPiece *)page->pieces->data;
    size_t count = page->pieces->len, begin = out->len;
    if (count > 0)
        qsort(pieces, count, sizeof *pieces, by_height);
    for (size_t at = 0; at < count;) {
        size_t length = line_length(pieces + at, count - at);
        double below = at > 0 ? pieces[at - 1].y - pieces[at].y : 0;
        if (at > 0 && (pieces[at - 1].turn != pieces[at].turn ||
                       below > PARAGRAPH * pieces[at].size))
            g_string_append_c(out, '\n');
        double y = pieces[at].y;
        qsort(pieces + at, length, sizeof *pieces, by_column);
        write_line(page, pieces + at, length, out);
        at += length;
        pieces[at - 1].y = y; /* for the distance to the next line */
        if (out->len - begin > max_bytes)
            return false;
    }
    return true;
}
