/*
 * casemember.h - a case as its member may see it (apart_case.h).
 */
#pragma once

#include "cli/commands.h"
#include "store/cases.h"

/* Print it. Errors: MISSING (the case is no member's), those of the store. */
int case_show_for_member(CliContext *context, const Case *found,
                         GError **error);
