/*
 * mustache.h - the template language: parsed once, expanded into text.
 *
 * {{word}}, {{#word}}...{{/word}}, {{^word}}...{{/word}}, {{> block}} and
 * {{! note}}. A section is there or not there (no lists, no contexts). A tag
 * of a section or note that stands alone on its line takes the whole line with
 * it. A block's last line end is not part of it, so that a block can stand in
 * the middle of a sentence as well as on a line of its own. Nothing is escaped
 * (letters are plain text), and a value that was put in is never looked at as
 * template text.
 *
 * Authority: https://mustache.github.io/mustache.5.html (core, without
 * lists, lambdas, dynamic names, {{{word}}}, {{&word}} and set-delimiter).
 */
#pragma once

#include "reply/template.h"

#define MUSTACHE_WORD_MAX  64
#define MUSTACHE_NODES_MAX 2000  /* of one text */
#define MUSTACHE_STEPS_MAX 20000 /* of one expansion, blocks included */
#define MUSTACHE_OUT_MAX   (64 * 1024)

/* The note that marks where the optional part of a letter begins. */
#define MUSTACHE_MORE "more"

typedef enum {
    NODE_TEXT,
    NODE_WORD,
    NODE_SECTION,  /* up to node jump if the word is true */
    NODE_INVERTED, /* up to node jump if it is not */
    NODE_END,
    NODE_BLOCK,
    NODE_MORE,
} NodeKind;

typedef struct {
    NodeKind kind;
    char *text; /* literal text, word or block name */
    guint jump; /* SECTION, INVERTED: index of their END */
    int line, column;
} MustacheNode;

typedef struct {
    char *file;    /* as errors name it */
    GArray *nodes; /* of MustacheNode */
} Mustache;

/* Parse text, which begins at that line and column of the file (from 1).
 * Errors: INVALID with file:line:column. */
Mustache *mustache_parse(const char *file, const char *text, int first_line,
                         int first_column, GError **error);
void mustache_free(Mustache *mustache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mustache, mustache_free)

/* Find a block by name; NULL if there is none. */
typedef const Mustache *(*MustacheBlock)(const void *data, const char *name);

/* Expand. more_at may be NULL; else where in the result the optional part
 * begins (its length if there is no such mark).
 * Errors: INVALID (unknown word or block, a word without value, blocks too
 * deep, too much text) with file:line:column. */
char *mustache_expand(const Mustache *mustache, const TemplateValues *values,
                      MustacheBlock block, const void *block_data,
                      size_t *more_at, GError **error);
