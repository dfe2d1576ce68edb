/*
 * clock.h - the desk's "now".
 *
 * The system's clock, or one that starts at a given moment and then runs at
 * the usual pace (setting "clock": the demo and the tests, whose mails must
 * not grow old).
 */
#pragma once

#include "base/instant.h"

typedef struct {
    Instant start;      /* INSTANT_NONE: the system's clock */
    int64_t started_us; /* monotonic */
} DeskClock;

/* text NULL: the system's clock. False if text is no moment. */
bool clock_init(DeskClock *clock, const char *text);
/* Any thread. */
Instant clock_now(const DeskClock *clock);
