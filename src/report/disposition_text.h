/*
 * disposition_text.h - what the blocks of a mail do: accuse, cite an address,
 * ask, answer, thank. Private to report/.
 */
#pragma once

#include "report/study.h"

/* How clearly the mail accuses, in its own words or also in what it passes on
 * (accusation_score() of each block). */
int text_accusation(const Study *study, bool with_passed_on);
/* Is an address written in what is said or passed on? Who writes one to an
 * abuse desk and says nothing else has something to complain of. */
bool text_cites_address(const Study *study);
/* Does its own text hold a question? */
bool text_asks(const Study *study);
/* Is there legible text besides the subject? */
bool text_is_legible(const Study *study);

/* Does a header field say that it answers a mail? */
bool text_is_answer(const Study *study);
/* "Re: ...", in the forms of many languages. */
bool subject_says_answer(const char *subject);
/* An answer that thanks, and accuses nobody in what it adds: the reason,
 * static, or NULL. */
const char *text_thanks_why(const Study *study);
