#include "daemon/clock.h"

bool clock_init(DeskClock *clock, const char *text)
{
    *clock = (DeskClock){.start = INSTANT_NONE,
                         .started_us = g_get_monotonic_time()};
    return !text || instant_parse(text, &clock->start);
}

Instant clock_now(const DeskClock *clock)
{
    if (clock->start == INSTANT_NONE)
        return g_get_real_time() / G_USEC_PER_SEC;
    return clock->start +
           (g_get_monotonic_time() - clock->started_us) / G_USEC_PER_SEC;
}
