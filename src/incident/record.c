/*
 * Problem: in a list of records without blank lines between them the time (or
 * the harmed) of the neighbour stands nearer than the own one as often as not.
 *
 * Approach: if one stands behind the last record of the paragraph and none
 * before the first, each record is opened by its address, and the other way
 * round. If the ends show both or neither, nothing is concluded.
 *
 * Rejected: to take what opens the paragraph for what opens each record; it is
 * often a sentence with a date of its own.
 */
#include "incident/record.h"

#include <string.h>

#define RECORD_LINES 60 /* of a paragraph, to each side */

bool mention_is_told_alike(const Mention *a, const Mention *b)
{
    return a->told_by == b->told_by && a->role == b->role &&
           g_strcmp0(a->words, b->words) == 0;
}

/* Does a label or a column name it, as records do line by line? */
static bool is_of_record(const Mention *mention)
{
    return mention->words && (mention->told_by == TOLD_BY_COLUMN ||
                              strcmp(mention->why, "label") == 0);
}

/* What stands on one side of a mention within its paragraph. */
typedef struct {
    bool has_other; /* another record */
    bool has_it;    /* what is asked for, beyond the last record */
    bool is_cut;    /* the paragraph is too long to be seen whole */
    guint nearest;  /* line of the next record, or of the paragraph's end */
} Side;

/* A walk over the mentions of a cast, line by line. */
typedef struct {
    const Cast *cast;
    guint mention;
    int step; /* 1 or -1 */
} Walk;

/* Is one of the mentions on the next line a record like that one? */
static bool walk_line(Walk *walk, const Line *line, const Mention *like)
{
    bool is_record = false;
    for (guint i = 0; i < line->address_count; i++) {
        walk->mention += (guint)walk->step;
        if (walk->mention >= walk->cast->mentions->len)
            return is_record;
        is_record =
            is_record || mention_is_told_alike(
                             cast_mention(walk->cast, walk->mention), like);
    }
    return is_record;
}

static Walk walk_from(const Cast *cast, const Page *page,
                      const Mention *mention, int step)
{
    const Line *own = page_line(page, mention->line);
    guint index =
        (guint)(mention - (const Mention *)(const void *)cast->mentions->data) -
        (mention->address - own->address);
    return (Walk){cast, step > 0 ? index + own->address_count - 1 : index,
                  step};
}

static Side side_read(Walk walk, const Page *page, const Mention *mention,
                      LineHolds holds, const void *context)
{
    guint line = mention->line + (guint)walk.step;
    Side side = {0};
    for (int i = 0; i < RECORD_LINES; i++, line += (guint)walk.step) {
        if (line >= page->lines->len ||
            page_line(page, line)->kind == LINE_BLANK) {
            side.nearest = side.has_other ? side.nearest : line;
            return side;
        }
        bool is_record = walk_line(&walk, page_line(page, line), mention);
        if (is_record && !side.has_other)
            side.nearest = line;
        side.has_other = side.has_other || is_record;
        side.has_it = !is_record && (side.has_it || holds(context, page, line));
    }
    side.is_cut = true;
    side.nearest = side.has_other ? side.nearest : line;
    return side;
}

bool record_read(const Cast *cast, const Page *page, const Mention *mention,
                 LineHolds holds, const void *context, Record *record)
{
    if (!is_of_record(mention))
        return false;
    Side above = side_read(walk_from(cast, page, mention, -1), page, mention,
                           holds, context);
    Side below = side_read(walk_from(cast, page, mention, 1), page, mention,
                           holds, context);
    if ((!above.has_other && !below.has_other) ||
        (above.is_cut && below.is_cut) ||
        (!above.is_cut && !below.is_cut && above.has_it == below.has_it))
        return false;
    bool is_behind = below.is_cut ? !above.has_it : below.has_it;
    *record = is_behind ? (Record){mention->line + 1, below.nearest}
                        : (Record){above.nearest + 1, mention->line};
    return true;
}
