/*
 * The time that an address has to itself.
 *
 * Problem: "A (14:02 UTC), B (14:05 UTC) and C (14:31 UTC)", "at 14:02 A, at
 * 14:05 B": on a line of several accused the nearest time is as often the
 * neighbour's. In lists of "Source: ... Time: ..." without blank lines between
 * the records the time of the record before stands nearer than the own one.
 *
 * Approach: a time in brackets right behind an address is its own. Else, if
 * accused and times take turns on the line, the first of the two opens each
 * pair. The same for records over several lines: if a time stands behind the
 * last of the accused of the paragraph and none before the first, each record
 * is opened by its address, and the other way round; where the ends do not
 * show it, nothing is concluded.
 */
#include "incident/pair_score.h"

#include <string.h>

#define TURNS_MAX    50  /* accused and times on one line */
#define RECORD_LINES 400 /* of a paragraph that are looked at */

/* The next exact time of a line; NULL at its end. */
static const Stamp *next_exact(const Chronology *chronology, const Page *page,
                               const Line *line, guint *stamp)
{
    while (*stamp < line->stamp + line->stamp_count) {
        const Stamp *one = page_stamp(page, (*stamp)++);
        if (stamp_is_exact(chronology, one))
            return one;
    }
    return NULL;
}

static bool is_accused(const Cast *cast, const Page *page, guint address)
{
    const Player *player = cast_find(cast, &page_address(page, address)->ip);
    return player && player->role == ROLE_OFFENDER;
}

/* The stamp that takes turns with an address, or NULL. */
static const Stamp *turn_of(const Chronology *chronology, const Cast *cast,
                            const Page *page, const Mention *mention)
{
    const Line *line = page_line(page, mention->line);
    guint at = line->stamp, accused = 0;
    const Stamp *next = next_exact(chronology, page, line, &at), *before = NULL,
                *first_behind = NULL, *own = NULL;
    bool is_behind = false, is_own = false;
    for (guint i = 0; i < line->address_count; i++) {
        const AddressHit *hit = page_address(page, line->address + i);
        if (!is_accused(cast, page, line->address + i))
            continue;
        before = first_behind = NULL;
        for (; next && next->at < hit->at;
             next = next_exact(chronology, page, line, &at)) {
            first_behind = first_behind ? first_behind : next;
            before = next;
        }
        if (accused == 0)
            is_behind = before == NULL;
        else if (!before)
            return NULL;
        if (is_behind && is_own)
            own = first_behind;
        is_own = line->address + i == mention->address;
        if (!is_behind && is_own)
            own = before;
        accused++;
    }
    if (is_behind && is_own)
        own = next;
    bool is_closed = !is_behind || next;
    return accused > 1 && is_closed ? own : NULL;
}

const Stamp *stamp_of_its_own(const Chronology *chronology, const Cast *cast,
                              const Page *page, const Mention *mention)
{
    const Line *line = page_line(page, mention->line);
    const Stamp *behind =
        page_stamp_behind(page, page_address(page, mention->address));
    if (behind && stamp_is_exact(chronology, behind))
        return behind;
    if (line->stamp_count < 2 || line->stamp_count > TURNS_MAX ||
        line->address_count < 2 || line->address_count > TURNS_MAX)
        return NULL;
    return turn_of(chronology, cast, page, mention);
}

static bool has_event(const Chronology *chronology, const Page *page, guint l)
{
    const Line *line = page_line(page, l);
    int label;
    return line->stamp_count > 0 && line->kind == LINE_TEXT &&
           stamp_of_line(chronology, page, l, &label) != NULL;
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
    bool has_time;  /* an event's time beyond the last record */
    bool is_cut;    /* too far to be seen whole */
    guint nearest;  /* line of the next record, or of the paragraph's end */
} Side;

/* A record on the line of the cast's mention `other`, going on by step? */
static bool holds_record(const Cast *cast, const Line *line, guint *other,
                         int step, const Mention *mention)
{
    bool is_record = false;
    for (guint i = 0; i < line->address_count; i++) {
        *other += (guint)step;
        if (*other >= cast->mentions->len)
            return is_record;
        const Mention *one = cast_mention(cast, *other);
        is_record = is_record || mention_is_told_alike(one, mention);
    }
    return is_record;
}

static Side side_read(const Chronology *chronology, const Cast *cast,
                      guint index, int step)
{
    const Mention *mention = cast_mention(cast, index);
    const Page *page = sheet_page(chronology->sheet, mention->page);
    const Line *own = page_line(page, mention->line);
    guint other = index - (mention->address - own->address);
    if (step > 0)
        other += own->address_count - 1;
    Side side = {.nearest = mention->line + (guint)step};
    guint line = mention->line + (guint)step;
    for (int i = 0; i < RECORD_LINES; i++, line += (guint)step) {
        if (line >= page->lines->len ||
            page_line(page, line)->kind == LINE_BLANK) {
            if (!side.has_other)
                side.nearest = line;
            return side;
        }
        bool is_record =
            holds_record(cast, page_line(page, line), &other, step, mention);
        if (is_record && !side.has_other)
            side.nearest = line;
        side.has_other = side.has_other || is_record;
        side.has_time =
            !is_record && (side.has_time || has_event(chronology, page, line));
    }
    side.is_cut = true;
    if (!side.has_other)
        side.nearest = line;
    return side;
}

bool record_read(const Chronology *chronology, const Cast *cast, guint index,
                 Record *record)
{
    const Mention *mention = cast_mention(cast, index);
    if (!is_of_record(mention))
        return false;
    Side above = side_read(chronology, cast, index, -1);
    Side below = side_read(chronology, cast, index, 1);
    if ((!above.has_other && !below.has_other) ||
        (above.is_cut && below.is_cut) ||
        (!above.is_cut && !below.is_cut && above.has_time == below.has_time))
        return false;
    bool is_behind = below.is_cut ? !above.has_time : below.has_time;
    *record = is_behind ? (Record){mention->line + 1, below.nearest}
                        : (Record){above.nearest + 1, mention->line};
    return true;
}
