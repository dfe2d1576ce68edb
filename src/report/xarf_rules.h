/*
 * xarf_rules.h - what XARF v4 asks of a report, field by field. Private to
 * report/; the table is in the .c file.
 *
 * Authority: xarf/xarf-spec v4.2.0 (2026-03-20), schemas/v4: the core, and one
 * schema a type.
 */
#pragma once

#include <stdbool.h>

typedef enum {
    XARF_TEXT,
    XARF_WORD, /* one of the row's words */
    XARF_TIME, /* RFC 3339 */
    XARF_PORT,
    XARF_COUNT,  /* an integer not below the row's */
    XARF_NUMBER, /* any number */
    XARF_SHARE,  /* 0 to 1 */
    XARF_TRUTH,
    XARF_LIST,
    XARF_FULL_LIST, /* with something in it */
    XARF_OBJECT,
    XARF_CONTACT, /* org, contact, domain */
    XARF_UUID,
    XARF_VERSION, /* 4.x.y */
    XARF_URL,
    XARF_MAIL,
    XARF_CVE,
    XARF_COUNTRY,  /* ISO 3166-1, upper case */
    XARF_EVIDENCE, /* a list of content_type and payload */
    XARF_TAGS,     /* a list of "name:word" */
} XarfValue;

typedef enum { MAY, MUST } XarfNeed;

typedef struct {
    const char *of; /* "connection/ddos", "connection/" all of them, "" any */
    const char *field;
    XarfValue value;
    XarfNeed need;
    const char *words; /* XARF_WORD: with blanks between; XARF_COUNT: least */
} XarfRule;
/* Ends in a row without a field. */
extern const XarfRule XARF_RULES[];
