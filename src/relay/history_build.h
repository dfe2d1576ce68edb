/*
 * history_build.h - the published history, derived from the facts.
 *
 * A pure function: equal facts give equal bytes.
 */
#pragma once

#include "relay/facts.h"

/* The bytes of DIR/history. state_hash names the state it comes from. */
GBytes *history_build(const Facts *facts, const uint8_t state_hash[32]);
