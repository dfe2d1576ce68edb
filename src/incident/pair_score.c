/*
 * What the words before a time make of it.
 */
#include "incident/pair_score.h"

#include <string.h>

#define EPOCH_PAST_S (3 * 366 * INSTANT_DAY_S)
#define LABEL_BACK   40 /* bytes before a stamp in which its label stands */

/* A number that could be seconds since 1970 is a time only near the mail. */
static bool is_usable(const Chronology *chronology, const Stamp *stamp)
{
    if (stamp->kind != STAMP_EPOCH)
        return true;
    return chronology->mail_date != INSTANT_NONE &&
           stamp->epoch <= chronology->mail_date + INSTANT_DAY_S &&
           stamp->epoch >= chronology->mail_date - EPOCH_PAST_S;
}

bool stamp_is_exact(const Chronology *chronology, const Stamp *stamp)
{
    return (stamp->kind == STAMP_FULL || stamp->kind == STAMP_EPOCH) &&
           is_usable(chronology, stamp);
}

typedef struct {
    const char *words; /* folded, before the stamp on its line */
    int score;
} TimeLabel;

/* To add one: words that stand before a time, and what they make of it; the
 * first that fits wins. */
static const TimeLabel TIME_LABELS[] = {
    {"last", LABEL_LAST},       {"recent", LABEL_LAST},
    {"initial", LABEL_FIRST},   {"until", LABEL_LAST},
    {"end", LABEL_LAST},        {"letzt", LABEL_LAST},
    {"ultim", LABEL_LAST},      {"dernie", LABEL_LAST},
    {"poslední", LABEL_LAST},   {"последн", LABEL_LAST},
    {"expire", LABEL_LAST},     {"status", LABEL_LAST},
    {"first", LABEL_FIRST},     {"start", LABEL_FIRST},
    {"begin", LABEL_FIRST},     {"began", LABEL_FIRST},
    {"since", LABEL_FIRST},     {"event", LABEL_FIRST},
    {"incident", LABEL_FIRST},  {"occur", LABEL_FIRST},
    {"attack", LABEL_FIRST},    {"detected", LABEL_FIRST},
    {"observed", LABEL_FIRST},  {"beginn", LABEL_FIRST},
    {"prim", LABEL_FIRST},      {"erst", LABEL_FIRST},
    {"début", LABEL_FIRST},     {"seit", LABEL_FIRST},
    {"depuis", LABEL_FIRST},    {"первы", LABEL_FIRST},
    {"впервые", LABEL_FIRST},   {"timestamp", LABEL_TIME},
    {"time", LABEL_TIME},       {"seen", LABEL_TIME},
    {"date", LABEL_TIME},       {"when", LABEL_TIME},
    {"zeit", LABEL_TIME},       {"datum", LABEL_TIME},
    {"heure", LABEL_TIME},      {"hora", LABEL_TIME},
    {"fecha", LABEL_TIME},      {"дата", LABEL_TIME},
    {"врем", LABEL_TIME},       {"čas", LABEL_TIME},
    {"discovered", LABEL_TIME}, {"tijd", LABEL_TIME},
};

static int label_score(const Page *page, const Line *line, const Stamp *stamp)
{
    uint32_t from =
        MAX(line->at, stamp->at > LABEL_BACK ? stamp->at - LABEL_BACK : 0);
    if (stamp->at <= from)
        return 0;
    const char *text = page->folded.text + from;
    for (size_t i = 0; i < G_N_ELEMENTS(TIME_LABELS); i++) {
        const char *words = TIME_LABELS[i].words;
        const char *found =
            memmem(text, stamp->at - from, words, strlen(words));
        if (found && !cursor_is_word(page->folded,
                                     (size_t)(found - page->folded.text) - 1))
            return TIME_LABELS[i].score;
    }
    return 0;
}

/* Seconds since 1970 decide over a stamp without zone. */
const Stamp *stamp_of_line(const Chronology *chronology, const Page *page,
                           guint line_index, int *label)
{
    const Line *line = page_line(page, line_index);
    const Stamp *best = NULL;
    guint count = MIN(line->stamp_count, LINE_STAMPS_MAX);
    for (guint i = 0; i < count; i++) {
        const Stamp *stamp = page_stamp(page, line->stamp + i);
        if (!stamp_is_exact(chronology, stamp))
            continue;
        int score = label_score(page, line, stamp);
        bool is_better = !best || score < *label ||
                         (best->kind == STAMP_FULL && !best->zone.is_known &&
                          stamp->kind == STAMP_EPOCH);
        if (!is_better)
            continue;
        best = stamp;
        *label = score;
    }
    return best;
}
