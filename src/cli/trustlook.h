/*
 * trustlook.h - what the database knows of a member's trust, for people.
 */
#pragma once

#include "cli/commands.h"
#include "policy/trust.h"

/* What the database keeps of a member; NULL where there is none yet, which
 * trust_answer() takes as "the file alone counts". Yours. */
TrustState *trustlook_state(CliContext *context, const Member *member);
/* Consent, switches, levels in force and why, steps back. Nothing where there
 * is no database yet. */
void trustlook_print(CliContext *context, const Member *member, Instant now);
/* The same as the member "trust" of an object; null where nothing is kept. */
void trustlook_put_json(Json *json, CliContext *context, const Member *member,
                        Instant now);
