/*
 * template_file.h - one template or block as read; for template.c and lint.c.
 */
#pragma once

#include "policy/law.h"
#include "reply/mustache.h"

/* The header lines, in the order they should stand. */
typedef enum {
    HEADER_TEMPLATE,
    HEADER_COUNTRY,
    HEADER_LANGUAGE,
    HEADER_VERSION,
    HEADER_REVIEWED,
    HEADER_REVIEW_AGAIN,
    HEADER_AUTOMATIC,
    HEADER_SUBJECT,
    HEADER_COUNT
} TemplateHeader;

struct Template {
    char *id, *file, *country, *name, *language;
    char *headers[HEADER_COUNT];
    int header_lines[HEADER_COUNT]; /* 0: missing */
    int subject_column;             /* where the Subject's text begins */
    char *text;                     /* the body as written */
    int body_line;                  /* line of the file on which it begins */
    Mustache *subject, *body;       /* NULL if it did not parse */
    char *version;
    Instant reviewed, review_again; /* INSTANT_NONE: none */
    bool is_never_automatic;
    GPtrArray *findings; /* of TemplateFinding: why it did not parse */
    const Templates *templates;
};

struct Templates {
    int references;
    GPtrArray *usable;  /* of Template, sorted by id; borrowed from all */
    GPtrArray *ids;     /* of char *, borrowed */
    GHashTable *all;    /* id -> Template */
    GHashTable *blocks; /* "NAME.LANG" -> Template (id, file, text, body) */
    const Laws *laws;   /* for lint; NULL: law that is gone is not found */
};

TemplateFinding *template_finding_new(const char *file, int line, int column,
                                      bool is_error, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* Read one file's text. Never fails: what is wrong is in findings. */
Template *template_read(const char *file, const char *country,
                        const char *file_name, GBytes *bytes);
Template *template_read_block(const char *file, const char *file_name,
                              GBytes *bytes);
void template_free(Template *template);

/* MustacheBlock for a Template: its language's block of that name. */
const Mustache *template_block(const void *template, const char *name);
