/*
 * lint.h - the parts of template_lint(); see template.h.
 */
#pragma once

#include "reply/template_file.h"

typedef struct {
    const Template *template;
    const char *const *known; /* words, NULL-terminated */
    Instant now;
    GPtrArray *findings;
} Lint;

/* lint.c: words, blocks and claims; lint_text.c: what is written in plain
 * words; lint_branches.c: the letter expanded in many branches. */
void lint_text(Lint *lint, const char *file, const char *text, int first_line,
               int first_column);
void lint_branches(Lint *lint);

/* lint_phrases.c: sentences that only a claim lets a letter say, found in a
 * body as it would be read, where that claim does not hold. folded: the body
 * in small letters, each run of blanks and line ends as one blank. told: bits
 * of what was found before. */
char *lint_phrases_fold(const char *body);
typedef bool (*LintClaim)(const void *data, const char *claim);
void lint_phrases(Lint *lint, const char *folded, LintClaim claim_is_true,
                  const void *data, uint32_t *told);

/* Every such sentence of any language in a text, with the claim that lets a
 * letter say it. */
typedef void LintPhrase(void *data, const char *claim, const char *words);
void lint_phrases_all(const char *folded, LintPhrase *tell, void *data);

#define LINT_ERROR(lint, file, line, column, ...)                              \
    g_ptr_array_add(                                                           \
        (lint)->findings,                                                      \
        template_finding_new((file), (line), (column), true, __VA_ARGS__))
#define LINT_WARNING(lint, file, line, column, ...)                            \
    g_ptr_array_add(                                                           \
        (lint)->findings,                                                      \
        template_finding_new((file), (line), (column), false, __VA_ARGS__))

/* Every text of the letter: the body, then the blocks it uses, each once.
 * Array of Mustache, borrowed. */
GPtrArray *lint_parts(const Template *template);
