/*
 * target_sole.h - the attacked port that a letter names once for all its rows.
 */
#pragma once

#include "incident/role.h"

/* Give the offenders' incidents that cite no attacked port the only one that
 * the letter's own words name, if there is exactly one. */
void target_sole(const Sheet *sheet, const Cast *cast, GPtrArray *incidents);
