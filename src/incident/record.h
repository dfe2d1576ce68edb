/*
 * record.h - lists of "Source: ... Time: ..." without blank lines between:
 * which lines of the paragraph belong to which of them.
 */
#pragma once

#include "incident/role.h"

/* Lines of a page, the last one excluded. */
typedef struct {
    guint first, end;
} Record;

/* Is what is asked for on a line? */
typedef bool (*LineHolds)(const void *context, const Page *page, guint line);

/* The lines where a mention, one of several records of its paragraph, has what
 * each of them has: on the side that the ends of the paragraph show. False,
 * and *record is untouched, if it is no such mention or nothing shows. */
bool record_read(const Cast *cast, const Page *page, const Mention *mention,
                 LineHolds holds, const void *context, Record *record);

/* Do two mentions say the same role by the same words? */
bool mention_is_told_alike(const Mention *a, const Mention *b);
