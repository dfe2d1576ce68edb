/*
 * charset_table.h - the charsets this program reads (private to charset.c).
 */
#pragma once

typedef enum {
    CHARSET_UTF8,
    CHARSET_ASCII,
    CHARSET_WINDOWS_1252,
    CHARSET_UTF16, /* by byte order mark, else big endian (RFC 2781) */
    CHARSET_UTF16_LE,
    CHARSET_UTF16_BE,
    CHARSET_ICONV,
    CHARSET_REFUSED,
} CharsetKind;

typedef struct {
    const char *label; /* lower case, as found in mail */
    CharsetKind kind;
    const char *iconv; /* glibc's name for CHARSET_ICONV */
} CharsetRow;

/* Ends with a row whose label is NULL. */
extern const CharsetRow charset_rows[];
