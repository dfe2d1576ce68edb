/*
 * composing.h - what the letter about a ticket may speak of.
 *
 * intake.c composes the letter that the rules choose, rewriting.c the one that
 * a person wants; both from the same evidence.
 */
#pragma once

#include "intake/intake.h"

/* Read by a person, or not yet: is_held is false; to: the gate's address or,
 * for a draft, the mail's own. Borrows all of them. */
ReplyContext composing_context(const Desk *desk, const Judgement *judgement,
                               const JudgedTicket *judged, const char *token,
                               Instant now);
