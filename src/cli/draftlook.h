/*
 * draftlook.h - letters as the commands print them.
 */
#pragma once

#include "base/json.h"
#include "cli/commands.h"
#include "store/drafts.h"

/* The members of an open JSON object that describe a letter. */
void draft_put_json(Json *json, const Draft *draft);
/* Its header, what it rests on, its text. */
void draft_print(const Draft *draft);
