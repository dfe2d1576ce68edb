/*
 * contact_ciiss.h - the fields of a ContactInfo; for contact.c.
 */
#pragma once

#include "relay/contact.h"

/* A field's value: of its first occurrence, to the next white space. */
typedef struct {
    const char *at; /* NULL: not there */
    size_t length;
} CiissValue;

typedef struct {
    CiissValue email, abuse, url, proof, version;
    guint count; /* of known fields, each once, without the version */
} CiissFields;

/* Known "key:value" words at any place in the text. */
CiissFields ciiss_find(const char *text, size_t length);

/* The host of a url field in lower case; NULL if the value is none (too long,
 * other signs, no name with a dot). Yours to free. */
char *ciiss_new_domain(const char *url);
