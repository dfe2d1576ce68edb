/*
 * pdf_document.h - the text of a PDF, page by page.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

#define PDF_PAGES_MAX         500
#define PDF_TREE_DEPTH_MAX    32
#define PDF_FONTS_MAX         200
#define PDF_CONTENT_BYTES_MAX (24u * 1024 * 1024) /* of all pages and forms */

/* Append the text to out, at most max_bytes, a blank line between pages. The
 * flaw (MAIL_FLAW_PDF_..., static) says what is missing, NULL if nothing. */
const char *pdf_read(const char *bytes, size_t length, size_t max_bytes,
                     GString *out);
