/*
 * standing.h - do the accused stand where an accused can? Private to
 * incident/.
 */
#pragma once

#include "incident/role.h"

/* Set "accused-by-nobody" and "may-be-a-network" (report/flags.h). */
void standing_flag(const Sheet *sheet, const Cast *cast, Report *report);
