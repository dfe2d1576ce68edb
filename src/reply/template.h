/*
 * template.h - letter templates: loading, choosing, expanding, linting.
 *
 * templates/CC/NAME.LANG.txt, header lines as in a mail (Template, Country,
 * Language, Version, Reviewed, Review-again, Automatic, Subject), an empty
 * line, then the body: {{word}}, {{#word}}...{{/word}}, {{^word}}...{{/word}},
 * {{> block}}, {{! note}}; no lambdas, no dynamic names, no set-delimiter.
 * {{! more }} marks where the optional part begins. Paragraphs are refilled
 * to 72 columns (refill.h). Blocks are templates/blocks/NAME.LANG.txt: a
 * body without header lines.
 *
 * Reviewed is "none yet", or a date and a name ("2026-02-02 RA M. Beispiel").
 * The templates that come with the program say "none yet": whoever runs a
 * desk reads them, writes the line into a copy in the desk's own template
 * directory, and only then can they be used without a person. "Automatic:
 * never" marks a letter that a person must always read: no review opens it.
 *
 * Authority: https://mustache.github.io/mustache.5.html (core).
 */
#pragma once

#include "base/instant.h"
#include "policy/law.h"

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

/* The best template: language list (best first) outside, country chain
 * ("DE EU XX") inside, so that an English complaint to a German member gets
 * the English letter of EU or XX rather than the German one. A NULL-
 * terminated list. Borrowed; NULL if none. */
const Template *templates_choose(const Templates *templates, const char *chain,
                                 const char *name,
                                 const char *const *languages);
const Template *templates_by_id(const Templates *templates, const char *id);
guint templates_count(const Templates *templates);
const Template *templates_at(const Templates *templates, guint index);

const char *template_id(const Template *template); /* "DE/login-attack.de" */
/* "4-3f9ac012": the Version line, and what hashing the text with its blocks
 * gives, so that a changed text is noticed even if nobody counted up. */
const char *template_version(const Template *template);
const char *template_file(const Template *template);
const char *template_reviewed(const Template *template); /* as written */
const char *template_language(const Template *template);
/* Does its body or one of its blocks use {{word}}? */
bool template_uses_word(const Template *template, const char *word);
/* Reviewed by someone for leaving by itself, and the review has not run out:
 * Review-again, or a year after the review. A review in the future counts as
 * none, and "Automatic: never" makes it no, whoever reviewed. */
bool template_is_reviewed(const Template *template, Instant now);
bool template_is_never_automatic(const Template *template);

/* A value for a word; sections ask for truth. */
typedef struct {
    const char *(*text)(void *data, const char *word); /* NULL: unknown */
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
void template_finding_free(TemplateFinding *finding);

/* Let lint find law that is gone; laws is borrowed for as long as templates
 * are linted. */
void templates_know_law(Templates *templates, const Laws *laws);

/* How much lint looks at: a letter has thousands of branches, and writing them
 * all takes a tenth of a second. */
typedef enum { LINT_TEXT, LINT_ALL_BRANCHES } LintDepth;

/* Lint one template by its id, also one that did not parse; known is the
 * NULL-terminated list of words. Array of TemplateFinding by line; empty if
 * all is well. */
GPtrArray *template_lint(const Templates *templates, const char *id,
                         const char *const *known, LintDepth depth,
                         Instant now);

/* Ids of all files, also of those that did not parse, sorted. Borrowed. */
const GPtrArray *templates_ids(const Templates *templates);

/* Words of the optional part are not counted. */
#define TEMPLATE_WORDS_MAX 120
