/*
 * zone.h - time zones as complaints write them.
 *
 * A zone is a set of offsets: one where the words leave no doubt, several
 * for "IST" or "CST", a tz database zone where the date decides. No zone is a
 * Zone with is_known false; it is never taken for UTC here.
 *
 * Authority: RFC 5322 section 3.3, RFC 3339, tz database identifiers.
 */
#pragma once

#include "base/instant.h"
#include "incident/cursor.h"

#define ZONE_OFFSETS_MAX  4
#define ZONE_OFFSET_MAX_S (14 * 3600) /* Kiritimati */
#define ZONE_OFFSET_MIN_S (-12 * 3600)

typedef struct {
    bool is_known;
    int offsets_s[ZONE_OFFSETS_MAX]; /* seconds east of UTC, likeliest first */
    int count;           /* of offsets_s; 0 if only rules are given */
    GTimeZone *rules;    /* borrowed from the cache; NULL if none */
    GTimeZone *usual;    /* of the place that uses the name "CET"; or NULL */
    bool contradicts;    /* number and name on the stamp do not agree */
    uint32_t at, length; /* the words */
} Zone;

/* How sure the place is that a zone is meant. */
typedef enum {
    ZONE_ON_STAMP,        /* right after a time: "+01", "Z" count */
    ZONE_IN_WORDS,        /* somewhere in a sentence or label: "UTC", "GMT+8" */
    ZONE_AFTER_ZONE_WORD, /* after "time zone": "+0100", "-6" count too */
} ZonePlace;

/* Read one zone that begins at a place; the place after it, or 0. */
size_t zone_read(Cursor text, size_t at, ZonePlace place, Zone *zone);

/* The offsets that hold for a wall clock showing civil in that zone: one;
 * two in the doubled hour; in the missing hour the ones before and after.
 * Returns how many. *is_odd says that the clock was being changed then. */
int zone_offsets_at(const Zone *zone, const Civil *civil,
                    int offsets_s[ZONE_OFFSETS_MAX], bool *is_odd);

/* Open the tz database zones that mail mentions. Reads files: once, before a
 * sandbox closes; called again it does nothing. Thread-safe. */
void zone_prepare(void);

/* A tz database zone by name ("Europe/Berlin", any case), or NULL; borrowed. */
GTimeZone *zone_rules(const char *name, size_t length);

/* Does the named offset hold in summer where that name is used only in winter,
 * or the other way round? Then what clocks there showed. "CET" in July. */
bool zone_is_out_of_season(const Zone *zone, const Civil *civil, int *offset_s);

/* zone_country.c: the one zone of the country in which a mail address ends,
 * or NULL; *ending is ".de". Borrowed. */
GTimeZone *zone_of_sender(const char *address, const char **ending);

/* zone_table.c */
typedef struct {
    const char *name;
    int minutes[ZONE_OFFSETS_MAX]; /* east of UTC, likeliest first */
    int count;
    const char *usual; /* tz database zone that shows whether it was in use */
} ZoneAbbreviation;
extern const ZoneAbbreviation ZONE_ABBREVIATIONS[];
typedef struct {
    const char *words; /* folded; '*' at the end: more letters may follow */
    const char *rules; /* tz database name, or NULL */
    int minutes;       /* if rules is NULL */
    const char *usual; /* as of ZoneAbbreviation */
} ZonePhrase;
extern const ZonePhrase ZONE_PHRASES[];
/* zone_names.c; each ends in NULL. */
typedef struct {
    const char *rules;
    const char *names; /* folded, parted by blanks */
} ZonePlaceNames;
extern const ZonePlaceNames ZONE_PLACES[];
extern const char *const ZONE_BEFORE_PLACE[];
extern const char *const ZONE_AFTER_PLACE[];

/* zone_place.c: zones in words, "Moscow time", "heure de Paris"; the place
 * after them, or 0. */
size_t zone_words_read(Cursor text, size_t at, Zone *zone);

/* Could zone_words_read find something that begins with this byte? */
bool zone_words_may_begin(unsigned char folded);

extern const char *const ZONE_NAMES[];
