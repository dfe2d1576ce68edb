/*
 * feeds.h - the great senders whose mails have one shape for years: by what
 * they are known, and which of their lines say what. Private to report/.
 *
 * A feed is a row of FEEDS, no code: signs, what it is about, the zone of its
 * times, and patterns of lines (feed_pattern.h).
 */
#pragma once

#include "report/feed_pattern.h"
#include "report/study.h"

typedef enum {
    SIGN_NONE,
    SIGN_FROM,    /* the domain of the author's address ends in it */
    SIGN_SUBJECT, /* pattern of the Subject */
    SIGN_HEADER,  /* a field of that name is there */
    SIGN_TEXT,    /* these words stand in a text, in this case */
} FeedSignWhere;

typedef struct {
    FeedSignWhere where;
    const char *what;
} FeedSign;

typedef enum {
    LINE_FILLS,   /* what is said holds until it is said anew */
    LINE_BEGINS,  /* a new record begins here, nothing before counts */
    LINE_IS_ROW,  /* an event of its own, with what holds */
    LINE_SECTION, /* only names the category of what follows */
    LINE_IGNORED, /* so that no later pattern takes it */
    LINE_SUBJECT, /* fills, and is looked for in the Subject alone */
} FeedLineUse;

/* The first pattern that fits a line is taken. */
typedef struct {
    const char *pattern;
    FeedLineUse use;
    const char *category; /* LINE_SECTION */
} FeedLine;

/* Words in %k, %v or %r, whatever the case: the first row found decides. */
typedef struct {
    const char *words, *category;
} FeedKind;

#define FEED_SIGNS_MAX 5

typedef struct {
    const char *name;               /* of the format */
    FeedSign signs[FEED_SIGNS_MAX]; /* each is enough */
    const char *no_complaint;       /* why its mails accuse nobody; else NULL */
    SenderClass sender;             /* SENDER_UNKNOWN: the mail tells */
    const char *sender_why;         /* static */
    const char *category;           /* of its reports, or NULL */
    const char *zone, *zone_source; /* of its times, as documented; or NULL */
    bool zone_in_time;  /* %t ends in a zone, which holds for rows below it */
    bool events_in_log; /* without a time on its lines, the log tells when */
    const FeedLine *lines; /* ends in one without pattern; or NULL */
    const FeedKind *kinds; /* ends in one without words; or NULL */
} Feed;
/* Ends in a row without name. (feeds_table.c) */
extern const Feed FEEDS[];

bool feeds_detect(const Study *study);
/* Puts the feed's name into study->feed. */
bool feeds_read(Study *study);
