/*
 * The time that an address has to itself.
 *
 * Problem: "A (14:02 UTC), B (14:05 UTC) and C (14:31 UTC)", "at 14:02 A, at
 * 14:05 B": on a line of several accused the nearest time is as often the
 * neighbour's.
 *
 * Approach: a time in brackets right behind an address is its own. Else, if
 * accused and times take turns on the line, or in the sentences of a paragraph,
 * the first of the two opens each pair.
 */
#include "incident/pair_score.h"

#define TURNS_MAX 50 /* accused and times in one run */
#define LINES_MAX 24 /* of a paragraph that is read whole */

/* Addresses and stamps of a page that stand together. */
typedef struct {
    guint address, address_end;
    guint stamp, stamp_end;
} Run;

static bool is_accused(const Cast *cast, const Page *page, guint address)
{
    const Player *player = cast_find(cast, &page_address(page, address)->ip);
    return player && player->role == ROLE_OFFENDER;
}

/* The exact times of a run before a place: the first of them, and the last,
 * which is a range's begin where a range stands last. */
typedef struct {
    const Stamp *first, *last;
    guint count; /* a range counts once */
} Times;

static Times times_before(const Chronology *chronology, const Page *page,
                          Run *run, uint32_t at)
{
    Times times = {0};
    const Stamp *before = NULL;
    for (; run->stamp < run->stamp_end; run->stamp++) {
        const Stamp *stamp = page_stamp(page, run->stamp);
        if (stamp->at >= at)
            break;
        if (!stamp_is_exact(chronology, stamp))
            continue;
        times.first = times.first ? times.first : stamp;
        if (!before || !stamps_are_range(page->folded, before, stamp)) {
            times.last = stamp;
            times.count++;
        }
        before = stamp;
    }
    return times;
}

/* The time that takes turns with an address; NULL unless every accused of the
 * run has one (strict: just one), all before it or all behind it. */
static const Stamp *turn_of(const Chronology *chronology, const Cast *cast,
                            const Page *page, Run run, guint address,
                            bool is_strict)
{
    const Stamp *own = NULL;
    bool is_behind = false, was_own = false;
    guint accused = 0;
    for (guint i = run.address; i < run.address_end; i++) {
        if (!is_accused(cast, page, i))
            continue;
        Times times =
            times_before(chronology, page, &run, page_address(page, i)->at);
        if (accused == 0)
            is_behind = !times.first;
        else if (!times.first || (is_strict && times.count > 1))
            return NULL;
        if (is_behind && was_own)
            own = times.first;
        was_own = i == address;
        if (!is_behind && was_own)
            own = times.last;
        accused++;
    }
    Times rest = times_before(chronology, page, &run, UINT32_MAX);
    if (is_behind && was_own)
        own = rest.first;
    return accused > 1 && is_behind == (rest.first != NULL) ? own : NULL;
}

static bool is_short(const Run *run)
{
    return run->stamp_end - run->stamp >= 2 &&
           run->stamp_end - run->stamp <= TURNS_MAX &&
           run->address_end - run->address >= 2 &&
           run->address_end - run->address <= TURNS_MAX;
}

static Run run_of_lines(const Page *page, guint first, guint last)
{
    const Line *a = page_line(page, first), *b = page_line(page, last);
    return (Run){a->address, b->address + b->address_count, a->stamp,
                 b->stamp + b->stamp_count};
}

/* The paragraph around a line; false if it is long or no plain text. */
static bool paragraph_of(const Page *page, guint line, Run *run)
{
    guint first = line, last = line;
    while (first > 0 && page_line(page, first - 1)->kind == LINE_TEXT &&
           last - first <= LINES_MAX)
        first--;
    while (last + 1 < page->lines->len &&
           page_line(page, last + 1)->kind == LINE_TEXT &&
           last - first <= LINES_MAX)
        last++;
    *run = run_of_lines(page, first, last);
    return last - first < LINES_MAX;
}

const Stamp *stamp_of_its_own(const Chronology *chronology, const Cast *cast,
                              const Page *page, const Mention *mention)
{
    const Stamp *behind =
        page_stamp_behind(page, page_address(page, mention->address));
    if (behind && stamp_is_exact(chronology, behind))
        return behind;
    Run run = run_of_lines(page, mention->line, mention->line);
    const Stamp *own = is_short(&run) ? turn_of(chronology, cast, page, run,
                                                mention->address, false)
                                      : NULL;
    bool has_choice = run.stamp_end > run.stamp + 1;
    if (own || has_choice || !paragraph_of(page, mention->line, &run) ||
        !is_short(&run))
        return own;
    return turn_of(chronology, cast, page, run, mention->address, true);
}
