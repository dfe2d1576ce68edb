/*
 * reread.h - a case read again from its mail, with today's relay record.
 */
#pragma once

#include "intake/intake.h"

/* The relay history; out NULL if nothing was imported yet. Errors: those of
 * history_open(). */
bool reread_open_history(const Settings *settings, History **out,
                         GError **error);

/* history may be NULL. Errors: those of the reader. */
Judgement *reread_case(const Settings *settings, History *history,
                       const Delivery *delivery, GError **error);
