/*
 * history_rows.h - the sections of a history while it is made.
 *
 * For history_build.c, which makes one of a month's facts, and for
 * history_join.c, which makes one of several others.
 */
#pragma once

#include "relay/history_file.h"

/* One family of addresses. */
typedef struct {
    size_t width;          /* 4 or 16 */
    GByteArray *addresses; /* sorted */
    GArray *starts;        /* of uint32_t; the end is added in the end */
    GArray *runs;          /* of uint64_t */
    GArray *scan_starts;   /* as starts */
    GArray *scans;         /* of Scan */
} AddressRows;

typedef struct {
    GArray *parts;            /* of HistoryPart */
    GArray *hours;            /* of Hour */
    GArray *relays;           /* of Relay; as starts */
    GArray *periods;          /* of uint64_t */
    GArray *manners;          /* of Manner */
    AddressRows addresses[2]; /* IPv4, IPv6 */
    GArray *lists;            /* of uint32_t */
    GArray *text_starts;      /* of uint32_t */
    GByteArray *text;
} HistoryRows;

HistoryRows *history_rows_new(void);
void history_rows_free(HistoryRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryRows, history_rows_free)

/* Append an address, or a run of the last one; its scans go to scans. */
void address_rows_begin(AddressRows *rows, const uint8_t *address);
void address_rows_add(AddressRows *rows, HourRun run);

/* Append a text, with its NUL added; returns its number. */
uint32_t history_rows_add_text(HistoryRows *rows, const char *text,
                               size_t length);

/* The file's bytes, or the file itself; no rows can be added to these then.
 * Errors: LIMIT (more hours or relays than it can hold), those of
 * file_replace(). */
GBytes *history_rows_pack(HistoryRows *rows, GError **error);
bool history_rows_replace(HistoryRows *rows, const char *path, GError **error);

/* Does b go on where a ends: at the next known hour that has one of the bits,
 * and not too late? */
bool hours_touch(const Hour *hours, size_t count, uint32_t bits, uint32_t a,
                 uint32_t b);
/* Order of scans. */
int scan_compare(const void *a, const void *b);
