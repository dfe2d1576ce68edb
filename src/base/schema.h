/*
 * schema.h - what may stand in a kind of YAML file: a table of rows.
 *
 * A document kind (exitdesk.yaml, a member, a policy) is an array of
 * SchemaRow; its YAML tree is read against it into typed values. All errors
 * are collected, each as "file:line:column: what is wrong and what to write
 * instead". Several files can be read over one another (a later one replaces
 * a key), and every value remembers the line it came from.
 */
#pragma once

#include "base/instant.h"
#include "base/yaml.h"

#include <stddef.h>

/* How a scalar is read, and what a bound field must be. */
typedef enum {
    SCHEMA_TEXT,        /* anything not empty: char * */
    SCHEMA_FLAG,        /* yes, no: bool */
    SCHEMA_NUMBER,      /* digits: uint32_t */
    SCHEMA_DURATION,    /* 30s 15min 4h 2d 3w 5y: uint32_t seconds */
    SCHEMA_SIZE,        /* 500K 25M 1G: uint32_t bytes */
    SCHEMA_DATE,        /* 2026-05-03 or with time: Instant, else NONE */
    SCHEMA_CHOICE,      /* one of choices: enum, its index */
    SCHEMA_COUNTRY,     /* ISO 3166-1 "DE": char *, as all below */
    SCHEMA_LANGUAGE,    /* BCP 47 "de", "pt-BR" */
    SCHEMA_ADDRESS,     /* mail address */
    SCHEMA_DOMAIN,      /* host or domain name */
    SCHEMA_URL,         /* choices: allowed schemes; NULL: http and https */
    SCHEMA_LISTEN,      /* "127.0.0.1:8024", "[::1]:24" */
    SCHEMA_PATH,        /* absolute file name */
    SCHEMA_FINGERPRINT, /* 40 hex digits, "$" before them left out */
    SCHEMA_PREFIX,      /* "192.0.2.0/24" or one address */
    SCHEMA_RECORD,      /* a section with rows of its own; LIST or MAP */
} SchemaType;

typedef enum {
    SCHEMA_ONE,
    SCHEMA_LIST, /* a list; a single value counts as a list of one */
    SCHEMA_MAP,  /* names of the writer's choice, each with a value */
} SchemaShape;

/* One setting. A table ends with an empty row. */
typedef struct SchemaRow {
    const char *path; /* "send.delay": key delay in section send */
    SchemaType type;
    SchemaShape shape;
    size_t field;         /* SCHEMA_FIELD(...) for schema_bind(); 0: none */
    const char *fallback; /* as it would be written; of a list: with blanks
                             between; NULL: nothing */
    const char *const *choices; /* NULL-terminated, order of the enum */
    uint32_t min, max;          /* of numbers; max 0: no bound */
    bool is_required;
    const char *about;                          /* one sentence */
    const char *(*objection)(const char *text); /* NULL, or says in static
                                                   words what is wrong */
    const struct SchemaRow *rows;               /* of RECORD */
    /* MAP: what is wrong with a name; NULL: any name is allowed. */
    const char *(*name_objection)(const char *name);
} SchemaRow;

#define SCHEMA_FIELD(type, member) (offsetof(type, member) + 1)

typedef struct SchemaValues SchemaValues;

/* One value; borrowed from its SchemaValues. */
typedef struct {
    const char *text; /* as written, some types in canonical form; NULL for a
                         record */
    const char *key;  /* its name in a MAP, else NULL */
    int64_t number;   /* FLAG 0 or 1, NUMBER, seconds, bytes, Instant, index of
                         the choice */
    SchemaValues *record;
    const char *file; /* NULL for a default */
    int line, column;
} SchemaItem;

/* All defaults; rows is borrowed for ever (a static table). */
SchemaValues *schema_values_new(const SchemaRow *rows);
void schema_values_free(SchemaValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaValues, schema_values_free)

/* Lay a file over what is there. */
void schema_read(SchemaValues *values, const YamlFile *file, GPtrArray *errors);
/* When all files are read: complain of what is missing, in file's name. */
void schema_finish(const SchemaValues *values, const char *file,
                   GPtrArray *errors);
/* The three at once, for kinds of one file each. NULL if there is no tree. */
SchemaValues *schema_load(const SchemaRow *rows, const char *path,
                          GPtrArray *errors);

/* The table that the values were made from. */
const SchemaRow *schema_rows(const SchemaValues *values);

/* Getters. A path that is not in the table is a bug and asserts. */
guint schema_count(const SchemaValues *values, const char *path);
const SchemaItem *schema_item(const SchemaValues *values, const char *path,
                              guint index);
/* The first item's text or number; NULL or 0 if there is none. */
const char *schema_text(const SchemaValues *values, const char *path);
int64_t schema_number(const SchemaValues *values, const char *path);
bool schema_flag(const SchemaValues *values, const char *path);
/* Written in some file, not a default? */
bool schema_is_set(const SchemaValues *values, const char *path);

/* Put every value whose row names a field into the zeroed struct at into;
 * texts are copied, lists become GPtrArray of char *. */
void schema_bind(const SchemaValues *values, void *into);

/* The values as YAML that reads back to the same; yours to free. */
typedef enum {
    SCHEMA_PRINT_ALL = 1,    /* defaults too */
    SCHEMA_PRINT_ORIGIN = 2, /* "# file:line" behind each */
} SchemaPrint;
char *schema_print(const SchemaValues *values, SchemaPrint what);

/* A sample file: every setting with its sentence and default, commented
 * out; yours to free. */
char *schema_sample(const SchemaRow *rows);
