/*
 * sheet.h - the legible text of a mail cut into lines, with the addresses and
 * stamps that stand on each.
 *
 * Roles and pairs are questions of layout: what stands on the same line, under
 * the same column head, in the same paragraph. The sheet answers them.
 */
#pragma once

#include "incident/address.h"
#include "incident/timestamp.h"
#include "report/report.h"

typedef enum {
    LINE_TEXT,
    LINE_BLANK,
    LINE_RECEIVED,    /* a mail hop, with its folded continuation */
    LINE_ORIGIN,      /* X-Originating-IP: the sender of a sample */
    LINE_MAIL_HEADER, /* From:, Sent: of a forwarded mail */
    LINE_WHOIS,       /* inetnum:, created: */
    LINE_CLERICAL,    /* ticket lines, "wrote:", report generated */
} LineKind;

typedef struct {
    uint32_t at, end; /* of the page's text, without the line end */
    LineKind kind;
    guint address, address_count; /* run of the page's addresses */
    guint stamp, stamp_count;     /* run of the page's stamps */
} Line;

typedef struct {
    const Block *block;
    Cursor text, folded; /* of this block alone */
    GArray *lines;       /* of Line */
    GArray *addresses;   /* of AddressHit */
    GArray *stamps;      /* of Stamp */
    char *folded_text;   /* owns folded */
} Page;

typedef struct {
    const Mail *mail;
    GPtrArray *pages; /* of Page, in the order of the report's blocks */
} Sheet;

/* Lay out the blocks of a report; borrows mail and report. */
Sheet *sheet_new(const Mail *mail, const Report *report);
void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

const Page *sheet_page(const Sheet *sheet, guint page);
const Line *page_line(const Page *page, guint line);
const AddressHit *page_address(const Page *page, guint index);
const Stamp *page_stamp(const Page *page, guint index);

/* The first stamp that begins at a place or after it; NULL if none does. */
const Stamp *page_stamp_from(const Page *page, uint32_t at);

/* "192.0.2.1 (14:02 UTC": the stamp in brackets right behind an address, on
 * the next line at most; NULL if there is none. */
const Stamp *page_stamp_behind(const Page *page, const AddressHit *hit);

/* The line that holds an offset of the page. */
guint page_line_at(const Page *page, uint32_t at);

/* The quote of some bytes of a page. */
Quote *page_quote(const Sheet *sheet, const Page *page, uint32_t at,
                  uint32_t length);

/* line_kind.c: what each line of a page is, before roles are asked. */
void page_mark_kinds(Page *page);
