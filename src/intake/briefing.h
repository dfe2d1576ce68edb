/*
 * briefing.h - one page for the member when an authority, a court, a lawyer
 * or a data subject writes, to be read aloud on the phone.
 *
 * It is handed on to the member, so it never tells of other members: where
 * the mail concerns several, or words of it name another one, those words
 * stay with the desk. Of abuse of children it shows no words at all.
 */
#pragma once

#include "intake/intake.h"
#include "relay/people.h"

typedef struct {
    const Settings *settings;
    const Policies *policies;
    const History *history; /* to know members' addresses; NULL: it does not */
    const People *people;   /* and their relays' nicknames; NULL likewise */
    const char *case_id, *state;
    const GPtrArray *record; /* of RecordEntry: what left; NULL: not told */
    Instant received;
    const Judgement *judgement;
    const JudgedTicket *judged; /* NULL: the mail has no ticket of the case */
} BriefingQuestion;

/* The page; yours. Errors: CONFIG (a list of lawyers that cannot be read). */
char *briefing_new(const BriefingQuestion *question, GError **error);
