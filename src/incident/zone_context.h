/*
 * zone_context.h - zones that a mail states away from its stamps: in column
 * heads, labels, sentences, the Subject.
 */
#pragma once

#include "incident/sheet.h"

typedef struct {
    Zone zone;
    guint page, line;
    char *words; /* "Time Zone: UTC" */
} ZoneStatement;

/* All statements of a sheet, in order (array of ZoneStatement). */
GArray *zone_statements_new(const Sheet *sheet);

/* The statement that governs a stamp: on its line, else the nearest before it
 * on its page, else after it, else on another page; NULL if there is none.
 * *is_sure: no other statement of the mail says otherwise, or it stands on the
 * very line; when: the date that decides what tz database zones mean.
 * *other: the next one that differs, or NULL. */
const ZoneStatement *zone_statement_for(const GArray *statements, guint page,
                                        guint line, const Civil *when,
                                        bool *is_sure,
                                        const ZoneStatement **other);
