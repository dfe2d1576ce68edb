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
 * Of many lines with one address the first is taken and the others counted:
 * the readings are asked of relay history one by one, and one incident of a
 * burst of log lines decides as well as a thousand.
 */
#include "incident/pair.h"

#include <string.h>

#define PARAGRAPH_LINES 8
#define NEAR_LINES      400 /* how far a time of the page may stand */
#define EPOCH_PAST_S    (3 * 366 * INSTANT_DAY_S)
#define LABEL_BACK      40

static DateOrder order_of(const Sheet *sheet)
{
    bool day_first = false, month_first = false;
    for (guint p = 0; p < sheet->pages->len; p++) {
        const Page *page = sheet_page(sheet, p);
        for (guint i = 0; i < page->stamps->len; i++) {
            day_first = day_first || page_stamp(page, i)->is_day_first;
            month_first = month_first || page_stamp(page, i)->is_month_first;
        }
    }
    if (day_first == month_first)
        return ORDER_OPEN;
    return day_first ? ORDER_DAY_FIRST : ORDER_MONTH_FIRST;
}

Chronology *chronology_new(const Sheet *sheet)
{
    Chronology *chronology = g_new0(Chronology, 1);
    chronology->sheet = sheet;
    chronology->zones = zone_statements_new(sheet);
    chronology->order = order_of(sheet);
    chronology->mail_date = sheet->mail->date;
    chronology->mail_offset_s = sheet->mail->date_offset_s;
    chronology->mail_has_offset =
        sheet->mail->date_has_zone && sheet->mail->date != INSTANT_NONE;
    return chronology;
}

void chronology_free(Chronology *chronology)
{
    if (!chronology)
        return;
    g_array_unref(chronology->zones);
    g_free(chronology);
}

/* A number that could be seconds since 1970 is a time only near the mail. */
static bool is_usable(const Chronology *chronology, const Stamp *stamp)
{
    if (stamp->kind != STAMP_EPOCH)
        return true;
    return chronology->mail_date != INSTANT_NONE &&
           stamp->epoch <= chronology->mail_date + INSTANT_DAY_S &&
           stamp->epoch >= chronology->mail_date - EPOCH_PAST_S;
}

static bool is_exact(const Chronology *chronology, const Stamp *stamp)
{
    return (stamp->kind == STAMP_FULL || stamp->kind == STAMP_EPOCH) &&
           is_usable(chronology, stamp);
}

/* Lines whose times are never an event's. */
static bool is_foreign(const Line *line)
{
    return line->kind == LINE_WHOIS || line->kind == LINE_MAIL_HEADER ||
           line->kind == LINE_RECEIVED;
}

/* The stamp of a line that tells the event: under a head of time, else the
 * first; seconds since 1970 decide over a stamp without zone. */
static const Stamp *stamp_of_line(const Chronology *chronology,
                                  const Page *page, const Tables *tables,
                                  guint line_index)
{
    const Line *line = page_line(page, line_index);
    const Stamp *best = NULL;
    for (guint i = 0; i < line->stamp_count; i++) {
        const Stamp *stamp = page_stamp(page, line->stamp + i);
        if (!is_exact(chronology, stamp))
            continue;
        const Column *column =
            tables ? tables_column(tables, line_index, stamp->at) : NULL;
        if (column && column->is_time && stamp->kind == STAMP_FULL)
            return stamp;
        if (!best)
            best = stamp;
        else if (best->kind == STAMP_FULL && !best->zone.is_known &&
                 stamp->kind == STAMP_EPOCH)
            best = stamp;
    }
    return best;
}

static Pair pair_new(PairHow how, guint page, guint line, const Stamp *stamp,
                     guint mention)
{
    return (Pair){.how = how,
                  .page = page,
                  .line = line,
                  .stamp = *stamp,
                  .mention = mention,
                  .count = 1};
}

/* Times on the lines of the player's own mentions. */
static Pair find_same_line(const Chronology *chronology, const Cast *cast,
                           const Player *player, bool clerical)
{
    Pair best = {.how = PAIR_NONE};
    for (guint i = 0; i < player->mentions->len; i++) {
        guint index = g_array_index(player->mentions, guint, i);
        const Mention *mention = cast_mention(cast, index);
        const Page *page = sheet_page(chronology->sheet, mention->page);
        const Line *line = page_line(page, mention->line);
        if (is_foreign(line) || page->block->kind == BLOCK_SUBJECT ||
            page->block->kind == BLOCK_SAMPLE ||
            (line->kind == LINE_CLERICAL) != clerical)
            continue;
        const Stamp *stamp =
            stamp_of_line(chronology, page, NULL, mention->line);
        if (!stamp)
            continue;
        if (best.how == PAIR_NONE)
            best = pair_new(clerical ? PAIR_CLERICAL : PAIR_SAME_LINE,
                            mention->page, mention->line, stamp, index);
        else
            best.count++;
    }
    return best;
}

/* Does the line hold an address that is another's? */
static bool is_others_line(const Page *page, const Line *line,
                           const IpAddress *ip)
{
    bool has_other = false;
    for (guint i = 0; i < line->address_count; i++) {
        const AddressHit *hit = page_address(page, line->address + i);
        if (ip_is_equal(&hit->ip, ip))
            return false;
        has_other = true;
    }
    return has_other;
}

/* The nearest stamp of the paragraph; a line after the address is preferred
 * to one as far before it (label blocks name the address first), except for
 * the line right before: there a log line wrapped. */
static Pair find_in_paragraph(const Chronology *chronology, const Cast *cast,
                              const Player *player, guint index)
{
    const Mention *mention = cast_mention(cast, index);
    const Page *page = sheet_page(chronology->sheet, mention->page);
    bool open[2] = {true, true};
    for (guint step = 1; step <= PARAGRAPH_LINES; step++) {
        for (int side = 0; side < 2; side++) {
            bool before = (side == 0) == (step == 1);
            if (!open[before] || (before && step > mention->line))
                continue;
            guint l = before ? mention->line - step : mention->line + step;
            if (l >= page->lines->len)
                continue;
            const Line *line = page_line(page, l);
            if (line->kind == LINE_BLANK ||
                is_others_line(page, line, &player->ip)) {
                open[before] = false;
                continue;
            }
            const Stamp *stamp = is_foreign(line) || line->kind == LINE_CLERICAL
                                     ? NULL
                                     : stamp_of_line(chronology, page, NULL, l);
            if (stamp)
                return pair_new(PAIR_PARAGRAPH, mention->page, l, stamp, index);
        }
    }
    return (Pair){.how = PAIR_NONE};
}

/* Does a label of time stand before the stamp on its line? */
static bool has_time_label(const Page *page, const Line *line,
                           const Stamp *stamp)
{
    static const char *const LABELS[] = {
        "time",     "date",   "seen",     "start", "when",  "occur",
        "detected", "zeit",   "datum",    "heure", "hora",  "fecha",
        "дата",     "врем",   "čas",      "data",  "since", "first",
        "event",    "attack", "incident", "on",    "at",
    };
    uint32_t from =
        MAX(line->at, stamp->at > LABEL_BACK ? stamp->at - LABEL_BACK : 0);
    const char *text = page->folded.text + from;
    for (size_t i = 0; i < G_N_ELEMENTS(LABELS); i++)
        if (memmem(text, stamp->at - from, LABELS[i], strlen(LABELS[i])))
            return true;
    return false;
}

/* Any exact time of a page, labelled ones first, nearest to a line first. */
static Pair find_on_page(const Chronology *chronology, guint page_index,
                         guint near, guint mention, PairHow how)
{
    const Page *page = sheet_page(chronology->sheet, page_index);
    Pair best = {.how = PAIR_NONE};
    guint best_far = G_MAXUINT;
    for (guint i = 0; i < page->stamps->len; i++) {
        const Stamp *stamp = page_stamp(page, i);
        guint l = page_line_at(page, stamp->at);
        const Line *line = page_line(page, l);
        if (!is_exact(chronology, stamp) || is_foreign(line) ||
            line->kind == LINE_CLERICAL)
            continue;
        guint far = l > near ? l - near : near - l;
        if (far > NEAR_LINES)
            continue;
        bool labelled = has_time_label(page, line, stamp);
        if (stamp->kind == STAMP_EPOCH && !labelled)
            continue;
        if (!labelled)
            far += NEAR_LINES;
        if (far >= best_far)
            continue;
        best_far = far;
        best = pair_new(labelled && how == PAIR_PAGE ? PAIR_LABEL : how,
                        page_index, l, stamp, mention);
    }
    return best;
}

static bool is_evidence(const Page *page)
{
    return page->block->kind != BLOCK_SUBJECT &&
           page->block->kind != BLOCK_SAMPLE &&
           page->block->kind != BLOCK_SIGNATURE;
}

static Pair find_elsewhere(const Chronology *chronology, guint not_page,
                           guint mention)
{
    for (guint p = 0; p < chronology->sheet->pages->len; p++) {
        if (p == not_page || !is_evidence(sheet_page(chronology->sheet, p)))
            continue;
        Pair pair = find_on_page(chronology, p, 0, mention, PAIR_ELSEWHERE);
        if (pair.how != PAIR_NONE)
            return pair;
    }
    return (Pair){.how = PAIR_NONE};
}

static Pair find_in_subject(const Chronology *chronology, guint mention)
{
    for (guint p = 0; p < chronology->sheet->pages->len; p++) {
        const Page *page = sheet_page(chronology->sheet, p);
        if (page->block->kind != BLOCK_SUBJECT)
            continue;
        for (guint i = 0; i < page->stamps->len; i++)
            if (is_exact(chronology, page_stamp(page, i)))
                return pair_new(PAIR_SUBJECT, p, 0, page_stamp(page, i),
                                mention);
    }
    return (Pair){.how = PAIR_NONE};
}

/* The stamp that ends the Received field which names the address. */
static Pair find_in_hop(const Chronology *chronology, guint index,
                        const Mention *mention)
{
    const Page *page = sheet_page(chronology->sheet, mention->page);
    for (guint l = mention->line;
         l < page->lines->len && l < mention->line + PARAGRAPH_LINES; l++) {
        const Line *line = page_line(page, l);
        if (line->kind != LINE_RECEIVED)
            break;
        for (guint i = 0; i < line->stamp_count; i++) {
            const Stamp *stamp = page_stamp(page, line->stamp + i);
            if (is_exact(chronology, stamp))
                return pair_new(PAIR_SAME_LINE, mention->page, l, stamp, index);
        }
    }
    return (Pair){.how = PAIR_NONE};
}

/* A time of day takes its date from the nearest day before it. */
static bool complete_time(const Page *page, Stamp *stamp)
{
    const Stamp *day = NULL;
    for (guint i = 0; i < page->stamps->len; i++) {
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
static Pair find_rough(const Chronology *chronology, guint page_index,
                       guint near, guint mention)
{
    const Page *page = sheet_page(chronology->sheet, page_index);
    Pair best = {.how = PAIR_NONE};
    guint best_far = G_MAXUINT;
    for (guint i = 0; i < page->stamps->len; i++) {
        Stamp stamp = *page_stamp(page, i);
        guint l = page_line_at(page, stamp.at);
        const Line *line = page_line(page, l);
        if (stamp.kind == STAMP_FULL || stamp.kind == STAMP_EPOCH ||
            is_foreign(line) || line->kind == LINE_CLERICAL)
            continue;
        guint far = l > near ? l - near : near - l;
        if (far >= best_far || far > NEAR_LINES)
            continue;
        if (stamp.kind == STAMP_TIME && !complete_time(page, &stamp))
            continue;
        best_far = far;
        best = pair_new(PAIR_ROUGH, page_index, l, &stamp, mention);
    }
    return best;
}

/* The player's mention that speaks best: the telling one if it stands in the
 * text, else the first that does. */
static guint home_mention(const Chronology *chronology, const Cast *cast,
                          const Player *player)
{
    const Mention *telling = cast_mention(cast, player->telling);
    if (is_evidence(sheet_page(chronology->sheet, telling->page)))
        return player->telling;
    for (guint i = 0; i < player->mentions->len; i++) {
        guint index = g_array_index(player->mentions, guint, i);
        if (is_evidence(
                sheet_page(chronology->sheet, cast_mention(cast, index)->page)))
            return index;
    }
    return player->telling;
}

static Pair find_near(const Chronology *chronology, const Cast *cast,
                      const Player *player)
{
    Pair pair = find_same_line(chronology, cast, player, false);
    for (guint i = 0; i < player->mentions->len && pair.how == PAIR_NONE; i++) {
        guint index = g_array_index(player->mentions, guint, i);
        const Mention *mention = cast_mention(cast, index);
        const Page *page = sheet_page(chronology->sheet, mention->page);
        LineKind kind = page_line(page, mention->line)->kind;
        if (i > 20)
            break;
        if (kind == LINE_RECEIVED && player->is_guess)
            pair = find_in_hop(chronology, index, mention);
        else if (is_evidence(page) && kind != LINE_RECEIVED)
            pair = find_in_paragraph(chronology, cast, player, index);
    }
    return pair;
}

Pair pair_find(const Chronology *chronology, const Cast *cast,
               const Player *player)
{
    Pair pair = find_near(chronology, cast, player);
    if (pair.how != PAIR_NONE)
        return pair;
    guint home = home_mention(chronology, cast, player);
    const Mention *mention = cast_mention(cast, home);
    if (is_evidence(sheet_page(chronology->sheet, mention->page)))
        pair = find_on_page(chronology, mention->page, mention->line, home,
                            PAIR_PAGE);
    if (pair.how == PAIR_NONE)
        pair = find_elsewhere(chronology, mention->page, home);
    if (pair.how == PAIR_NONE)
        pair = find_in_subject(chronology, home);
    if (pair.how == PAIR_NONE)
        pair = find_same_line(chronology, cast, player, true);
    if (pair.how == PAIR_NONE)
        pair = find_rough(chronology, mention->page, mention->line, home);
    return pair;
}

/* A zone on another stamp of the line governs both ends of a range. */
static const Stamp *zoned_neighbour(const Page *page, guint line_index,
                                    const Stamp *stamp)
{
    const Line *line = page_line(page, line_index);
    for (guint i = 0; i < line->stamp_count; i++) {
        const Stamp *other = page_stamp(page, line->stamp + i);
        if (other->at > stamp->at && other->zone.is_known)
            return other;
    }
    return NULL;
}

CitedTime *cited_time_new(const Chronology *chronology, const Stamp *stamp,
                          guint page, guint line, const Zone *zone,
                          const char *zone_words, Quote *quote,
                          bool *is_after_mail)
{
    ReadingContext context = {
        .mail_date = chronology->mail_date,
        .mail_offset_s = chronology->mail_offset_s,
        .mail_has_offset = chronology->mail_has_offset,
        .order = chronology->order,
    };
    const ZoneStatement *other = NULL, *statement = NULL;
    const Stamp *neighbour = NULL;
    if (zone) {
        context.zone = zone;
        context.zone_words = zone_words;
        context.zone_is_sure = true;
    } else if (page < chronology->sheet->pages->len &&
               (neighbour = zoned_neighbour(sheet_page(chronology->sheet, page),
                                            line, stamp))) {
        context.zone = &neighbour->zone;
        context.zone_words = "the end of the range";
        context.zone_is_sure = true;
    } else {
        statement = zone_statement_for(chronology->zones, page, line,
                                       &context.zone_is_sure, &other);
        context.zone = statement ? &statement->zone : NULL;
        context.zone_words = statement ? statement->words : NULL;
        context.zone_other = other ? &other->zone : NULL;
    }
    CitedTime *time = g_new0(CitedTime, 1);
    time->quote = quote;
    time->readings =
        readings_new(stamp, &context, &time->certain, is_after_mail);
    return time;
}
