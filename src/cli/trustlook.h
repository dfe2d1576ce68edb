/*
 * trustlook.h - what the database knows of a member's trust, for people.
 */
#pragma once

#include "cli/commands.h"

/* Consent, switches, levels in force and why, steps back. Nothing where there
 * is no database yet. */
void trustlook_print(CliContext *context, const Member *member, Instant now);
/* The same as the member "trust" of an object; null where nothing is kept. */
void trustlook_put_json(Json *json, CliContext *context, const Member *member,
                        Instant now);
