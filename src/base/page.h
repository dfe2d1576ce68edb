/*
 * page.h - text for people, set into lines.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define PAGE_COLUMNS 76

/* Append text, made safe to show and broken between words: first in front of
 * its first line, as many blanks in front of the others. */
void page_paragraph(GString *out, const char *first, const char *text);
