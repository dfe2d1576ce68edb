/*
 * bywhom.h - whose the relays of an answer were, and what shows it.
 */
#pragma once

#include "cli/commands.h"
#include "relay/history.h"

/* Lines for people, for the relays of the lookup at that moment. Nothing if
 * there are none. */
void bywhom_print(const Settings *settings, const Lookup *lookup, Instant when);
/* "operators" and "one_operator" of relay-lookup.json. */
void bywhom_put_json(Json *json, const Settings *settings, const Lookup *lookup,
                     Instant when);
