/*
 * languages.h - how far each language's letters have come.
 *
 * English has them all; what another language lacks is what English has.
 */
#pragma once

#include "reply/template.h"

typedef struct {
    char *language;
    guint letters, blocks;
    guint words;   /* of both as written, without tags and notes */
    guint missing; /* letters and blocks that English has */
} TemplateLanguage;

/* Every language that has a letter or a block, English first, then by code.
 * Array of TemplateLanguage, yours. */
GPtrArray *templates_languages(const Templates *templates);

/* What the language lacks, sorted: "XX/ddos", "blocks/step.ddos". Array of
 * char *, yours. */
GPtrArray *templates_missing(const Templates *templates, const char *language);
