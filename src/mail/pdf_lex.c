#include "mail/pdf_lex.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define WORD_BYTES_MAX 127
#define NUMBER_MAX     1e9 /* larger ones are nonsense on any page */

PdfLexer pdf_lexer(const char *bytes, size_t length, GString *text)
{
    return (PdfLexer){.bytes = bytes, .length = length, .text = text};
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool is_delimiter(char c)
{
    return c != '\0' && strchr("()<>[]{}/%", c) != NULL;
}

static void skip_blanks(PdfLexer *lexer)
{
    while (lexer->at < lexer->length) {
        char c = lexer->bytes[lexer->at];
        if (c == '%') {
            while (lexer->at < lexer->length &&
                   lexer->bytes[lexer->at] != '\n' &&
                   lexer->bytes[lexer->at] != '\r')
                lexer->at++;
        } else if (is_blank(c)) {
            lexer->at++;
        } else {
            return;
        }
    }
}

/* The byte behind a backslash; up to three octal digits are one byte. */
static void take_escape(PdfLexer *lexer)
{
    static const char FROM[] = "nrtbf", TO[] = "\n\r\t\b\f";
    if (lexer->at >= lexer->length)
        return;
    char c = lexer->bytes[lexer->at++];
    const char *named = c ? strchr(FROM, c) : NULL;
    if (named) {
        g_string_append_c(lexer->text, TO[named - FROM]);
    } else if (c >= '0' && c <= '7') {
        int value = c - '0';
        for (int i = 0; i < 2 && lexer->at < lexer->length; i++) {
            char next = lexer->bytes[lexer->at];
            if (next < '0' || next > '7')
                break;
            value = value * 8 + next - '0';
            lexer->at++;
        }
        g_string_append_c(lexer->text, (char)(value & 0xff));
    } else if (c == '\r') {
        if (lexer->at < lexer->length && lexer->bytes[lexer->at] == '\n')
            lexer->at++;
    } else if (c != '\n') {
        g_string_append_c(lexer->text, c);
    }
}

static PdfTokenKind take_string(PdfLexer *lexer)
{
    size_t open = 1;
    lexer->at++;
    while (lexer->at < lexer->length) {
        char c = lexer->bytes[lexer->at++];
        if (c == '\\') {
            take_escape(lexer);
            continue;
        }
        open += c == '(';
        open -= c == ')';
        if (open == 0)
            break;
        g_string_append_c(lexer->text, c);
    }
    return PDF_STRING;
}

static PdfTokenKind take_hex(PdfLexer *lexer)
{
    int half = -1;
    lexer->at++;
    while (lexer->at < lexer->length) {
        char c = lexer->bytes[lexer->at++];
        if (c == '>')
            break;
        int digit = g_ascii_xdigit_value(c);
        if (digit < 0)
            continue;
        if (half >= 0)
            g_string_append_c(lexer->text, (char)(half << 4 | digit));
        half = half >= 0 ? -1 : digit;
    }
    if (half >= 0)
        g_string_append_c(lexer->text, (char)(half << 4));
    return PDF_STRING;
}

static PdfTokenKind take_name(PdfLexer *lexer)
{
    lexer->at++;
    while (lexer->at < lexer->length) {
        char c = lexer->bytes[lexer->at];
        if (is_blank(c) || is_delimiter(c))
            break;
        lexer->at++;
        if (c == '#' && lexer->at + 1 < lexer->length &&
            g_ascii_isxdigit(lexer->bytes[lexer->at]) &&
            g_ascii_isxdigit(lexer->bytes[lexer->at + 1])) {
            c = (char)(g_ascii_xdigit_value(lexer->bytes[lexer->at]) << 4 |
                       g_ascii_xdigit_value(lexer->bytes[lexer->at + 1]));
            lexer->at += 2;
        }
        if (c && lexer->text->len < WORD_BYTES_MAX)
            g_string_append_c(lexer->text, c);
    }
    return PDF_NAME;
}

static PdfTokenKind take_mark(PdfLexer *lexer)
{
    char c = lexer->bytes[lexer->at++];
    g_string_append_c(lexer->text, c);
    if ((c == '<' || c == '>') && lexer->at < lexer->length &&
        lexer->bytes[lexer->at] == c)
        lexer->at++;
    return PDF_MARK;
}

static PdfTokenKind take_word(PdfLexer *lexer)
{
    while (lexer->at < lexer->length) {
        char c = lexer->bytes[lexer->at];
        if (is_blank(c) || is_delimiter(c))
            break;
        if (lexer->text->len < WORD_BYTES_MAX)
            g_string_append_c(lexer->text, c);
        lexer->at++;
    }
    char first = lexer->text->str[0];
    if (!g_ascii_isdigit(first) && !strchr("+-.", first))
        return PDF_WORD;
    double number = g_ascii_strtod(lexer->text->str, NULL);
    lexer->number =
        isfinite(number) ? CLAMP(number, -NUMBER_MAX, NUMBER_MAX) : 0;
    return PDF_NUMBER;
}

PdfTokenKind pdf_lex(PdfLexer *lexer)
{
    g_string_truncate(lexer->text, 0);
    skip_blanks(lexer);
    if (lexer->at >= lexer->length)
        return PDF_END;
    char c = lexer->bytes[lexer->at];
    bool has_next = lexer->at + 1 < lexer->length;
    if (c == '(')
        return take_string(lexer);
    if (c == '<' && !(has_next && lexer->bytes[lexer->at + 1] == '<'))
        return take_hex(lexer);
    if (c == '/')
        return take_name(lexer);
    if (is_delimiter(c))
        return take_mark(lexer);
    return take_word(lexer);
}
