/*
 * csv_heads.h - what the words at the head of a column say that stands below.
 * Private to report/; the tables are in the .c file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    HEAD_NONE,
    HEAD_ADDRESS, /* of the accused */
    HEAD_PORT,
    HEAD_TARGET,
    HEAD_TARGET_PORT,
    HEAD_TIME, /* date and time of day, or either: the cells tell */
    HEAD_TIME_LAST,
    HEAD_ZONE,
    HEAD_PROTOCOL,
    HEAD_KIND, /* of abuse */
    HEAD_COUNT
} HeadMeaning;

typedef struct {
    const char *key; /* as csv_head_new_key() reduces it */
    HeadMeaning meaning;
    int rank;
} CsvHeadRow;
/* Ends in a row without a key. (csv_heads.c) */
extern const CsvHeadRow CSV_HEADS[];

typedef struct {
    HeadMeaning meaning;
    int rank; /* of columns that mean the same the highest is read; > 0 */
    size_t zone_at, zone_length; /* "UTC+8" within the head; 0 long if none */
} Head;

/* Read the head of one column, UTF-8. */
Head csv_head_read(const char *text, size_t length);

/* The reduced form by which heads are compared: lower case letters and digits
 * of any script, the rest left out. Yours. */
char *csv_head_new_key(const char *text, size_t length);

/* A feed that says of its columns in its documentation what heads do not: the
 * zone of its stamps, or that "dst_ip" is the accused. */
typedef struct {
    const char *name;
    const char *sender;       /* the From domain ends in it, or NULL */
    const char *const *heads; /* keys that must all be there; ends in NULL */
    const char *zone;         /* words for incident/, zone first */
    const char *source;       /* where it is documented */
    const CsvHeadRow *own;    /* heads that mean something else; or NULL */
    const char *category;     /* of all its rows, or NULL */
} CsvFeed;
/* Ends in a row without a name. (csv_heads.c) */
extern const CsvFeed CSV_FEEDS[];
