/*
 * What a mail says about its times at large, and a cited time made of a stamp
 * with its help.
 */
#include "incident/pair_score.h"
#include "incident/reading_date.h"

#define FORWARD_LINES 14 /* the header lines of a mail passed on */
#define LABEL_BYTES   40 /* "Gesendet: " */

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

static GArray *page_bests(const Chronology *chronology)
{
    const Sheet *sheet = chronology->sheet;
    GArray *bests = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint p = 0; p < sheet->pages->len; p++) {
        Pair best = {.how = PAIR_NONE, .score = SCORE_NONE};
        const Page *page = sheet_page(sheet, p);
        bool is_subject = page->block->kind == BLOCK_SUBJECT;
        for (guint l = 0; l < page->lines->len; l++)
            if (is_subject || pair_is_evidence(page))
                pair_offer_line(chronology, &best,
                                is_subject ? SCORE_SUBJECT
                                           : SCORE_ELSEWHERE + MIN((int)p, 20),
                                is_subject ? PAIR_SUBJECT : PAIR_ELSEWHERE, p,
                                l, 0);
        g_array_append_val(bests, best);
    }
    return bests;
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
    g_autofree char *sender = NULL;
    const char *from = mail_header(sheet->mail, "From");
    if (from && mail_mailbox(from, &sender, NULL))
        chronology->country =
            zone_of_sender(sender, &chronology->country_words);
    chronology->bests = page_bests(chronology);
    return chronology;
}

void chronology_free(Chronology *chronology)
{
    if (!chronology)
        return;
    g_array_unref(chronology->zones);
    g_array_unref(chronology->bests);
    g_free(chronology);
}

/* A zone on another stamp of the line governs both ends of a range; a range
 * may wrap, its end on the next line. */
static const Stamp *zoned_neighbour(const Page *page, guint line_index,
                                    const Stamp *stamp)
{
    const Line *line = page_line(page, line_index);
    for (guint i = 0; i < line->stamp_count; i++) {
        const Stamp *other = page_stamp(page, line->stamp + i);
        if (other->at > stamp->at && other->zone.is_known)
            return other;
    }
    const Stamp *next = page_stamp_from(page, stamp->at + stamp->length);
    return next && next->zone.is_known &&
                   stamps_are_range(page->folded, stamp, next)
               ? next
               : NULL;
}

/* The date of a stamp, as far as it decides about summer time. */
static Civil stamp_date(const Chronology *chronology, const Stamp *stamp)
{
    Civil when = civil_from_instant(
        chronology->mail_date == INSTANT_NONE ? 0 : chronology->mail_date, 0);
    if (stamp->month > 0) {
        when.month = stamp->month;
        when.day = MIN(stamp->day, 28);
    }
    if (stamp->year > 0)
        when.year = stamp->year;
    return when;
}

bool chronology_states_zone(const Chronology *chronology, const Stamp *stamp,
                            const Zone *zone)
{
    bool is_sure, is_odd;
    const ZoneStatement *other;
    Civil when = stamp_date(chronology, stamp);
    const ZoneStatement *stated = zone_statement_for(
        chronology->zones, G_MAXUINT, 0, &when, &is_sure, &other);
    int said[ZONE_OFFSETS_MAX], known[ZONE_OFFSETS_MAX];
    return stated && is_sure && !other &&
           zone_offsets_at(&stated->zone, &when, said, &is_odd) == 1 &&
           zone_offsets_at(zone, &when, known, &is_odd) == 1 &&
           said[0] == known[0];
}

/* When the mail was sent that a page passes on: the first full date of its
 * header lines, on a clock of our mail's offset if it names none. NONE if the
 * page passes nothing on or shows no date. */
static Instant passed_on_date(const Chronology *chronology, const Page *page)
{
    guint end = MIN(page->lines->len, FORWARD_LINES);
    for (guint l = 0; page->block->kind == BLOCK_QUOTED && l < end; l++) {
        const Line *line = page_line(page, l);
        const Stamp *stamp =
            line->stamp_count > 0 ? page_stamp(page, line->stamp) : NULL;
        if (!stamp || stamp->kind != STAMP_FULL || stamp->year <= 0 ||
            stamp->order_is_open || stamp->at > line->at + LABEL_BYTES)
            continue;
        Civil civil = {.year = stamp->year,
                       .month = stamp->month,
                       .day = stamp->day,
                       .hour = stamp->hour,
                       .minute = stamp->minute,
                       .second = MAX(stamp->second, 0)};
        int offsets[ZONE_OFFSETS_MAX] = {chronology->mail_offset_s};
        bool is_odd;
        if (stamp->zone.is_known)
            zone_offsets_at(&stamp->zone, &civil, offsets, &is_odd);
        return civil_is_valid(&civil) ? instant_from_civil(&civil, offsets[0])
                                      : INSTANT_NONE;
    }
    return INSTANT_NONE;
}

/* "Today" and "an hour ago" of a mail passed on are that mail's. */
static bool count_from_inner(const Chronology *chronology, guint page,
                             const Stamp *stamp, ReadingContext *context)
{
    if (page >= chronology->sheet->pages->len ||
        (stamp->kind != STAMP_RELATIVE && !reading_is_counted(stamp)))
        return false;
    Instant sent =
        passed_on_date(chronology, sheet_page(chronology->sheet, page));
    if (sent != INSTANT_NONE && sent <= chronology->mail_date)
        context->mail_date = sent;
    return context->mail_date == sent;
}

CitedTime *cited_time_new(const Chronology *chronology, const Stamp *stamp,
                          guint page, guint line, const Zone *zone,
                          const char *zone_words, Quote *quote,
                          ReadingFacts *facts)
{
    ReadingContext context = {
        .mail_date = chronology->mail_date,
        .mail_offset_s = chronology->mail_offset_s,
        .mail_has_offset = chronology->mail_has_offset,
        .order = chronology->order,
        .country = chronology->country,
        .country_words = chronology->country_words,
    };
    bool is_inner = count_from_inner(chronology, page, stamp, &context);
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
        Civil when = stamp_date(chronology, stamp);
        statement = zone_statement_for(chronology->zones, page, line, &when,
                                       &context.zone_is_sure, &other);
        context.zone = statement ? &statement->zone : NULL;
        context.zone_words = statement ? statement->words : NULL;
        context.zone_other = other ? &other->zone : NULL;
    }
    CitedTime *time = g_new0(CitedTime, 1);
    time->quote = quote;
    time->readings = readings_new(stamp, &context, facts);
    time->certain = facts->is_certain && !is_inner;
    return time;
}
