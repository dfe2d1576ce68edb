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
    Instant began;      /* the desk's now when it was initialised */
    int64_t offset_s;   /* the system's clock against the time since boot */
} DeskClock;

/* More than this at once is no drift, and no leap second either. */
#define CLOCK_JUMP_S (10 * 60)

/* text NULL: the system's clock. False if text is no moment. */
bool clock_init(DeskClock *clock, const char *text);
/* Any thread. */
Instant clock_now(const DeskClock *clock);

/* Has the system's clock been moved since this was last asked? By how many
 * seconds (ahead: above zero), or 0. The time the machine slept is none. */
int64_t clock_jump(DeskClock *clock);
/* The same for given clocks, both in seconds; for the test. */
int64_t clock_jump_between(DeskClock *clock, int64_t wall_s, int64_t boot_s);
