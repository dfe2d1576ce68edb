/*
 * timelook.h - a time as it is typed, or as a complaint has it, with what each
 * of its readings comes to.
 */
#pragma once

#include "base/json.h"
#include "relay/match.h"

/* One of our own forms is one reading; words of a complaint ("03/05/2026
 * 14:02") are all that they can mean, best first. Yours. Errors: usage. */
CitedTime *time_typed(const char *text, GError **error);

/* Of readings that disagree each answer with how many give it and the best of
 * them, a line each; nothing if they agree. */
void time_print_answers(const CitedTime *time, const Match *match);
/* "readings" of relay-lookup.json. */
void time_put_json(Json *json, const CitedTime *time, const Match *match);
