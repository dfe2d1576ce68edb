/*
 * pair_score.h - how much a time is worth as the time of an event. Private to
 * pair.c, pair_more.c and pair_score.c.
 */
#pragma once

#include "incident/pair.h"
#include "incident/record.h"

#define LINE_STAMPS_MAX 50 /* looked at on one line; lines can be megabytes */

/* How much a stamp is worth, smaller is better: how near it stands, corrected
 * by what its label says. */
enum {
    SCORE_SAME_LINE = 0,
    SCORE_PARAGRAPH = 20,
    SCORE_PAGE = 60,
    SCORE_ELSEWHERE = 110,
    SCORE_SUBJECT = 160,
    SCORE_CLERICAL = 180,
    SCORE_ROUGH = 220,
    SCORE_NONE = 1000,
    LABEL_FIRST = -30,
    LABEL_TIME = -10,
    LABEL_LAST = 15,
};

/* The stamp of a line that tells the event, and its label's worth; NULL if
 * none of its stamps is an exact time. */
const Stamp *stamp_of_line(const Chronology *chronology, const Page *page,
                           guint line, int *label);

/* Is it a moment, with its date, that can belong to an event? */
bool stamp_is_exact(const Chronology *chronology, const Stamp *stamp);

/* pair_own.c: the time on its line that is a mention's own, where several
 * accused stand beside several times or brackets hold it; or NULL. */
const Stamp *stamp_of_its_own(const Chronology *chronology, const Cast *cast,
                              const Page *page, const Mention *mention);

/* pair.c: offer the time of one line at a base score. */
bool pair_offer_line(const Chronology *chronology, Pair *best, int base,
                     PairHow how, guint page, guint line, guint mention);
/* The line of a mention. */
void pair_offer_own_line(const Chronology *chronology, const Cast *cast,
                         guint index, Pair *best);
/* The lines around a mention, up to a blank line or another's line. */
void pair_offer_paragraph(const Chronology *chronology, const Cast *cast,
                          const Player *player, const Mention *mention,
                          guint index, Pair *best);
/* Is it text that tells of events, not the Subject, a sample, a signature? */
bool pair_is_evidence(const Page *page);
