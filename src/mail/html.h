/*
 * html.h - the text that a reader of an HTML mail would see.
 *
 * The only user of libxml2. Linear in the input and bounded in depth,
 * whatever the input is.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct {
    GString *text;    /* valid UTF-8 */
    GArray *anchors;  /* of Anchor: byte of text -> byte of html */
    const char *flaw; /* static words or NULL */
} HtmlText;

/* Once per process, before the sandbox closes. */
void html_prepare(void);

/* html must be valid UTF-8. */
void html_to_text(const char *html, size_t length, HtmlText *out);
void html_text_clear(HtmlText *text);
