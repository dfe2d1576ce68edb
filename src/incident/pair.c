/*
 * Which time belongs to which address.
 *
 * Problem: a mail holds many times; most are not the event's: the letter's own
 * date, the forward's, the registry's, the clerk's.
 *
 * Approach: layout decides, nearest first. A time on the address's own line
 * (log line, table row, sentence) is the event's; else one of the same
 * paragraph (label blocks, wrapped lines); else one under a label of time on
 * the page; else any time of the page that is not a clerk's; else another
 * page's; else the Subject's. Only if there is none of these is the time of
 * the report itself taken, and said to be that. Days and "15 minutes ago" come
 * last: they are better than nothing and say so by their length.
 *
 * This finds the best time of an address; pair_more.c adds those of its other
 * lines and records.
 */
#include "incident/pair_score.h"

#include <string.h>

#define PARAGRAPH_LINES    8
#define RECORD_LINES       60  /* looked back for the begin of a paragraph */
#define NEAR_LINES         400 /* how far a time of the page may stand */
#define MENTIONS_LOOKED_AT 50  /* whose paragraph is read */
#define MENTIONS_ON_PAGE   2   /* whose page is read */

/* Lines whose times are never an event's. */
static bool is_foreign(const Line *line)
{
    return line->kind == LINE_WHOIS || line->kind == LINE_MAIL_HEADER ||
           line->kind == LINE_RECEIVED;
}

/* Keep the better of two; of equals the one found first. */
static void offer(Pair *best, int score, PairHow how, guint page, guint line,
                  const Stamp *stamp, guint mention)
{
    if (score >= best->score)
        return;
    *best = (Pair){.how = how,
                   .score = score,
                   .page = page,
                   .line = line,
                   .stamp = *stamp,
                   .mention = mention};
}

bool pair_is_evidence(const Page *page)
{
    return page->block->kind != BLOCK_SUBJECT &&
           page->block->kind != BLOCK_SAMPLE &&
           page->block->kind != BLOCK_SIGNATURE;
}

bool pair_offer_line(const Chronology *chronology, Pair *best, int base,
                     PairHow how, guint page_index, guint line_index,
                     guint mention)
{
    const Page *page = sheet_page(chronology->sheet, page_index);
    const Line *line = page_line(page, line_index);
    if (line->stamp_count == 0 || is_foreign(line))
        return false;
    int label = 0;
    const Stamp *stamp = stamp_of_line(chronology, page, line_index, &label);
    if (!stamp)
        return false;
    bool is_near = how == PAIR_SAME_LINE || how == PAIR_PARAGRAPH;
    if (stamp->kind == STAMP_EPOCH && label == 0 && !is_near)
        return false;
    if (line->kind == LINE_CLERICAL) {
        if (how != PAIR_SAME_LINE)
            return false;
        base = SCORE_CLERICAL;
        how = PAIR_CLERICAL;
    }
    offer(best, base + label, how, page_index, line_index, stamp, mention);
    return true;
}

void pair_offer_own_line(const Chronology *chronology, const Cast *cast,
                         guint index, Pair *best)
{
    const Mention *mention = cast_mention(cast, index);
    const Page *page = sheet_page(chronology->sheet, mention->page);
    const Stamp *own = stamp_of_its_own(chronology, cast, page, mention);
    if (own)
        offer(best, SCORE_SAME_LINE + LABEL_FIRST - 1, PAIR_SAME_LINE,
              mention->page, page_line_at(page, own->at), own, index);
    else
        pair_offer_line(chronology, best, SCORE_SAME_LINE, PAIR_SAME_LINE,
                        mention->page, mention->line, index);
}

/* Does the line hold another accused address, and not this one? */
static bool is_others_line(const Cast *cast, const Page *page, const Line *line,
                           const IpAddress *ip)
{
    bool has_other = false;
    for (guint i = 0; i < MIN(line->address_count, LINE_STAMPS_MAX); i++) {
        const AddressHit *hit = page_address(page, line->address + i);
        if (ip_is_equal(&hit->ip, ip))
            return false;
        const Player *other = cast_find(cast, &hit->ip);
        has_other = has_other || (other && other->role == ROLE_OFFENDER);
    }
    return has_other;
}

/* In label blocks either the address or the time opens each record; the first
 * of the two in the paragraph shows which. Wrapped log lines open with their
 * time. */
static bool opens_with_time(const Page *page, guint line)
{
    guint first = line;
    while (first > 0 && line - first < RECORD_LINES &&
           page_line(page, first - 1)->kind != LINE_BLANK)
        first--;
    for (guint l = first; l <= line; l++) {
        const Line *at = page_line(page, l);
        if (at->stamp_count > 0 && at->kind != LINE_CLERICAL)
            return true;
        if (at->address_count > 0)
            return false;
    }
    return false;
}

/* LineHolds of a chronology: a time that can be an event's. Asked of every
 * line around every mention, so without a look at labels. */
static bool holds_event(const void *context, const Page *page, guint l)
{
    const Line *line = page_line(page, l);
    guint count = MIN(line->stamp_count, LINE_STAMPS_MAX);
    for (guint i = 0; i < count && line->kind == LINE_TEXT; i++)
        if (stamp_is_exact(context, page_stamp(page, line->stamp + i)))
            return true;
    return false;
}

void pair_offer_paragraph(const Chronology *chronology, const Cast *cast,
                          const Player *player, const Mention *mention,
                          guint index, Pair *best)
{
    const Page *page = sheet_page(chronology->sheet, mention->page);
    bool time_first = opens_with_time(page, mention->line);
    bool open[2] = {true, true};
    Record record = {0, page->lines->len};
    record_read(cast, page, mention, holds_event, chronology, &record);
    for (guint step = 1; step <= PARAGRAPH_LINES; step++)
        for (int side = 0; side < 2; side++) {
            bool before = (side == 0) == time_first;
            if (!open[before] || (before && step > mention->line))
                continue;
            guint l = before ? mention->line - step : mention->line + step;
            if (l < record.first || l >= record.end)
                continue;
            const Line *line = page_line(page, l);
            if (line->kind == LINE_BLANK ||
                is_others_line(cast, page, line, &player->ip)) {
                open[before] = false;
                continue;
            }
            pair_offer_line(chronology, best,
                            SCORE_PARAGRAPH + (int)step * 2 + (side == 1),
                            PAIR_PARAGRAPH, mention->page, l, index);
        }
}

/* The page around a mention: lines after it first. */
static void offer_page(const Chronology *chronology, const Mention *mention,
                       guint index, Pair *best)
{
    const Page *page = sheet_page(chronology->sheet, mention->page);
    for (guint step = 1; step <= NEAR_LINES; step++) {
        int base = SCORE_PAGE + MIN((int)step / 8, 30);
        if (mention->line + step < page->lines->len)
            pair_offer_line(chronology, best, base, PAIR_PAGE, mention->page,
                            mention->line + step, index);
        if (step <= mention->line)
            pair_offer_line(chronology, best, base + 4, PAIR_PAGE,
                            mention->page, mention->line - step, index);
    }
}

/* The best time of each page, for addresses that have none near. */
static void offer_elsewhere(const Chronology *chronology, guint not_page,
                            guint index, Pair *best)
{
    for (guint p = 0; p < chronology->sheet->pages->len; p++) {
        const Pair *page_best = &g_array_index(chronology->bests, Pair, p);
        if (p != not_page && page_best->how != PAIR_NONE)
            offer(best, page_best->score, page_best->how, p, page_best->line,
                  &page_best->stamp, index);
    }
}

/* The stamp that ends the Received field which names the address. */
static void offer_hop(const Chronology *chronology, const Mention *mention,
                      guint index, Pair *best)
{
    const Page *page = sheet_page(chronology->sheet, mention->page);
    for (guint l = mention->line;
         l < page->lines->len && l < mention->line + PARAGRAPH_LINES; l++) {
        const Line *line = page_line(page, l);
        if (line->kind != LINE_RECEIVED)
            break;
        int label = 0;
        const Stamp *stamp = stamp_of_line(chronology, page, l, &label);
        if (!stamp)
            continue;
        offer(best, SCORE_PAGE, PAIR_PARAGRAPH, mention->page, l, stamp, index);
        return;
    }
}

/* A time of day takes its date from the nearest day before it. */
static bool complete_time(const Page *page, Stamp *stamp)
{
    const Stamp *day = NULL;
    for (guint i = 0; i < MIN(page->stamps->len, NEAR_LINES); i++) {
        const Stamp *other = page_stamp(page, i);
        if (other->kind == STAMP_DAY && (!day || other->at < stamp->at))
            day = other;
    }
    if (!day)
        return false;
    stamp->kind = STAMP_FULL;
    stamp->year = day->year;
    stamp->year_is_short = day->year_is_short;
    stamp->month = day->month;
    stamp->day = day->day;
    stamp->order_is_open = day->order_is_open;
    return true;
}

/* Days, times of day with a date elsewhere, "15 minutes ago". */
static void offer_rough(const Chronology *chronology, const Mention *mention,
                        guint index, Pair *best)
{
    const Page *page = sheet_page(chronology->sheet, mention->page);
    guint count = MIN(page->stamps->len, NEAR_LINES);
    for (guint i = 0; i < count; i++) {
        Stamp stamp = *page_stamp(page, i);
        guint l = page_line_at(page, stamp.at);
        const Line *line = page_line(page, l);
        if (stamp.kind == STAMP_FULL || stamp.kind == STAMP_EPOCH ||
            is_foreign(line) || line->kind == LINE_CLERICAL)
            continue;
        guint far = l > mention->line ? l - mention->line : mention->line - l;
        int base = SCORE_ROUGH + (int)MIN(far, 300);
        if (stamp.kind == STAMP_DAY)
            base += 20;
        if (stamp.kind == STAMP_TIME && !complete_time(page, &stamp))
            continue;
        offer(best, base, PAIR_ROUGH, mention->page, l, &stamp, index);
    }
}

/* Everything near one mention. */
static void offer_mention(const Chronology *chronology, const Cast *cast,
                          const Player *player, guint order, guint index,
                          Pair *best)
{
    const Mention *mention = cast_mention(cast, index);
    const Page *page = sheet_page(chronology->sheet, mention->page);
    LineKind kind = page_line(page, mention->line)->kind;
    if (kind == LINE_RECEIVED) {
        if (order < MENTIONS_LOOKED_AT)
            offer_hop(chronology, mention, index, best);
        return;
    }
    if (!pair_is_evidence(page))
        return;
    pair_offer_own_line(chronology, cast, index, best);
    if (order < MENTIONS_LOOKED_AT &&
        best->score > SCORE_PARAGRAPH + LABEL_FIRST)
        pair_offer_paragraph(chronology, cast, player, mention, index, best);
}

Pair pair_find(const Chronology *chronology, const Cast *cast,
               const Player *player)
{
    Pair best = {.how = PAIR_NONE, .score = SCORE_NONE};
    for (guint i = 0; i < player->mentions->len; i++)
        offer_mention(chronology, cast, player, i,
                      g_array_index(player->mentions, guint, i), &best);
    if (best.score < SCORE_PAGE + LABEL_FIRST)
        return best;
    for (guint i = 0; i < MIN(player->mentions->len, MENTIONS_ON_PAGE); i++) {
        guint index = g_array_index(player->mentions, guint, i);
        const Mention *mention = cast_mention(cast, index);
        if (pair_is_evidence(sheet_page(chronology->sheet, mention->page)))
            offer_page(chronology, mention, index, &best);
    }
    const Mention *telling = cast_mention(cast, player->telling);
    if (best.how == PAIR_NONE || best.how == PAIR_CLERICAL)
        offer_elsewhere(chronology, telling->page, player->telling, &best);
    if (best.how == PAIR_NONE)
        offer_elsewhere(chronology, G_MAXUINT, player->telling, &best);
    for (guint i = 0; best.how == PAIR_NONE &&
                      i < MIN(player->mentions->len, MENTIONS_ON_PAGE);
         i++) {
        guint index = g_array_index(player->mentions, guint, i);
        const Mention *mention = cast_mention(cast, index);
        if (pair_is_evidence(sheet_page(chronology->sheet, mention->page)))
            offer_rough(chronology, mention, index, &best);
    }
    return best;
}

bool pair_is_first_seen(const Pair *pair)
{
    return pair->how == PAIR_PARAGRAPH &&
           pair->score <=
               SCORE_PARAGRAPH + 2 * PARAGRAPH_LINES + 1 + LABEL_FIRST;
}
