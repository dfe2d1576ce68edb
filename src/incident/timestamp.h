/*
 * timestamp.h - the words of a text that give a time, field by field.
 *
 * A Stamp is what is written, not what it means: the day and month may be in
 * either order, the year or the zone may be missing. reading.c turns it into
 * instants with the help of the rest of the mail.
 *
 * Formats are rows of timestamp_formats.c, each with its own example.
 */
#pragma once

#include "incident/zone.h"

#define STAMPS_MAX 60000 /* of one text; more are not looked at */

typedef enum {
    STAMP_FULL,     /* date and time of day */
    STAMP_DAY,      /* date only */
    STAMP_TIME,     /* time of day only; the date stands elsewhere */
    STAMP_EPOCH,    /* seconds since 1970, so UTC by definition */
    STAMP_RELATIVE, /* "15 minutes ago", counted from the mail's Date */
} StampKind;

/* What showed the order of day and month, where the digits did not. */
typedef enum {
    ORDER_BY_DIGITS,
    ORDER_BY_ROWS,    /* others of the same style have a day over 12 */
    ORDER_BY_WEEKDAY, /* the weekday fits one of the two dates */
} OrderProof;

/* Where the date of a stamp comes from. */
typedef enum {
    DATE_WRITTEN,
    DATE_BACK,     /* "yesterday": counted from the mail's Date */
    DATE_WEEKDAY,  /* "on Monday": the last one before the mail */
    DATE_SOLE,     /* of a log's rows: the only date that the text states */
    DATE_NEAREST,  /* one of several, or of a time in a sentence: the nearest */
    DATE_NEXT_DAY, /* as NEAREST, a day on: the rows passed midnight */
} DateBasis;

typedef struct {
    const char *name;
    StampKind kind;
    const char *pattern; /* see timestamp.c */
    const char *example;
    const char *reads_as; /* stamp_new_text() of the example */
} StampFormat;

typedef struct {
    const StampFormat *format;
    StampKind kind;
    uint32_t at, length;
    int year;               /* 0: not written; -1: DATE_BACK, DATE_WEEKDAY */
    bool year_is_short;     /* two digits were written; year is a guess */
    int month, day;         /* as the first order reads them; 0: not written */
    bool order_is_open;     /* month and day could be swapped */
    OrderProof order_proof; /* stamps_settle: what closed it */
    bool is_day_first, is_month_first; /* numbers that show the order */
    int hour, minute, second; /* second -1: not written; hour -1: no time */
    int more_days;            /* DAY: "8 to 9 January" has one more */
    bool minute_is_open;      /* "9 Uhr": the whole hour is meant */
    bool is_12_hour;          /* AM or PM was written */
    bool is_cued;             /* a word before the clock says it is one */
    int weekday;              /* 0 = Sunday; -1: not written */
    DateBasis date_basis;
    int days_back; /* DATE_BACK: before the mail */
    bool is_night; /* DATE_BACK: "last night" has two dates */
    Zone zone;
    Instant epoch;            /* EPOCH */
    bool year_is_stated;      /* stamps_settle: "Year 2022." in the text */
    bool zone_is_epochs;      /* stamps_settle: shown by seconds since 1970 */
    bool weekday_is_wrong;    /* stamps_settle */
    int ago_from_s, ago_to_s; /* RELATIVE: seconds before the mail */
} Stamp;

/* timestamp_formats.c; ends in a row without a name. */
extern const StampFormat STAMP_FORMATS[];

/* Append the stamps of a text in the order they stand. folded is fold_new of
 * it. Linear time. */
void stamp_scan(Cursor text, Cursor folded, GArray *stamps);

/* The same with bare "10:02", for stamps_settle to judge. */
void stamp_scan_all(Cursor text, Cursor folded, GArray *stamps);

/* timestamp_settle.c: let the stamps of one text explain each other: the order
 * of day and month in rows of one style, dates for rows that show only the
 * time of day (past midnight, too), zones where seconds since 1970 stand on
 * the line. What was deduced so is said in the stamp; bare clocks that got no
 * date are dropped. Linear time. */
void stamps_settle(Cursor text, Cursor folded, GArray *stamps);

/* timestamp_settle.c: is the second the end of a range that the first begins:
 * "18:00 and 18:40", "18:00 -\n18:40"? */
bool stamps_are_range(Cursor folded, const Stamp *first, const Stamp *second);

/* Date what stamps_settle left without a date by a day of another text. */
void stamps_take_day(Cursor text, GArray *stamps, const Stamp *day);

/* The one stamp that begins at a place; the place after it, or 0. */
size_t stamp_read(Cursor text, Cursor folded, size_t at, Stamp *stamp);

/* timestamp_match.c: try one format at a place; the place after it, or 0. */
size_t stamp_match(Cursor text, Cursor folded, size_t at,
                   const StampFormat *format, Stamp *stamp);

/* "2015-11-13 20:35:03 +00:00", "2015-11-13 20:35:03 no zone",
 * "0000-09-28 11:23:02 no zone", "2019-01-12|2019-12-01 no zone",
 * "@1726798443", "60..900 s ago"; for tests and debugging. Yours to free. */
char *stamp_new_text(const Stamp *stamp);
