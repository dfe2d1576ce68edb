/*
 * By when does the sender want something?
 *
 * A cue ("within", "innerhalb von", "bis zum") is followed by a length of time
 * or a date, and a word of demand stands near; "50 attempts within 24 hours"
 * is an accusation, not a deadline, and "we answer within two days" a promise.
 * Lengths count from the mail's Date, not from when we read it: the sender's
 * clock is the one that suspends the account.
 *
 * Where the words leave a choice, the earliest reading is taken, since acting
 * early does no harm: "24-48 hours" is 24; 04/05 is the day that comes first,
 * Friday the next one. A day without a time ends at its end in the zone that
 * stands behind it ("8 May 2026 UTC"), else in the zone of the mail's Date; if
 * that states none ("-0000") it is a day without a zone: it ends in UTC, and the
 * flag deadline-zone-unclear says that this is not the sender's word. A length that counts from something
 * else than this mail ("of our first notice") has no instant, and a flag says
 * so. Working days leave out Saturday and Sunday; holidays are
 * not known. Words without a readable time are kept, the instant is none.
 */
#include "report/deadline_date.h"
#include "report/deadline_words.h"
#include "report/judges.h"

#include <string.h>

#define CUES_MAX    400
#define DEMANDS_MAX 2000
#define NEAR_BYTES  250 /* a demand stands within this of the cue */
#define WORDS_AHEAD 7   /* between a cue and its unit */
#define DATE_AHEAD  24  /* bytes between a cue and its date */
#define HOURS_MAX   (24 * 365)
#define BASE_BYTES  60 /* after a length of time: what it counts from */

typedef struct {
    Study *study;
    const Block *block;
    const FoldedText *folded;
    const GArray *demands; /* of WordHit */
    Instant best;
    bool has_words, is_best_zoneless;
} Search;

/* --- a length of time --- */

typedef struct {
    int number; /* 0 = none yet */
    bool from_digits;
    int hours; /* of the unit; 0 = none yet */
    bool is_day, is_working;
    bool refused;
    size_t end; /* in the folded text */
} Span;

/* "24", "(24)", "24h", "48hrs": the digits, and what is glued to them. */
static bool take_digits(const char *word, size_t length, Span *span,
                        size_t *glued)
{
    size_t i = 0;
    int value = 0;
    while (i < length && !g_ascii_isalnum(word[i]))
        i++;
    size_t first = i;
    while (i < length && g_ascii_isdigit(word[i]) && value < 10000)
        value = value * 10 + (word[i++] - '0');
    if (i == first)
        return false;
    if (!span->from_digits)
        span->number = value;
    span->from_digits = true;
    *glued = i;
    return true;
}

static void take_unit(Span *span, int hours, bool is_day, size_t end)
{
    if (span->hours)
        return;
    span->hours = hours;
    span->is_day = is_day;
    span->end = end;
}

static void take_word(const char *word, size_t length, size_t end, Span *span)
{
    size_t glued = 0;
    if (take_digits(word, length, span, &glued))
        word += glued, length -= glued;
    while (length > 0 && strchr(".,;:()!?", word[length - 1]))
        length--;
    while (length > 0 && strchr("(", *word))
        word++, length--;
    int value = 0;
    switch (length > 0 ? time_word(word, length, &value) : TIME_WORD_NONE) {
    case TIME_WORD_NUMBER:
        if (!span->from_digits && !span->hours)
            span->number = value;
        break;
    case TIME_WORD_HOUR:
        take_unit(span, 1, false, end);
        break;
    case TIME_WORD_DAY:
        take_unit(span, 24, true, end);
        break;
    case TIME_WORD_WEEK:
        take_unit(span, 24 * 7, false, end);
        break;
    case TIME_WORD_WORKDAY:
        span->is_working = true;
        take_unit(span, 24, true, end);
        break;
    case TIME_WORD_WORKING:
        span->is_working = true;
        if (span->hours)
            span->end = end;
        break;
    case TIME_WORD_PAST:
        span->refused = span->refused || !span->hours;
        break;
    case TIME_WORD_NONE:
    case TIME_WORD_MONTH:
    case TIME_WORD_WEEKDAY:
    case TIME_WORD_AHEAD:
        break;
    }
}

/* Read words of the folded text from at on. */
static Span read_span(const FoldedText *folded, size_t at)
{
    Span span = {0};
    int after_unit = 0;
    for (int i = 0; i < WORDS_AHEAD && at < folded->length; i++) {
        while (at < folded->length && folded->text[at] == ' ')
            at++;
        size_t end = at;
        while (end < folded->length && folded->text[end] != ' ')
            end++;
        if (end == at)
            break;
        take_word(folded->text + at, end - at, end, &span);
        bool sentence_ends =
            strchr(".;!?", folded->text[end - 1]) != NULL && end - at > 3;
        at = end;
        if (span.refused || (span.hours && ++after_unit > 1) ||
            (sentence_ends && (span.hours || span.number)))
            break;
    }
    if (span.hours && span.number == 0)
        span.number = 1; /* "в течение суток", "within a day" */
    return span;
}

static bool is_weekend(Instant instant)
{
    Civil civil = civil_from_instant(instant, 0);
    int weekday = civil_weekday(&civil);
    return weekday == 0 || weekday == 6;
}

static Instant after_span(Instant from, const Span *span)
{
    if (!span->is_working || !span->is_day)
        return from + (Instant)span->number * span->hours * INSTANT_HOUR_S;
    Instant instant = from;
    for (int days = 0; days < span->number;) {
        instant += INSTANT_DAY_S;
        days += !is_weekend(instant);
    }
    return instant;
}

/* --- what stands around a cue --- */

/* The folded offset of an original one. */
static size_t folded_at(const FoldedText *folded, uint32_t from)
{
    size_t low = 0, high = folded->length;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (folded->from[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_demand_near(const Search *search, uint32_t at)
{
    const GArray *demands = search->demands;
    for (guint i = 0; i < demands->len; i++) {
        uint32_t demand = g_array_index(demands, WordHit, i).at;
        if (demand + NEAR_BYTES >= at && demand <= at + NEAR_BYTES)
            return true;
    }
    return false;
}

#define BEFORE_BYTES 45

static bool is_no_demand(const Search *search, uint32_t at)
{
    const char *text = study_block_text(search->study, search->block);
    uint32_t begin = at > BEFORE_BYTES ? at - BEFORE_BYTES : 0;
    while (begin < at && (text[begin] & 0xc0) == 0x80)
        begin++;
    for (uint32_t i = begin; i < at; i++)
        if (strchr(".!?\n", text[i]) && i + 1 < at &&
            g_ascii_isspace(text[i + 1]))
            begin = i + 1;
    g_autoptr(FoldedText) folded = folded_text_new(text + begin, at - begin);
    return word_index_first(demand_excuses(), folded) != NULL;
}

static void offer(Search *search, uint32_t begin, uint32_t end, Instant instant,
                  bool is_zoneless)
{
    Report *report = search->study->report;
    bool better = instant != INSTANT_NONE &&
                  (search->best == INSTANT_NONE || instant < search->best);
    if (search->has_words && !better)
        return;
    WordHit hit = {.at = begin, .length = end - begin};
    quote_free(report->deadline_words);
    report->deadline_words =
        study_hit_quote(search->study, search->block, &hit);
    search->has_words = true;
    if (better) {
        search->best = instant;
        search->is_best_zoneless = is_zoneless;
    }
}

/* "Within 24 hours of our first notice": counted from something else than this
 * mail, and when that was nobody here knows. */
static bool has_other_base(const Search *search, const Span *span)
{
    const char *text = study_block_text(search->study, search->block);
    uint32_t from = search->folded->from[span->end];
    uint32_t to = (uint32_t)MIN(from + BASE_BYTES, search->block->length);
    for (uint32_t i = from; i + 1 < to; i++)
        if (strchr(".;!?", text[i]) && g_ascii_isspace(text[i + 1]))
            to = i;
    if (to <= from)
        return false;
    g_autoptr(FoldedText) folded = folded_text_new(text + from, to - from);
    return word_index_first(deadline_bases(), folded) != NULL;
}

static void try_span(Search *search, const WordHit *hit)
{
    size_t after = folded_at(search->folded, hit->at + hit->length);
    Span span = read_span(search->folded, after);
    if (span.refused || !span.hours || span.number * span.hours > HOURS_MAX ||
        span.number < 1)
        return;
    Instant date = search->study->mail->date;
    if (has_other_base(search, &span)) {
        report_add_flag(search->study->report, "deadline-base-unclear");
        date = INSTANT_NONE;
    }
    offer(search, hit->at, search->folded->from[span.end],
          date == INSTANT_NONE ? INSTANT_NONE : after_span(date, &span), false);
}

/* "do 24 hodin", "do tří pracovních dnů": number and unit with at most a word
 * for working days between; "do 24 networks in 2 hours" is none, nor is the
 * English "do two days of attacks count". */
static void try_span_exact(Search *search, const WordHit *hit)
{
    const FoldedText *folded = search->folded;
    size_t after = folded_at(folded, hit->at + hit->length), at = after;
    Span span = read_span(folded, after);
    int words = 0;
    for (; at < span.end; at++)
        words += folded->text[at] != ' ' && folded->text[at - 1] == ' ';
    const char *unit = folded->text + span.end;
    while (unit > folded->text && unit[-1] != ' ')
        unit--;
    bool is_english = g_str_has_prefix(unit, "day") ||
                      g_str_has_prefix(unit, "hour") ||
                      g_str_has_prefix(unit, "week");
    if (span.hours && span.number > 0 && words >= 2 && words <= 3 &&
        (words == 2 || span.is_working) && !is_english)
        try_span(search, hit);
}

/* "24時間以内", "48小时内": the figures at once before the words. */
static void try_span_glued(Search *search, const WordHit *hit)
{
    const char *text = study_block_text(search->study, search->block);
    size_t end = hit->at, begin = end;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    begin = end;
    while (begin > 0 && end - begin < 4 && g_ascii_isdigit(text[begin - 1]))
        begin--;
    int number = 0;
    for (size_t i = begin; i < end; i++)
        number = number * 10 + (text[i] - '0');
    bool is_hours = strcmp(hit->row->meaning, "hours-glued") == 0;
    Span span = {.number = number,
                 .hours = is_hours ? 1 : 24,
                 .is_day = !is_hours,
                 .is_working =
                     strcmp(hit->row->meaning, "workdays-glued") == 0};
    Instant date = search->study->mail->date;
    if (number < 1 || span.number * span.hours > HOURS_MAX)
        return;
    offer(search, (uint32_t)begin, hit->at + hit->length,
          date == INSTANT_NONE ? INSTANT_NONE : after_span(date, &span), false);
}

/* "24 saat içinde": the span ends where the cue begins. */
static void try_span_before(Search *search, const WordHit *hit)
{
    const FoldedText *folded = search->folded;
    size_t cue = folded_at(folded, hit->at), begin = cue;
    for (int words = 0; words < 4 && begin > 0; words++) {
        while (begin > 0 && folded->text[begin - 1] == ' ')
            begin--;
        while (begin > 0 && folded->text[begin - 1] != ' ')
            begin--;
        Span span = read_span(folded, begin);
        if (!span.hours || !span.from_digits || span.end > cue ||
            span.refused || span.number * span.hours > HOURS_MAX)
            continue;
        Instant date = search->study->mail->date;
        offer(search, folded->from[begin], hit->at + hit->length,
              date == INSTANT_NONE ? INSTANT_NONE : after_span(date, &span),
              false);
        return;
    }
}

/* --- a date --- */

/* The instant of a date that lies after the mail and within a year. */
static Instant plausible(const Search *search, const Civil *civil, int offset_s)
{
    const Mail *mail = search->study->mail;
    if (!civil_is_valid(civil) || mail->date == INSTANT_NONE)
        return INSTANT_NONE;
    Instant instant = instant_from_civil(civil, offset_s);
    bool fits = instant >= mail->date &&
                instant <= mail->date + HOURS_MAX * INSTANT_HOUR_S;
    return fits ? instant : INSTANT_NONE;
}

/* The first date that begins at a word within DATE_AHEAD bytes. */
static const char *find_date(const char *at, const char *end,
                             DeadlineDate *date)
{
    const char *limit = end - at > DATE_AHEAD ? at + DATE_AHEAD : end;
    while (at < limit) {
        const char *after = deadline_date_read(at, end, date);
        if (after)
            return after;
        while (at < limit && !g_ascii_isspace(*at))
            at++;
        while (at < limit && g_ascii_isspace(*at))
            at++;
    }
    return NULL;
}

/* The day that a weekday or "tomorrow" means, by the mail's own clock; the
 * next such day where the year was left out. */
static void complete_date(const Mail *mail, DeadlineDate *date)
{
    if (mail->date == INSTANT_NONE)
        return;
    Civil sent = civil_from_instant(mail->date, date->offset_s);
    int ahead = date->days_ahead;
    if (date->weekday >= 0)
        ahead = (date->weekday - civil_weekday(&sent) + 7) % 7;
    if (ahead >= 0) {
        Civil day = civil_from_instant(mail->date + ahead * INSTANT_DAY_S,
                                       date->offset_s);
        date->civil.year = day.year;
        date->civil.month = day.month;
        date->civil.day = day.day;
    } else if (date->civil.year == 0) {
        date->civil.year = sent.year;
        if (civil_is_valid(&date->civil) &&
            instant_from_civil(&date->civil, date->offset_s) < mail->date)
            date->civil.year++;
    }
}

static void try_date(Search *search, const WordHit *hit)
{
    const char *text = study_block_text(search->study, search->block);
    const Mail *mail = search->study->mail;
    DeadlineDate date = {.offset_s =
                             mail->date_has_zone ? mail->date_offset_s : 0};
    const char *after = find_date(text + hit->at + hit->length,
                                  text + search->block->length, &date);
    if (!after)
        return;
    complete_date(mail, &date);
    Instant instant = plausible(search, &date.civil, date.offset_s);
    Instant exchanged = plausible(search, &date.other, date.offset_s);
    if (exchanged != INSTANT_NONE &&
        (instant == INSTANT_NONE || exchanged < instant))
        instant = exchanged;
    if (instant != INSTANT_NONE)
        offer(search, hit->at, (uint32_t)(after - text), instant,
              !date.has_zone && !mail->date_has_zone);
}

static void try_cue(Search *search, const WordHit *hit)
{
    static const struct {
        const char *meaning;
        void (*try)(Search *, const WordHit *);
    } TRIES[] = {{"date", try_date},
                 {"span", try_span},
                 {"span-before", try_span_before},
                 {"span-exact", try_span_exact}};
    for (size_t i = 0; i < G_N_ELEMENTS(TRIES); i++)
        if (strcmp(hit->row->meaning, TRIES[i].meaning) == 0) {
            TRIES[i].try(search, hit);
            return;
        }
    try_span_glued(search, hit);
}

static void search_block(Study *study, guint number, Search *search)
{
    search->block = study->report->blocks->pdata[number];
    search->folded = study_folded(study, number);
    if (!search->folded)
        return;
    g_autoptr(GArray) demands =
        word_index_find(demand_words(), search->folded, DEMANDS_MAX);
    g_autoptr(GArray) cues =
        word_index_find(deadline_cues(), search->folded, CUES_MAX);
    search->demands = demands;
    for (guint i = 0; i < cues->len; i++) {
        const WordHit *hit = &g_array_index(cues, WordHit, i);
        if (!has_demand_near(search, hit->at) || is_no_demand(search, hit->at))
            continue;
        try_cue(search, hit);
    }
}

void deadline_judge(Study *study)
{
    Search search = {.study = study, .best = INSTANT_NONE};
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == BLOCK_SUBJECT || block->kind == BLOCK_BODY ||
            block->kind == BLOCK_QUOTED || block->kind == BLOCK_INNER)
            search_block(study, i, &search);
    }
    if (!instant_is_dated(search.best))
        search.best = INSTANT_NONE;
    study->report->deadline = search.best;
    if (search.best != INSTANT_NONE && search.is_best_zoneless)
        report_add_flag(study->report, "deadline-zone-unclear");
}
