/*
 * why.h - a judgement as people and programs read it.
 *
 * The text is what "exitdesk why" prints and the golden tests compare; the
 * JSON is its --json form (schema in contrib/schema/why.json) and is kept with
 * the case as what was found.
 */
#pragma once

#include "intake/intake.h"

/* Both yours to free. */
char *judgement_new_json(const Judgement *judgement);
char *judgement_new_text(const Judgement *judgement);

/* The incidents of one ticket with verdicts and documents, for its record. */
char *judged_ticket_new_json(const Judgement *judgement,
                             const JudgedTicket *ticket);
