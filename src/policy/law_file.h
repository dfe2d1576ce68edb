/*
 * law_file.h - one entry of policies/law/CC.yaml as read; only law*.c look.
 */
#pragma once

#include "base/schema.h"
#include "policy/law.h"

typedef struct {
    char *id;          /* "DE/ddg-7" */
    const char *code;  /* "DE" */
    const char *topic; /* all borrowed from values */
    const char *file;
    int line;
    Instant from, until; /* until: its last second */
    Instant reviewed;    /* INSTANT_NONE: by nobody */
    Confidence confidence;
    char *gone; /* what lint says of it; NULL: it is in force */
    const SchemaValues *values;
} Law;

/* One file. */
typedef struct {
    char *code, *file;
    SchemaValues *values;
    GPtrArray *laws; /* of Law, in the file's order */
} LawPack;

struct Laws {
    GPtrArray *packs; /* of LawPack, sorted by code */
    GPtrArray *all;   /* of Law, borrowed */
    GArray *names;    /* of LawName: law_text.c */
};

/* The item of a map of languages; NULL if it is not there. */
const char *law_words(const Law *law, const char *path, const char *language);

/* law_text.c: prepare the names of all that is gone, and drop them. */
void law_names_prepare(Laws *laws);
void law_names_free(Laws *laws);
