/*
 * pdf_lex.h - the tokens of a PDF content stream or character map.
 *
 * Authority: ISO 32000-1, 7.2 (lexical conventions) and 7.3 (objects).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
    PDF_END,
    PDF_NUMBER,
    PDF_NAME,   /* without the slash, #xx undone */
    PDF_STRING, /* (...) or <...>, as bytes */
    PDF_WORD,   /* an operator or a keyword */
    PDF_MARK,   /* [ ] << >> { }: the first byte is in the text */
} PdfTokenKind;

typedef struct {
    const char *bytes;
    size_t length, at;
    GString *text; /* of the last NAME, STRING, WORD or MARK */
    double number; /* of the last NUMBER */
} PdfLexer;

/* text is the caller's and is written to. */
PdfLexer pdf_lexer(const char *bytes, size_t length, GString *text);
PdfTokenKind pdf_lex(PdfLexer *lexer);
