/*
 * contact_tokens.h - ContactInfo cut into words, spelled-out signs and the
 * rest; for contact_free.c.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum {
    TOKEN_WORD,  /* letters, digits and "._+-" */
    TOKEN_AT,    /* "@", "[]", "[at]", " AT " */
    TOKEN_DOT,   /* "(dot)", " DOT " */
    TOKEN_JOIN,  /* "<dash>"; sign tells which */
    TOKEN_OTHER, /* any other byte; a whole URL is one */
} TokenKind;

typedef struct {
    TokenKind kind;
    char sign;       /* of TOKEN_OTHER: the byte; 'U' a URL */
    bool is_spaced;  /* white space stands before it */
    bool is_bare;    /* a word between blanks that stands for a sign */
    bool is_literal; /* "@" or "[]" */
    uint32_t at, end;
    int32_t other;  /* the last TOKEN_OTHER before it; -1: none */
    int32_t angle;  /* the "<" that is open there; -1: none */
    uint32_t marks; /* how many signs came before it, "@" and spelled out */
} Token;

/* The tokens of a text. An array of Token, ended by a TOKEN_OTHER with sign
 * 0 at the text's end. Time is linear. */
GArray *contact_tokens(const char *text, size_t length);

typedef struct {
    const char *text;
    GArray *list; /* of Token */
} Tokens;

static inline const Token *token_at(const Tokens *tokens, guint index)
{
    return &g_array_index(tokens->list, Token, index);
}

static inline size_t token_length(const Token *token)
{
    return token->end - token->at;
}

static inline bool is_sign(const Token *token)
{
    return token->kind == TOKEN_DOT || token->kind == TOKEN_JOIN;
}

/* "luchs dot at": behind a dot the word is a label. */
static inline bool is_label(const Tokens *tokens, guint index)
{
    const Token *token = token_at(tokens, index);
    return token->kind == TOKEN_WORD ||
           (token->kind == TOKEN_AT && token->is_bare && index > 0 &&
            token_at(tokens, index - 1)->kind == TOKEN_DOT);
}

static inline bool is_opener(const Tokens *tokens, int32_t index)
{
    return index >= 0 &&
           strchr("<([{\"", token_at(tokens, (guint)index)->sign) != NULL;
}

static inline bool word_has(const Tokens *tokens, const Token *token,
                            bool (*test)(const char *, size_t))
{
    return test(tokens->text + token->at, token_length(token));
}
