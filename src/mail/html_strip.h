/*
 * html_strip.h - tags cut out of HTML that libxml2 must not be shown.
 */
#pragma once

#include "mail/html.h"

#include <stdbool.h>

/* Would every tag be cheap to parse? libxml2 2.9 compares each attribute with
 * all earlier ones of its tag. */
bool html_is_tame(const char *html, size_t length);

/* A copy with declarations like "<![if mso]>" blanked out: libxml2 takes them
 * for text. Comments and DOCTYPE stay. Yours to free. */
char *html_without_declarations(const char *html, size_t length);

/* Append the text outside of tags from byte `at` on; entities stay. */
void html_strip(const char *html, size_t at, size_t length, HtmlText *out);
