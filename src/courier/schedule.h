/*
 * schedule.h - when a letter that could not be handed over is tried again.
 *
 * After 5 to 10 minutes (greylisting opens then), 15, 30, 60 minutes, then
 * doubling up to every 4 hours, each with up to 20 % either way so that
 * letters do not come in herds; for 5 days (RFC 5321 4.5.4.1).
 */
#pragma once

#include "base/instant.h"

#define SCHEDULE_GIVE_UP_S     (5 * INSTANT_DAY_S)
#define SCHEDULE_UNKNOWN_MIN_S (15 * 60) /* after an unknown outcome */

/* When to try again after that many attempts (>= 1) have failed; random is
 * any 32 bits. */
Instant schedule_next(uint32_t attempts, bool outcome_unknown, Instant now,
                      uint32_t random);
/* Have that many attempts used up the 5 days? */
bool schedule_is_over(uint32_t attempts);
