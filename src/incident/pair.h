/*
 * pair.h - which time belongs to which address.
 */
#pragma once

#include "incident/reading.h"
#include "incident/role.h"
#include "incident/zone_context.h"

/* How near the time stands, best first. */
typedef enum {
    PAIR_NONE,
    PAIR_SAME_LINE,
    PAIR_PARAGRAPH,
    PAIR_PAGE, /* some time of the page */
    PAIR_ELSEWHERE,
    PAIR_SUBJECT,
    PAIR_CLERICAL, /* only a report's own time was there */
    PAIR_ROUGH,    /* a day, or counted back from the mail */
} PairHow;

typedef struct {
    PairHow how;
    int score; /* smaller is nearer; see pair.c */
    guint page, line;
    Stamp stamp;
    guint mention; /* of the cast: beside which it was found */
} Pair;

/* Everything about times that one mail needs once. */
typedef struct {
    const Sheet *sheet;
    GArray *zones; /* of ZoneStatement */
    GArray *bests; /* of Pair: the best time of each page */
    DateOrder order;
    Instant mail_date;
    int mail_offset_s;
    bool mail_has_offset;
    GTimeZone *country;        /* where the sender's address ends, or NULL */
    const char *country_words; /* ".de" */
} Chronology;

Chronology *chronology_new(const Sheet *sheet);
void chronology_free(Chronology *chronology);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chronology, chronology_free)

#define PAIRS_MAX 2000 /* of one address: more are counted, not kept */

/* The best time of a player. */
Pair pair_find(const Chronology *chronology, const Cast *cast,
               const Player *player);
/* Does a label in the lines around the address say it was first seen then? */
bool pair_is_first_seen(const Pair *pair);
/* The times of its other lines and records, found the same way: appends Pair
 * to more, at most PAIRS_MAX; false if there were yet more. */
bool pair_find_more(const Chronology *chronology, const Cast *cast,
                    const Player *player, const Pair *best, GArray *more);

/* Does the mail itself state that zone, and no other, for a stamp? */
bool chronology_states_zone(const Chronology *chronology, const Stamp *stamp,
                            const Zone *zone);

/* The cited time of a stamp; quote is taken over. zone: stated beside it by a
 * format, or NULL. facts as readings_new. */
CitedTime *cited_time_new(const Chronology *chronology, const Stamp *stamp,
                          guint page, guint line, const Zone *zone,
                          const char *zone_words, Quote *quote,
                          ReadingFacts *facts);
