#include "courier/schedule.h"

#include <glib.h>

#define MINUTE_S INT64_C(60)

/* The pause after each failed attempt; the last one repeats. */
static const int64_t PAUSES_S[] = {
    7 * MINUTE_S,   15 * MINUTE_S,      30 * MINUTE_S,
    INSTANT_HOUR_S, 2 * INSTANT_HOUR_S, 4 * INSTANT_HOUR_S,
};
#define SPREAD_PERCENT 20

static int64_t pause_after(uint32_t attempts)
{
    uint32_t last = G_N_ELEMENTS(PAUSES_S) - 1;
    return PAUSES_S[attempts == 0 ? 0 : MIN(attempts - 1, last)];
}

Instant schedule_next(uint32_t attempts, bool outcome_unknown, Instant now,
                      uint32_t random)
{
    int64_t pause = pause_after(attempts);
    int64_t spread = pause * SPREAD_PERCENT / 100;
    pause += (int64_t)(random % (uint64_t)(2 * spread + 1)) - spread;
    if (outcome_unknown)
        pause = MAX(pause, SCHEDULE_UNKNOWN_MIN_S);
    return now + pause;
}

bool schedule_is_over(uint32_t attempts)
{
    int64_t total = 0;
    for (uint32_t i = 1; i <= attempts && total < SCHEDULE_GIVE_UP_S; i++)
        total += pause_after(i);
    return total >= SCHEDULE_GIVE_UP_S;
}
