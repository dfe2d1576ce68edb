/*
 * The time that an address has to itself.
 *
 * Problem: "A (14:02 UTC), B (14:05 UTC) and C (14:31 UTC)", "at 14:02 A, at
 * 14:05 B": on a line of several accused the nearest time is as often the
 * neighbour's.
 *
 * Approach: a time in brackets right behind an address is its own. Else, if
 * accused and times take turns on the line, the first of the two opens each
 * pair.
 */
#include "incident/pair_score.h"

#define TURNS_MAX 50 /* accused and times on one line */

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
