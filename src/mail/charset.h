/*
 * charset.h - bytes of a stated charset to UTF-8 text with LF line ends.
 *
 * An allow-list of charsets, opened before the sandbox closes, because glibc
 * loads its converters from files at first use. UTF-7 and ISO-2022-CN-EXT
 * are refused (ambiguous; CVE-2024-2961). Never fails: what cannot be
 * converted is read as UTF-8 or windows-1252 and the flaw says so.
 *
 * Authority: IANA character-sets; labels and supersets after the WHATWG
 * Encoding Standard (iso-8859-1 is read as windows-1252, gb2312 as gb18030).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Open every converter. Once per process, before the sandbox closes. */
void charset_prepare(void);

typedef struct {
    GString *text;    /* valid UTF-8, LF line ends, no NUL */
    GArray *anchors;  /* of Anchor: byte of text -> byte of the input */
    const char *flaw; /* static words or NULL */
} CharsetText;

/* Convert; name as claimed by the mail, any case, or NULL. Stops after
 * max_bytes of text with a flaw. */
void charset_convert(const char *name, const char *bytes, size_t length,
                     size_t max_bytes, CharsetText *out);
void charset_text_clear(CharsetText *text);

/* The same for a few bytes in a header: no anchors, no flaw; yours. */
char *charset_new_text(const char *name, const char *bytes, size_t length);

/* Is the charset one that this program reads? */
bool charset_is_known(const char *name);
