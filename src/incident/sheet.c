#include "incident/sheet.h"

#include <string.h>

#define BEHIND_BYTES 3  /* of blanks between an address and its bracket */
#define WORDS_BYTES  16 /* "first seen " before a time in brackets */

static void page_free(Page *page)
{
    g_array_unref(page->lines);
    g_array_unref(page->addresses);
    g_array_unref(page->stamps);
    g_free(page->folded_text);
    g_free(page);
}

void sheet_free(Sheet *sheet)
{
    if (!sheet)
        return;
    g_ptr_array_unref(sheet->pages);
    g_free(sheet);
}

const Page *sheet_page(const Sheet *sheet, guint page)
{
    return sheet->pages->pdata[page];
}

const Line *page_line(const Page *page, guint line)
{
    return &g_array_index(page->lines, Line, line);
}

const AddressHit *page_address(const Page *page, guint index)
{
    return &g_array_index(page->addresses, AddressHit, index);
}

const Stamp *page_stamp(const Page *page, guint index)
{
    return &g_array_index(page->stamps, Stamp, index);
}

const Stamp *page_stamp_from(const Page *page, uint32_t at)
{
    guint low = 0, high = page->stamps->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (page_stamp(page, middle)->at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < page->stamps->len ? page_stamp(page, low) : NULL;
}

const Stamp *page_stamp_behind(const Page *page, const AddressHit *hit)
{
    size_t at = cursor_skip_blanks(page->folded, hit->end, BEHIND_BYTES);
    if (cursor_at(page->folded, at) == '\n')
        at = cursor_skip_blanks(page->folded, at + 1, BEHIND_BYTES);
    if (cursor_at(page->folded, at) != '(')
        return NULL;
    at++;
    const Stamp *stamp = page_stamp_from(page, (uint32_t)at);
    if (!stamp || stamp->at - at > WORDS_BYTES)
        return NULL;
    for (size_t i = at; i < stamp->at; i++)
        if (strchr(")(\n,;", cursor_at(page->folded, i)))
            return NULL;
    bool is_last = memmem(page->folded.text + at, stamp->at - at, "last", 4) ||
                   memmem(page->folded.text + at, stamp->at - at, "until", 5);
    return is_last ? NULL : stamp;
}

guint page_line_at(const Page *page, uint32_t at)
{
    guint low = 0, high = page->lines->len;
    while (low + 1 < high) {
        guint middle = low + (high - low) / 2;
        if (page_line(page, middle)->at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Quote *page_quote(const Sheet *sheet, const Page *page, uint32_t at,
                  uint32_t length)
{
    Place place = {.part = page->block->part,
                   .at = page->block->at + at,
                   .length = length};
    if (page->block->part != PLACE_SUBJECT)
        place = mail_place(sheet->mail, page->block->part, page->block->at + at,
                           length);
    place.column = place_column(page->text.text, at);
    return quote_new(page->text.text + at, length, place);
}

static void cut_lines(Page *page)
{
    uint32_t at = 0, size = (uint32_t)page->text.length;
    while (at < size) {
        const char *end = memchr(page->text.text + at, '\n', size - at);
        Line line = {.at = at,
                     .end = end ? (uint32_t)(end - page->text.text) : size};
        g_array_append_val(page->lines, line);
        at = line.end + 1;
    }
}

/* Both runs are sorted by place, as the lines are. A stamp that wraps belongs
 * to the line on which it begins. */
static void share_out(Page *page)
{
    guint address = 0, stamp = 0;
    for (guint i = 0; i < page->lines->len; i++) {
        Line *line = &g_array_index(page->lines, Line, i);
        line->address = address;
        while (address < page->addresses->len &&
               page_address(page, address)->at <= line->end)
            address++;
        line->address_count = address - line->address;
        line->stamp = stamp;
        while (stamp < page->stamps->len &&
               page_stamp(page, stamp)->at <= line->end)
            stamp++;
        line->stamp_count = stamp - line->stamp;
    }
}

static const char *block_text(const Mail *mail, const Block *block,
                              size_t *size)
{
    const char *text = NULL;
    if (block->part == PLACE_SUBJECT) {
        text = mail->subject;
    } else if (block->part < mail->parts->len) {
        const MailPart *part = mail->parts->pdata[block->part];
        text = part->text;
    }
    *size = text ? strlen(text) : 0;
    return text;
}

static Page *page_new(const Mail *mail, const Block *block)
{
    size_t size;
    const char *text = block_text(mail, block, &size);
    if (!text || block->at >= size)
        return NULL;
    size_t length = MIN(block->length, size - block->at);
    Page *page = g_new0(Page, 1);
    page->block = block;
    page->text = (Cursor){text + block->at, length};
    page->folded_text = fold_new(page->text.text, length);
    page->folded = (Cursor){page->folded_text, length};
    page->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    page->addresses = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    page->stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    cut_lines(page);
    address_scan(page->text, page->addresses);
    stamp_scan_all(page->text, page->folded, page->stamps);
    stamps_settle(page->text, page->folded, page->stamps);
    share_out(page);
    page_mark_kinds(page);
    return page;
}

/* The one day that is written in all of the mail, or NULL if there are several
 * or none. */
static const Stamp *sole_day(const Sheet *sheet)
{
    const Stamp *sole = NULL;
    for (guint p = 0; p < sheet->pages->len; p++) {
        const Page *page = sheet_page(sheet, p);
        for (guint i = 0; i < page->stamps->len; i++) {
            const Stamp *stamp = page_stamp(page, i);
            if (stamp->kind != STAMP_DAY)
                continue;
            if (sole &&
                (sole->year != stamp->year || sole->month != stamp->month ||
                 sole->day != stamp->day))
                return NULL;
            sole = stamp;
        }
    }
    return sole;
}

/* A log of times of day in one part, its day in another or in the Subject. */
static void lend_day(const Sheet *sheet)
{
    const Stamp *day = sole_day(sheet);
    for (guint p = 0; day && p < sheet->pages->len; p++) {
        const Page *page = sheet_page(sheet, p);
        Stamp copy = *day;
        stamps_take_day(page->text, page->stamps, &copy);
    }
}

Sheet *sheet_new(const Mail *mail, const Report *report)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->mail = mail;
    sheet->pages = g_ptr_array_new_with_free_func((GDestroyNotify)page_free);
    for (guint i = 0; i < report->blocks->len; i++) {
        Page *page = page_new(mail, report->blocks->pdata[i]);
        if (page)
            g_ptr_array_add(sheet->pages, page);
    }
    lend_day(sheet);
    return sheet;
}
