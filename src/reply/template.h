/*
 * template.h - letter templates: loading, choosing, expanding, linting.
 *
 * templates/CC/NAME.LANG.txt, header lines as in a mail (Template, Country,
 * Language, Version, Reviewed, Review-again, Subject), an empty line, then
 * the body: {{word}}, {{#word}}...{{/word}}, {{^word}}...{{/word}},
 * {{> block}}, {{! note}}; no lambdas, no dynamic names, no set-delimiter.
 * Blocks are templates/blocks/NAME.LANG.txt.
 *
 * Authority: https://mustache.github.io/mustache.5.html (core).
 */
#pragma once

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>

#define TEMPLATE_BYTES_MAX 32768
#define TEMPLATE_DEPTH_MAX 8

typedef struct Template Template;
typedef struct Templates Templates;

/* Load every template of the directories (later ones replace same names).
 * A template that does not parse is kept out and listed by lint.
 * Errors: DENIED, TEMPORARY. */
Templates *templates_load(const char *const *directories, GError **error);
Templates *templates_ref(Templates *templates);
void templates_unref(Templates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Templates, templates_unref)

/* The best template: country chain ("DE EU XX") outside, language list
 * inside. Borrowed; NULL if none. */
const Template *templates_choose(const Templates *templates,
                                 const char *chain, const char *name,
                                 const char *const *languages);
const Template *templates_by_id(const Templates *templates, const char *id);
guint templates_count(const Templates *templates);
const Template *templates_at(const Templates *templates, guint index);

const char *template_id(const Template *template); /* "DE/login-attack.de" */
const char *template_version(const Template *template);
const char *template_language(const Template *template);
/* Reviewed by someone, and the review has not run out. */
bool template_is_reviewed(const Template *template, Instant now);

/* A value for a word; sections ask for truth. */
typedef struct {
    const char *(*text)(void *data, const char *word);  /* NULL: unknown */
    int (*truth)(void *data, const char *word); /* 1, 0, -1 unknown word */
    void *data;
} TemplateValues;

/* Expand subject and body. Values are inserted once and never looked at as
 * template text again. Errors: INVALID with file:line:column. */
bool template_expand(const Template *template, const TemplateValues *values,
                     char **subject, char **body, GError **error);

typedef struct {
    char *file;
    int line, column;
    bool is_error; /* else a warning */
    char *message;
} TemplateFinding;
/* Lint one file's text; known is the NULL-terminated list of words. Array of
 * TemplateFinding. */
GPtrArray *template_lint(const Templates *templates, const char *id,
                         const char *const *known, Instant now);
