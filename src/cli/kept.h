/*
 * kept.h - single values out of JSON that our own writer made and the store
 * kept: for showing it to people, who get the rest by --json.
 */
#pragma once

/* The next string named key behind *at, which moves behind it, but not beyond
 * end (NULL: the text's own). Yours; NULL: there is none; "": it is no string.
 * A quote within a string is escaped there, so the name with its quotes and
 * colon is found nowhere else. */
char *kept_value(const char **at, const char *key, const char *end);
/* Where the list named key begins behind at, and *end where it ends; NULL:
 * there is none. */
const char *kept_list(const char *at, const char *key, const char **end);
